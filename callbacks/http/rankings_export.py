"""/rankings/export/…: the table and the cases of an address as files. Each one given away is in the audit log."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Blueprint, Response, request

from callbacks.access import RANKINGS, current_person, require
from callbacks.http.ranking_answers import asked_key, told
from domain.refusals import Refusal
from domain.score_rule import WatchList
from services.rankings.file_names import cases_name, table_name
from services.reports.case_book import cases_book, cases_csv
from services.reports.ranking_book import ranking_book, ranking_csv
from services.reports.watch_book import watch_book, watch_csv
from services.serving import Serving

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
PLAIN = "rankings"  # for programs that read no other name


class RankingExportRoutes:
    def __init__(self, serving: Serving) -> None:
        self.rankings, self.city, self.people = serving.rankings, serving.city, serving.people
        self.clock = serving.parts.real_clock

    def blueprint(self) -> Blueprint:
        routes = Blueprint("rankings_export", __name__)
        routes.add_url_rule("/rankings/export/table.<kind>", view_func=self.table, endpoint="table")
        routes.add_url_rule("/rankings/export/cases.<kind>", view_func=self.cases, endpoint="cases")
        return routes

    @require(*RANKINGS)
    @told
    def table(self, kind: str) -> Response:
        """The whole table of the address: aggregates, which everybody here may take along."""
        known(kind, ("xlsx", "csv"))
        ask = self.rankings.ask(request.args)
        if isinstance(self.rankings.rule(ask), WatchList):
            watched = self.rankings.watch(ask)
            body = watch_book(watched, self.city) if kind == "xlsx" else watch_csv(watched, self.city)
            return self._given(body, table_name(watched, self.city), kind, "export_ranking", len(watched.rows))
        ranked = self.rankings.table(ask)
        body = ranking_book(ranked, self.city) if kind == "xlsx" else ranking_csv(ranked, self.city)
        return self._given(body, table_name(ranked, self.city), kind, "export_ranking", len(ranked.rows))

    @require(*RANKINGS)
    @told
    def cases(self, kind: str) -> Response:
        """All cases behind ?which= of ?key=, the same as on the page."""
        known(kind, ("xlsx", "csv"))
        ask = self.rankings.ask(request.args)
        which, in_score = request.args.get("which", ""), request.args.get("in_score") == "1"
        found = self.rankings.cases(ask, asked_key(), which, None, current_person(), in_score=in_score)
        make = cases_book if kind == "xlsx" else cases_csv
        body = make(found, self.city)
        return self._given(body, cases_name(found, self.city), kind, "export_cases", found.total)

    def _given(self, body: bytes, name: str, kind: str, action: str, rows: int) -> Response:
        """The file, once the log has it."""
        file, register = f"{name}.{kind}", self.people.register
        with register.store.write.begin() as connection:
            register.record(connection, self.clock(), current_person(), action, file, entries=rows)
        headers = {
            "Content-Disposition": f"attachment; filename=\"{PLAIN}.{kind}\"; filename*=UTF-8''{quote(file)}",
            "Cache-Control": "private, no-store",
        }
        return Response(body, headers=headers, content_type=KINDS[kind])


def known(kind: str, kinds: Sequence[str]) -> None:
    """Raises Refusal for a kind of file that this is not made as."""
    if kind not in kinds:
        raise Refusal(f"不能导出为 {kind[:8]}", request.path, f"可选：{'、'.join(kinds)}。")
