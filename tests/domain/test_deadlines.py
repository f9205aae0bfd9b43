"""The clock of a deadline. The first table is the thirteen vectors of the domain research, section 3.4."""

from datetime import datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from config.calendars import load_calendar
from domain.calendar import WorkingTime
from domain.city import WorkPeriod
from domain.deadlines import Deadline, Limit, LimitUnit, due, due_at, share_used_at
from domain.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = WorkingTime(load_calendar("china"), (WorkPeriod(time(8), time(12)), WorkPeriod(time(14), time(18))), SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


VECTORS = [
    ("2026-09-30 16:30", "4 work_hours", "2026-10-08 10:30"),
    ("2026-02-13 17:00", "1 work_days", "2026-02-14 17:00"),  # a Saturday worked for Spring Festival
    ("2026-05-09 09:00", "1 work_days", "2026-05-11 09:00"),
    ("2026-10-08 11:30", "2 work_hours", "2026-10-08 15:30"),
    ("2026-06-18 19:20", "1 work_days", "2026-06-22 18:00"),
    ("2026-01-03 10:00", "4 work_hours", "2026-01-04 12:00"),
    ("2026-09-19 10:00", "4 work_hours", "2026-09-20 12:00"),
    ("2026-03-04 12:00", "4 work_hours", "2026-03-04 18:00"),
    ("2026-03-04 13:10", "4 work_hours", "2026-03-04 18:00"),
    ("2026-03-06 18:00", "1 work_days", "2026-03-09 18:00"),
    ("2026-04-03 15:00", "2 work_days", "2026-04-08 15:00"),
    ("2026-04-30 17:59", "3 work_days", "2026-05-08 17:59"),
    ("2026-02-16 23:00", "2 urgent_hours", "2026-02-17 01:00"),
]


@pytest.mark.parametrize(("start", "limit", "expected"), VECTORS)
def test_the_published_vectors(start: str, limit: str, expected: str) -> None:
    deadline = due_at(at(start), Limit.parse(limit), WORKING)

    assert (deadline.due, deadline.provisional) == (at(expected), False)
    assert due(at(start), Limit.parse(limit), WORKING) == (at(expected), False)


def test_the_vector_that_needs_an_unknown_year_is_provisional() -> None:
    deadline = due_at(at("2026-12-31 17:30"), Limit.parse("4 work_hours"), WORKING)

    assert deadline.provisional
    assert due(at("2026-12-31 17:30"), Limit.parse("4 work_hours"), WORKING) == (deadline.due, True)


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("2026-12-31 17:30", "0.5 work_hours"),
        ("2026-12-31 17:30", "20 natural_days"),
        ("2027-03-01 08:00", "1 urgent_hours"),
    ],
)
def test_a_deadline_that_asks_no_unknown_day_is_firm(start: str, limit: str) -> None:
    assert not due_at(at(start), Limit.parse(limit), WORKING).provisional
    assert not due(at(start), Limit.parse(limit), WORKING)[1]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("4 work_hours", Limit(Fraction(4), LimitUnit.WORK_HOURS)),
        ("1.5 work_hours", Limit(Fraction(3, 2), LimitUnit.WORK_HOURS)),
        (" 2  urgent_hours ", Limit(Fraction(2), LimitUnit.URGENT_HOURS)),
        ("3 urgent_days", Limit(Fraction(3), LimitUnit.NATURAL_DAYS)),
        ("1.5工作时", Limit(Fraction(3, 2), LimitUnit.WORK_HOURS)),
        ("2紧急工作时", Limit(Fraction(2), LimitUnit.URGENT_HOURS)),
        ("2 工作日", Limit(Fraction(2), LimitUnit.WORK_DAYS)),
    ],
)
def test_limits_are_read_as_they_are_written(text: str, limit: Limit) -> None:
    assert Limit.parse(text) == limit


@pytest.mark.parametrize(("text", "written"), [("1.50 work_hours", "1.5 work_hours"), ("10 work_days", "10 work_days")])
def test_a_limit_writes_itself_as_it_can_be_read(text: str, written: str) -> None:
    assert str(Limit.parse(text)) == written
    assert Limit.parse(written) == Limit.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "4", "work_hours", "-1 work_hours", "0 work_days", "0.0 work_hours", "NaN work_hours", "1e3 work_hours",
     "4 weeks", "4 work_hours please", "３ work_hours", "4000 natural_days", "9999999999 work_hours"],
)  # fmt: skip
def test_nonsense_is_refused_with_an_example_of_what_to_write(text: str) -> None:
    with pytest.raises(Refusal, match="4 work_hours"):
        Limit.parse(text)


def lines(deadline: Deadline) -> list[tuple[datetime, datetime, timedelta, timedelta]]:
    return [(step.start, step.end, step.counted, step.total) for step in deadline.steps]


def test_the_arithmetic_lists_every_stretch_that_counted() -> None:
    deadline = due_at(at("2026-03-06 16:30"), Limit.parse("1 work_days"), WORKING)

    assert lines(deadline) == [
        (at("2026-03-06 16:30"), at("2026-03-06 18:00"), hours(1.5), hours(1.5)),
        (at("2026-03-09 08:00"), at("2026-03-09 12:00"), hours(4), hours(5.5)),
        (at("2026-03-09 14:00"), at("2026-03-09 16:30"), hours(2.5), hours(8)),
    ]
    assert deadline.due == at("2026-03-09 16:30")


def test_a_continuous_clock_has_one_line() -> None:
    deadline = due_at(at("2026-03-06 16:30"), Limit.parse("2 urgent_hours"), None)

    assert lines(deadline) == [(at("2026-03-06 16:30"), at("2026-03-06 18:30"), hours(2), hours(2))]


@pytest.mark.parametrize(
    ("limit", "pauses", "expected"),
    [
        ("4 work_hours", [("2026-03-04 09:00", "2026-03-04 11:00")], "2026-03-04 16:30"),
        ("4 work_hours", [("2026-03-04 12:00", "2026-03-04 14:00")], "2026-03-04 14:30"),  # nobody works then
        ("4 work_hours", [("2026-03-04 09:00", "2026-03-06 09:00")], "2026-03-06 14:30"),
        ("2 work_hours", [("2026-03-04 10:30", "2026-03-05 08:00")], "2026-03-04 10:30"),  # due as the pause begins
        ("4 work_hours", [("2026-03-04 06:00", "2026-03-04 09:00")], "2026-03-04 15:00"),  # paused from before
        ("2 work_hours", [("2026-03-04 09:00", "2026-03-04 10:00"), ("2026-03-04 09:30", "2026-03-04 10:30")],
         "2026-03-04 12:00"),
        ("2 urgent_hours", [("2026-03-04 09:00", "2026-03-05 09:00")], "2026-03-05 10:30"),
        ("1 natural_days", [("2026-03-04 09:00", "2026-03-04 10:00")], "2026-03-05 09:30"),
    ],
)  # fmt: skip
def test_a_pause_does_not_count(limit: str, pauses: list[tuple[str, str]], expected: str) -> None:
    suspended = [(at(begin), at(end)) for begin, end in pauses]

    assert due_at(at("2026-03-04 08:30"), Limit.parse(limit), WORKING, suspended).due == at(expected)


def test_an_unknown_year_inside_a_pause_does_not_matter() -> None:
    pause = (at("2026-12-31 17:00"), at("2028-01-03 08:00"))

    assert not due_at(at("2026-12-31 16:30"), Limit.parse("0.5 work_hours"), WORKING, [pause]).provisional
    assert due_at(at("2026-12-31 16:30"), Limit.parse("1 work_hours"), WORKING, [pause]).provisional


@pytest.mark.parametrize(
    ("limit", "extension", "expected"),
    [
        ("4 work_hours", "4 work_hours", "2026-03-05 08:30"),
        ("4 work_hours", "1 work_days", "2026-03-05 14:30"),
        ("2 urgent_hours", "1 work_hours", "2026-03-04 11:30"),
        ("4 work_hours", "1 natural_days", "2026-03-05 14:30"),
    ],
)
def test_an_extension_goes_on_where_the_limit_ended(limit: str, extension: str, expected: str) -> None:
    deadline = due_at(at("2026-03-04 08:30"), Limit.parse(limit), WORKING, extension=Limit.parse(extension))

    assert deadline.due == at(expected)
    assert deadline.steps[-1].total == Limit.parse(limit).amount + Limit.parse(extension).amount


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-06 16:00", "10 work_hours", "2026-03-09 16:00"),  # 8 of 10: two on Friday, six on Monday
        ("2026-03-04 08:00", "1 work_days", "2026-03-04 16:24"),
        ("2026-03-04 20:00", "10 urgent_hours", "2026-03-05 04:00"),
    ],
)
def test_due_soon_is_when_four_fifths_of_the_working_time_are_used(start: str, limit: str, expected: str) -> None:
    assert share_used_at(at(start), Limit.parse(limit), Fraction(4, 5), WORKING) == at(expected)


def test_due_soon_knows_pauses_and_extensions() -> None:
    pause = (at("2026-03-04 09:00"), at("2026-03-04 10:00"))
    start, limit = at("2026-03-04 08:00"), Limit.parse("2 work_hours")

    assert share_used_at(start, limit, Fraction(1, 2), WORKING, [pause]) == at("2026-03-04 09:00")
    assert share_used_at(start, limit, Fraction(3, 4), WORKING, [pause]) == at("2026-03-04 10:30")
    extended = share_used_at(start, limit, Fraction(3, 4), WORKING, extension=Limit.parse("2 urgent_hours"))
    assert extended == at("2026-03-04 11:00")


def test_a_city_without_a_calendar_has_continuous_clocks_only() -> None:
    start = at("2026-03-04 08:30")

    assert due(start, Limit.parse("2 natural_days"), None) == (at("2026-03-06 08:30"), False)
    for limit in ("4 work_hours", "1 work_days"):
        with pytest.raises(Refusal, match="没有工作日历"):
            due(start, Limit.parse(limit), None)
        with pytest.raises(Refusal, match="没有工作日历"):
            due_at(start, Limit.parse(limit), None)
        with pytest.raises(Refusal, match="没有工作日历"):
            share_used_at(start, Limit.parse(limit), Fraction(4, 5), None)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        due(datetime(2026, 3, 4, 8), Limit.parse("1 urgent_hours"), None)  # noqa: DTZ001
