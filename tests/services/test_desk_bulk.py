"""One act on many cases: what one refuses the others do, and one recipient gets one message."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from data_access.desk_tables import outbox
from data_access.store import Store
from data_access.tables import cases
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import Conflict, NotFound
from tests.desks import AT, World, a_desk

ONE = "派遣员01"
KEY = "bulk-key-0001"


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.cases([f"C{n}" for n in range(6)])
    world.cases(["D1", "D2"], unit="u1")
    return world


def test_forty_cases_of_one_unit_are_one_message(world: World) -> None:
    items = [(f"C{n}", 4) for n in range(6)] + [("D1", 4), ("D2", 4)]
    outcomes = world.desk.bulk(world.people[ONE], Action.URGE, KEY, items, {"text": "请今日办结"})

    assert [one.case_no for one in outcomes if one.done] == [case_no for case_no, _ in items]
    notices = {row["recipient"]: row for row in world.rows("outbox")}
    assert sorted(notices) == ["unit:u0", "unit:u1"]
    lines = notices["unit:u0"]["text"].splitlines()
    assert [line.split()[0] for line in lines] == [f"C{n}" for n in range(6)]
    assert notices["unit:u0"]["title"] == "催办 6 件"
    assert notices["unit:u1"]["title"] == "催办 2 件"
    assert notices["unit:u0"]["not_before"] == AT + timedelta(seconds=10)
    assert all(json.loads(world.events(f"C{n}")[-1]["body"])["text"] == "请今日办结" for n in range(6))


def test_what_one_case_refuses_the_others_do_and_a_retry_does_the_rest(world: World) -> None:
    world.act("派遣员02", "C1", Action.NOTE, text="先到一步")
    items = [("C0", 4), ("C1", 4), ("X", 1), ("C2", 4)]
    first = world.desk.bulk(world.people[ONE], Action.URGE, KEY, items, {})
    assert [type(one.refusal) for one in first] == [type(None), Conflict, NotFound, type(None)]
    again = world.desk.bulk(world.people[ONE], Action.URGE, KEY, [("C0", 4), ("C1", 5), ("C2", 4)], {})

    assert [one.done.repeated for one in again if one.done] == [True, False, True]
    (notice,) = world.rows("outbox")
    assert [line.split()[0] for line in notice["text"].splitlines()] == ["C0", "C2", "C1"]
    assert [world.version(f"C{n}") for n in range(3)] == [5, 6, 5]


def test_a_message_that_has_left_is_followed_by_another(world: World) -> None:
    world.desk.bulk(world.people[ONE], Action.URGE, KEY, [("C0", 4)], {})
    with world.store.write.begin() as connection:
        connection.execute(update(outbox).values(state="sent", attempts=1))
    world.desk.bulk(world.people[ONE], Action.URGE, KEY, [("C0", 4), ("C1", 4), ("C2", 4)], {})

    texts = [[line.split()[0] for line in row["text"].splitlines()] for row in world.rows("outbox")]
    assert texts == [["C0"], ["C1", "C2"]]


def test_one_urgent_case_makes_the_message_urgent_and_no_other_one(world: World) -> None:
    world.cases(["E1"], urgent=True)
    with world.store.write.begin() as connection:
        connection.execute(update(cases).where(cases.c.case_no == "E1").values(urgent=True))
    fields = {"unit": "u2", "reason": "duty_changed", "note": "职责调整", "informed": "u3"}
    done = world.desk.bulk(world.people[ONE], Action.REASSIGN, KEY, [("C0", 4), ("E1", 4), ("C1", 4)], fields)

    assert all(one.done for one in done)
    found = {(row["recipient"], row["title"]): row["urgent"] for row in world.rows("outbox")}
    assert found == {
        ("unit:u2", "新案件 3 件"): True,
        ("unit:u0", "已改派 3 件"): False,
        ("unit:u3", "知会 3 件"): False,
    }


@pytest.mark.parametrize(
    ("action", "key", "count", "what"),
    [(Action.CLOSE, KEY, 1, "不能批量办理"), (Action.URGE, "x", 1, "操作编号"), (Action.URGE, KEY, 0, "一次最多"),
     (Action.URGE, KEY, 201, "一次最多")],
)  # fmt: skip
def test_a_bulk_that_cannot_be_tried_is_refused_whole(
    world: World, action: Action, key: str, count: int, what: str
) -> None:
    with pytest.raises(Refusal, match=what):
        world.desk.bulk(world.people[ONE], action, key, [(f"C{n}", 4) for n in range(count)], {})
    assert world.version("C0") == 4


def test_a_preview_says_what_would_come_and_writes_nothing(world: World) -> None:
    world.act("派遣员02", "C1", Action.NOTE, text="先到一步")
    before = {name: world.rows(name) for name in ("case_events", "outbox", "counters", "desk_beats", "documents")}
    items = [("C0", 4), ("C1", 4), ("X", 1), ("D1", 4)]
    fields = {"unit": "u2", "reason": "dispatcher_error", "note": "派错单位"}
    expected = world.desk.preview(world.people[ONE], Action.REASSIGN, items, fields)

    assert [type(one.refusal) for one in expected] == [type(None), Conflict, NotFound, type(None)]
    assert {name: world.rows(name) for name in before} == before
    assert world.rows("idempotency_keys") == [key for key in world.rows("idempotency_keys") if key["user_id"] == 2]
    real = world.desk.bulk(world.people[ONE], Action.REASSIGN, KEY, items, fields)
    assert [one.done and replace(one.done, document=None) for one in real] == [one.done for one in expected]
