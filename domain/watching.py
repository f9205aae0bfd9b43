"""The watch list (汝州): units by the lines their rates cross; nothing is added up and nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.indicator_options import ExtensionDenominator, IndicatorOptions
from domain.indicators import RATES, Rate
from domain.score_rule import WatchLine, WatchList
from domain.scoring import UnitFigures


@dataclass(frozen=True)
class Watched:
    """`rates` by indicator; `crossed` are the indicators above their line, in the list's order."""

    key: str
    unit_class: str | None
    rates: Mapping[str, Rate]
    crossed: tuple[str, ...]


def reading(options: IndicatorOptions) -> IndicatorOptions:
    """The city's readings as a watch list takes them: every rate ÷ what was dispatched (DECISIONS 13)."""
    return replace(options, extension_rate_denominator=ExtensionDenominator.DISPATCHED)


def watch(rules: WatchList, figures: Sequence[UnitFigures], options: IndicatorOptions) -> tuple[Watched, ...]:
    """Every unit, those that cross most lines first; then by the rates in the list's order, highest first, then key.

    A rate exactly on its line does not cross it; a rate without a denominator crosses nothing.
    `options` are those of `reading`.
    """
    units = [_watched(rules, unit, options) for unit in figures]
    return tuple(
        sorted(units, key=lambda unit: (-len(unit.crossed), [-_size(unit, line) for line in rules.lines], unit.key))
    )


def _watched(rules: WatchList, unit: UnitFigures, options: IndicatorOptions) -> Watched:
    rates = {line.indicator: RATES[line.indicator](unit.counts, options) for line in rules.lines}
    crossed = [line.indicator for line in rules.lines if (rates[line.indicator].value or 0) > line.above]
    return Watched(unit.key, unit.unit_class, rates, tuple(crossed))


def _size(unit: Watched, line: WatchLine) -> Fraction:
    return unit.rates[line.indicator].value or Fraction()
