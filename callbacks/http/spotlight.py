"""POST /api/desk/spotlight: a case on one of the hall's walls for two minutes."""

from flask import Blueprint, Response

from callbacks.access import current_person, require
from callbacks.http.desk_acts import LONGEST_CASE_NO, answered, read_body, text_of
from domain.people import DESK_POSTS
from services.serving import Serving
from services.spotlight import Spotlights


class SpotlightRoutes:
    def __init__(self, serving: Serving) -> None:
        self.spotlights = Spotlights(serving.desk, tuple(serving.walls))

    def blueprint(self) -> Blueprint:
        routes = Blueprint("spotlight", __name__)
        routes.add_url_rule("/api/desk/spotlight", view_func=self.show, endpoint="show", methods=["POST"])
        return routes

    @require(*DESK_POSTS)
    def show(self) -> Response:
        """{case_no, wall} → {"done": {sentence}}."""
        return answered(lambda: {"done": {"sentence": self._show()}})

    def _show(self) -> str:
        body = read_body()
        return self.spotlights.show(
            current_person(), text_of(body, "case_no", LONGEST_CASE_NO), text_of(body, "wall", 80)
        )
