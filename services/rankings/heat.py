"""Any indicator or count of every grid, in fixed classes: the same colour means the same value on every map."""

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import Connection

from domain.city import City
from domain.counting import OF_ONE_ROW
from domain.indicator_options import IndicatorOptions
from domain.indicators import RATES, Counts
from domain.ranking_view import Heat, RankingAsk
from domain.refusals import Refusal
from domain.score_rule import Ranked, ScoreRule, WatchList
from services.rankings import gather

COUNT_BREAKS = (1, 2, 4, 6, 9)
GOOD_BREAKS = (50, 70, 80, 90, 95)  # per cent
BAD_BREAKS = (1, 2, 5, 10, 20)
BAD = frozenset({
    "overdue_pending_rate", "extension_rate", "extension_share_of_registered", "suspension_rate", "return_rate",
    "overdue_open_rate", "rework_rate",
})  # fmt: skip
"""Rates of which less is better: a few per cent are already many."""
INDICATORS = (*RATES, *OF_ONE_ROW)


def heat_of(
    connection: Connection, city: City, number: int, ask: RankingAsk, rule: ScoreRule | WatchList, indicator: str
) -> Heat:
    """The indicator by grid, on the ask's period, instant, filters and basis. Raises Refusal for an unknown one."""
    if indicator not in INDICATORS:
        raise Refusal(f"没有“{indicator}”这个指标", "indicator", f"可选：{'、'.join(INDICATORS)}。")
    question = gather.question_of(city, ask, rule)
    wanted = gather.behind(indicator, question.options)
    grids = gather.listed(connection, number, Ranked.GRID)
    looked = gather.look(connection, number, city, question, wanted)
    units, _ = gather.compared(looked, Ranked.GRID, grids)
    parts = {unit.key: _parts(indicator, unit.counts, question.options) for unit in units}
    values = {key: Fraction(*pair) if pair[1] else None for key, pair in parts.items()}
    return Heat(indicator, values, parts, _breaks(city.heat_breaks, indicator))


def _parts(indicator: str, counts: Counts, options: IndicatorOptions) -> tuple[int, int]:
    """Numerator and denominator; a count is itself over 1."""
    if indicator not in RATES:
        return getattr(counts, indicator), 1
    rate = RATES[indicator](counts, options)
    return rate.numerator, rate.denominator


def _breaks(own: Mapping[str, tuple[int, ...]], indicator: str) -> tuple[Fraction, ...]:
    if indicator in RATES:
        return tuple(Fraction(bound, 100) for bound in (BAD_BREAKS if indicator in BAD else GOOD_BREAKS))
    return tuple(Fraction(bound) for bound in own.get(indicator, COUNT_BREAKS))
