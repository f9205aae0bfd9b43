"""The live stream and the wall's views: the stream carries a version, the view is fetched when it has changed."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, request

from callbacks.access import public
from callbacks.http.answers import milliseconds, packed_body, packed_json, unknown
from services.live import Beat
from services.serving import Serving

KEPT_ANSWERS = 64


class LiveRoutes:
    """Bounded streams (one thread each) and a small store of ready-made answers, shared by all screens."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.slots = threading.BoundedSemaphore(serving.settings.live_screens)
        self._answers: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def blueprint(self) -> Blueprint:
        routes = Blueprint("live", __name__)
        routes.add_url_rule("/api/events", view_func=self.events, endpoint="events")
        routes.add_url_rule("/api/view/<wall>", view_func=self.view, endpoint="view")
        return routes

    @public
    def events(self) -> Response:
        """A line per tick: {v, as_of, now, boot}; nothing else travels while nothing changes."""
        if not self.slots.acquire(blocking=False):
            return Response("too many live screens\n", 503, {"Retry-After": "10"})
        response = Response(self._lines(), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-cache, no-transform"
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(self.slots.release)
        return response

    def _lines(self) -> Iterator[str]:
        yield "retry: 2000\n\n"
        live, last = self.serving.live, None
        while not live.stopped:
            beat = live.wait(last, max(1.0, self.serving.settings.tick_s))
            last = beat
            yield f"event: tick\ndata: {json.dumps(self._tick(beat), ensure_ascii=False, separators=(',', ':'))}\n\n"

    def _tick(self, beat: Beat | None) -> dict[str, object]:
        now = milliseconds(self.serving.city_time())
        if beat is None:
            return {"v": 0, "as_of": None, "now": now, "boot": self.serving.boot}
        tick: dict[str, object] = {
            "v": beat.version,
            "as_of": milliseconds(beat.as_of),
            "now": now,
            "boot": self.serving.boot,
        }
        return tick | _failure(self.serving.failure)

    @public
    def view(self, wall: str) -> Response:
        """The wall's panels as JSON: all of them, or those changed since ?have=<version>; 204 before the first."""
        serving = self.serving
        if wall not in serving.walls:
            return unknown(f"没有名为 {wall} 的大屏", tuple(serving.walls))
        beat = serving.live.beat
        if beat is None:
            return Response(status=204)  # no picture yet: not an error of the screen that asks
        etag = f"{serving.boot}-{beat.version}"
        if etag in request.if_none_match:
            return Response(status=304, headers={"ETag": f'"{etag}"'})
        have = request.args.get("have", type=int) or 0
        return packed_json(self._answer(wall, beat, have), etag)

    def _answer(self, wall: str, beat: Beat, have: int) -> bytes:
        """Made once for all screens that ask alike within the same second: its head must never be old."""
        now, failure = self.serving.city_time(), self.serving.failure
        key = (wall, have, beat, failure, int(now.timestamp()))
        with self._lock:
            ready = self._answers.get(key)
        if ready is not None:
            return ready
        panels, whole = self.serving.live.panels(wall, have or None)
        body: dict[str, object] = {"v": beat.version, "as_of": milliseconds(beat.as_of), "now": milliseconds(now)}
        body |= self.serving.facts(wall) | _failure(failure) | {"panels": panels, "whole": whole}
        packed = packed_body(body)
        with self._lock:
            self._answers[key] = packed
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return packed


def _failure(failure: tuple[datetime, str] | None) -> dict[str, object]:
    return {"failure": {"since": milliseconds(failure[0]), "text": failure[1]}} if failure else {}
