"""Which steps rewrite what a case's columns say, and which only add that they were taken."""

from datetime import timedelta
from typing import Any

import pytest

from domain.replay import state
from domain.rewriting import in_order
from tests.retell import Event
from tests.worlds import START

CLOCK = {"due": (START + timedelta(days=2)).isoformat(), "soon": (START + timedelta(days=1)).isoformat()}
DISPATCH = {"unit": "u1", **CLOCK}
FILED: list[tuple[str, dict[str, Any]]] = [
    ("report", {"street": "s1"}),
    ("register", {"urgent": True, "limit": "4 work_hours"}),
]
HANDLED = [*FILED, ("dispatch", DISPATCH), ("receive", {}), ("handle", {})]


def told(*steps: tuple[str, dict[str, Any]]) -> list[Event]:
    """One step an hour."""
    return [Event(action, START + n * timedelta(hours=1), body) for n, (action, body) in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "rewriting"),
    [
        (FILED, None),
        ([*FILED, ("void", {})], None),
        ([*FILED, ("void", {}), ("restore", {})], 3),
        (HANDLED, 2),  # the dispatch: before it nobody had the case and it was not due
        ([*HANDLED, ("recheck_pass", {}), ("close", {})], 2),
        ([*HANDLED, ("recheck_fail", {}), ("receive", {}), ("handle", {})], 6),  # received once more
        ([*HANDLED, ("recheck_fail", {}), ("handle", {}), ("recheck_pass", {}), ("close", {})], 5),
        ([*HANDLED, ("extend", CLOCK)], 5),
        ([*HANDLED[:4], ("suspend", {}), ("resume", {})], 5),
        ([*HANDLED[:4], ("return", {})], 4),
        ([*HANDLED[:4], ("apply_extension", {})], 4),
        ([*HANDLED[:4], ("co_dispatch", {"assist": ["u2"], **CLOCK})], 4),
        ([*HANDLED[:4], ("reassign", {"unit": "u2", **CLOCK}), ("note", {})], 4),
        ([*HANDLED, ("recheck_pass", {}), ("close", {}), ("exempt", {"unit": "u1"})], 2),
        ([FILED[0], ("accept", {}), ("simple", {})], None),
    ],
)
def test_the_last_step_that_rewrote_something_is_known(
    steps: list[tuple[str, dict[str, Any]]], rewriting: int | None
) -> None:
    events = told(*steps)
    reached = state(events)

    assert reached is not None
    assert reached.case["rewritten_at"] == (None if rewriting is None else events[rewriting].at)


def test_a_correction_counts_where_the_step_really_was() -> None:
    events = told(*HANDLED)
    earlier = (events[2].at - timedelta(minutes=20)).isoformat()
    reached = state([*events, Event("correct", events[-1].at, {"step": 3, "at": earlier})])

    assert reached is not None
    assert reached.case["rewritten_at"] == events[2].at - timedelta(minutes=20)


def of_a_source(**hours: float) -> Event:
    fields = {name: (START + timedelta(hours=after)).isoformat() for name, after in hours.items()}
    return Event("imported", START + timedelta(days=9), {"fields": {"unit": "u1", **fields}})


def test_what_a_source_told_in_order_is_never_rewritten_and_the_rest_always() -> None:
    sound = state([of_a_source(reported_at=0, registered_at=1, handled_at=2, closed_at=3)])
    odd = state([of_a_source(reported_at=0, registered_at=4, closed_at=3)])

    assert sound is not None
    assert odd is not None
    assert sound.case["rewritten_at"] is None
    assert odd.case["rewritten_at"] == START + timedelta(hours=4)


def test_what_was_done_here_to_a_sources_case_rewrites_it() -> None:
    imported = of_a_source(reported_at=0, registered_at=1, dispatched_at=2)
    noted = state([imported, Event("note", START + timedelta(hours=5), {})])
    handled = state([imported, Event("handle", START + timedelta(hours=5), {})])

    assert noted is not None
    assert handled is not None
    assert noted.case["rewritten_at"] is None
    assert handled.case["rewritten_at"] == START + timedelta(hours=5)


def test_moments_that_are_not_known_are_in_nobodys_way() -> None:
    times = dict.fromkeys(
        ("reported_at", "accepted_at", "registered_at", "dispatched_at", "received_at", "handled_at", "rechecked_at")
    )
    assert in_order({**times, "closed_at": None})
    assert in_order({**times, "reported_at": START, "closed_at": START})
    assert not in_order({**times, "reported_at": START, "closed_at": START - timedelta(seconds=1)})
