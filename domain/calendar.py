"""Which days are worked, and how much working time lies between two instants.

Rules: domain research section 3.1. Results are instants in UTC, so that they may be subtracted safely even where a
city changes its clocks; `City.local` turns them into the city's time for people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.city import WorkPeriod
from domain.refusals import Refusal

ONE_DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
LEAP_YEAR = 2024
SATURDAY = 5

Hours = tuple[tuple[time, time], ...]  # the working periods of one day, local time
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from Monday to Friday: public holidays (False) and make-up workdays 调休上班日 (True)."""

    days: Mapping[date, bool]
    covered_years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict)  # of the days in `days`

    def covers(self, day: date) -> bool:
        """Whether the day's holidays are known. Where they are not, a deadline is provisional.

        Source: domain research 3.3.
        """
        return day.year in self.covered_years

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day; by weekday alone where the year is not covered.

        Source: domain research 3.1.
        """
        return self.days.get(day, day.weekday() < SATURDAY)

    def holiday(self, day: date) -> str:
        """The name of the public holiday that the day is part of, its weekends among it; empty on other days."""
        for step in (-ONE_DAY, ONE_DAY):
            near = day
            while not self.is_workday(near) and near not in self.days:
                near += step
            if self.days.get(near) is False:
                return self.names.get(near, "")
        return ""


@dataclass(frozen=True)
class WorkingTime:
    """A city's working time. Made once and kept: it remembers the stretches of every day it was asked about.

    Raises Refusal when the periods leave a day of the year without hours, overlap, or end before they begin.
    """

    calendar: WorkCalendar
    periods: Sequence[WorkPeriod]
    zone: ZoneInfo
    _hours: dict[tuple[int, int], Hours] = field(init=False, repr=False, compare=False, default_factory=dict)
    _known: dict[date, tuple[Stretch, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        day = date(LEAP_YEAR, 1, 1)
        while day.year == LEAP_YEAR:
            self._hours[day.month, day.day] = _hours_of(day, self.periods)
            day += ONE_DAY

    def stretches(self, day: date) -> tuple[Stretch, ...]:
        """The working stretches of one local day, in UTC, earliest first; empty on a day off."""
        known = self._known.get(day)
        if known is None:
            hours = self._hours[day.month, day.day] if self.calendar.is_workday(day) else ()
            known = tuple((self._instant(day, begin), self._instant(day, end)) for begin, end in hours)
            self._known[day] = known
        return known

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether the holidays of every year from `start` up to, not including, `end` are known."""
        first, last = start.astimezone(self.zone).year, (end - MOMENT).astimezone(self.zone).year
        return self.calendar.covered_years.issuperset(range(first, last + 1))

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two instants; zero when `end` is not after `start`. Source: domain research 3.1."""
        return sum((stop - begin for begin, stop in self.segments(start, end)), timedelta())

    def add(self, start: datetime, amount: timedelta) -> tuple[datetime, bool]:
        """The instant when `amount` of working time has passed, and whether an uncovered year was needed to say so.

        A start outside a period counts from the next period's beginning; a result at a period's end stays there.
        Source: domain research 3.1.
        """
        at = in_utc(start)
        day = start.astimezone(self.zone).date()
        while True:
            for begin, end in self.stretches(day):
                if end <= at:
                    continue
                begin = max(begin, at)
                length = end - begin
                if amount <= length:
                    return begin + amount, not self.covers(start, end)
                amount -= length
            day += ONE_DAY

    def segments(self, start: datetime, end: datetime | None) -> Iterator[Stretch]:
        """Working stretches from `start` on, cut at `end` (None = never), earliest first."""
        at, until = in_utc(start), in_utc(end) if end else None
        day = start.astimezone(self.zone).date()
        last_day = end.astimezone(self.zone).date() if end else date.max
        while day <= last_day:
            for begin, stop in self.stretches(day):
                begin, stop = max(begin, at), min(stop, until) if until else stop
                if begin < stop:
                    yield begin, stop
            day += ONE_DAY

    def _instant(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)


def in_utc(moment: datetime) -> datetime:
    """The same instant in UTC; a time without a zone is a programming error and raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}: give it its time zone")
    return moment.astimezone(UTC)


def _in_season(day: date, period: WorkPeriod) -> bool:
    """Seasons are inclusive MM-DD and may wrap the year's end (10-01 to 04-30)."""
    today = f"{day:%m-%d}"
    if period.valid_from <= period.valid_to:
        return period.valid_from <= today <= period.valid_to
    return today >= period.valid_from or today <= period.valid_to


def _hours_of(day: date, periods: Sequence[WorkPeriod]) -> Hours:
    """The day's periods in order, joined where one ends as the next begins."""
    where, then = f"{day:%m月%d日}", "请改城市配置里的 work_periods。"
    hours = sorted((period.start, period.end) for period in periods if _in_season(day, period))
    if not hours:
        raise Refusal("这一天没有任何工作时段", where, then)
    for begin, end in hours:
        if end <= begin:
            raise Refusal(f"工作时段 {begin:%H:%M}–{end:%H:%M} 的结束不晚于开始", where, then)
    for (_, end), (begin, _) in pairwise(hours):
        if begin < end:
            raise Refusal(f"两个工作时段重叠：{begin:%H:%M} 早于上一段的结束 {end:%H:%M}", where, then)
    return tuple(hours)
