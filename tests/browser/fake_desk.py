"""The desk's page over answers that a test writes: what the page makes of them, without a database behind it."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import dash_leaflet  # noqa: F401  # the page's maps are drawn by the Leaflet that comes with it
from dash import Dash
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from callbacks.security import harden
from config.texts import load_texts
from domain.people import Person
from layouts.desk.page import Desk, desk_page
from layouts.frame import INDEX
from tests import desk_sample as sample
from tests.browser.servers import ROOT

SIDE = 12  # cells of the small city's map, each way
STEP = 0.0012  # degrees


class FakeDesk:
    """Answers of /api/desk/ that a test may change at any time; `acts` is what arrived."""

    def __init__(self, person: Person = sample.DISPATCHER, language: str = "zh") -> None:
        self.queue = sample.queue()
        self.cases: dict[str, sample.View] = {}
        self.holds: dict[str, sample.View] = {}
        self.acts: list[dict[str, Any]] = []
        self.previews: list[dict[str, Any]] = []
        self.sheets: list[dict[str, Any]] = []
        self.answers: list[tuple[int, Any]] = []  # to the next acts, in order; then they are done
        self.silent = 0  # how many acts get no answer although they are written
        self.slow_s = 0.0
        self.down = False
        self.signed_out = False
        self.desk = 1
        self._started = time.monotonic()
        self._beats = threading.Condition()
        self._stopped = False
        app = Dash("desk", assets_folder=str(ROOT / "assets"), index_string=INDEX, update_title="")
        desk = Desk("澜州市数字城管", "Asia/Shanghai", "/geo/demo", "main", 15, 4)
        app.layout = desk_page(desk, person, load_texts(language), ("supervise", "suspension"))
        harden(app)
        self._routes(app.server)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, app.server, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/dispatch"

    def start(self) -> "FakeDesk":
        self._thread.start()
        return self

    def stop(self) -> None:
        with self._beats:
            self._stopped = True
            self._beats.notify_all()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def changed(self) -> None:
        """Somebody at the desk has acted: every page is told."""
        with self._beats:
            self.desk += 1
            self._beats.notify_all()

    @property
    def now(self) -> int:
        """The city's now: time passes from the sample's instant on."""
        return sample.ms(sample.NOW) + round((time.monotonic() - self._started) * 1000)

    def case(self, case_no: str) -> sample.View:
        return self.cases.setdefault(case_no, sample.case(case_no))

    def _routes(self, server: Flask) -> None:
        @server.before_request
        def admit() -> Response | None:
            if not request.path.startswith("/api/desk/"):
                return None
            if self.down:
                return Response("", 502)
            if self.signed_out:
                return self._error(401, {"kind": "signed_out", "what": "已退出", "where": "", "then": ""})
            return None

        server.add_url_rule(
            "/api/desk/queue", view_func=lambda: jsonify(self.queue | {"now": self.now}), endpoint="queue"
        )
        server.add_url_rule("/api/desk/case/<case_no>", view_func=self._case, endpoint="case")
        nothing = {"handover": None}
        server.add_url_rule("/api/desk/handover", view_func=lambda: jsonify(nothing), endpoint="handover")
        server.add_url_rule("/api/desk/hold", view_func=self._hold, endpoint="hold", methods=["POST"])
        server.add_url_rule("/api/desk/act", view_func=self._act, endpoint="act", methods=["POST"])
        server.add_url_rule("/api/desk/bulk", view_func=self._bulk, endpoint="bulk", methods=["POST"])
        server.add_url_rule("/api/desk/sheet", view_func=self._sheet, endpoint="sheet", methods=["POST"])
        server.add_url_rule("/api/desk/events", view_func=self._events, endpoint="events")
        server.add_url_rule("/api/view/main", view_func=lambda: jsonify({"panels": {}}), endpoint="view")
        server.add_url_rule("/geo/demo/<name>.json", view_func=self._shapes, endpoint="shapes")

    def _error(self, status: int, error: object) -> Response:
        return Response(json.dumps({"error": error}), status, mimetype="application/json")

    def _case(self, case_no: str) -> Response:
        if case_no not in self.cases and not any(
            row["case_no"] == case_no for group in self.queue["groups"] for row in group["rows"]
        ):
            return self._error(404, {"kind": "missing", "what": f"没有编号 {case_no} 的案件", "where": "", "then": ""})
        return jsonify(self.case(case_no) | {"hold": self.holds.get(case_no)})

    def _hold(self) -> Response:
        given = request.get_json()
        number, what = given["case_no"], given["do"]
        if what in ("take", "renew"):
            self.holds[number] = sample.hold("派遣员01", mine=True)
        elif what == "release":
            self.holds.pop(number, None)
        return jsonify({"hold": self.holds.get(number)})

    def _act(self) -> Response:
        given = request.get_json()
        self.acts.append(given)
        threading.Event().wait(self.slow_s)
        if self.silent:
            self.silent -= 1
            return Response("", 502)
        if self.answers:
            status, body = self.answers.pop(0)
            return Response(json.dumps(body), status, mimetype="application/json")
        case = self.case(given["case_no"])
        case["version"] += 1
        self.changed()
        return jsonify(sample.done(given["case_no"], given["action"], case["version"]))

    def _bulk(self) -> Response:
        given = request.get_json()
        (self.previews if given.get("preview") else self.acts).append(given)
        numbers = [item["case_no"] for item in given["items"]]
        refused = {
            "case_no": numbers[0],
            "error": {"kind": "held", "what": "派遣员02正在处理", "where": "", "then": ""},
        }
        done = [{"case_no": number} | sample.done(number, given["action"]) for number in numbers[1:]]
        return jsonify({"results": [refused, *done]})

    def _sheet(self) -> Response:
        given = request.get_json()
        self.sheets.append(given)
        return jsonify(sample.sheet(given["fields"]))

    def _events(self) -> Response:
        return Response(self._lines(), mimetype="text/event-stream")

    def _lines(self) -> Iterator[str]:
        yield "retry: 300\n\n"
        while not self._stopped and not self.down:
            beat = {"d": self.desk, "v": 1, "as_of": self.now, "now": self.now}
            yield f"event: beat\ndata: {json.dumps(beat)}\n\n"
            with self._beats:
                self._beats.wait(1.0)

    def _shapes(self, name: str) -> Response:
        """A small city of square cells around the sample's case."""
        features = []
        if name == "grids":
            for index in range(SIDE * SIDE):
                west = 117.0 + (index % SIDE - SIDE / 2) * STEP
                south = 34.2 + (index // SIDE - SIDE / 2) * STEP
                ring = [[west + dx * STEP, south + dy * STEP] for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
                key = "xuefu-07" if index == SIDE * SIDE // 2 + SIDE // 2 else f"cell{index}"
                features.append(
                    {
                        "type": "Feature",
                        "properties": {"i": index, "key": key},
                        "geometry": {"type": "Polygon", "coordinates": [ring]},
                    }
                )
        return jsonify({"type": "FeatureCollection", "features": features})
