"""Handing a shift over and taking it: POST /api/desk/handover, GET what waits for me, POST …/<number>/receive."""

from flask import Blueprint, Response

from callbacks.access import current_person, require
from callbacks.http.desk_acts import answered, fields_of, read_body, text_of
from domain.people import DESK_POSTS
from services.handover.shift import Shifts
from services.handover.signing import Handovers
from services.serving import Serving


class HandoverRoutes:
    def __init__(self, serving: Serving) -> None:
        desk = serving.desk
        shifts = Shifts(desk.store, serving.city, desk.number, serving.parts.clock)
        self.handovers = Handovers(shifts, desk)

    def blueprint(self) -> Blueprint:
        routes = Blueprint("handover", __name__)
        here = "/api/desk/handover"
        routes.add_url_rule(here, view_func=self.waiting, endpoint="waiting", methods=["GET"])
        routes.add_url_rule(here, view_func=self.sign, endpoint="sign", methods=["POST"])
        receive = f"{here}/<int(max=2147483647):number>/receive"
        routes.add_url_rule(receive, view_func=self.receive, endpoint="receive", methods=["POST"])
        return routes

    @require(*DESK_POSTS)
    def waiting(self) -> Response:
        """{"handover": {handover, number, line, document} or null}: what waits for this person's signature."""
        return answered(lambda: {"handover": self.handovers.waiting(current_person())})

    @require(*DESK_POSTS)
    def sign(self) -> Response:
        """{key, fields} → {"done": {sentence, number, handover, document, repeated}}."""
        return answered(lambda: {"done": self._sign()})

    def _sign(self) -> dict[str, object]:
        body = read_body()
        return dict(self.handovers.sign(current_person(), text_of(body, "key", 80), fields_of(body)))

    @require(*DESK_POSTS)
    def receive(self, number: int) -> Response:
        """{key} → {"done": {sentence, number, handover, repeated}}."""
        return answered(
            lambda: {"done": dict(self.handovers.receive(current_person(), text_of(read_body(), "key", 80), number))}
        )
