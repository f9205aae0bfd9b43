"""What one case costs a unit in points: the score with that one case better, everything else fixed, less the score.

Ours: no source counts it; it only reads 肃宁 Art. 26 backwards, case by case.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.explanation import bettered, most_bettered
from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts
from domain.ranking_view import CaseCost
from domain.score_rule import ScoreRule
from domain.scoring import UnitFigures, score_units

REWORKED = ("rework", "rework_times", "handled_rework", "handled_rework_times")


def case_cost(rule: ScoreRule, figures: Sequence[UnitFigures], options: IndicatorOptions, key: str) -> CaseCost:
    """The costs of one unit among all of them; None also where it has no score. Raises KeyError for an unknown key."""
    own = {unit.key: unit for unit in figures}[key]
    late, open_ = most_bettered(rule, own.counts, options)
    reworks = any(part.indicator == "rework_rate" for part in rule.parts) and own.counts.rework > 0

    def gain(better: Counts) -> Fraction | None:
        after = score_of(rule, figures, options, replace(own, counts=better))
        before = score_of(rule, figures, options, own)
        return None if after is None or before is None else after - before

    return CaseCost(
        late=gain(bettered(own.counts, 1, 0, options)) if late else None,
        open=gain(bettered(own.counts, 0, 1, options)) if open_ else None,
        rework=gain(replace(own.counts, **{n: max(0, getattr(own.counts, n) - 1) for n in REWORKED}))
        if reworks
        else None,
    )


def score_of(
    rule: ScoreRule, figures: Sequence[UnitFigures], options: IndicatorOptions, better: UnitFigures
) -> Fraction | None:
    """The unit's score, had it other counts than among the figures."""
    changed = [better if unit.key == better.key else unit for unit in figures]
    return next(unit.score for unit in score_units(rule, changed, options) if unit.key == better.key)
