"""The table of a ranking: exact rows, ranks within the group the rule compares in, and what is said beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from data_access.history import Progress, no_progress
from domain.city import City
from domain.closeness import GapAbove, gap_above
from domain.explanation import movement_of
from domain.indicators import RATES, Counts, added
from domain.periods import settles_on
from domain.ranking_view import ClassTab, RankingAsk, RankingRow, RankingTable, Span, Unfinished
from domain.score_rule import Ranked, Scope, ScoreRule, WatchList
from domain.scoring import WORK_VALUE, ScoredUnit, UnitFigures, sample, score_units
from services.rankings import gather, periods
from services.rankings.asking import UNCLASSED, within_classes
from services.rankings.gather import Entry, Gathered
from services.rankings.remembered import Remembered

DAY = timedelta(days=1)


def ranking_table(
    connection: Connection,
    city: City,
    number: int,
    ask: RankingAsk,
    rule: ScoreRule,
    read_at: datetime,
    progress: Progress = no_progress,
    known: Remembered[tuple[UnitFigures, ...]] | None = None,
) -> RankingTable:
    """The table of one ask, all of one picture; a live one may take the period before from `known`."""
    wanted = gather.needed(rule, city.options)
    gathered = gather.gather(connection, city, number, ask, rule, progress, wanted=wanted, known=known)
    return table_of(city, ask, rule, gathered, read_at)


def table_of(city: City, ask: RankingAsk, rule: ScoreRule, gathered: Gathered, read_at: datetime) -> RankingTable:
    """The table of what was gathered. Work values and ranks are made among everybody the rule compares, and only then
    are the rows of the chosen class taken: a class shown of a rule that ranks the whole city keeps the city's ranks."""
    rows = ranking_rows(city, ask, rule, gathered)
    size = [sample(rule, row.facts, city.options) for row in rows]
    nobody = sample(rule, gathered.nobody, city.options)
    everybody = sum(sample(rule, counts, city.options) for counts in gathered.facts.values()) + nobody
    return RankingTable(
        ask=ask,
        rule=rule,
        classes=class_tabs(city, ask, rule, gathered.entries),
        rows=rows,
        columns=tuple(part.indicator for part in rule.parts),
        due=sum(size),
        previous=previous_span(city, ask, rule),
        unfinished=unfinished(city, ask.span, ask.as_of),
        narrowed=bool(ask.filters),
        counted_twice=ask.ranked is Ranked.UNIT and everybody > sample(rule, gathered.total, city.options),
        nobody=nobody,
        read_at=read_at,
    )


def ranking_rows(city: City, ask: RankingAsk, rule: ScoreRule, gathered: Gathered) -> tuple[RankingRow, ...]:
    """The rows of the ask's class, in the order of the table."""
    options = city.options
    standing = score_units(rule, gathered.figures, options)
    before = {unit.key: unit for unit in score_units(rule, gathered.previous, options)}
    own = {unit.key: unit for unit in gathered.figures}
    gaps = _gaps(city, rule, standing, own)
    shared = Counter((group(rule, unit), unit.rank) for unit in standing if unit.rank is not None)
    names = {entry.key: entry for entry in gathered.entries.values()}
    return tuple(
        RankingRow(
            unit=unit,
            name=names[unit.key].name,
            short_name=names[unit.key].short_name,
            counts=own[unit.key].counts,
            facts=added([own[unit.key].counts, own[unit.key].exempted]),
            rates={
                part.indicator: RATES[part.indicator](own[unit.key].counts, options)
                for part in rule.parts
                if part.indicator != WORK_VALUE
            },
            movement=movement_of(unit, before.get(unit.key)),
            gap=gaps.get(unit.key),
            tied=unit.rank is not None and shared[group(rule, unit), unit.rank] > 1,
        )
        for unit in standing
        if in_class(ask.unit_class, unit.unit_class)
    )


def group(rule: ScoreRule, unit: ScoredUnit) -> str | None:
    """Among whom the unit is ranked: its class, or None for everybody."""
    return unit.unit_class if rule.rank_scope is Scope.CLASS else None


def in_class(wanted: str | None, unit_class: str | None) -> bool:
    """Whether a unit of that class is among the rows of the chosen tab."""
    return wanted is None or wanted == (unit_class or UNCLASSED)


def _gaps(
    city: City, rule: ScoreRule, standing: Sequence[ScoredUnit], own: Mapping[str, UnitFigures]
) -> dict[str, GapAbove | None]:
    """Each ranked unit against the last one that is ranked before it in its group; tied ones share the one above."""
    found: dict[str, GapAbove | None] = {}
    above: dict[str | None, ScoredUnit | None] = {}
    last: dict[str | None, ScoredUnit] = {}
    for unit in standing:
        if unit.rank is None:
            continue
        mine = group(rule, unit)
        if mine in last and last[mine].rank != unit.rank:
            above[mine] = last[mine]
        last[mine] = unit
        if (better := above.get(mine)) is not None:
            pair = (better, own[better.key].counts), (unit, own[unit.key].counts)
            found[unit.key] = gap_above(rule, *pair, city.options)
    return found


def class_tabs(
    city: City, ask: RankingAsk, rule: ScoreRule | WatchList, entries: Mapping[int, Entry]
) -> tuple[ClassTab, ...]:
    """The classes to choose from, with how many units each has; those without a class last. None where a rule compares
    all units and no class was asked for."""
    if ask.ranked is not Ranked.UNIT or not city.unit_classes or not (ask.unit_class or within_classes(rule)):
        return ()
    sizes = Counter(entry.unit_class or UNCLASSED for entry in entries.values())
    tabs = [ClassTab(key, name, sizes[key]) for key, name in city.unit_classes.items()]
    return (*tabs, ClassTab(UNCLASSED, "未分类单位", sizes[UNCLASSED])) if sizes[UNCLASSED] else tuple(tabs)


def previous_span(city: City, ask: RankingAsk, rule: ScoreRule) -> Span:
    """The days movement compares with."""
    before = periods.previous(city, gather.question_of(city, ask, rule))
    last = city.day_of(before.end - timedelta(microseconds=1))
    return Span(ask.span.key, city.day_of(before.start), last + DAY)


def unfinished(city: City, span: Span, as_of: datetime) -> Unfinished | None:
    """What 未定稿 says of the period at as_of; None once it is settled. Passed days are cut to halves."""
    settles = settles_on(span.end, city.settle_days)
    start, end = city.midnight(span.first), city.midnight(span.end)
    over = as_of >= end
    if over and as_of >= city.midnight(settles):
        return None
    days = (span.end - span.first).days
    passed = Fraction((as_of - start) // (DAY / 2), 2)
    return Unfinished(min(passed, Fraction(days)), days, settles, over)


def together(units: Sequence[UnitFigures]) -> Counts:
    """The facts of several units as one."""
    return added([counts for unit in units for counts in (unit.counts, unit.exempted)])
