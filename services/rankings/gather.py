"""Everything a ranking needs of the database, from one picture: who is compared, with which counts, now and before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from data_access import lists
from data_access.counts import Figures, Selection
from data_access.history import Progress, no_progress
from data_access.lists import Named
from domain.city import City
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED, RATES, Counts, added, less
from domain.ranking_view import RankingAsk
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import WORK_VALUE, UnitFigures
from domain.watching import reading
from domain.window import Window
from services.figures import Question
from services.rankings import periods

SHOWN = frozenset({"handled", "closed", "closure_due", "open", "overdue_open"})
"""Counts that every table shows beside its score."""
ORDERING = ("on_time_closure_rate", "handling_rate")
"""Rates that order ties and measure samples, whatever the score is made of."""
WATCHED = frozenset({"registered", "dispatched", "suspended"})
"""Counts that every watch list shows beside its rates."""
NOBODY = Counts()


@dataclass(frozen=True)
class Entry:
    """A unit or an area that takes its place in a ranking."""

    key: str
    name: str
    short_name: str
    unit_class: str | None = None


@dataclass(frozen=True)
class Gathered:
    """`entries` by their number in the database. Figures leave out what accepted appeals exempt. `nobody` = the cases
    of no unit, or of no such area; `total` = all cases of the city, each once."""

    entries: Mapping[int, Entry]
    figures: tuple[UnitFigures, ...]
    previous: tuple[UnitFigures, ...]
    total: Counts
    nobody: Counts

    @property
    def facts(self) -> Mapping[str, Counts]:
        """The counts with what appeals exempt, by key."""
        return {unit.key: added([unit.counts, unit.exempted]) for unit in self.figures}


def gather(
    connection: Connection,
    city: City,
    number: int,
    ask: RankingAsk,
    rule: ScoreRule | WatchList,
    progress: Progress = no_progress,
    *,
    wanted: frozenset[str] | None = None,
    before: bool = True,
) -> Gathered:
    """The figures of the ask's period and of the one it is compared with (none without `before`).

    `wanted` are the counts asked for, None = all of them; the others may stay 0.
    """
    question = question_of(city, ask, rule)
    entries = listed(connection, number, ask.ranked)
    earlier = periods.previous(city, question)
    replays = 2 if before and earlier.as_of != question.as_of else 1
    now = look(connection, number, city, question, wanted, lambda share: progress(share / replays))
    figures, nobody = compared(now, ask.ranked, entries)
    then: tuple[UnitFigures, ...] = ()
    if before:
        looked = now.over(window_of(earlier))
        if replays > 1:
            looked = look(connection, number, city, earlier, wanted, lambda share: progress((1 + share) / 2))
        then, _ = compared(looked, ask.ranked, entries)
    return Gathered(entries, figures, then, now.by("city")[None], nobody)


def look(
    connection: Connection,
    number: int,
    city: City,
    question: Question,
    wanted: frozenset[str] | None = None,
    progress: Progress = no_progress,
) -> Figures:
    """The figures of one period. Raises KeyError for a filter's key that is not there."""
    known = {by: filter_choices(connection, number, by) for by in question.filters}
    numbers = {by: next(n for n, row in known[by].items() if row.key == key) for by, key in question.filters.items()}
    return Figures(
        connection,
        number,
        Selection(
            window_of(question),
            question.cohort,
            question.options,
            filters=numbers,
            not_recorded=city.not_recorded,
            wanted=wanted,
            progress=progress,
        ),
    )


def window_of(question: Question) -> Window:
    """The stretch of time a question is about."""
    return Window(question.start, question.end, question.as_of)


def compared(figures: Figures, ranked: Ranked, entries: Mapping[int, Entry]) -> tuple[tuple[UnitFigures, ...], Counts]:
    """Everybody with their counts, and what belongs to nobody."""
    counts = figures.by(ranked.value)
    out = figures.exempted() if ranked is Ranked.UNIT else {}
    units = tuple(_without(entry, counts.get(n, NOBODY), out.get(n)) for n, entry in entries.items())
    return units, added(own for n, own in counts.items() if n not in entries)


def question_of(city: City, ask: RankingAsk, rule: ScoreRule | WatchList) -> Question:
    """The ask's period as the figures know it."""
    start, end = city.midnight(ask.span.first), city.midnight(ask.span.end)
    cohort = isinstance(rule, ScoreRule) and rule.cohort
    return Question(start, end, ask.as_of, cohort, options_of(city, rule), filters=ask.filters)


def options_of(city: City, rule: ScoreRule | WatchList) -> IndicatorOptions:
    """The readings of the indicators under this rule: the city's own, on a watch list with what it divides by."""
    return reading(city.options) if isinstance(rule, WatchList) else city.options


def listed(connection: Connection, number: int, ranked: Ranked) -> Mapping[int, Entry]:
    """Who is compared, by number, in the order of the city's list."""
    if ranked is Ranked.UNIT:
        rows: Mapping[int, Named] = lists.units(connection, number)
    elif ranked is Ranked.GRID:
        rows = lists.named_grids(connection, number)
    else:
        rows = lists.areas(connection, number, ranked.value)
    return {n: Entry(row.key, row.name, row.short_name, row.extra) for n, row in rows.items()}


def filter_choices(connection: Connection, number: int, by: str) -> Mapping[int, Named]:
    """What a view may be narrowed to: the entries of `category`, `channel` or `street`, by number."""
    if by == "street":
        return lists.areas(connection, number, "street")
    return lists.categories(connection, number) if by == "category" else lists.channels(connection, number)


def _without(entry: Entry, facts: Counts, exempted: Counts | None) -> UnitFigures:
    if exempted is None:
        return UnitFigures(entry.key, entry.unit_class, facts)
    return UnitFigures(entry.key, entry.unit_class, less(facts, exempted), exempted)


def needed(rule: ScoreRule | WatchList, options: IndicatorOptions) -> frozenset[str]:
    """The counts that a table of this rule is made of."""
    if isinstance(rule, WatchList):
        return WATCHED.union(*(behind(line.indicator, options) for line in rule.lines))
    names = (*ORDERING, *(part.indicator for part in rule.parts))
    return SHOWN.union(*(behind(name, options) for name in names))


def behind(indicator: str, options: IndicatorOptions) -> frozenset[str]:
    """The counts an indicator reads, as it says itself; those of a count are the count."""
    if indicator in COUNTED or indicator == WORK_VALUE:
        return frozenset({indicator if indicator in COUNTED else "closed"})
    noted = _Noted()
    RATES[indicator](cast(Counts, noted), options)
    return frozenset(noted.names)


class _Noted:
    """Counts that remember which of them were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return 0
