"""Whoever a proof is about, among all it is compared with, in one picture; and who may look behind its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from data_access.counts import Figures
from domain.city import City
from domain.people import Person
from domain.ranking_view import RankingAsk
from domain.score_rule import Ranked, ScoreRule
from domain.scoring import UnitFigures
from services.dispatch.commands import NotAllowed, NotFound
from services.rankings import gather
from services.rankings.asking import Rule
from services.rankings.gather import Entry, Gathered

BETTERED = frozenset({
    "closed", "closure_due", "handled", "handled_on_time", "handling_due", "handling_due_without_deadline", "late",
    "on_time", "open", "overdue_open", "overdue_pending", "overdue_unclosed", "registered", "rework",
})  # fmt: skip
"""Counts that change when a case goes better (domain.explanation)."""


@dataclass(frozen=True)
class Looked:
    """A city asked for one view over one connection."""

    connection: Connection
    city: City
    number: int
    ask: RankingAsk
    rule: Rule

    def entry(self, key: str) -> tuple[int, Entry]:
        """Number and names of a unit or area. Raises NotFound."""
        for n, entry in gather.listed(self.connection, self.number, self.ask.ranked).items():
            if entry.key == key:
                return n, entry
        raise NotFound(f"没有“{key}”", self.ask.ranked.value, "请回到排名表，从表里点选。")

    def gathered(self, wanted: frozenset[str] = frozenset(), *, before: bool = False) -> Gathered:
        """Everybody with the counts the rule is made of, those that cases can better, and `wanted`."""
        wanted |= gather.needed(self.rule, gather.options_of(self.city, self.rule))
        wanted |= BETTERED if isinstance(self.rule, ScoreRule) else frozenset()
        return gather.gather(self.connection, self.city, self.number, self.ask, self.rule, wanted=wanted, before=before)

    def figures_of(self, n: int) -> Figures:
        """The rows of one unit or area, as its counts count them."""
        question = gather.question_of(self.city, self.ask, self.rule)
        everybody = gather.look(self.connection, self.number, self.city, question)
        filters = {**everybody.chosen.filters, self.ask.ranked.value: n}
        return Figures(self.connection, self.number, replace(everybody.chosen, filters=filters))


def admit(person: Person, ask: RankingAsk, key: str) -> None:
    """Raises NotAllowed for whoever sees one unit's cases only and asks for others, or for an area's."""
    if person.of_a_unit_only and (ask.ranked is not Ranked.UNIT or key != person.unit):
        raise NotAllowed("只能查看本单位的案件", "排名明细", "请在排名表里打开本单位，或联系值班长。")


def own_of(figures: Sequence[UnitFigures], key: str) -> UnitFigures:
    """The figures of one of them."""
    return next(unit for unit in figures if unit.key == key)
