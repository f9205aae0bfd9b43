"""/api/rankings/…: the view of an address, and what is drawn beside it. Everything here only reads."""

from flask import Blueprint, Response, request

from callbacks.access import RANKINGS, require
from callbacks.http.ranking_answers import private_json, told
from config.calendars import load_calendar
from domain.ranking_view import RankingAsk, RankingTable, WatchTable
from domain.score_rule import Ranked, WatchList
from layouts.rankings.choices import choices_view
from layouts.rankings.heat import heat_view, trend_view
from layouts.rankings.table import table_view
from layouts.rankings.watch import watch_view
from services.rankings.answers import Progress
from services.serving import Serving

STILL_AT_IT = 202


class RankingRoutes:
    def __init__(self, serving: Serving) -> None:
        self.rankings, self.city, self.clock = serving.rankings, serving.city, serving.parts.clock
        self.texts = serving.desk_view.words.texts
        self.calendar = load_calendar(serving.city.calendar) if serving.city.calendar else None

    def blueprint(self) -> Blueprint:
        routes = Blueprint("rankings", __name__)
        routes.add_url_rule("/api/rankings/view", view_func=self.view, endpoint="view")
        routes.add_url_rule("/api/rankings/trend", view_func=self.trend, endpoint="trend")
        routes.add_url_rule("/api/rankings/heat", view_func=self.heat, endpoint="heat")
        return routes

    @require(*RANKINGS)
    @told
    def view(self) -> Response:
        """{"choices", "table"} or {"choices", "watch"}; 202 {"progress", "words"} while a past instant is replayed."""
        ask = self.rankings.ask(request.args)
        found = self._table(ask)
        if isinstance(found, Progress):
            return self._still_at_it(found)
        seen, now = found.ask, self.clock()
        choices = choices_view(self.rankings.choices(seen), seen, now, self.city, self.texts, self.calendar)
        if isinstance(found, WatchTable):
            return private_json({"choices": choices, "watch": watch_view(found, self.city, self.texts)})
        return private_json({"choices": choices, "table": table_view(found, self.city, self.texts)})

    def _table(self, ask: RankingAsk) -> RankingTable | WatchTable | Progress:
        answers = self.rankings.answers
        return answers.watch(ask) if isinstance(self.rankings.rule(ask), WatchList) else answers.table(ask)

    @require(*RANKINGS)
    @told
    def trend(self) -> Response:
        """The last periods of every row; 202 as the view while they are counted."""
        found = self.rankings.answers.trend(self.rankings.ask(request.args))
        return self._still_at_it(found) if isinstance(found, Progress) else private_json(trend_view(found, self.texts))

    def _still_at_it(self, so_far: Progress) -> Response:
        share = max(0.0, min(1.0, so_far.share))
        words = self.texts("rankings_state.replaying", share=int(share * 100))
        return private_json({"progress": share, "words": words}, STILL_AT_IT)

    @require(*RANKINGS)
    @told
    def heat(self) -> Response:
        """?indicator= of every grid."""
        ask = self.rankings.ask(request.args)
        heat = self.rankings.heat(ask, request.args.get("indicator", ""))
        return private_json(heat_view(heat, self.city, self.texts, self.rankings.names(Ranked.GRID)))
