"""Stretches of hours that come back on certain days: quiet hours of a channel, a turn of duty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import WorkCalendar

WEEKDAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 370  # how many stretches may follow each other without a gap before we call it always
MONDAY_TO_FRIDAY = WorkCalendar({}, frozenset())  # of a city without a working calendar


class DayKind(StrEnum):
    """What the working calendar says of a day: a make-up workday (调休上班日) is one, a holiday on a Tuesday is not."""

    WORKDAY = "workday"
    DAY_OFF = "day_off"


@dataclass(frozen=True)
class Days:
    """Days that are named by weekday (0 = Monday), by kind, or by date (first and last, inclusive)."""

    weekdays: frozenset[int] = frozenset()
    kinds: frozenset[DayKind] = frozenset()
    dates: tuple[tuple[date, date], ...] = ()

    def include(self, day: date, calendar: WorkCalendar) -> bool:
        kind = DayKind.WORKDAY if calendar.is_workday(day) else DayKind.DAY_OFF
        named = any(first <= day <= last for first, last in self.dates)
        return named or kind in self.kinds or day.weekday() in self.weekdays


EVERY_DAY = Days(weekdays=frozenset(range(7)))
NO_DAY = Days()


@dataclass(frozen=True)
class CityDays:
    """The days of a city: where they begin, and which of them are worked."""

    zone: ZoneInfo
    calendar: WorkCalendar = field(default=MONDAY_TO_FRIDAY)


@dataclass(frozen=True)
class Hours:
    """From `start` to `end`, local time, `start` included and `end` not. An end not after the start is on the next
    day: 22:00–07:00 is one night, 00:00–00:00 a whole day. A stretch belongs to the day on which it begins.
    """

    start: time
    end: time
    days: Days = EVERY_DAY
    except_days: Days = NO_DAY

    def until(self, moment: datetime, city: CityDays) -> datetime | None:
        """When the stretch ends that `moment` lies in, in UTC; None when it lies in none."""
        today = moment.astimezone(city.zone).date()
        for day in (today - ONE_DAY, today):
            begin, stop = self._stretch(day, city.zone)
            if begin <= moment < stop and self._on(day, city.calendar):
                return stop
        return None

    def _on(self, day: date, calendar: WorkCalendar) -> bool:
        return self.days.include(day, calendar) and not self.except_days.include(day, calendar)

    def _stretch(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        last = day if self.end > self.start else day + ONE_DAY
        return (
            datetime.combine(day, self.start, zone).astimezone(UTC),
            datetime.combine(last, self.end, zone).astimezone(UTC),
        )


def free_at(moment: datetime, hours: tuple[Hours, ...], city: CityDays) -> datetime | None:
    """The first instant from `moment` on that lies in none of the stretches; None when a year brings none."""
    for _ in range(LOOK_AHEAD):
        ends = [end for stretch in hours if (end := stretch.until(moment, city))]
        if not ends:
            return moment
        moment = max(ends)
    return None
