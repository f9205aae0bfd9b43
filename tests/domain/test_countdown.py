"""What a case has left, on the clock of its limit: at noon, at night, on holidays and make-up days, paused, overdue."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.calendars import working_time
from config.cities import load_city
from domain.countdown import AHEAD, ClockKind, Countdown, Countdowns
from domain.deadlines import Limit, due

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = working_time(load_city("demo"))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def left(now: str, until: str, unit: str | None = "work_hours", suspended: str | None = None) -> Countdown:
    countdowns = Countdowns(WORKING, at(now), at(until))
    return countdowns.of(at(until), unit, at(suspended) if suspended else None)


# Start, limit and due time of the published vectors (domain research 3.4).
VECTORS = (
    ("2026-09-30T16:30", "4 work_hours", "2026-10-08T10:30"),
    ("2026-02-13T17:00", "1 work_days", "2026-02-14T17:00"),
    ("2026-05-09T09:00", "1 work_days", "2026-05-11T09:00"),
    ("2026-10-08T11:30", "2 work_hours", "2026-10-08T15:30"),
    ("2026-06-18T19:20", "1 work_days", "2026-06-22T18:00"),
    ("2026-01-03T10:00", "4 work_hours", "2026-01-04T12:00"),
    ("2026-09-19T10:00", "4 work_hours", "2026-09-20T12:00"),
    ("2026-03-04T12:00", "4 work_hours", "2026-03-04T18:00"),
    ("2026-03-04T13:10", "4 work_hours", "2026-03-04T18:00"),
    ("2026-03-06T18:00", "1 work_days", "2026-03-09T18:00"),
    ("2026-04-03T15:00", "2 work_days", "2026-04-08T15:00"),
    ("2026-04-30T17:59", "3 work_days", "2026-05-08T17:59"),
    ("2026-02-16T23:00", "2 urgent_hours", "2026-02-17T01:00"),
)


@pytest.mark.parametrize(("start", "limit", "until"), VECTORS)
def test_at_the_start_the_whole_limit_is_left(start: str, limit: str, until: str) -> None:
    allowed = Limit.parse(limit)

    found = left(start, until, allowed.unit.value)

    assert found.left == allowed.amount
    assert found.due == due(at(start), allowed, WORKING)[0]


@pytest.mark.parametrize(
    ("now", "until", "expected", "paused"),
    [
        ("2026-05-19T11:59", "2026-05-19T15:00", HOUR + MINUTE, False),
        ("2026-05-19T12:00", "2026-05-19T15:00", HOUR, True),  # noon
        ("2026-05-19T13:59", "2026-05-19T15:00", HOUR, True),
        ("2026-05-19T14:00", "2026-05-19T15:00", HOUR, False),
        ("2026-05-19T18:00", "2026-05-20T09:00", HOUR, True),  # night
        ("2026-05-20T08:00", "2026-05-20T09:00", HOUR, False),
        ("2026-05-23T10:00", "2026-05-25T09:00", HOUR, True),  # Saturday
        ("2026-05-09T10:00", "2026-05-11T09:00", 7 * HOUR, False),  # a Saturday that is worked (调休)
        ("2026-10-03T10:00", "2026-10-08T10:00", 2 * HOUR, True),  # a holiday on a Saturday
        ("2026-05-19T14:00", "2026-05-19T14:00", timedelta(), False),  # due this moment: not overdue
    ],
)
def test_a_working_limit_stands_still_outside_working_time(
    now: str, until: str, expected: timedelta, paused: bool
) -> None:
    found = left(now, until)

    assert (found.left, found.kind, found.paused) == (expected, ClockKind.WORKING, paused)


def test_an_urgent_limit_runs_through_the_night() -> None:
    found = left("2026-02-16T23:00", "2026-02-17T01:00", "urgent_hours")

    assert (found.left, found.kind, found.paused) == (2 * HOUR, ClockKind.CONTINUOUS, False)


def test_what_is_overdue_counts_in_real_time_also_at_night() -> None:
    found = left("2026-05-20T07:00", "2026-05-19T18:00")

    assert (found.left, found.paused) == (-13 * HOUR, False)


def test_a_suspended_case_stands_where_it_was_suspended() -> None:
    found = left("2026-05-21T10:00", "2026-05-19T16:00", suspended="2026-05-19T14:30")

    assert (found.left, found.paused) == (90 * MINUTE, True)


def test_without_a_due_time_nothing_is_counted() -> None:
    found = Countdowns(WORKING, at("2026-05-19T10:00"), None).of(None, "work_hours")

    assert found == Countdown(None, None, ClockKind.NONE, False)


def test_a_city_without_a_calendar_counts_on() -> None:
    countdowns = Countdowns(None, at("2026-05-19T12:30"), at("2026-05-19T13:30"))

    assert countdowns.ahead == ()
    assert countdowns.of(at("2026-05-19T13:30"), "work_hours").kind is ClockKind.CONTINUOUS


def test_the_browser_is_told_the_working_stretches_of_36_hours() -> None:
    ahead = Countdowns(WORKING, at("2026-05-19T14:32"), None).ahead

    assert ahead[0] == (at("2026-05-19T14:32"), at("2026-05-19T18:00"))
    assert ahead[1] == (at("2026-05-20T08:00"), at("2026-05-20T12:00"))
    assert ahead[-1][1] <= at("2026-05-19T14:32") + AHEAD


def test_in_a_year_without_a_calendar_the_time_left_is_that_of_its_weekdays() -> None:
    """The case itself is flagged as provisional; see the queue."""
    until, provisional = due(at("2026-12-31T17:30"), Limit.parse("4 work_hours"), WORKING)

    assert provisional
    assert Countdowns(WORKING, at("2026-12-31T17:30"), until).of(until, "work_hours").left == 4 * HOUR
