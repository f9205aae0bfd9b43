"""The six steps of a case, and when it became overdue."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from domain.case_file import STEPS, Span, StepState, overdue_moments, steps_of
from domain.life_cycle import Stage

START = datetime(2026, 5, 19, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING_YET: Mapping[str, Any] = dict.fromkeys([*(f"{name}_at" for name in STEPS), "received_at"])


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def case(stage: Stage, **minutes: float) -> dict[str, Any]:
    return {**NOTHING_YET, "stage": stage.value, **{f"{name}_at": at(value) for name, value in minutes.items()}}


def shown(row: Mapping[str, Any], now: float, overdue: bool = False) -> list[tuple[str, str, float]]:
    """(state, what the time is, minutes) of each step."""
    return [(step.state.value, step.span.value, step.length / MINUTE) for step in steps_of(row, at(now), overdue)]


FUTURE = ("future", "nothing", 0)


def test_the_afternoon_of_the_picture() -> None:
    row = case(Stage.RECEIVED, reported=0, registered=19, dispatched=25, received=59)

    assert shown(row, 270, overdue=True) == [
        ("done", "took", 19), ("done", "took", 6), ("done", "received", 34), ("late", "works", 211), FUTURE, FUTURE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (case(Stage.REPORTED, reported=0), [("done", "nothing", 0), ("now", "waits", 90), *[FUTURE] * 4]),
        (
            case(Stage.REGISTERED, reported=0, registered=10),
            [("done", "took", 10), ("done", "nothing", 0), ("now", "waits", 80), *[FUTURE] * 3],
        ),
        (
            case(Stage.DISPATCHED, reported=0, registered=10, dispatched=20),
            [("done", "took", 10), ("done", "took", 10), ("done", "unreceived", 70), ("now", "works", 70), FUTURE,
             FUTURE],
        ),
        (
            case(Stage.HANDLED, reported=0, registered=10, dispatched=20, received=30, handled=50),
            [
                ("done", "took", 10), ("done", "took", 10), ("done", "received", 10), ("done", "took", 20),
                ("now", "waits", 40), FUTURE,
            ],
        ),
        (
            case(Stage.CLOSED, reported=0, registered=10, dispatched=20, received=30, handled=50, rechecked=60,
                 closed=75),
            [
                ("done", "took", 10), ("done", "took", 10), ("done", "received", 10), ("done", "took", 20),
                ("done", "took", 10), ("done", "took", 15),
            ],
        ),
        # Dealt with on the spot: the steps in between were never taken.
        (
            case(Stage.CLOSED, reported=0, closed=5),
            [("done", "nothing", 0), *[("done", "nothing", 0)] * 4, ("done", "took", 5)],
        ),
        # After a return was upheld the case waits for a unit again.
        (
            case(Stage.REGISTERED, reported=0, registered=10, dispatched=20),
            [("done", "took", 10), ("done", "took", 10), ("now", "waits", 80), *[FUTURE] * 3],
        ),
        (case(Stage.REJECTED, reported=0), [("done", "nothing", 0), *[FUTURE] * 5]),
        (
            case(Stage.VOID, reported=0, registered=10),
            [("done", "took", 10), ("done", "nothing", 0), *[FUTURE] * 4],
        ),
    ],
)  # fmt: skip
def test_every_stage_stands_at_its_step(row: Mapping[str, Any], expected: list[tuple[str, str, float]]) -> None:
    assert shown(row, 90) == expected


def test_a_step_before_the_one_it_follows_took_no_time() -> None:
    row = case(Stage.CLOSED, reported=10, registered=0, dispatched=20, handled=30, rechecked=25, closed=40)

    steps = steps_of(row, at(90), False)

    assert all(step.length >= timedelta() for step in steps)
    assert (steps[4].span, steps[0].state) == (Span.TOOK, StepState.DONE)


class Event(NamedTuple):
    action: str
    at: datetime
    body: Mapping[str, Any] = {}


def due(minutes: float) -> dict[str, str]:
    return {"unit": "u", "due": at(minutes).isoformat()}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([Event("dispatch", at(0), due(60))], [60]),
        ([Event("dispatch", at(0), due(90))], []),  # due this moment
        ([Event("dispatch", at(0), due(60)), Event("close", at(50))], []),
        ([Event("dispatch", at(0), due(60)), Event("urge", at(70)), Event("close", at(80))], [60]),
        ([Event("dispatch", at(0), due(30)), Event("reassign", at(40), due(80))], [30, 80]),
        ([Event("dispatch", at(0), due(30)), Event("extend", at(20), due(70))], [70]),
        ([Event("dispatch", at(0), due(30)), Event("suspend", at(20)), Event("resume", at(50), due(60))], [60]),
        ([Event("dispatch", at(0), due(30)), Event("suspend", at(20))], []),
        ([Event("dispatch", at(0), due(30)), Event("uphold_return", at(10))], []),
        ([Event("dispatch", at(0), {"unit": "u"})], []),
    ],
)
def test_when_a_case_became_overdue(events: list[Event], expected: list[float]) -> None:
    log = [Event("report", at(-20)), Event("register", at(-10)), *events]

    assert list(overdue_moments(log, at(90))) == [at(minutes) for minutes in expected]
