"""Rankings of one city, as the page, the exports and the reports ask for them."""

from collections.abc import Mapping

from sqlalchemy import Connection

from data_access.history import Progress, no_progress
from data_access.store import Store
from domain.city import City
from domain.people import Person
from domain.ranking_view import (
    CaseList,
    Choice,
    Choices,
    Heat,
    RankingAsk,
    RankingTable,
    Trend,
    WatchTable,
    WatchWhy,
    WhatIf,
    Why,
)
from domain.refusals import Refusal
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import UnitFigures
from services.parts import Clock
from services.rankings import asking, gather, periods
from services.rankings.answers import Answers
from services.rankings.asking import FILTERS, Rule, Schemes
from services.rankings.cases import cases
from services.rankings.heat import heat_of
from services.rankings.remembered import Remembered
from services.rankings.standing import Looked
from services.rankings.table import ranking_table
from services.rankings.trend import Trends
from services.rankings.watch import watch_table
from services.rankings.watch_why import watch_why
from services.rankings.what_if import supposed
from services.rankings.why import why

LEAST = 2
"""A kind of object is offered where there are at least so many to compare."""


class Rankings:
    """Built once for a process. Every answer is read in one picture of the database; `clock` gives the city's now."""

    def __init__(self, store: Store, city: City, number: int, clock: Clock) -> None:
        self.store, self.city, self.number, self.clock = store, city, number, clock
        self.schemes = Schemes(city)
        self.answers = Answers(self.table, self.watch, self.trend, clock)
        self._trends = Trends(store, city, number, clock)
        self._before: Remembered[tuple[UnitFigures, ...]] = Remembered(clock)

    def close(self) -> None:
        """Ends what is being made."""
        self.answers.close()

    def ask(self, query: Mapping[str, str]) -> RankingAsk:
        """What an address asks for. Raises Refusal for what cannot be."""
        with self.store.picture() as connection:
            return asking.asked(connection, self.schemes, self.number, query, self.clock())

    def rule(self, ask: RankingAsk) -> Rule:
        """The score or watch list of the ask."""
        return self.schemes.named(ask.score)

    def choices(self, ask: RankingAsk) -> Choices:
        """Everything the page may be asked for instead."""
        with self.store.picture() as connection:
            ranked = tuple(kind for kind in Ranked if len(gather.listed(connection, self.number, kind)) >= LEAST)
            filters = {by: gather.filter_choices(connection, self.number, by) for by in FILTERS}
        return Choices(
            periods.choices(self.city, ask.span, self.clock()),
            ranked,
            tuple(Choice(name, rule.title) for name, rule in self.schemes.of(ask.ranked).items()),
            {by: tuple(Choice(row.key, row.name) for row in rows.values()) for by, rows in filters.items()},
        )

    def table(self, ask: RankingAsk, progress: Progress = no_progress) -> RankingTable:
        """The ranking. Raises Refusal for a watch list, which ranks nobody."""
        rule = self.score_rule(ask)
        with self.store.picture() as connection:
            return ranking_table(connection, self.city, self.number, ask, rule, self.clock(), progress, self._before)

    def watch(self, ask: RankingAsk, progress: Progress = no_progress) -> WatchTable:
        """The watch list. Raises Refusal for a score."""
        rules = self.rule(ask)
        if not isinstance(rules, WatchList):
            raise Refusal(f"“{rules.title}”是评分，不是关注名单", "score", "请改选关注名单。")
        with self.store.picture() as connection:
            return watch_table(connection, self.city, self.number, ask, rules, self.clock(), progress)

    def trend(self, ask: RankingAsk, progress: Progress = no_progress) -> Trend:
        """The last twelve periods of the ask's kind, for every unit or area."""
        return self._trends.of(ask, self.rule(ask), progress)

    def heat(self, ask: RankingAsk, indicator: str) -> Heat:
        """The indicator or count of every grid. Raises Refusal for an unknown one."""
        with self.store.picture() as connection:
            return heat_of(connection, self.city, self.number, ask, self.rule(ask), indicator)

    def why(self, ask: RankingAsk, key: str, person: Person) -> Why:
        """The proof of one unit's or area's score. Raises Refusal; NotAllowed for another unit's user."""
        with self.store.picture() as connection:
            return why(self._looked(connection, ask), key, person)

    def watch_why(self, ask: RankingAsk, key: str, person: Person) -> WatchWhy:
        """What stands behind a unit on a watch list. Raises Refusal; NotAllowed for another unit's user."""
        with self.store.picture() as connection:
            return watch_why(self._looked(connection, ask), key, person, self.clock())

    def cases(
        self, ask: RankingAsk, key: str, which: str, page: int | None, person: Person, *, in_score: bool = False
    ) -> CaseList:
        """A page of the cases behind a count, or all of them. Raises Refusal; NotAllowed for another unit's user."""
        with self.store.picture() as connection:
            return cases(self._looked(connection, ask), key, which, page, person, in_score)

    def what_if(self, ask: RankingAsk, key: str, late: int, open_: int, person: Person) -> WhatIf:
        """The score and rank, had these cases gone better. Raises Refusal; NotAllowed for another unit's user."""
        with self.store.picture() as connection:
            return supposed(self._looked(connection, ask), key, late, open_, person)

    def _looked(self, connection: Connection, ask: RankingAsk) -> Looked:
        return Looked(connection, self.city, self.number, ask, self.rule(ask))

    def names(self, ranked: Ranked) -> Mapping[str, str]:
        """The name of each object of a kind, by key."""
        with self.store.picture() as connection:
            return {entry.key: entry.name for entry in gather.listed(connection, self.number, ranked).values()}

    def score_rule(self, ask: RankingAsk) -> ScoreRule:
        """The ask's score. Raises Refusal for a watch list."""
        rule = self.rule(ask)
        if isinstance(rule, WatchList):
            raise Refusal(f"“{rule.title}”是关注名单，不排名次", "score", "请改选评分。")
        return rule
