"""When a case is due (处置时限), and the arithmetic that says so.

Units after a city's filing table and rules of the clock: domain research sections 1.4 and 3.1, DECISIONS 7.
Every instant that comes out is in UTC.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from domain.calendar import WorkingTime, in_utc
from domain.refusals import Refusal


class LimitUnit(StrEnum):
    WORK_HOURS = "work_hours"  # 工作时: inside working periods only
    WORK_DAYS = "work_days"  # 工作日: 8 working hours each, not the end of the Nth day
    URGENT_HOURS = "urgent_hours"  # 紧急工作时: nights and holidays included
    NATURAL_DAYS = "natural_days"  # 自然日, 紧急工作日: 24 hours each


HOURS_OF = {
    LimitUnit.WORK_HOURS: 1,
    LimitUnit.WORK_DAYS: 8,
    LimitUnit.URGENT_HOURS: 1,
    LimitUnit.NATURAL_DAYS: 24,
}
WORKING_UNITS = frozenset({LimitUnit.WORK_HOURS, LimitUnit.WORK_DAYS})
WRITTEN = {unit.value: unit for unit in LimitUnit} | {
    "urgent_days": LimitUnit.NATURAL_DAYS,
    "工作时": LimitUnit.WORK_HOURS,
    "工作日": LimitUnit.WORK_DAYS,
    "紧急工作时": LimitUnit.URGENT_HOURS,
    "紧急工作日": LimitUnit.NATURAL_DAYS,
    "自然日": LimitUnit.NATURAL_DAYS,
}
LONGEST = timedelta(days=3660)  # ten years: anything longer is a slip of the hand
MICROSECONDS_PER_HOUR = 3_600_000_000

Pauses = Sequence[tuple[datetime, datetime]]  # 缓办, 挂账: from, to


@dataclass(frozen=True)
class Limit:
    """A time limit as written: 4 work_hours, 1.5 work_hours, 1 work_days, 2 urgent_hours, 3 natural_days."""

    value: Fraction
    unit: LimitUnit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Reads "1.5 work_hours" or "1.5工作时"; raises Refusal for anything that is not a positive time.

        Source of the units: DECISIONS 7, domain research 1.4.
        """
        written = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(\S+)\s*", text)
        unit = WRITTEN.get(written[2]) if written else None
        if written is None or unit is None:
            raise _unreadable("看不懂这个时限", text)
        limit = cls(Fraction(written[1]), unit)
        if limit.value == 0:
            raise _unreadable("时限必须大于零", text)
        if limit.amount > LONGEST:
            raise _unreadable("时限超过十年", text)
        return limit

    @cached_property  # asked for twice by every case, and fractions are slow
    def amount(self) -> timedelta:
        """Hours on the limit's own clock, to the microsecond. One work_days is 8 working hours (DECISIONS 7)."""
        return timedelta(microseconds=round(self.value * HOURS_OF[self.unit] * MICROSECONDS_PER_HOUR))

    def __str__(self) -> str:
        digits = f"{float(self.value):.6f}".rstrip("0").rstrip(".")
        return f"{digits} {self.unit}"


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: the clock ran from `start` to `end`; `counted` in this line, `total` so far."""

    start: datetime
    end: datetime
    counted: timedelta
    total: timedelta


@dataclass(frozen=True)
class Deadline:
    """`provisional`: a year whose holidays are not known yet was needed, so `due` may still move."""

    start: datetime
    limit: Limit
    due: datetime
    provisional: bool
    steps: tuple[Step, ...]


def due(start: datetime, limit: Limit, working: WorkingTime | None) -> tuple[datetime, bool]:
    """The due time and whether it is provisional, without the arithmetic: the way for many cases at once.

    Source: as `due_at`.
    """
    if limit.unit in WORKING_UNITS:
        return _required(working, limit).add(start, limit.amount)
    return in_utc(start) + limit.amount, False


def due_at(
    start: datetime,
    limit: Limit,
    working: WorkingTime | None,
    pauses: Pauses = (),
    extension: Limit | None = None,
) -> Deadline:
    """The effective due time (有效截止时间) with its arithmetic.

    Time inside a pause (缓办) does not count; an approved extension (延期, 肃宁 Art. 27) goes on where the limit ended,
    on its own clock. A result at a period's end, or at a pause's beginning, stays there. Raises Refusal when working
    time is asked for in a city without a calendar.
    Source: DECISIONS 5 and 7, domain research 3.1.
    """
    amounts = [(limit, limit.amount)] + ([(extension, extension.amount)] if extension else [])
    return _count(start, limit, amounts, working, pauses)


def share_used_at(
    start: datetime,
    limit: Limit,
    share: Fraction,
    working: WorkingTime | None,
    pauses: Pauses = (),
    extension: Limit | None = None,
) -> datetime:
    """The instant when `share` of the allowed time is used: 4/5 gives 即将超期 (DECISIONS 8). Share of the limit and
    its extension together, on their own clocks."""
    if not pauses and not extension and limit.unit in WORKING_UNITS:
        return _required(working, limit).add(start, _part(limit.amount, share))[0]
    used = _part(limit.amount + (extension.amount if extension else timedelta()), share)
    amounts = [(limit, min(used, limit.amount))]
    if extension and used > limit.amount:
        amounts.append((extension, used - limit.amount))
    return _count(start, limit, amounts, working, pauses).due


def _count(
    start: datetime,
    limit: Limit,
    amounts: Sequence[tuple[Limit, timedelta]],
    working: WorkingTime | None,
    pauses: Pauses,
) -> Deadline:
    at, total, provisional, steps = in_utc(start), timedelta(), False, list[Step]()
    for clock, amount in amounts:
        begun, needed = at, total + amount
        for begin, end in _running(begun, clock, working, pauses):
            counted = needed - total if end is None else min(end - begin, needed - total)
            at, total = begin + counted, total + counted
            steps.append(Step(begin, at, counted, total))
            if total == needed:
                break
        provisional = provisional or _unsure(begun, at, clock, working, pauses)
    return Deadline(in_utc(start), limit, at, provisional, tuple(steps))


def _running(
    start: datetime, clock: Limit, working: WorkingTime | None, pauses: Pauses
) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches in which the limit's clock runs; the end None means for ever."""
    for begin, end in _between(start, pauses):
        if clock.unit in WORKING_UNITS:
            yield from _required(working, clock).segments(begin, end)
        else:
            yield begin, end


def _unsure(start: datetime, end: datetime, clock: Limit, working: WorkingTime | None, pauses: Pauses) -> bool:
    """Whether the holidays of an unknown year mattered; those inside a pause do not."""
    if clock.unit not in WORKING_UNITS:
        return False
    known = _required(working, clock)
    return not all(
        known.covers(begin, min(stop or end, end)) for begin, stop in _between(start, pauses) if begin <= end
    )


def _between(start: datetime, pauses: Pauses) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches from `start` on that lie in no pause; the last one has no end. Pauses may overlap."""
    at = start
    for begin, end in sorted((in_utc(begin), in_utc(end)) for begin, end in pauses):
        if at < begin:
            yield at, begin
        at = max(at, end)
    yield at, None


def _part(amount: timedelta, share: Fraction) -> timedelta:
    return amount * share.numerator / share.denominator


def _required(working: WorkingTime | None, limit: Limit) -> WorkingTime:
    if working is None:
        raise Refusal(
            "这座城市没有工作日历，不能按工作时间计算时限",
            str(limit),
            "请在城市配置里写明 calendar 和 work_periods，或改用 urgent_hours、natural_days。",
        )
    return working


def _unreadable(what: str, text: str) -> Refusal:
    then = "请写成数字加单位，例如 4 work_hours、1.5 work_hours、1 work_days、2 urgent_hours 或 3 natural_days。"
    return Refusal(what, f"“{text[:60]}”", then)
