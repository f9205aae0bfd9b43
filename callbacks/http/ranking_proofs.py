"""/api/rankings/why, watch-why, cases and what-if: what stands behind one unit or area, each for whoever may see it."""

from flask import Blueprint, Response, request

from callbacks.access import RANKINGS, current_person, require
from callbacks.http.ranking_answers import asked_key, private_json, told, whole
from domain.score_rule import WatchList
from layouts.rankings.cases import cases_view
from layouts.rankings.watch_why import watch_why_view
from layouts.rankings.what_if import what_if_view
from layouts.rankings.why import why_view
from services.serving import Serving


class RankingProofRoutes:
    def __init__(self, serving: Serving) -> None:
        self.rankings, self.city = serving.rankings, serving.city
        self.texts = serving.desk_view.words.texts

    def blueprint(self) -> Blueprint:
        routes = Blueprint("ranking_proofs", __name__)
        routes.add_url_rule("/api/rankings/why", view_func=self.why, endpoint="why")
        routes.add_url_rule("/api/rankings/cases", view_func=self.cases, endpoint="cases")
        routes.add_url_rule("/api/rankings/what-if", view_func=self.what_if, endpoint="what_if")
        return routes

    @require(*RANKINGS)
    @told
    def why(self) -> Response:
        """Why ?key= stands where it stands, or what stands behind it on a watch list."""
        ask, key, person = self.rankings.ask(request.args), asked_key(), current_person()
        if isinstance(self.rankings.rule(ask), WatchList):
            watched = self.rankings.watch_why(ask, key, person)
            return private_json(watch_why_view(watched, self.rankings.trend(ask), self.city, self.texts))
        return private_json(why_view(self.rankings.why(ask, key, person), self.city, self.texts))

    @require(*RANKINGS)
    @told
    def cases(self) -> Response:
        """A page of the cases behind ?which= of ?key=; in_score=1 leaves out accepted appeals."""
        given = request.args
        ask, which, in_score = self.rankings.ask(given), given.get("which", ""), given.get("in_score") == "1"
        page = whole("page", 1)
        found = self.rankings.cases(ask, asked_key(), which, page, current_person(), in_score=in_score)
        return private_json(cases_view(found, self.city, self.texts))

    @require(*RANKINGS)
    @told
    def what_if(self) -> Response:
        """Score and rank, had ?late= late cases been on time and ?open= due ones closed on time."""
        ask = self.rankings.ask(request.args)
        found = self.rankings.what_if(ask, asked_key(), whole("late", 0), whole("open", 0), current_person())
        return private_json(what_if_view(found, self.city, self.texts))
