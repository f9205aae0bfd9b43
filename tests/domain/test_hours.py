"""Hours that come back: midnight, weekends, holidays and make-up workdays, by example."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import load_calendar
from domain.hours import NO_DAY, CityDays, DayKind, Days, Hours, free_at

CITY = CityDays(ZoneInfo("Asia/Shanghai"), load_calendar("china"))
NIGHT = Hours(time(22), time(7))
LUNCH = Hours(time(12), time(14))
WHOLE_DAY_OFF = Hours(time(), time(), Days(kinds=frozenset({DayKind.DAY_OFF})))
WEEKEND_NIGHT = Hours(time(20), time(8), Days(weekdays=frozenset({4, 5})))
WORK_EVENING = Hours(time(18), time(22), Days(kinds=frozenset({DayKind.WORKDAY})))
FESTIVAL = Hours(time(8), time(20), Days(dates=((date(2026, 10, 1), date(2026, 10, 7)),)))
BUT_NOT_ONCE = Hours(time(22), time(7), except_days=Days(dates=((date(2026, 5, 19), date(2026, 5, 19)),)))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CITY.zone)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        (NIGHT, "2026-05-19 21:59:59", None),
        (NIGHT, "2026-05-19 22:00", "2026-05-20 07:00"),
        (NIGHT, "2026-05-19 23:59:59", "2026-05-20 07:00"),
        (NIGHT, "2026-05-20 00:00", "2026-05-20 07:00"),
        (NIGHT, "2026-05-20 06:59:59", "2026-05-20 07:00"),
        (NIGHT, "2026-05-20 07:00", None),
        (NIGHT, "2026-12-31 23:30", "2027-01-01 07:00"),
        (LUNCH, "2026-05-19 12:00", "2026-05-19 14:00"),
        (LUNCH, "2026-05-19 14:00", None),
        # A holiday in the week (Labour Day, Friday 1 May 2026), the Saturday after it, the make-up Saturday 9 May.
        (WHOLE_DAY_OFF, "2026-05-01 10:00", "2026-05-02 00:00"),
        (WHOLE_DAY_OFF, "2026-05-16 00:00", "2026-05-17 00:00"),
        (WHOLE_DAY_OFF, "2026-05-09 10:00", None),
        (WHOLE_DAY_OFF, "2026-05-19 10:00", None),
        (WORK_EVENING, "2026-05-09 19:00", "2026-05-09 22:00"),
        (WORK_EVENING, "2026-05-01 19:00", None),
        # A stretch belongs to the day it begins on: Friday's and Saturday's night, not Sunday's.
        (WEEKEND_NIGHT, "2026-05-15 21:00", "2026-05-16 08:00"),
        (WEEKEND_NIGHT, "2026-05-17 07:59", "2026-05-17 08:00"),
        (WEEKEND_NIGHT, "2026-05-17 21:00", None),
        (WEEKEND_NIGHT, "2026-05-15 07:00", None),
        (FESTIVAL, "2026-10-07 19:59", "2026-10-07 20:00"),
        (FESTIVAL, "2026-10-08 10:00", None),
        (BUT_NOT_ONCE, "2026-05-19 23:00", None),
        (BUT_NOT_ONCE, "2026-05-20 06:00", None),
        (BUT_NOT_ONCE, "2026-05-20 23:00", "2026-05-21 07:00"),
        (Hours(time(), time(), NO_DAY), "2026-05-19 10:00", None),
    ],
)
def test_which_stretch_a_moment_lies_in(hours: Hours, moment: str, end: str | None) -> None:
    assert hours.until(at(moment), CITY) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("hours", "moment", "free"),
    [
        ((), "2026-05-19 23:00", "2026-05-19 23:00"),
        ((NIGHT,), "2026-05-19 23:00", "2026-05-20 07:00"),
        ((NIGHT, LUNCH), "2026-05-19 11:00", "2026-05-19 11:00"),
        ((Hours(time(22), time()), Hours(time(), time(7))), "2026-05-19 22:30", "2026-05-20 07:00"),
        # Labour Day 2026, 1 to 5 May: nights before and after it join the days off.
        ((NIGHT, WHOLE_DAY_OFF), "2026-04-30 22:10", "2026-05-06 07:00"),
    ],
)
def test_when_quiet_hours_are_over(hours: tuple[Hours, ...], moment: str, free: str) -> None:
    assert free_at(at(moment), hours, CITY) == at(free)


def test_hours_without_a_gap_are_never_over() -> None:
    assert free_at(at("2026-05-19 10:00"), (Hours(time(), time()),), CITY) is None
    assert free_at(at("2026-05-19 10:00"), (Hours(time(6), time(18)), Hours(time(18), time(6))), CITY) is None


def test_a_night_in_which_the_clocks_change_still_ends_at_seven() -> None:
    berlin = CityDays(ZoneInfo("Europe/Berlin"))
    begin = datetime(2026, 3, 28, 23, tzinfo=berlin.zone)

    assert NIGHT.until(begin, berlin) == datetime(2026, 3, 29, 7, tzinfo=berlin.zone)


@given(
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    weekdays=st.frozensets(st.integers(0, 6)),
    minute=st.integers(0, 20160),
)
def test_any_stretch_equals_a_walk_over_the_minutes(
    start: int, end: int, weekdays: frozenset[int], minute: int
) -> None:
    """Minute by minute from where the stretch began, instead of by its ends."""
    hours = Hours(time(start // 60, start % 60), time(end // 60, end % 60), Days(weekdays))
    moment = at("2026-05-18 00:00") + timedelta(minutes=minute)
    length = (end - start - 1) % 1440 + 1
    begun = (minute - start) % 1440  # minutes since the last time the clock showed the start
    began_on = (moment - timedelta(minutes=begun)).weekday()

    inside = begun < length and began_on in weekdays
    assert hours.until(moment, CITY) == (moment + timedelta(minutes=length - begun) if inside else None)
