"""Everything a ranking needs of the database, from one picture: who is compared, with which counts, now and before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from data_access import lists
from data_access.counts import Figures, Selection
from data_access.history import Progress, no_progress
from data_access.lists import Named
from domain.city import City
from domain.closeness import ON_TIME
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED, RATES, Counts, added, less
from domain.ranking_view import RankingAsk
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import WORK_VALUE, UnitFigures, sample
from domain.watching import reading
from domain.window import Window
from services.figures import Question
from services.rankings import periods
from services.rankings.remembered import Remembered

SHOWN = frozenset({"registered", "handled", "closed", "closure_due", "open", "overdue_open"})
"""Counts that every table shows beside its score."""
WATCHED = frozenset({
    "dispatched", "dispatched_extended", "dispatched_returned", "dispatched_suspended", "open", "registered",
    "suspended",
})  # fmt: skip
"""Counts that every watch list shows beside its rates, or in its proof."""
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
    of no unit, or of no such area; `total` = all cases of the city, each once, in the
    counts of its sample; a watch list has none."""

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
    known: Remembered[tuple[UnitFigures, ...]] | None = None,
) -> Gathered:
    """The figures of the ask's period and of the one it is compared with (none without `before`).

    `wanted` are the counts asked for, None = all of them; the others may stay 0. Of the period before only those that
    scores are made of are there. A live view takes the figures of the
    period before from `known` where it can.
    """
    question = question_of(city, ask, rule)
    entries = listed(connection, number, ask.ranked)
    earlier = periods.previous(city, question)
    replays = 2 if before and earlier.as_of != question.as_of else 1
    now = look(connection, number, city, question, wanted, lambda share: progress(share / replays))
    figures, nobody = compared(now, ask.ranked, entries)

    def previous() -> tuple[UnitFigures, ...]:
        looked = now.over(
            window_of(earlier),
            of_units=ask.ranked is Ranked.UNIT,
            wanted=of_rates(rule, question.options),
            progress=lambda share: progress((1 + share) / 2),
        )
        return units_of(looked, ask.ranked, entries)

    then: tuple[UnitFigures, ...] = ()
    if before and known is not None and not ask.pinned and replays == 1 and earlier.end <= ask.as_of:
        period = ask.span.first, earlier.start, earlier.end
        then = known.of((*period, ask.ranked, ask.score, *sorted(ask.filters.items())), previous)
    elif before:
        then = previous()
    gathered = Gathered(entries, figures, then, NOBODY, nobody)
    return gathered if isinstance(rule, WatchList) else replace(gathered, total=_total(now, ask, rule, gathered))


def _total(now: Figures, ask: RankingAsk, rule: ScoreRule, gathered: Gathered) -> Counts:
    """Areas share no case; units may."""
    if ask.ranked is Ranked.UNIT:
        return now.over(now.chosen.window, wanted=of_sample(rule, now.chosen.options)).by("city")[None]
    return added([*(unit.counts for unit in gathered.figures), gathered.nobody])


def look(
    connection: Connection,
    number: int,
    city: City,
    question: Question,
    wanted: frozenset[str] | None = None,
    progress: Progress = no_progress,
    *,
    of_units: bool = False,
) -> Figures:
    """The figures of one period; `of_units` without what belongs to none. Raises KeyError for an unknown filter."""
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
            of_units=of_units,
        ),
    )


def window_of(question: Question) -> Window:
    """The stretch of time a question is about."""
    return Window(question.start, question.end, question.as_of)


def units_of(figures: Figures, ranked: Ranked, entries: Mapping[int, Entry]) -> tuple[UnitFigures, ...]:
    """Everybody with their counts; without a look at the cases when the period was over before anything happened."""
    first = lists.first_moment(figures.connection, figures.city_id)
    if first is None or figures.chosen.window.end <= first:
        return tuple(UnitFigures(entry.key, entry.unit_class, NOBODY) for entry in entries.values())
    return compared(figures, ranked, entries)[0]


def compared(figures: Figures, ranked: Ranked, entries: Mapping[int, Entry]) -> tuple[tuple[UnitFigures, ...], Counts]:
    """Everybody with their counts, and what belongs to nobody."""
    counts = figures.by(ranked.value)
    out = exempted(figures, ranked)
    units = tuple(without(entry, counts.get(n, NOBODY), out.get(n)) for n, entry in entries.items())
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


def exempted(figures: Figures, ranked: Ranked) -> Mapping[int | None, Counts]:
    """What accepted appeals take out of the scores; areas have none."""
    return figures.exempted() if ranked is Ranked.UNIT else {}


def without(entry: Entry, facts: Counts, out: Counts | None) -> UnitFigures:
    """The figures of an entry: its facts without the exempted part of them."""
    if out is None:
        return UnitFigures(entry.key, entry.unit_class, facts)
    return UnitFigures(entry.key, entry.unit_class, less(facts, out), out)


def needed(rule: ScoreRule | WatchList, options: IndicatorOptions) -> frozenset[str]:
    """The counts that a table of this rule is made of."""
    if isinstance(rule, WatchList):
        return WATCHED | of_rates(rule, options)
    return SHOWN | of_rates(rule, options) | behind(ON_TIME, options)  # ties are listed by 按期结案率


def of_rates(rule: ScoreRule | WatchList, options: IndicatorOptions) -> frozenset[str]:
    """The counts that scores and ranks, or watched rates, alone are made of: none of them a stock at as_of."""
    if isinstance(rule, WatchList):
        return frozenset().union(*(behind(line.indicator, options) for line in rule.lines))
    return of_sample(rule, options).union(*(behind(part.indicator, options) for part in rule.parts))


def of_sample(rule: ScoreRule, options: IndicatorOptions) -> frozenset[str]:
    """The counts that measure a sample."""
    return frozenset(name for name in COUNTED if sample(rule, Counts(**{name: 1}), options))


def behind(indicator: str, options: IndicatorOptions) -> frozenset[str]:
    """The counts an indicator is made of: those that make a difference to it."""
    if indicator not in RATES:
        return frozenset({"closed" if indicator == WORK_VALUE else indicator})
    rate = RATES[indicator]
    return frozenset(name for name in COUNTED if rate(Counts(**{name: 1}), options) != rate(NOBODY, options))
