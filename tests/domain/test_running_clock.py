"""The clock of the leading unit, told from events: the mock-ups' arithmetic, pauses, new units, provisional years."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.calendars import working_time
from config.cities import load_city
from domain.deadlines import Limit
from domain.running_clock import RunningClock, clock_of, same_clock, together
from tests.retell import Event

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = working_time(load_city("demo"))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=SHANGHAI)


def a_case(*more: tuple[str, datetime, Mapping[str, Any]], limit: str = "1 work_days") -> list[Event]:
    dispatched = at("05-18", "14:57:55")
    return [
        Event("report", at("05-18", "14:40"), {"category": "k1", "channel": "c1", "street": "s1"}),
        Event("register", at("05-18", "14:50"), {"limit": limit}),
        Event("dispatch", dispatched, {"unit": "zhifa2"}),
        *(Event(*one) for one in more),
    ]


def due(clock: RunningClock | None) -> datetime:
    assert clock is not None
    deadline = clock.deadline(WORKING)
    assert deadline is not None
    return deadline.due


def test_the_extension_of_the_picture() -> None:
    """1 工作日 from 5-18 14:57:55 ends 5-19 14:57:55; with 6 工作时 more on 5-20 10:57:55."""
    clock = clock_of(a_case())
    assert clock is not None

    assert due(clock) == at("05-19", "14:57:55")
    assert due(clock.extended(Limit.parse("6 work_hours"))) == at("05-20", "10:57:55")


def test_an_extension_in_the_log_is_part_of_the_clock() -> None:
    more = [("extend", at("05-19", "09:00"), {"by": by}) for by in ("2 work_hours", "0.5 work_days")]

    assert due(clock_of(a_case(*more))) == at("05-20", "10:57:55")


def test_a_suspension_counts_from_its_application() -> None:
    """Granted at 16:00, asked at 10:00: what was left at 10:00 is left when it goes on."""
    asked, granted, resumed = at("05-19", "10:00"), at("05-19", "16:00"), at("05-21", "08:00")
    suspended = ("suspend", granted, {"since": asked.isoformat()})
    waiting = clock_of(a_case(suspended))
    assert waiting is not None

    assert waiting.paused_since == asked
    assert due(waiting.resumed(resumed)) == at("05-21", "10:57:55")
    assert due(clock_of(a_case(suspended, ("resume", resumed, {})))) == at("05-21", "10:57:55")


def test_void_time_does_not_count_either() -> None:
    gone = a_case(("void", at("05-19", "08:00"), {}), ("restore", at("05-19", "10:00"), {}))

    assert due(clock_of(gone)) == at("05-19", "16:57:55")


def test_a_suspension_goes_on_when_the_case_comes_back_from_void() -> None:
    steps: list[tuple[str, datetime, dict[str, object]]] = [
        ("suspend", at("05-19", "09:00"), {}),
        ("void", at("05-19", "10:00"), {}),
        ("restore", at("05-19", "11:00"), {}),
    ]
    waiting = clock_of(a_case(*steps))

    assert waiting is not None
    assert waiting.paused_since == at("05-19", "09:00")
    assert due(clock_of(a_case(*steps, ("resume", at("05-19", "16:00"), {})))) == due(
        clock_of(a_case(steps[0], ("resume", at("05-19", "16:00"), {})))
    )


def test_a_new_unit_has_a_new_clock() -> None:
    more = [
        ("extend", at("05-19", "09:00"), {"by": "4 work_hours"}),
        ("reassign", at("05-19", "10:00"), {"unit": "shizheng"}),
    ]
    clock = clock_of(a_case(*more))

    assert clock is not None
    assert (clock.unit, clock.extension, due(clock)) == ("shizheng", None, at("05-20", "10:00"))


def test_nobody_has_it_after_a_return_was_upheld() -> None:
    more = [("return", at("05-19", "09:00"), {}), ("uphold_return", at("05-19", "10:00"), {"decision": "returned"})]

    assert clock_of(a_case(*more)) is None
    assert clock_of(a_case()[:2]) is None


def test_a_corrected_dispatch_moves_the_clock() -> None:
    corrected = ("correct", at("05-19", "09:00"), {"step": 3, "at": at("05-18", "15:57:55").isoformat()})

    assert due(clock_of(a_case(corrected))) == at("05-19", "15:57:55")


def test_a_case_without_a_limit_has_no_arithmetic() -> None:
    events = [event._replace(body={}) if event.action == "register" else event for event in a_case()]
    clock = clock_of(events)

    assert clock is not None
    assert clock.deadline(WORKING) is None
    assert clock.new_due(Fraction(4, 5), WORKING) == {}


def test_what_an_event_says_of_the_new_due_time() -> None:
    clock = RunningClock("u", datetime(2026, 12, 31, 9, tzinfo=UTC), Limit.parse("3 work_days"))
    told = clock.new_due(Fraction(4, 5), WORKING)

    assert told["provisional"] is True  # the holidays of 2027 are not known
    assert told["soon"] < told["due"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other", "same", "sum_"),
    [
        ("2 work_hours", "4 work_hours", True, "6 work_hours"),
        ("1 work_days", "2 work_hours", True, "10 work_hours"),
        ("4 urgent_hours", "1 natural_days", True, "28 urgent_hours"),
        ("4 urgent_hours", "1 work_hours", False, ""),
    ],
)
def test_times_on_one_clock_are_added(one: str, other: str, same: bool, sum_: str) -> None:
    first, second = Limit.parse(one), Limit.parse(other)

    assert same_clock(first, second) is same
    if same:
        assert str(together(first, second)) == sum_
        assert together(first, second).amount == first.amount + second.amount
