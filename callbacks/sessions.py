"""Sessions of people: a signed cookie, checked against the account at every request, and a token against forged posts.

A session ends by itself after 30 minutes in which the person did nothing, and 12 hours after signing in. What a page
asks for on its own is not an act: see `is_an_act`.
"""

from contextlib import suppress
from datetime import datetime

from flask import Flask, Request, Response, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from callbacks.access import admit_to_page
from callbacks.reach import from_here
from domain.passwords import IDLE_EXIT, LONGEST_SESSION
from services.parts import Clock
from services.people import People
from services.people.sign_in import SignedIn
from services.photos import LARGEST_REQUEST

CSRF_COOKIE = "_csrf_token"  # Dash's renderer reads it and sends it as X-CSRFToken
SELF_MOVED = "X-Gridwall-Unattended"  # a script marks so what it asks for without its person
OWN = ("_user_id", "_fresh", "_id", "stamp", "began", "seen")
ASKED_ON_ITS_OWN = "/api/desk/events"  # a stream cannot say so
PHOTOS, LARGEST_FORM = "/api/desk/photos", 1024 * 1024  # bytes; only photos come in larger posts
NO_PAGES = ("/api/", "/assets/", "/geo/", "/_", "/healthz", "/readyz", "/freshz")


class Signed(UserMixin):  # type: ignore[misc]
    """What flask-login carries through a request."""

    def __init__(self, one: SignedIn) -> None:
        self.one, self.person = one, one.person

    def get_id(self) -> str:
        return str(self.person.user_id)


class Sessions:
    """`here_only`: in a city whose accounts are invented nobody signs in from another machine (DECISIONS 23)."""

    def __init__(self, people: People, clock: Clock, *, https: bool, here_only: bool) -> None:
        self.people, self.clock, self.https, self.here_only = people, clock, https, here_only

    def install(self, server: Flask, secret: str) -> None:
        server.secret_key = secret
        server.config.update(
            SESSION_COOKIE_NAME="gridwall_session",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",  # a link in a message may open the desk; no foreign page can post to it
            SESSION_COOKIE_SECURE=self.https,
            WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        )
        manager = LoginManager(server)
        manager.session_protection = None  # a phone changes its address; the stamp and the limits protect
        manager.user_loader(self.load)
        server.before_request(bound_body)
        CSRFProtect(server)
        server.before_request(self.note_act)
        server.before_request(guard_pages)
        server.after_request(self.give_token)

    def begin(self, one: SignedIn) -> None:
        """A new session in place of whatever the browser had; its forms get a new token."""
        session.clear()
        g.pop("csrf_token", None)
        began = int(self.clock().timestamp())
        session.update(stamp=one.stamp, began=began, seen=began)
        login_user(Signed(one))

    def load(self, user_id: str) -> Signed | None:
        """Who comes with this request; None when the session is over; its reason stays in the cookie."""
        if self.here_only and not from_here(request):
            return None
        why = self._over()
        one = None if why else self.people.sign_in.known(int(user_id), session.get("stamp", ""))
        if one is None:
            session["out"] = why or "ended"  # kept for the page that says why
            for name in OWN:
                session.pop(name, None)
            return None
        return Signed(one)

    def note_act(self) -> None:
        if is_an_act(request) and current_user.is_authenticated:
            session["seen"] = int(self.clock().timestamp())
            with suppress(SQLAlchemyError):  # who is online is worth less than what the person is doing
                self.people.sign_in.seen(current_user.one)

    def give_token(self, response: Response) -> Response:
        """Every page brings a token for what is posted from it."""
        if response.mimetype == "text/html":
            token = generate_csrf()
            response.set_cookie(CSRF_COOKIE, token, samesite="Strict", secure=self.https)
        return response

    def _over(self) -> str:
        """Why this session has run out, if it has: idle, or too_long."""
        now = self.clock()
        if now - _moment(session.get("seen"), now) > IDLE_EXIT:
            return "idle"
        return "too_long" if now - _moment(session.get("began"), now) > LONGEST_SESSION else ""


def is_an_act(asked: Request) -> bool:
    """Whether a person did this. Only what a person does keeps a session alive.

    Acts are posts, opening a page, and reading the desk: a case, or the queue by other words; not the live stream, what
    is asked for again by its ETag, nor what a script marks as its own.
    """
    if asked.headers.get(SELF_MOVED):
        return False
    if asked.method not in ("GET", "HEAD"):
        return True
    if asked.path.startswith("/api/desk/"):
        return asked.path != ASKED_ON_ITS_OWN and not asked.if_none_match
    return not asked.path.startswith(NO_PAGES) and not asked.path.startswith("/wall")


def bound_body() -> None:
    """Before the token is looked for: that reads the whole post, and would fill the disk for anybody."""
    request.max_content_length = LARGEST_REQUEST if request.path == PHOTOS else LARGEST_FORM


def guard_pages() -> None:
    """Raises SignedOut or Denied before a page for people is sent to somebody else."""
    if request.method == "GET":
        admit_to_page(request.path)


def still_signed_in(people: People, one: SignedIn) -> bool:
    """For streams that outlive the request which opened them: whether the account is still in use as it was."""
    return people.sign_in.known(one.person.user_id, one.stamp) is not None


def _moment(seconds: object, now: datetime) -> datetime:
    """An instant of the cookie; without one the session has been over for long."""
    if not isinstance(seconds, int):
        return now - 2 * LONGEST_SESSION
    return datetime.fromtimestamp(seconds, now.tzinfo)
