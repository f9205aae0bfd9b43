"""What the desk reads: the queue, a case, and the stream that says when to read again."""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from callbacks.access import DESK, current_person, require
from callbacks.denials import error_json
from callbacks.http.answers import milliseconds, packed_body, packed_json
from callbacks.sessions import still_signed_in
from domain.people import Person
from domain.queue import Filters, Tab
from domain.refusals import Refusal
from services.causes import cause_in_words
from services.desk_view.pulse import DeskBeat
from services.dispatch.commands import NotAllowed, NotFound
from services.people.sign_in import SignedIn
from services.serving import Serving

log = logging.getLogger(__name__)

STREAM_LASTS = timedelta(minutes=10)  # then the browser asks anew, and whoever has been idle for too long is told so
ASKED_AGAIN = timedelta(seconds=5)  # whether the account is still in use as it was
LONGEST_WORDS = 80
SPARE_THREADS = 8
STATUS: tuple[tuple[type[Refusal], str, int], ...] = (
    (NotFound, "missing", 404),
    (NotAllowed, "denied", 403),
    (Refusal, "refused", 422),
)


class DeskReadRoutes:
    """Answers for one person; the reading behind them is made once for all (services.desk_view)."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        settings = serving.settings
        streams = max(1, settings.threads - settings.live_screens - SPARE_THREADS)  # a stream holds a thread
        self.slots = threading.BoundedSemaphore(streams)

    def blueprint(self) -> Blueprint:
        routes = Blueprint("desk_reads", __name__)
        routes.add_url_rule("/api/desk/queue", view_func=self.queue, endpoint="queue")
        routes.add_url_rule("/api/desk/case/<case_no>", view_func=self.case, endpoint="case")
        routes.add_url_rule("/api/desk/events", view_func=self.events, endpoint="events")
        return routes

    @require(*DESK)
    def queue(self) -> Response:
        """The queue of ?tab=, narrowed by unit, alert, street and words (q)."""
        person, given = current_person(), request.args
        tab = given.get("tab", "")
        filters = Filters(
            tab=Tab(tab) if tab in set(Tab) else Tab.DUE,
            unit=given.get("unit", ""),
            alert=given.get("alert", ""),
            street=given.get("street", ""),
            words=given.get("q", "")[:LONGEST_WORDS],
        )
        return self._answer(lambda: self.serving.desk_view.queue(person, filters), person, filters)

    @require(*DESK)
    def case(self, case_no: str) -> Response:
        """Everything about one case that this person may see."""
        person = current_person()
        return self._answer(lambda: self.serving.desk_view.case(person, case_no), person, case_no)

    def _answer(self, ask: Callable[[], tuple[str, dict[str, Any]]], person: Person, asked: object) -> Response:
        try:
            tag, body = ask()
        except Refusal as refusal:
            kind, status = next((kind, status) for cause, kind, status in STATUS if isinstance(refusal, cause))
            return refused(kind, refusal.what, refusal.where, refusal.then, status)
        except (SQLAlchemyError, OSError) as error:
            log.error("the desk cannot be read: %s", error)
            words = self.serving.desk_view.words
            what, then = words("failure.read", cause=cause_in_words(error)), words("failure.then")
            return refused("down", what, request.path, then, 503)
        head = self._head()
        etag = _digest(self.serving.boot, tag, person.user_id, sorted(person.posts), asked, head)
        if etag in request.if_none_match:
            return Response(status=304, headers={"ETag": f'"{etag}"'})
        response = packed_json(packed_body(body | head), etag)
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    def _head(self) -> dict[str, object]:
        """How old the picture is and why, as the walls say it."""
        serving = self.serving
        old = serving.mode == "live" and (serving.age_s or 0) > serving.stale_after_s
        return {"mode": serving.mode, "stale": old} | _failure(serving.failure)

    @require(*DESK)
    def events(self) -> Response:
        """A beat every tick, and at once when the desk has written: {d, v, as_of, now, boot, failure?}."""
        if not self.slots.acquire(blocking=False):
            return Response("too many desks\n", 503, {"Retry-After": "10"})
        leave = self.serving.desk_view.pulse.listening()
        response = Response(self._lines(current_user.one), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-cache, no-transform"
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(leave)
        response.call_on_close(self.slots.release)
        return response

    def _lines(self, one: SignedIn) -> Iterator[str]:
        yield "retry: 2000\n\n"
        serving, clock, last = self.serving, self.serving.parts.real_clock, None
        until = asked = clock() + STREAM_LASTS
        while not serving.live.stopped and clock() < until:
            if abs(clock() - asked) >= ASKED_AGAIN:
                asked = clock()
                if not still_signed_in(serving.people, one):
                    return
            last = serving.desk_view.pulse.wait(last, max(1.0, serving.settings.tick_s))
            beat = json.dumps(self._beat(last), ensure_ascii=False, separators=(",", ":"))
            yield f"event: beat\ndata: {beat}\n\n"

    def _beat(self, beat: DeskBeat | None) -> dict[str, object]:
        picture = beat.picture if beat else None
        told: dict[str, object] = {
            "d": beat.desk if beat else 0,
            "v": picture.version if picture else 0,
            "as_of": milliseconds(picture.as_of) if picture else None,
            "now": milliseconds(self.serving.city_time()),
            "boot": self.serving.boot,
        }
        return told | _failure(self.serving.failure)


def _failure(failure: tuple[datetime, str] | None) -> dict[str, object]:
    return {"failure": {"since": milliseconds(failure[0]), "text": failure[1]}} if failure else {}


def _digest(*parts: object) -> str:
    """What an answer was made from: it is never compared with one for another person, or of another age."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def refused(kind: str, what: str, where: str, then: str, status: int) -> Response:
    """Why nothing is shown, as every interface of the desk says it."""
    return error_json(kind, Refusal(what, where, then), status)
