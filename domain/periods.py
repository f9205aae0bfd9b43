"""Periods of a city's calendar: half-open stretches of whole local days.

Bulletins cut their periods at local midnight (domain research section 3.4); weeks run from Monday to Sunday.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.refusals import Refusal

MONTHS_IN_QUARTER = 3


@dataclass(frozen=True)
class Period:
    """[start, end): both are local midnights, aware, in the city's zone; only `comparable` may end inside a day."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def between(zone: ZoneInfo, first: date, end: date) -> Period:
    """From the beginning of `first` to the beginning of `end`, which is not part of it. Refused when that is empty.

    Source: domain research 3.4.
    """
    if end <= first:
        raise Refusal("统计周期是空的", f"{first} 至 {end}", "结束日期不计入周期，必须晚于开始日期。")
    return Period(_midnight(zone, first), _midnight(zone, end))


def this_day(zone: ZoneInfo, moment: datetime) -> Period:
    """The city's local day (DECISIONS 14)."""
    day = _local_day(zone, moment)
    return between(zone, day, day + timedelta(days=1))


def this_week(zone: ZoneInfo, moment: datetime) -> Period:
    """Monday to Sunday. Source: DECISIONS 14, for 启东's weekly statistic (domain research 2.3)."""
    day = _local_day(zone, moment)
    monday = day - timedelta(days=day.weekday())
    return between(zone, monday, monday + timedelta(days=7))


def this_month(zone: ZoneInfo, moment: datetime) -> Period:
    """The city's local calendar month (DECISIONS 14)."""
    first = _local_day(zone, moment).replace(day=1)
    return between(zone, first, _months_later(first, 1))


def this_quarter(zone: ZoneInfo, moment: datetime) -> Period:
    """The local quarter: 肃宁's board meets by it (Art. 2 to 5)."""
    day = _local_day(zone, moment)
    first = date(day.year, day.month - (day.month - 1) % MONTHS_IN_QUARTER, 1)
    return between(zone, first, _months_later(first, MONTHS_IN_QUARTER))


def this_year(zone: ZoneInfo, moment: datetime) -> Period:
    """The local calendar year (DECISIONS 14)."""
    year = _local_day(zone, moment).year
    return between(zone, date(year, 1, 1), date(year + 1, 1, 1))


NAMED: Mapping[str, Callable[[ZoneInfo, datetime], Period]] = {
    "today": this_day,
    "week": this_week,
    "month": this_month,
    "quarter": this_quarter,
    "year": this_year,
}


def period_before(first: date, end: date) -> tuple[date, date]:
    """[first, end) of the whole period before: of a calendar month, quarter or year the one before it; of any other
    stretch as many days directly before, so that a week follows a week.
    Ours: no source fixes it.
    """
    for months in (1, MONTHS_IN_QUARTER, 12):
        if first.day == 1 and (first.month - 1) % months == 0 and end == _months_later(first, months):
            return _months_later(first, -months), first
    return first - (end - first), first


def comparable(zone: ZoneInfo, first: date, end: date, as_of: datetime) -> Period:
    """What [first, end) seen at as_of may fairly be compared with: the whole period before it once it is over. Before
    that its first days, today's with them, at most all of it; a single unfinished day up to the same time of day, at
    midnight its first second.
    Ours: no source fixes it.
    """
    before, before_end = period_before(first, end)
    if as_of >= _midnight(zone, end):
        return between(zone, before, before_end)
    if end - first == timedelta(days=1):
        same_time = max(as_of.astimezone(zone).time(), time(second=1))
        return Period(_midnight(zone, before), datetime.combine(before, same_time, zone))
    seen = max((_local_day(zone, as_of) - first).days + 1, 1)
    return between(zone, before, min(before + timedelta(days=seen), before_end))


def settles_on(end: date, settle_days: int) -> date:
    """The day of 定稿: so many days after the last day of a period that ends before `end`."""
    return end + timedelta(days=settle_days - 1)


def previous_to_same_day(month: Period, moment: datetime) -> Period:
    """The month before `month`, up to and with the moment's day of the month: what an unfinished month may fairly be
    compared with. Whole days; a shorter month counts whole (31 March is compared with all of February).
    Ours: no source fixes it.
    """
    zone = month.start.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise ValueError("the period has no city's time zone: make it with one of this module's functions")
    this = month.start.date().replace(day=1)
    first = _months_later(this, -1)
    return between(zone, first, min(first + timedelta(days=_local_day(zone, moment).day), this))


def _months_later(first: date, number: int) -> date:
    """The first day of the month `number` months after the one that begins on `first`."""
    months = first.year * 12 + first.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _local_day(zone: ZoneInfo, moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}: give it its time zone")
    return moment.astimezone(zone).date()


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time(), zone)
