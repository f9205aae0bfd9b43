"""POST /api/desk/entry: a phoned-in case is registered, dispatched, or added to one that is known."""

from flask import Blueprint, Response

from callbacks.access import current_person, require
from callbacks.http.desk_acts import answered, done_json, fields_of, read_body, text_of
from config.calendars import working_time
from domain.people import Post
from services.entry.desk import EntryDesk
from services.entry.filing import Filing
from services.entry.paper import Entries
from services.serving import Serving

LONGEST_BUTTON = 80


class EntryRoutes:
    def __init__(self, serving: Serving) -> None:
        desk = serving.desk
        entries = Entries(desk.store, serving.city, desk.number, serving.parts.clock, working_time(serving.city))
        self.entry = EntryDesk(desk, Filing(entries))

    def blueprint(self) -> Blueprint:
        routes = Blueprint("entry", __name__)
        routes.add_url_rule("/api/desk/entry", view_func=self.press, endpoint="press", methods=["POST"])
        return routes

    @require(Post.DISPATCHER, Post.REGISTRAR)
    def press(self) -> Response:
        """{button: report_only, report_and_dispatch or into:<case>:<version>, key, fields} → {"done": …} as an act."""
        return answered(lambda: {"done": self._done()})

    def _done(self) -> dict[str, object]:
        body = read_body()
        button, key = text_of(body, "button", LONGEST_BUTTON), text_of(body, "key", 80)
        return done_json(self.entry.press(current_person(), button, key, fields_of(body)))
