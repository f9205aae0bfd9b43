"""The page of rankings over answers that a test writes: what the page makes of them, without a database behind it."""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import dash_leaflet  # noqa: F401  # the page's map is drawn by the Leaflet that comes with it
from dash import Dash
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from callbacks.security import harden
from config.calendars import load_calendar
from config.texts import load_texts
from domain.people import Person
from domain.ranking_view import RankingTable, WatchTable
from layouts.frame import INDEX
from layouts.rankings.choices import choices_view
from layouts.rankings.heat import heat_view, trend_view
from layouts.rankings.page import RankingsPage, rankings_page
from layouts.rankings.table import table_view
from layouts.rankings.watch import watch_view
from tests import ranking_sample as sample
from tests.browser.servers import ROOT

SIDE = 12  # cells of the small city's map, each way
STEP = 0.0012  # degrees
More = Callable[["FakeRankings", Flask], None]


class FakeRankings:
    """Answers of /api/rankings/ that a test may change at any time; `asked` is what arrived, path and parameters.
    `more` adds the routes of another test's answers."""

    def __init__(
        self, person: Person = sample.LEADER, language: str = "zh", more: More | None = None, refresh_s: float = 60
    ) -> None:
        self.texts = load_texts(language)
        self.calendar = load_calendar("china")
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.table: RankingTable | None = None  # instead of the sample's
        self.progress: list[float] = []  # answers 202 with each, in order, before the view
        self.error: tuple[int, dict[str, str]] | None = None
        self.down = False
        self.age_s = 1.0
        self.slow_s = 0.0
        app = Dash("rankings", assets_folder=str(ROOT / "assets"), index_string=INDEX, update_title="")
        page = RankingsPage("澜州市数字城管", "Asia/Shanghai", "/geo/demo", "main", 15, refresh_s)
        app.layout = rankings_page(page, person, self.texts)
        harden(app)
        self._routes(app.server)
        if more:
            more(self, app.server)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, app.server, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/rankings"

    def start(self) -> "FakeRankings":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _routes(self, server: Flask) -> None:
        @server.before_request
        def admit() -> Response | None:
            if not request.path.startswith("/api/rankings/"):
                return None
            self.asked.append((request.path.rsplit("/", 1)[1], dict(request.args)))
            if self.down:
                return Response("", 502)
            if self.error:
                return Response(json.dumps({"error": self.error[1]}), self.error[0], mimetype="application/json")
            return None

        server.add_url_rule("/api/rankings/view", view_func=self._view, endpoint="view")
        server.add_url_rule("/api/rankings/trend", view_func=self._trend, endpoint="trend")
        server.add_url_rule("/api/rankings/heat", view_func=self._heat, endpoint="heat")
        server.add_url_rule("/freshz", view_func=self._fresh, endpoint="freshz")
        server.add_url_rule("/geo/demo/<name>.json", view_func=self._shapes, endpoint="shapes")

    def _shown(self) -> RankingTable | WatchTable:
        given = request.args
        if self.table:
            return self.table
        if given.get("by") == "street":
            return sample.streets()
        if given.get("score") == "demo-watch":
            return sample.watched()
        filters = {name: given[name] for name in ("category", "channel", "street") if name in given}
        return sample.table(sample.ask(unit_class=given.get("class", "first"), filters=filters))

    def _view(self) -> Response:
        time.sleep(self.slow_s)
        if self.progress:
            answer = jsonify({"progress": self.progress.pop(0)})
            answer.status_code = 202
            return answer
        shown, city = self._shown(), sample.city()
        made = choices_view(sample.choices(shown.ask), shown.ask, sample.NOW, city, self.texts, self.calendar)
        if isinstance(shown, WatchTable):
            return jsonify({"choices": made, "watch": watch_view(shown, city, self.texts)})
        return jsonify({"choices": made, "table": table_view(shown, city, self.texts)})

    def _trend(self) -> Response:
        shown = self._shown()
        assert isinstance(shown, RankingTable)
        return jsonify(trend_view(sample.trend(shown), self.texts))

    def _heat(self) -> Response:
        return jsonify(heat_view(sample.heat(request.args["indicator"]), sample.city(), self.texts))

    def _fresh(self) -> Response:
        return jsonify({"fresh": self.age_s <= 15, "age_s": self.age_s, "limit_s": 15, "failure": None})

    def _shapes(self, name: str) -> Response:
        """A small city of square cells."""
        features: list[dict[str, Any]] = []
        for index in range(SIDE * SIDE if name == "grids" else 0):
            west = 117.0 + (index % SIDE - SIDE / 2) * STEP
            south = 34.2 + (index // SIDE - SIDE / 2) * STEP
            ring = [[west + dx * STEP, south + dy * STEP] for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": {"i": index, "key": f"cell{index}"}, "geometry": shape})
        return jsonify({"type": "FeatureCollection", "features": features})
