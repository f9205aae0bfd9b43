"""Counts of cases and the rates made from them: exact, with numerator, denominator and definition.

Definitions: DECISIONS 2 to 6; formulas and sources in the field: domain research section 1.7. Where no source fixes a
formula, the function says that it is our recommendation.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from domain.indicator_options import (
    ExtensionDenominator,
    HandlingDenominator,
    IndicatorOptions,
    OnTimeDenominator,
    ReworkDenominator,
    ReworkUnit,
)


@dataclass(frozen=True)
class Counts:
    """Whole numbers of cases (or assignments, in unit tables) over one period and one as-of.

    What each name counts: domain.counting. Those about the desk (verification, registration in time, dispatch in
    time, recheck, self-handled, simple) are counts of cases and stay 0 in unit tables.
    """

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
    self_handled: int = 0
    simple: int = 0
    valid_reports: int = 0
    registered_accurately: int = 0
    registered_extension_asked: int = 0
    registration_due: int = 0
    registered_on_time: int = 0
    verification_due: int = 0
    verified_on_time: int = 0
    dispatch_due: int = 0
    dispatched_on_time: int = 0
    dispatched_accurately: int = 0
    dispatched_extended: int = 0
    dispatched_suspended: int = 0
    dispatched_returned: int = 0
    recheck_due: int = 0
    rechecked_on_time: int = 0
    handled_on_time: int = 0
    handling_due_without_deadline: int = 0  # handled without a deadline, inside handling_due
    handling_due_extended: int = 0
    overdue_pending: int = 0
    handled_rework: int = 0
    rework_times: int = 0
    handled_rework_times: int = 0
    overdue_unclosed: int = 0
    urgent_closed: int = 0
    urgent_closure_due: int = 0
    recurrence_count: int = 0


COUNTED = tuple(field.name for field in fields(Counts))
"""Every name a count goes by, which is what `cases --which` takes."""


def added(parts: Iterable[Counts]) -> Counts:
    """The counts of the whole, from parts that share no case."""
    totals = dict.fromkeys(COUNTED, 0)
    for part in parts:
        for name in totals:
            totals[name] += getattr(part, name)
    return Counts(**totals)


def less(whole: Counts, part: Counts) -> Counts:
    """The counts of the whole without those of a part of it."""
    return Counts(**{name: getattr(whole, name) - getattr(part, name) for name in COUNTED})


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


def registration_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """立案率 = 立案数 ÷ 上报数 (福州 2015: 33928 / 36314; domain research 1.7 and 5.4)."""
    return Rate("registration_rate", counts.registered, counts.reported, "registered / reported")


def valid_report_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """有效上报率 = 有效上报数 ÷ 上报数. Ours: valid = filed or settled at once, and not void.

    Source: domain research 1.7.
    """
    return Rate("valid_report_rate", counts.valid_reports, counts.reported, "valid_reports / reported")


def on_time_verification_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """按时核实率 = 按时核实数 ÷ 应核实数. Ours: due = verified in the period + waiting past the limit at its end.

    Source: domain research 1.7.
    """
    return Rate("on_time_verification_rate", counts.verified_on_time, counts.verification_due,
                "verified_on_time / verification_due")  # fmt: skip


def on_time_registration_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """按时立案率 = 按时立案数 ÷ 立案数. Ours: the limit runs from the 核实, or from the report where there is none.

    Source: domain research 1.7.
    """
    return Rate("on_time_registration_rate", counts.registered_on_time, counts.registration_due,
                "registered_on_time / registration_due")  # fmt: skip


def accurate_registration_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """准确立案率 = (立案数 − 作废数) ÷ 立案数, of the cases filed in the period. Source: domain research 1.7."""
    return Rate("accurate_registration_rate", counts.registered_accurately, counts.registered,
                "registered_accurately / registered")  # fmt: skip


def on_time_dispatch_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """按时派遣率 = 按时派遣数 ÷ 应派遣数, of first dispatches. Ours: due = dispatched + waiting past the limit.

    Source: domain research 1.7.
    """
    return Rate("on_time_dispatch_rate", counts.dispatched_on_time, counts.dispatch_due,
                "dispatched_on_time / dispatch_due")  # fmt: skip


def dispatch_accuracy_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """派遣准确率 = 准确派遣数 ÷ 应派遣数; accurate = never dispatched to another unit afterwards.

    Source: domain research 1.7.
    """
    return Rate("dispatch_accuracy_rate", counts.dispatched_accurately, counts.dispatch_due,
                "dispatched_accurately / dispatch_due")  # fmt: skip


def handling_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """处置率 = 处置数 ÷ 应处置数 (成都金牛区), or ÷ 立案数 (启东's report).

    Source: DECISIONS 4, domain research 1.7 and 2.3.
    """
    denominators = {
        HandlingDenominator.HANDLING_DUE: counts.handling_due,
        HandlingDenominator.REGISTERED: counts.registered,
    }
    chosen = options.handling_rate_denominator
    return Rate("handling_rate", counts.handled, denominators[chosen], f"handled / {chosen}")


def on_time_handling_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """按期处置率 = 按期处置数 ÷ 应处置数 (成都金牛区); a case without a deadline is in no on-time fraction.

    Source: domain research 1.7, DECISIONS 4.
    """
    denominator = counts.handling_due - counts.handling_due_without_deadline
    return Rate("on_time_handling_rate", counts.handled_on_time, denominator, "handled_on_time / handling_due")


def overdue_pending_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """超期待处置率 = 超期待处置数 ÷ 应处置数 (成都金牛区). Source: domain research 1.7."""
    return Rate("overdue_pending_rate", counts.overdue_pending, counts.handling_due, "overdue_pending / handling_due")


def extension_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """延期率 = 延期数 ÷ 应处置数 (成都金牛区), or ÷ what was dispatched (汝州; DECISIONS 13). Distinct cases."""
    chosen = options.extension_rate_denominator
    if chosen is ExtensionDenominator.DISPATCHED:
        return Rate("extension_rate", counts.dispatched_extended, counts.dispatched, "dispatched_extended / dispatched")
    return Rate(
        "extension_rate", counts.handling_due_extended, counts.handling_due, "handling_due_extended / handling_due"
    )


def extension_share_of_registered(counts: Counts, _options: IndicatorOptions) -> Rate:
    """延期申请 ÷ 同期立案数: the quantity of the 10 % ceiling of 肃宁 Art. 27, applications granted or not (reading l).
    Distinct cases, so that it stays below 100 %; a grant without an application in the log was asked for as well."""
    return Rate("extension_share_of_registered", counts.registered_extension_asked, counts.registered,
                "registered_extension_asked / registered")  # fmt: skip


def suspension_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """挂账率, 缓办率: 汝州 names it without a formula. Ours: distinct cases ÷ what was dispatched in the period.

    Source: domain research 1.7.
    """
    return Rate("suspension_rate", counts.dispatched_suspended, counts.dispatched, "dispatched_suspended / dispatched")


def return_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """回退率: 汝州 names it without a formula. Ours: 回退件数 (去重) ÷ what was dispatched in the period. In
    unit figures a return that was upheld, the unit being right or the dispatcher wrong, is in neither (DECISIONS 6)."""
    return Rate("return_rate", counts.dispatched_returned, counts.dispatched, "dispatched_returned / dispatched")


def on_time_recheck_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """按时核查率 = 按时核查数 ÷ 应核查数, of rechecks that passed. Ours: due = rechecked + waiting past the limit.

    Source: domain research 1.7.
    """
    return Rate("on_time_recheck_rate", counts.rechecked_on_time, counts.recheck_due, "rechecked_on_time / recheck_due")


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


def urgent_closure_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """紧急问题结案率 = 紧急结案数 ÷ 紧急应结案数 (金华). Source: domain research 1.7."""
    return Rate(
        "urgent_closure_rate", counts.urgent_closed, counts.urgent_closure_due, "urgent_closed / urgent_closure_due"
    )


def overdue_open_rate(counts: Counts, _options: IndicatorOptions) -> Rate:
    """超期未结率 = 超期未结数 ÷ 应结案数; ours: 1 − 结案率 where 应结案数 = closed + overdue.

    Source: domain research 1.7 and 2.4.3 (reading h).
    """
    return Rate("overdue_open_rate", counts.overdue_unclosed, counts.closure_due, "overdue_unclosed / closure_due")


def rework_rate(counts: Counts, options: IndicatorOptions) -> Rate:
    """返工率 = 返工案卷数 ÷ 应结案数 (肃宁 Art. 26; 成都金牛区), by option in times, or ÷ 处置数."""
    names = {
        (ReworkDenominator.CLOSURE_DUE, ReworkUnit.CASES): "rework",
        (ReworkDenominator.CLOSURE_DUE, ReworkUnit.TIMES): "rework_times",
        (ReworkDenominator.HANDLED, ReworkUnit.CASES): "handled_rework",
        (ReworkDenominator.HANDLED, ReworkUnit.TIMES): "handled_rework_times",
    }
    below = options.rework_denominator
    above = names[below, options.rework_unit]
    return Rate("rework_rate", getattr(counts, above), getattr(counts, below.value), f"{above} / {below}")


RATES: Mapping[str, Callable[[Counts, IndicatorOptions], Rate]] = {
    rate.__name__: rate
    for rate in (
        registration_rate, valid_report_rate, on_time_verification_rate, on_time_registration_rate,
        accurate_registration_rate, on_time_dispatch_rate, dispatch_accuracy_rate, handling_rate,
        on_time_handling_rate, overdue_pending_rate, extension_rate, extension_share_of_registered, suspension_rate,
        return_rate, on_time_recheck_rate, closure_rate, on_time_closure_rate, urgent_closure_rate, overdue_open_rate,
        rework_rate,
    )
}  # fmt: skip


def rates(counts: Counts, options: IndicatorOptions) -> Mapping[str, Rate]:
    """Every rate of these counts, by name."""
    return {name: rate(counts, options) for name, rate in RATES.items()}
