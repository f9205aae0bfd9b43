"""The readings of the indicators that a city may choose by name (domain research section 9; DECISIONS 3 and 4)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    """成都金牛区 divides by 应处置数, 启东 and 石景山 by 立案数."""

    HANDLING_DUE = "handling_due"
    REGISTERED = "registered"


class ReworkUnit(StrEnum):
    """返工案卷数 (肃宁 Art. 26, reading j: at most 100 %), or how often."""

    CASES = "cases"
    TIMES = "times"


class ReworkDenominator(StrEnum):
    """肃宁 and 金牛区 divide by 应结案数; one implementation by 处置数."""

    CLOSURE_DUE = "closure_due"
    HANDLED = "handled"


class ExtensionDenominator(StrEnum):
    """金牛区 divides by 应处置数; 汝州's watch list by the assignments dispatched to the unit (DECISIONS 13)."""

    HANDLING_DUE = "handling_due"
    DISPATCHED = "dispatched"


class InTotals(StrEnum):
    """Whether something shown apart is also part of the totals."""

    EXCLUDED = "excluded"
    INCLUDED = "included"


@dataclass(frozen=True)
class IndicatorOptions:
    """Excluded: a self-handled (举手之劳) or simple (简易程序) case counts in 上报 and in its own count, nowhere else.
    Included: it was also registered, handled and closed (without a deadline) when it ended; never in unit figures, for
    no unit had it. Suspended cases (缓办, 肃宁 Art. 27) leave every denominator while they are excluded.

    The stage limits are minutes on a continuous clock: 受理 15, 派遣 15, 核实 and 核查 30 (运城's filing table).
    A case recurs (重复发生) within 30 days (domain research 7).
    """

    closure_due_definition: ClosureDue = ClosureDue.CLOSED_PLUS_OVERDUE
    on_time_denominator: OnTimeDenominator = OnTimeDenominator.CLOSURE_DUE
    handling_rate_denominator: HandlingDenominator = HandlingDenominator.HANDLING_DUE
    rework_unit: ReworkUnit = ReworkUnit.CASES
    rework_denominator: ReworkDenominator = ReworkDenominator.CLOSURE_DUE
    extension_rate_denominator: ExtensionDenominator = ExtensionDenominator.HANDLING_DUE
    suspended_in_denominators: InTotals = InTotals.EXCLUDED
    self_handled_in_totals: InTotals = InTotals.EXCLUDED
    simple_in_totals: InTotals = InTotals.EXCLUDED
    registration_limit_min: int = 15
    dispatch_limit_min: int = 15
    verification_limit_min: int = 30
    recheck_limit_min: int = 30
    recurrence_days: int = 30

    def limit(self, stage: str) -> timedelta:
        """The time allowed for registration, dispatch, verification or recheck."""
        minutes: int = getattr(self, f"{stage}_limit_min")
        return timedelta(minutes=minutes)

    @property
    def recurs_within(self) -> timedelta:
        return timedelta(days=self.recurrence_days)


def largest(name: str) -> int:
    """The largest whole number that an option measured in `_min` or `_days` takes: ten years of days."""
    return 3660 if name.endswith("_days") else 999_999
