"""Deadlines against a slow clock written independently: it walks minute by minute and asks chinesecalendar."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import load_calendar
from domain.calendar import WorkingTime
from domain.city import WorkPeriod
from domain.deadlines import Limit, LimitUnit, due, due_at, share_used_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
USUAL = WorkingTime(load_calendar("china"), (WorkPeriod(time(8), time(12)), WorkPeriod(time(14), time(18))), SHANGHAI)
SEASONAL = WorkingTime(
    load_calendar("china"),
    (
        WorkPeriod(time(8, 30), time(12)),
        WorkPeriod(time(14, 30), time(18, 30), "05-01", "09-30"),
        WorkPeriod(time(13, 30), time(17, 30), "10-01", "04-30"),
    ),
    SHANGHAI,
)

Span = tuple[datetime, datetime]


def is_working_day(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if day.year <= 2026 else day.weekday() < 5


def is_working_minute(moment: datetime, seasonal: bool) -> bool:
    minute = moment.hour * 60 + moment.minute
    if not seasonal:
        return 480 <= minute < 720 or 840 <= minute < 1080
    afternoon = 870 if 5 <= moment.month <= 9 else 810
    return 510 <= minute < 720 or afternoon <= minute < afternoon + 240


def slow_due(start: datetime, minutes: int, by_work: bool, seasonal: bool, pauses: Sequence[Span]) -> Span | datetime:
    """The due minute; a pair of it and itself when a day of an unknown year had to be looked at."""
    moment, days, guessed = start, dict[date, bool](), False
    while minutes:
        if not any(begin <= moment < end for begin, end in pauses):
            if not by_work:
                minutes -= 1
            else:
                day = moment.date()
                guessed = guessed or day.year > 2026
                if day not in days:
                    days[day] = is_working_day(day)
                minutes -= days[day] and is_working_minute(moment, seasonal)
        moment += MINUTE
    return (moment, moment) if guessed else moment


def spread(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    whole = int((last - first) / MINUTE)
    return st.integers(0, whole).map(lambda number: first + number * MINUTE)


STARTS = spread(datetime(2018, 1, 1, tzinfo=SHANGHAI), datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI))
PAUSES = st.lists(st.tuples(st.integers(-2_000, 12_000), st.integers(1, 6_000)), max_size=3)
LIMITS = st.one_of(
    st.tuples(st.just(LimitUnit.WORK_HOURS), st.integers(1, 1_800)),
    st.tuples(st.just(LimitUnit.WORK_DAYS), st.integers(1, 12).map(lambda half_days: half_days * 240)),
    st.tuples(st.just(LimitUnit.URGENT_HOURS), st.integers(1, 4_000)),
    st.tuples(st.just(LimitUnit.NATURAL_DAYS), st.integers(1, 6).map(lambda days: days * 1_440)),
)
MINUTES_IN = {
    LimitUnit.WORK_HOURS: 60,
    LimitUnit.WORK_DAYS: 480,
    LimitUnit.URGENT_HOURS: 60,
    LimitUnit.NATURAL_DAYS: 1_440,
}


@settings(max_examples=250, deadline=None)
@given(STARTS, LIMITS, PAUSES, st.booleans())
def test_every_deadline_equals_the_minute_by_minute_clock(
    start: datetime, written: tuple[LimitUnit, int], offsets: list[tuple[int, int]], seasonal: bool
) -> None:
    unit, minutes = written
    limit = Limit(Fraction(minutes, MINUTES_IN[unit]), unit)
    working = SEASONAL if seasonal else USUAL
    pauses = [(start + begin * MINUTE, start + (begin + length) * MINUTE) for begin, length in offsets]
    by_work = unit in {LimitUnit.WORK_HOURS, LimitUnit.WORK_DAYS}

    deadline = due_at(start, limit, working, pauses)

    expected = slow_due(start, minutes, by_work, seasonal, pauses)
    assert ((deadline.due, deadline.due) if deadline.provisional else deadline.due) == expected
    assert sum((step.counted for step in deadline.steps), timedelta()) == minutes * MINUTE
    assert all(step.end - step.start == step.counted for step in deadline.steps)


@settings(max_examples=150, deadline=None)
@given(STARTS, LIMITS, st.integers(1, 99), st.booleans())
def test_the_short_ways_agree_with_the_long_one(
    start: datetime, written: tuple[LimitUnit, int], percent: int, seasonal: bool
) -> None:
    unit, minutes = written
    working = SEASONAL if seasonal else USUAL
    limit = Limit(Fraction(minutes, MINUTES_IN[unit]), unit)
    part = Limit(limit.value * percent / 100, unit)

    assert due(start, limit, working) == (due_at(start, limit, working).due, due_at(start, limit, working).provisional)
    assert share_used_at(start, limit, Fraction(percent, 100), working) == due_at(start, part, working).due


@settings(max_examples=150, deadline=None)
@given(STARTS, st.integers(1, 3_000))
def test_adding_working_time_and_measuring_it_are_inverse(start: datetime, minutes: int) -> None:
    end, _ = USUAL.add(start, minutes * MINUTE)

    assert USUAL.worked(start, end) == minutes * MINUTE
