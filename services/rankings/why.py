"""Why this rank: each part of a score with what it is made of, what one case costs, and the lists behind it all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from data_access import case_marks
from data_access.counts import Figures
from domain.case_cost import case_cost
from domain.conditions import holds
from domain.counting import Counting
from domain.explanation import explain, median
from domain.indicator_options import IndicatorOptions, OnTimeDenominator
from domain.indicators import COUNTED, RATES
from domain.people import Person
from domain.ranking_view import PartView, RankingRow, Why
from domain.refusals import Refusal
from domain.score_rule import Ranked, ScoreRule
from domain.scoring import (
    BASE_POINTS,
    NOTHING,
    OF_HANDLING,
    WORK_VALUE,
    PartScore,
    ScoredUnit,
    UnitFigures,
    score_units,
)
from services.rankings import gather
from services.rankings.cases import EXEMPTED, rows_behind
from services.rankings.gather import Gathered
from services.rankings.standing import Looked, admit, own_of
from services.rankings.table import group, previous_span, ranking_rows, unfinished

OF_CLOSING = (
    "overdue_open", "late", "rework", "extended", "suspended", "returned", "closure_due", "closed", "on_time",
)  # fmt: skip
OF_PLACES = (
    "overdue_open", "overdue_pending", "handled_rework", "handling_due_extended", "suspended", "handling_due",
    "handled", "handled_on_time",
)  # fmt: skip
EXEMPTIONS = frozenset({"closed_without_deadline", "closure_due", "extended", "marked", "suspended"})
TIMED: Mapping[OnTimeDenominator, str] = {
    OnTimeDenominator.CLOSURE_DUE: "closure_due_timed",
    OnTimeDenominator.REGISTERED: "registered",
    OnTimeDenominator.CLOSED: "closed_timed",
}


def why(looked: Looked, key: str, person: Person) -> Why:
    """The proof of one unit or area. Raises Refusal for a watch list, NotAllowed, NotFound."""
    admit(person, looked.ask, key)
    if not isinstance(looked.rule, ScoreRule):
        raise Refusal("关注名单没有得分和名次", "score", "请看关注名单自己的明细。")
    n, entry = looked.entry(key)
    ask, rule, city = looked.ask, looked.rule, looked.city
    tabs = tabs_of(rule)
    gathered = looked.gathered(EXEMPTIONS.union(tabs), before=True)
    explanation = explain(rule, gathered.figures, city.options, key, gathered.previous)
    row = _row(looked, rule, gathered, key)
    question = gather.question_of(city, ask, rule)
    figures = looked.figures_of(n)
    narrowed = {name: number for name, number in figures.chosen.filters.items() if name != ask.ranked.value}
    until = min(question.end, ask.as_of)
    of_unit = ask.ranked is Ranked.UNIT
    freed = case_marks.freed(looked.connection, looked.number, n, question.start, until, narrowed) if of_unit else {}
    counted = [(name, int(getattr(row.counts, name))) for name in tabs]
    if of_unit:
        counted.append((EXEMPTED, own_of(gathered.figures, key).exempted.closure_due))
    return Why(
        ask=ask,
        rule=rule,
        row=row,
        class_name=city.unit_classes.get(entry.unit_class or "", ""),
        explanation=explanation,
        parts=parts_of(rule, gathered.figures, city.options, explanation.unit, explanation.shown),
        cost=case_cost(rule, gathered.figures, city.options, key),
        extended_on_time=_extended_on_time(figures, of_unit),
        freed=sum(freed.values()),
        tabs=tuple(counted),
        unfinished=unfinished(city, ask.span, ask.as_of),
        previous=previous_span(city, ask, rule),
    )


def _extended_on_time(figures: Figures, in_score: bool) -> int:
    """Of the rows with an approved extension, those that count as on time."""
    chosen = figures.chosen
    counting = Counting(chosen.window, chosen.options, cohort=chosen.cohort, of_units=chosen.about_units)
    on_time = holds(counting["on_time"])
    return sum(on_time(row) for row in rows_behind(figures, "extended", in_score))


def tabs_of(rule: ScoreRule) -> tuple[str, ...]:
    """The lists that stand behind a score: about closing, or about handling where nothing else is scored."""
    return OF_PLACES if {part.indicator for part in rule.parts} <= OF_HANDLING else OF_CLOSING


def parts_of(
    rule: ScoreRule,
    figures: Sequence[UnitFigures],
    options: IndicatorOptions,
    unit: ScoredUnit,
    shown: Sequence[Decimal],
) -> tuple[PartView, ...]:
    """The lines of the proof; the median of a part is that of its share among the ranked units compared with."""
    standing = score_units(rule, figures, options)
    peers = [peer for peer in standing if peer.rank is not None and group(rule, peer) == group(rule, unit)]
    own = own_of(figures, unit.key)
    return tuple(
        PartView(
            indicator=part.name,
            definition=RATES[part.name](own.counts, options).definition if part.name in RATES else "",
            numerator=part.numerator,
            denominator=part.denominator,
            weight=part.weight,
            complement=part.complement,
            shown=points,
            median=None if part.name == BASE_POINTS else _median(part, peers),
            behind=behind(part.name, options),
        )
        for part, points in zip(unit.parts, shown, strict=True)
    )


def behind(indicator: str, options: IndicatorOptions) -> tuple[str, ...]:
    """The lists of numerator and denominator; of the work value only what it is made of, of base points none."""
    if indicator == WORK_VALUE:
        return ("closed",)
    if indicator not in RATES:
        return ()
    above, below = RATES[indicator](NOTHING, options).definition.split(" / ")
    if indicator == "on_time_closure_rate":
        return above, TIMED[options.on_time_denominator]
    if indicator == "on_time_handling_rate":
        return above, "handling_due_timed"
    return above, below if below in COUNTED else "closure_due"


def _median(part: PartScore, peers: Sequence[ScoredUnit]) -> Fraction | None:
    theirs = [mine for peer in peers for mine in peer.parts if mine.name == part.name and mine.denominator]
    return median([mine.numerator / mine.denominator for mine in theirs])


def _row(looked: Looked, rule: ScoreRule, gathered: Gathered, key: str) -> RankingRow:
    """The unit's row, whichever class the table shows."""
    rows = ranking_rows(looked.city, replace(looked.ask, unit_class=None), rule, gathered)
    return next(row for row in rows if row.unit.key == key)
