"""改派, 双派 and 多派 through the desk on both databases: clocks, who is freed, and the 案件移交单."""

import json
from datetime import timedelta
from typing import Any

import pytest

from data_access.store import Store
from domain.documents import TransferSlip, thawed, words_of
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import NotAllowed
from tests.desks import AT, World, a_desk

A = Action
ONE, CHIEF = "派遣员01", "值班长01"
MOVE: dict[str, Any] = {"unit": "u1", "reason": "dispatcher_error", "note": "电话核实：本路段为单位1养护"}
NEW_DUE = AT + timedelta(hours=3, minutes=28) + timedelta(hours=14, minutes=32)  # 4 working hours: 5-20 08:32


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


def work(world: World, case_no: str) -> list[Any]:
    return world.rows("assignments", case_id=world.case(case_no)["case_id"])


def units(world: World) -> dict[int, str]:
    return {row["unit_id"]: row["key"] for row in world.rows("units")}


def test_the_dispatchers_error_frees_the_old_unit_and_makes_a_slip(world: World) -> None:
    world.a_case("C1")
    world.clock.move(hours=3)  # overdue by then
    done = world.act(ONE, "C1", A.REASSIGN, **MOVE)

    old, new = work(world, "C1")
    assert (old["end_reason"], old["ended_at"]) == ("dispatcher_error", world.clock.at)
    assert (units(world)[new["unit_id"]], new["role"], new["dispatched_at"]) == ("u1", "lead", world.clock.at)
    case = world.case("C1")
    assert (case["stage"], case["redispatch_count"], units(world)[case["unit_id"]]) == ("dispatched", 1, "u1")
    (document,) = world.rows("documents")
    assert document["document_id"] == done.document
    slip = words_of(TransferSlip, thawed(document["body"], bytes(document["digest"]), document["number"]))
    assert (slip.number, slip.case_no) == ("澜移〔2026〕1 号", "C1")
    assert slip.dispatches == "5月19日 单位0（改派）"
    assert MOVE["note"] in slip.claim
    assert "4 工作时" in slip.new_unit
    assert [row["recipient"] for row in world.rows("outbox")] == ["unit:u1", "unit:u0"]


def test_the_new_unit_has_a_clock_of_its_own_from_now(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.REASSIGN, **MOVE)

    case = world.case("C1")
    assert case["effective_due_at"] == work(world, "C1")[1]["effective_due_at"] == NEW_DUE
    assert case["due_soon_at"] == AT + timedelta(hours=3, minutes=12)
    assert case["received_at"] is None


def test_no_notice_names_a_house(world: World) -> None:
    world.a_case("C1", road=None, address="学府街12号3单元")
    world.act(ONE, "C1", A.REASSIGN, **MOVE)

    texts = [row["text"] for row in world.rows("outbox")]
    assert len(texts) == 2
    assert not any("12号" in text for text in texts)
    assert all("暴露垃圾，街道" in text for text in texts)


def test_a_duty_that_has_changed_leaves_the_old_unit_what_it_had(world: World) -> None:
    world.a_case("C1")
    done = world.act(ONE, "C1", A.REASSIGN, **MOVE | {"reason": "duty_changed"})

    old, new = work(world, "C1")
    assert (old["end_reason"], new["effective_due_at"]) == ("reassigned", NEW_DUE)
    assert (done.document, world.rows("documents"), world.rows("counters", name="移交/2026")) == (None, [], [])


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"reason": ""}, "没有选原因"),
        ({"reason": "capacity"}, "能力不足"),
        ({"note": ""}, "没有写说明"),
        ({"note": "字" * 301}, "超过 300 字"),
        ({"unit": "u0"}, "就是现在的主办单位"),
        ({"unit": "nobody"}, "没有这个单位"),
        ({"unit": ""}, "没有选单位"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(world: World, changes: dict[str, Any], what: str) -> None:
    world.a_case("C1")
    with pytest.raises(Refusal, match=what):
        world.act(ONE, "C1", A.REASSIGN, **MOVE | changes)

    assert world.version("C1") == 4
    assert not any(world.rows(table) for table in ("documents", "outbox", "counters"))


@pytest.mark.parametrize("name", [CHIEF, "u0终端", "领导01"])
def test_only_a_dispatcher_reassigns(world: World, name: str) -> None:
    world.a_case("C1")
    with pytest.raises(NotAllowed):
        world.act(name, "C1", A.REASSIGN, **MOVE)


def test_a_script_in_a_note_is_kept_as_text(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.REASSIGN, **MOVE | {"note": "<script>alert(1)</script>"})

    assert json.loads(world.events("C1")[-1]["body"])["note"] == "<script>alert(1)</script>"


def test_who_was_informed_stays_informed(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.CO_DISPATCH, way="pair", unit="u3", role="informed")
    world.act(ONE, "C1", A.REASSIGN, **MOVE)

    assert [(units(world)[row["unit_id"]], row["role"]) for row in work(world, "C1") if row["ended_at"] is None] == [
        ("u1", "lead"), ("u3", "informed"),
    ]  # fmt: skip


def test_one_more_unit_assists_with_a_clock_of_its_own(world: World) -> None:
    world.a_case("C1")
    done = world.act(ONE, "C1", A.CO_DISPATCH, way="pair", unit="u1", role="assist")

    lead, second = work(world, "C1")
    assert (lead["role"], lead["ended_at"], second["role"]) == ("lead", None, "assist")
    assert lead["effective_due_at"] < second["effective_due_at"] == NEW_DUE
    assert world.case("C1")["effective_due_at"] == lead["effective_due_at"]
    assert done.sentence == "已增派单位1，单位0仍为主办"


def test_several_units_at_once(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.CO_DISPATCH, way="many", assist="u1,u2", informed="u3", note="联合整治")

    assert [row["role"] for row in work(world, "C1")] == ["lead", "assist", "assist", "informed"]
    assert json.loads(world.events("C1")[-1]["body"])["note"] == "联合整治"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"way": "pair", "unit": "u0"}, "已经在办"),
        ({"way": "pair", "unit": ""}, "没有选单位"),
        ({"way": "many", "assist": ""}, "没有选要增派的单位"),
        ({"way": "many", "assist": "nobody"}, "没有这个单位"),
    ],
)
def test_units_that_cannot_join(world: World, fields: dict[str, Any], what: str) -> None:
    world.a_case("C1")
    with pytest.raises(Refusal, match=what):
        world.act(ONE, "C1", A.CO_DISPATCH, **fields)
    assert world.version("C1") == 4


def test_several_cases_are_reassigned_at_once_each_with_its_slip(world: World) -> None:
    world.cases(["C1", "C2", "C3"])
    results = world.desk.bulk(world.people[ONE], A.REASSIGN, "bulk-000001", [("C1", 4), ("C2", 3), ("C3", 4)], MOVE)

    assert [one.done is not None for one in results] == [True, False, True]
    assert sorted(row["number"] for row in world.rows("documents")) == ["澜移〔2026〕1 号", "澜移〔2026〕2 号"]
