"""/signin, /choose/<secret>, /password, /signout: plain forms, before and beside everything that Dash draws."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from callbacks.access import current_person, public, require
from callbacks.reach import address_of, from_here
from callbacks.sessions import Sessions
from config.texts import Texts
from domain.passwords import IDLE_EXIT, LASTS, LONGEST_SESSION, SHORTEST
from domain.people import ADMINISTRATORS, Person, Post
from domain.refusals import Refusal
from layouts.sign_in import Banner, Field, FormPage, form_page
from services.city_lines import CityPicture
from services.people.sign_in import NotSignedIn, PasswordRanOut, no_link
from services.serving import Serving

ATTEMPTS = "30 per minute; 300 per hour"  # of one address, whatever the accounts
MINUTES, HOURS, DAYS = IDLE_EXIT // timedelta(minutes=1), LONGEST_SESSION // timedelta(hours=1), LASTS.days
COMMAND = "python app.py users add 姓名 --role sys_admin --city {city}"
SAID = {"idle": "warn", "too_long": "warn", "ended": "warn", "left": "flow", "chosen": "flow"}


class SignInRoutes:
    def __init__(self, serving: Serving, sessions: Sessions, texts: Texts) -> None:
        self.serving, self.sessions, self.texts = serving, sessions, texts
        self.people = serving.people
        self.picture = CityPicture(serving.live.store, serving.people.register.number)

    def install(self, server: Flask) -> None:
        """The routes, and the bound on attempts from one address."""
        server.register_blueprint(self.blueprint())
        limiter = Limiter(address_of, app=server, storage_uri="memory://")
        for name in ("try_to_enter", "choose", "change"):
            endpoint = f"sign_in.{name}"
            view: Any = server.view_functions[endpoint]
            server.view_functions[endpoint] = limiter.limit(ATTEMPTS, on_breach=self.too_many)(view)

    def blueprint(self) -> Blueprint:
        routes = Blueprint("sign_in", __name__)
        rules: tuple[tuple[str, str, Callable[..., AnyResponse], list[str]], ...] = (
            ("/signin", "enter", self.enter, ["GET"]),
            ("/signin", "try_to_enter", self.try_to_enter, ["POST"]),
            ("/choose/<secret>", "invited", self.invited, ["GET"]),
            ("/choose/<secret>", "choose", self.choose, ["POST"]),
            ("/password", "password", self.password, ["GET"]),
            ("/password", "change", self.change, ["POST"]),
            ("/signout", "ask_to_leave", self.ask_to_leave, ["GET"]),
            ("/signout", "leave", self.leave, ["POST"]),
        )
        for rule, name, view, methods in rules:
            routes.add_url_rule(rule, endpoint=name, view_func=view, methods=methods)
        return routes

    @public
    def enter(self) -> AnyResponse:
        """The form; who is signed in already goes on."""
        if current_user.is_authenticated:
            return redirect(_next(current_person()))
        return self._enter_page(self._said(request.args.get("why", "")))

    @public
    def try_to_enter(self) -> AnyResponse:
        """Signs in and goes on to ?next=, or shows the form again with what is wrong; 401, 422 or 423 then."""
        account, password = request.form.get("account", ""), request.form.get("password", "")
        if self.sessions.here_only and not from_here(request):
            return self._enter_page(self._banner("alarm", "here_only"), 403)
        if not account.strip() or not password:
            return self._enter_page(self._banner("alarm", "empty"), 422, account)
        try:
            one = self.people.sign_in.enter(account, password, address_of())
        except NotSignedIn as refusal:
            banner = Banner("warn" if refusal.locked else "alarm", refusal.what, refusal.then)
            return self._enter_page(banner, 423 if refusal.locked else 401, account)
        except PasswordRanOut as out:
            return redirect(f"/choose/{out.secret}?why=ran_out")
        self.sessions.begin(one)
        return self.sessions.give_token(_see(_next(one.person)))

    @public
    def invited(self, secret: str) -> AnyResponse:
        """The form to choose a password. Opening it does not use the link up."""
        banner = None
        if request.args.get("why") == "ran_out":
            banner = self._banner("warn", "ran_out", "choose", days=DAYS)
        return self._choose_page(secret, banner, 200)

    @public
    def choose(self, secret: str) -> AnyResponse:
        try:
            self.people.sign_in.choose(secret, self._twice())
        except Refusal as refusal:
            return self._choose_page(secret, Banner("alarm", refusal.what, refusal.then), 422)
        return _see("/signin?why=chosen")

    @require()
    def password(self) -> AnyResponse:
        return self._password_page(None, 200)

    @require()
    def change(self) -> AnyResponse:
        """Changes the password of whoever is signed in; ends all sessions of the account, this one included."""
        try:
            self.people.sign_in.change(current_person(), request.form.get("old", ""), self._twice())
        except Refusal as refusal:
            return self._password_page(Banner("alarm", refusal.what, refusal.then), 422)
        return _see("/signin?why=chosen")

    @require()
    def ask_to_leave(self) -> AnyResponse:
        t = self.texts
        page = FormPage(t("leave.title"), "/signout", (), t("leave.set"), t("leave.line"), back=self._back())
        return self._html(page, 200)

    @require()
    def leave(self) -> AnyResponse:
        self.people.sign_in.leave(current_person())
        return _see("/signin?why=left")

    def too_many(self, _limit: object) -> Response:
        answer = self._enter_page(self._banner("warn", "too_many"), 429)
        answer.headers["Retry-After"] = "60"
        return answer

    def _enter_page(self, banner: Banner | None, status: int = 200, account: str = "") -> Response:
        t = self.texts
        nobody = not self.people.sign_in.anybody()
        if nobody:
            banner = self._banner("warn", "nobody")
        demo = t("sign_in.demo") if self.serving.city.demo and not nobody else ""
        fields = (
            Field("account", t("sign_in.account"), value=account[:40], complete="username"),
            Field("password", t("sign_in.password"), secret=True, complete="current-password"),
        )
        page = FormPage(
            t("sign_in.title"),
            request.full_path.rstrip("?") if request.path == "/signin" else "/signin",
            fields,
            t("sign_in.enter"),
            t("sign_in.fine", days=DAYS, minutes=MINUTES) + demo,
            banner,
            command=COMMAND.format(city=self.serving.city.id) if nobody else "",
        )
        return self._html(page, status)

    def _choose_page(self, secret: str, banner: Banner | None, status: int) -> Response:
        t, person = self.texts, self.people.sign_in.invited(secret)
        if person is None:
            raise no_link()
        fields = self._new_fields()
        page = FormPage(
            t("choose.title"), f"/choose/{secret}", fields, t("choose.set"), self._rules(), banner,
            lead=t("choose.for", name=person.name, account=person.account),
        )  # fmt: skip
        return self._html(page, status)

    def _password_page(self, banner: Banner | None, status: int) -> Response:
        t = self.texts
        old = Field("old", t("change.old"), secret=True, complete="current-password")
        fine = f"{self._rules()}{t('change.note')}"
        page = FormPage(
            t("change.title"), "/password", (old, *self._new_fields()), t("change.set"), fine, banner, back=self._back()
        )
        return self._html(page, status)

    def _html(self, page: FormPage, status: int) -> Response:
        lines = self.picture.lines(self.serving.live.map_version)
        body = form_page(self.serving.city.title, page, generate_csrf(), lines, self.texts)
        return Response(body, status, {"Cache-Control": "no-store"}, mimetype="text/html")

    def _new_fields(self) -> tuple[Field, ...]:
        t = self.texts
        return (
            Field("new", t("choose.new"), secret=True, complete="new-password"),
            Field("again", t("choose.again"), secret=True, complete="new-password"),
        )

    def _rules(self) -> str:
        return self.texts("choose.rules", shortest=SHORTEST, days=DAYS)

    def _back(self) -> tuple[str, str]:
        return self.texts("change.back"), start_page(current_person())

    def _twice(self) -> str:
        """The new password, typed twice alike. Raises Refusal."""
        new = request.form.get("new", "")
        if new != request.form.get("again", ""):
            raise Refusal(self.texts("choose.differ"), self.texts("choose.new"), self.texts("choose.differ_line"))
        return new

    def _said(self, why: str) -> Banner | None:
        """Why one is here, when something led here."""
        return self._banner(SAID[why], why, minutes=MINUTES, hours=HOURS) if why in SAID else None

    def _banner(self, tone: str, name: str, under: str = "sign_in", **values: object) -> Banner:
        head, line = self.texts.phrases[f"{under}.{name}"], self.texts.phrases[f"{under}.{name}_line"]
        return Banner(tone, head.format(**values), line.format(**values))


def start_page(person: Person) -> str:
    """Where somebody with these posts begins."""
    if person.posts & {Post.SYS_ADMIN, Post.SECURITY_ADMIN}:
        return "/admin/users"
    if person.posts & ADMINISTRATORS:
        return "/admin/audit"
    return "/dispatch" if person.at_the_desk or person.posts & {Post.LEADER, Post.UNIT_USER} else "/"


def _next(person: Person) -> str:
    """Back to where one came from: a path of this server, never another one's."""
    asked = request.args.get("next", "")
    own = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if own and asked != "/" else start_page(person)


def _see(address: str) -> Response:
    """303: whatever was posted, the next page is read."""
    answer: Response = current_app.make_response(redirect(address, 303))
    return answer
