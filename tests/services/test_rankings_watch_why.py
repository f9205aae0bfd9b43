"""What stands behind a watched unit: applications as they stood then, decisions of returns, and its own cases only."""

from datetime import timedelta
from typing import Any

import pytest

from data_access.store import Store
from domain.life_cycle import Action
from domain.people import Person, Post
from domain.ranking_view import WatchWhy
from services.rankings.rankings import Rankings
from tests.desks import AT, World, a_desk

A = Action
ONE, CHIEF, UNIT = "派遣员01", "值班长01", "u0终端"
LEADER = Person(1, "leader", "领导01", frozenset({Post.LEADER}))
EXTENSION: dict[str, Any] = {"by": "2 work_hours", "signed": True}
UPHELD: dict[str, Any] = {"decision": "dispatcher_error", "unit": "u1", "note": "井盖权属为单位1"}


@pytest.fixture
def world(store: Store) -> World:
    """Twenty others keep the unit's share of extensions low."""
    world = a_desk(store)
    world.cases([f"X{n:02d}" for n in range(20)])
    world.cases([f"C{n}" for n in range(1, 6)])
    return world


def asked(world: World, as_of: str = "", key: str = "u0", on: str = "2026-05-19") -> WatchWhy:
    page = Rankings(world.store, world.city, world.number, lambda: AT + timedelta(hours=6))
    query = {"period": "today", "on": on, "score": "demo-watch", "class": "all"} | ({"as_of": as_of} if as_of else {})
    why = page.watch_why(page.ask(query), key, LEADER)
    page.close()
    return why


def test_reasons_are_counted_and_a_grant_counts_from_its_decision(world: World) -> None:
    for case_no, reason in (("C1", "需吊车清运"), ("C2", "需吊车清运"), ("C3", "缺配件")):
        world.act(UNIT, case_no, A.APPLY_EXTENSION, reason=reason, **EXTENSION)
    world.clock.move(minutes=10)
    world.act(ONE, "C1", A.ENDORSE, kind="extension", note="属实")
    world.clock.move(minutes=10)
    world.act(CHIEF, "C1", A.EXTEND)

    why = asked(world)
    assert why.reasons == (("需吊车清运", 2), ("缺配件", 1))
    assert (why.asked, why.granted) == (3, 1)
    assert dict(why.tabs)["dispatched_extended"] == 1
    before = asked(world, "2026-05-19T14:45")
    assert (before.asked, before.granted) == (3, 0)
    assert asked(world, "2026-05-19T14:00").asked == 0


def test_returns_are_told_by_how_they_ended(world: World) -> None:
    for case_no in ("C1", "C2", "C3"):
        world.act(UNIT, case_no, A.RETURN, reason="不是我们的")
    world.clock.move(minutes=10)
    world.act(CHIEF, "C1", A.UPHOLD_RETURN, **UPHELD)
    world.act(CHIEF, "C2", A.REFUSE_RETURN, decision="refused", note="属你单位职责")

    expected = {"returned": 0, "dispatcher_error": 1, "refused": 1, "undecided": 1}
    assert dict(asked(world).returns) == expected
    assert dict(asked(world, "2026-05-19T14:35").returns) == dict.fromkeys(expected, 0) | {"undecided": 3}


def test_another_unit_and_another_day_have_nothing_of_it(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, reason="需吊车清运", **EXTENSION)
    for why in (asked(world, key="u1"), asked(world, on="2026-05-18")):
        assert (why.reasons, why.asked, why.granted) == ((), 0, 0)
