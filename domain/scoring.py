"""Scores of units (综合得分): the arithmetic of a score rule over the units' counts, exact to the last part.

The model is 肃宁's implementation rules of 2017, Article 26; its open questions are options of domain.score_rule.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.indicator_options import IndicatorOptions
from domain.indicators import RATES, Counts, handling_rate, on_time_closure_rate
from domain.ranking import Rounding, inverse_ranks, ranks, rounded_parts
from domain.score_rule import Part, RatedUnits, Scope, ScoreRule, WithoutCases, WorkValueOrder

WORK_VALUE = "work_value"
BASE_POINTS = "base_points"


NOTHING = Counts()
INDICATORS = frozenset({*RATES, WORK_VALUE})
OF_HANDLING = frozenset({"handling_rate", "on_time_handling_rate", "overdue_pending_rate"})


class Unranked(StrEnum):
    """Why a unit has no rank."""

    NO_CASES = "no_cases"  # 本期无案件 (肃宁 Art. 26, reading g)
    NO_RATE = "no_rate"  # there were cases, and a rate of the score has nothing to divide by: none has a deadline
    SMALL_SAMPLE = "small_sample"  # 样本不足: ScoreRule.minimum_sample


@dataclass(frozen=True)
class UnitFigures:
    """What a unit is scored by: its counts without `exempted`, the part that accepted appeals (申诉) leave out."""

    key: str
    unit_class: str | None
    counts: Counts
    exempted: Counts = NOTHING


@dataclass(frozen=True)
class PartScore:
    """numerator ÷ denominator × weight = points; with `complement`, (1 − numerator ÷ denominator) × weight.

    The numerator of the work value is a place, a half with average ties. Denominator 0: see ScoreRule.without_cases.
    """

    name: str
    numerator: Fraction
    denominator: Fraction
    weight: Fraction
    points: Fraction
    complement: bool = False


@dataclass(frozen=True)
class ScoredUnit:
    """A unit's score with its parts, which add up to it exactly. Without a rank it has no grade; with too small a
    sample it still has a score and counts among the 参评单位 (`rated`)."""

    key: str
    unit_class: str | None
    score: Fraction | None
    parts: tuple[PartScore, ...]
    rank: int | None
    rated: bool
    grade: str | None
    passed: bool | None  # None where the rule draws no line
    unranked: Unranked | None = None


def score_units(rule: ScoreRule, figures: Sequence[UnitFigures], options: IndicatorOptions) -> tuple[ScoredUnit, ...]:
    """Scores and ranks of all units: ranked ones first, by class if ranks are within classes, then by rank.

    Equal exact scores share a rank; among them the order is by 按期结案率, then 结案数, then key (reading q). A unit
    takes part when it has cases to close and every rate of the score has a denominator.
    Source: 肃宁 Art. 26, readings f, g and q of domain research 2.4.3.
    """
    places = _work_values(rule, [unit for unit in figures if _takes_part(rule, unit, options)])
    parts = {unit.key: _parts(rule, unit, options, places.get(unit.key)) for unit in figures}
    scores = {key: sum((part.points for part in mine), Fraction()) for key, mine in parts.items() if mine is not None}
    rank_of: dict[str, int] = {}
    large = [
        unit for unit in figures if unit.key in scores and sample(rule, unit.counts, options) >= rule.minimum_sample
    ]
    for members in _groups(large, rule.rank_scope):
        rank_of |= ranks({unit.key: scores[unit.key] for unit in members}, rule.rank_display)
    ordered = sorted(figures, key=lambda unit: _place_in_list(rule, unit, rank_of.get(unit.key), scores, options))
    return tuple(_scored(rule, unit, scores.get(unit.key), parts[unit.key] or (), rank_of, options) for unit in ordered)


def sample(rule: ScoreRule, counts: Counts, options: IndicatorOptions) -> int:
    """How many cases a unit's score rests on: 应结案数, or for a score of handling alone what 处置率 divides by.

    Ours: no source fixes it.
    """
    names = {part.indicator for part in rule.parts}
    return handling_rate(counts, options).denominator if names <= OF_HANDLING else counts.closure_due


def work_place(
    rule: ScoreRule, figures: Sequence[UnitFigures], key: str, options: IndicatorOptions
) -> tuple[Fraction, Fraction] | None:
    """The unit's 倒排名次 and the 参评单位数; None when it takes no part.

    Source: 肃宁 Art. 26, readings d to f of domain research 2.4.3.
    """
    return _work_values(rule, [unit for unit in figures if _takes_part(rule, unit, options)]).get(key)


def points_at(
    rule: ScoreRule, unit: UnitFigures, options: IndicatorOptions, place: tuple[Fraction, Fraction] | None
) -> Fraction | None:
    """The score of one unit whose place is known; None = not ranked. Source: 肃宁 Art. 26."""
    parts = _parts(rule, unit, options, place)
    return None if parts is None else sum((part.points for part in parts), Fraction())


def shown_parts(unit: ScoredUnit, places: int = 2, rounding: Rounding = Rounding.HALF_UP) -> tuple[Decimal, ...]:
    """The points of each part as shown; they add up to the score as shown (DECISIONS 11)."""
    return rounded_parts([part.points for part in unit.parts], places, rounding)


def _takes_part(rule: ScoreRule, unit: UnitFigures, options: IndicatorOptions) -> bool:
    if rule.rated_units is RatedUnits.ALL:
        return True
    rates = [RATES[part.indicator](unit.counts, options) for part in rule.parts if part.indicator != WORK_VALUE]
    has_cases = rule.rated_units is RatedUnits.RATES or unit.counts.closure_due > 0
    return has_cases and all(rate.denominator for rate in rates)


def _groups(units: Sequence[UnitFigures], scope: Scope) -> list[list[UnitFigures]]:
    groups: dict[Hashable, list[UnitFigures]] = {}
    for unit in units:
        groups.setdefault(unit.unit_class if scope is Scope.CLASS else None, []).append(unit)
    return list(groups.values())


def _work_values(rule: ScoreRule, units: Sequence[UnitFigures]) -> dict[str, tuple[Fraction, Fraction]]:
    """工作值 = 结案倒排名次 ÷ 参评单位数, as place and number of units."""
    sign = 1 if rule.work_value_order is WorkValueOrder.ASCENDING else -1
    values: dict[str, tuple[Fraction, Fraction]] = {}
    for members in _groups(units, rule.work_value_scope):
        places = inverse_ranks({unit.key: sign * unit.counts.closed for unit in members}, rule.ties)
        values |= {key: (place, Fraction(len(members))) for key, place in places.items()}
    return values


def _parts(
    rule: ScoreRule, unit: UnitFigures, options: IndicatorOptions, place: tuple[Fraction, Fraction] | None
) -> tuple[PartScore, ...] | None:
    """The unit's parts, base first where the rule has one; None = not ranked."""
    if place is None:
        return None
    scores = []
    if rule.base_points:
        base = rule.base_points * rule.scale
        scores.append(PartScore(BASE_POINTS, Fraction(1), Fraction(1), base, base))
    for part in rule.parts:
        numerator, denominator = place
        if part.indicator != WORK_VALUE:
            rate = RATES[part.indicator](unit.counts, options)
            numerator, denominator = Fraction(rate.numerator), Fraction(rate.denominator)
        if not denominator and rule.without_cases is WithoutCases.UNRANKED:
            return None
        scores.append(_part_score(rule, part, numerator, denominator))
    return tuple(scores)


def _part_score(rule: ScoreRule, part: Part, numerator: Fraction, denominator: Fraction) -> PartScore:
    weight = part.weight * rule.rate_scale * rule.scale
    if denominator:
        share = numerator / denominator
        share = 1 - share if part.complement else share
    else:
        share = Fraction(rule.without_cases is WithoutCases.FULL and weight > 0)
    return PartScore(part.indicator, numerator, denominator, weight, share * weight, part.complement)


def _place_in_list(
    rule: ScoreRule, unit: UnitFigures, rank: int | None, scores: Mapping[str, Fraction], options: IndicatorOptions
) -> tuple[int, str, int, Fraction, int, str]:
    group = unit.unit_class or "" if rule.rank_scope is Scope.CLASS else ""
    on_time = on_time_closure_rate(unit.counts, options).value
    kind = 0 if rank is not None else 1 if unit.key in scores else 2
    return kind, group, rank or 0, -(on_time or Fraction()), -unit.counts.closed, unit.key


def _scored(
    rule: ScoreRule,
    unit: UnitFigures,
    score: Fraction | None,
    parts: tuple[PartScore, ...],
    rank_of: Mapping[str, int],
    options: IndicatorOptions,
) -> ScoredUnit:
    grade = passed = unranked = None
    rank = rank_of.get(unit.key)
    if score is None:
        unranked = Unranked.NO_RATE if sample(rule, unit.counts, options) else Unranked.NO_CASES
    elif rank is None:
        unranked = Unranked.SMALL_SAMPLE
    else:
        grade = next((g.name for g in rule.grades if g.at_least is None or score >= g.at_least), None)
        passed = None if rule.pass_line is None else score >= rule.pass_line
    rated = score is not None
    return ScoredUnit(unit.key, unit.unit_class, score, parts, rank, rated, grade, passed, unranked)
