"""差距不显著: whether the distance between two neighbours in a ranking is worth more than a case or two.

Ours: no source fixes it. The rule is printed wherever the mark appears, and ranks stay as they are.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from domain.indicator_options import IndicatorOptions
from domain.indicators import RATES, Counts
from domain.score_rule import Part, ScoreRule
from domain.scoring import WORK_VALUE, ScoredUnit

ON_TIME = "on_time_closure_rate"


@dataclass(frozen=True)
class GapAbove:
    """How far a ranked unit is behind the one before it. `cases` = on-time cases of its own that are worth as much."""

    points: Fraction
    cases: int
    close: bool  # worth at most ScoreRule.close_cases of the smaller of the two units


def case_value(rule: ScoreRule, counts: Counts, options: IndicatorOptions) -> Fraction:
    """The points of one on-time case: the weight of 按期结案率 ÷ what it divides by; for a score without that rate, of
    its heaviest rate. 0 where nothing was due."""
    measure = measure_of(rule)
    below = RATES[measure.indicator](counts, options).denominator if measure else 0
    return points_of(measure, rule) / below if measure and below else Fraction()


def measure_of(rule: ScoreRule) -> Part | None:
    """The part that a case is measured by."""
    rates = [part for part in rule.parts if part.indicator != WORK_VALUE and not part.complement]
    on_time = (part for part in rates if part.indicator == ON_TIME)
    return next(on_time, max(rates, key=lambda part: part.weight, default=None))


def points_of(part: Part, rule: ScoreRule) -> Fraction:
    """What all of the part is worth."""
    return abs(part.weight) * rule.rate_scale * rule.scale


def gap_above(
    rule: ScoreRule,
    above: tuple[ScoredUnit, Counts],
    own: tuple[ScoredUnit, Counts],
    options: IndicatorOptions,
) -> GapAbove | None:
    """The gap of a ranked unit to the one ranked before it; None where either has no rank."""
    if above[0].rank is None or own[0].rank is None or above[0].score is None or own[0].score is None:
        return None
    points = above[0].score - own[0].score
    value = case_value(rule, own[1], options)
    largest = max(value, case_value(rule, above[1], options))  # of the smaller unit
    return GapAbove(points, math.ceil(points / value) if value else 0, points <= rule.close_cases * largest)
