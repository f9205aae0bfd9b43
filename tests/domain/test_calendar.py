from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import WorkCalendar, WorkingTime
from domain.city import WorkPeriod
from domain.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = WorkPeriod(time(8), time(12)), WorkPeriod(time(14), time(18))
NEW_YEAR, MAKE_UP = date(2026, 1, 1), date(2026, 1, 4)
CALENDAR = WorkCalendar({NEW_YEAR: False, MAKE_UP: True}, frozenset({2026}))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def some_working_time(*periods: WorkPeriod, zone: ZoneInfo = SHANGHAI) -> WorkingTime:
    return WorkingTime(CALENDAR, periods or (MORNING, AFTERNOON), zone)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (NEW_YEAR, False),
        (MAKE_UP, True),
        (date(2026, 1, 5), True),
        (date(2026, 1, 10), False),
        (date(2027, 1, 1), True),  # not covered: the weekday rule, and the caller is told by covers()
    ],
)
def test_a_day_is_worked_by_its_row_and_else_by_its_weekday(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_only_listed_years_are_covered() -> None:
    assert CALENDAR.covers(date(2026, 12, 31))
    assert not CALENDAR.covers(date(2027, 1, 1))


def test_a_day_off_has_no_stretches_and_a_workday_has_its_periods() -> None:
    working = some_working_time()

    assert working.stretches(NEW_YEAR) == ()
    assert working.stretches(MAKE_UP) == (
        (at("2026-01-04 08:00"), at("2026-01-04 12:00")),
        (at("2026-01-04 14:00"), at("2026-01-04 18:00")),
    )


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-05 08:00", "2026-01-05 18:00", 8),
        ("2026-01-05 11:00", "2026-01-05 15:30", 2.5),
        ("2026-01-05 12:00", "2026-01-05 14:00", 0),
        ("2026-01-09 17:00", "2026-01-12 09:00", 2),
        ("2026-01-05 09:00", "2026-01-05 09:00", 0),
        ("2026-01-06 09:00", "2026-01-05 09:00", 0),
        ("2026-01-05 00:00", "2026-01-12 00:00", 40),
    ],
)
def test_working_time_between_two_instants(start: str, end: str, hours: float) -> None:
    assert some_working_time().worked(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "first_start"),
    [("2026-05-04", 7), ("2026-09-30", 7), ("2026-10-01", 9), ("2026-02-02", 9), ("2026-04-30", 9)],
)
def test_seasons_change_on_their_days_and_may_wrap_the_years_end(day: str, first_start: int) -> None:
    summer = WorkPeriod(time(7), time(15), "05-01", "09-30")
    winter = WorkPeriod(time(9), time(17), "10-01", "04-30")

    stretches = some_working_time(summer, winter).stretches(date.fromisoformat(day))

    assert [begin for begin, _ in stretches] == [at(f"{day} {first_start:02}:00")]


@pytest.mark.parametrize(
    ("periods", "complaint"),
    [
        ((WorkPeriod(time(8), time(12), "01-01", "06-30"),), "没有任何工作时段.*07月01日"),
        ((WorkPeriod(time(8), time(12)), WorkPeriod(time(11), time(18))), "重叠"),
        ((WorkPeriod(time(22), time(6)),), "结束不晚于开始"),
    ],
)
def test_periods_that_make_no_whole_day_are_refused(periods: tuple[WorkPeriod, ...], complaint: str) -> None:
    with pytest.raises(Refusal, match=complaint):
        WorkingTime(CALENDAR, periods, SHANGHAI)


def test_no_periods_are_refused() -> None:
    with pytest.raises(Refusal, match="没有任何工作时段"):
        WorkingTime(CALENDAR, (), SHANGHAI)


def test_adding_nothing_gives_the_moment_the_clock_starts() -> None:
    assert some_working_time().add(at("2026-01-05 12:30"), timedelta()) == (at("2026-01-05 14:00"), False)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        some_working_time().add(datetime(2026, 1, 5, 9), timedelta(hours=1))  # noqa: DTZ001


def test_a_day_on_which_the_clocks_change_has_its_real_length() -> None:
    new_york = ZoneInfo("America/New_York")
    working = some_working_time(WorkPeriod(time(0), time(23)), zone=new_york)
    sunday_made_workday = WorkCalendar({date(2026, 3, 8): True}, frozenset({2026}))
    short_day = WorkingTime(sunday_made_workday, working.periods, new_york)

    assert short_day.worked(at("2026-03-08 00:00", new_york), at("2026-03-09 00:00", new_york)) == timedelta(hours=22)
    assert short_day.add(at("2026-03-08 00:00", new_york), timedelta(hours=4))[0] == datetime(2026, 3, 8, 9, tzinfo=UTC)


def test_a_holiday_has_its_name_and_its_weekends() -> None:
    monday = date(2026, 4, 6)
    calendar = WorkCalendar({monday: False}, frozenset({2026}), {monday: "清明"})

    named = [calendar.holiday(date(2026, 4, day)) for day in range(3, 8)]

    assert named == ["", "清明", "清明", "清明", ""]  # Saturday to Monday
    assert calendar.holiday(date(2026, 4, 11)) == ""  # a Saturday like any other
