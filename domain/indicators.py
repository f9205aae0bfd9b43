"""Counts of cases and the rates made from them: exact, with numerator, denominator and definition.

Definitions: DECISIONS 2 to 4; formulas and sources in the field: domain research section 1.7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction


class ClosureDue(StrEnum):
    """What 应结案数 counts. The default follows 肃宁 Art. 26 (reading h)."""

    CLOSED_PLUS_OVERDUE = "closed_plus_overdue"
    DUE_IN_PERIOD = "due_in_period"
    REGISTERED_IN_PERIOD = "registered_in_period"


class OnTimeDenominator(StrEnum):
    CLOSURE_DUE = "closure_due"
    REGISTERED = "registered"
    CLOSED = "closed"


class HandlingDenominator(StrEnum):
    HANDLING_DUE = "handling_due"
    REGISTERED = "registered"


@dataclass(frozen=True)
class IndicatorOptions:
    """The readings a city may choose by name."""

    closure_due_definition: ClosureDue = ClosureDue.CLOSED_PLUS_OVERDUE
    on_time_denominator: OnTimeDenominator = OnTimeDenominator.CLOSURE_DUE
    handling_rate_denominator: HandlingDenominator = HandlingDenominator.HANDLING_DUE


@dataclass(frozen=True)
class Counts:
    """Whole numbers of cases (or assignments, in unit tables) over one period and one as-of."""

    reported: int = 0
    registered: int = 0
    dispatched: int = 0
    handled: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    closed_without_deadline: int = 0
    open: int = 0
    overdue_open: int = 0
    suspended: int = 0
    rework: int = 0
    extended: int = 0
    returned: int = 0
    due: int = 0
    closure_due: int = 0
    closure_due_without_deadline: int = 0  # closed without a deadline, inside closure_due
    handling_due: int = 0
    marked: int = 0


def added(parts: Iterable[Counts]) -> Counts:
    """The counts of the whole, from parts that share no case."""
    totals = {field.name: 0 for field in fields(Counts)}
    for part in parts:
        for name in totals:
            totals[name] += getattr(part, name)
    return Counts(**totals)


@dataclass(frozen=True)
class Rate:
    """numerator ÷ denominator; `value` is None when nothing was due (shown as —, never as 0)."""

    name: str
    numerator: int
    denominator: int
    definition: str

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def closure_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """结案率 = 结案数 ÷ 应结案数 (肃宁 Art. 26)."""
    return Rate("closure_rate", counts.closed, counts.closure_due, f"closed / {options.closure_due_definition}")


def on_time_closure_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """按期结案率 = 按期结案数 ÷ 应结案数 (肃宁 Art. 26); a case without a deadline is in no on-time fraction."""
    denominators = {
        OnTimeDenominator.CLOSURE_DUE: counts.closure_due - counts.closure_due_without_deadline,
        OnTimeDenominator.REGISTERED: counts.registered,
        OnTimeDenominator.CLOSED: counts.closed - counts.closed_without_deadline,
    }
    chosen = options.on_time_denominator
    return Rate("on_time_closure_rate", counts.on_time, denominators[chosen], f"on_time / {chosen}")


def handling_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """处置率 = 处置数 ÷ 应处置数 (成都金牛区), or ÷ 立案数 (启东's report)."""
    denominators = {
        HandlingDenominator.HANDLING_DUE: counts.handling_due,
        HandlingDenominator.REGISTERED: counts.registered,
    }
    chosen = options.handling_rate_denominator
    return Rate("handling_rate", counts.handled, denominators[chosen], f"handled / {chosen}")


RATES = {rate.__name__: rate for rate in (closure_rate, on_time_closure_rate, handling_rate)}


def rates(counts: Counts, options: IndicatorOptions) -> Mapping[str, Rate]:
    """Every rate of these counts, by name."""
    return {name: rate(counts, options) for name, rate in RATES.items()}
