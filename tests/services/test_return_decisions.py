"""回退 through the desk on both databases: asked, endorsed, signed; the slip only where the dispatcher erred."""

import json
from datetime import timedelta
from typing import Any

import pytest

from data_access.store import Store
from domain.documents import TransferSlip, thawed, words_of
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import NotAllowed
from services.dispatch.holds import Holding
from services.documents import Documents
from tests.desks import World, a_desk

A = Action
ONE, CHIEF, UNIT = "派遣员01", "值班长01", "u0终端"
UPHELD: dict[str, Any] = {"decision": "dispatcher_error", "unit": "u1", "note": "职责表与现场一致，确为派遣错误"}


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.a_case("C1", A.RECEIVE)
    world.act(UNIT, "C1", A.RETURN, reason="井盖权属为单位1")
    return world


def work(world: World) -> list[Any]:
    return world.rows("assignments", case_id=world.case("C1")["case_id"])


def test_a_return_waits_with_its_reason_while_the_clock_runs(world: World) -> None:
    case, (application,) = world.case("C1"), world.rows("applications")

    assert (case["stage"], case["return_count"], case["suspended_at"]) == ("returned", 1, None)
    assert (application["kind"], application["state"]) == ("return", "asked")
    assert json.loads(application["asked"]) == {"reason": "井盖权属为单位1"}
    assert [row["recipient"] for row in world.rows("outbox")] == ["post:dispatcher"]


def test_a_return_needs_its_reason_and_the_unit_that_leads(world: World) -> None:
    world.a_case("C2")
    with pytest.raises(Refusal, match="没有写回退理由"):
        world.act(UNIT, "C2", A.RETURN, reason=" ")
    with pytest.raises(Refusal, match="超过 300 字"):
        world.act(UNIT, "C2", A.RETURN, reason="字" * 301)
    with pytest.raises(NotAllowed):
        world.act("u1终端", "C2", A.RETURN, reason="不是我们的")
    assert world.version("C2") == 4


def test_endorsed_by_a_dispatcher_and_signed_by_the_duty_chief(world: World) -> None:
    world.act(ONE, "C1", A.ENDORSE, kind="return", **UPHELD)
    assert json.loads(world.rows("applications")[0]["endorsed"]) == UPHELD
    before = world.version("C1")
    done = world.act(CHIEF, "C1", A.UPHOLD_RETURN, **UPHELD)

    assert [row["action"] for row in world.events("C1")[before:]] == ["uphold_return", "dispatch"]
    old, new = work(world)
    assert (old["end_reason"], new["end_reason"], new["role"]) == ("dispatcher_error", None, "lead")
    case = world.case("C1")
    assert (case["stage"], case["redispatch_count"]) == ("dispatched", 1)
    assert case["effective_due_at"] == new["effective_due_at"] > old["effective_due_at"]
    (application,) = world.rows("applications")
    assert (application["state"], application["decided_by"]) == ("granted", world.people[CHIEF].user_id)
    (document,) = world.rows("documents")
    assert document["document_id"] == done.document
    slip = words_of(TransferSlip, thawed(document["body"], bytes(document["digest"]), document["number"]))
    assert (slip.number, slip.claim, slip.findings) == ("澜移〔2026〕1 号", "井盖权属为单位1", UPHELD["note"])
    assert slip.dispatches == "5月19日 单位0（回退）"
    assert "不计入单位0回退率" in slip.opinion


@pytest.mark.parametrize(("decision", "words"), [("refused", "继续处置"), ("unclear", "48 小时内联合会勘")])
def test_a_refused_return_goes_back_with_the_clock_as_it_was(world: World, decision: str, words: str) -> None:
    due = world.case("C1")["effective_due_at"]
    done = world.act(CHIEF, "C1", A.REFUSE_RETURN, decision=decision, note="属你单位职责")

    case, (only,) = world.case("C1"), work(world)
    assert (case["stage"], case["effective_due_at"], only["ended_at"]) == ("dispatched", due, None)
    assert words in done.sentence
    assert (world.rows("documents"), world.rows("applications")[0]["state"]) == ([], "refused")
    body = json.loads(world.events("C1")[-1]["body"])
    visit = (world.clock.at + timedelta(hours=48)).isoformat()
    assert body.get("joint_visit") == (visit if decision == "unclear" else None)


def test_a_return_is_decided_by_its_own_acts_only(world: World) -> None:
    with pytest.raises(Refusal, match="回退裁定"):
        world.act(ONE, "C1", A.REFUSE_APPLICATION, kind="return", reason="不同意")
    assert (world.case("C1")["stage"], world.rows("applications")[0]["state"]) == ("returned", "asked")


@pytest.mark.parametrize("action", [A.UPHOLD_RETURN, A.REFUSE_RETURN])
def test_a_dispatcher_alone_decides_nothing(world: World, action: Action) -> None:
    with pytest.raises(NotAllowed, match="值班长签发"):
        world.act(ONE, "C1", action, **UPHELD)
    assert world.case("C1")["stage"] == "returned"


@pytest.mark.parametrize(
    ("action", "changes", "what"),
    [
        (A.UPHOLD_RETURN, {"note": ""}, "没有写裁定说明"),
        (A.UPHOLD_RETURN, {"unit": "u0"}, "就是回退的单位"),
        (A.UPHOLD_RETURN, {"unit": ""}, "没有选单位"),
        (A.UPHOLD_RETURN, {"decision": "refused"}, "不改派"),
        (A.REFUSE_RETURN, {}, "不能驳回"),
        (A.REFUSE_RETURN, {"decision": ""}, "没有选裁定"),
    ],
)
def test_bad_decisions_change_nothing(world: World, action: Action, changes: dict[str, Any], what: str) -> None:
    before = world.version("C1")
    with pytest.raises(Refusal, match=what):
        world.act(CHIEF, "C1", action, **UPHELD | changes)
    assert (world.version("C1"), world.rows("documents"), world.rows("counters", name="移交/2026")) == (before, [], [])


def test_if_the_slip_cannot_be_stored_nothing_is_decided(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.version("C1")

    def full(*_args: Any, **_kwargs: Any) -> int:
        raise Refusal("磁盘已满", "公文", "请清理磁盘。")

    monkeypatch.setattr("services.dispatch.returns.keep", full)
    with pytest.raises(Refusal, match="磁盘已满"):
        world.act(CHIEF, "C1", A.UPHOLD_RETURN, **UPHELD)

    assert (world.version("C1"), world.case("C1")["stage"]) == (before, "returned")
    assert (world.rows("applications")[0]["state"], world.rows("counters", name="移交/2026")) == ("asked", [])


def test_the_evaluators_read_the_slip_and_the_freed_unit_no_longer_does(world: World) -> None:
    number = world.act(CHIEF, "C1", A.UPHOLD_RETURN, **UPHELD).document
    assert number is not None
    papers = Documents(world.store, world.city, world.number, world.clock)

    assert papers.read(world.people["u1终端"], number).number == "澜移〔2026〕1 号"
    with pytest.raises(NotAllowed):
        papers.read(world.people[UNIT], number)


def test_who_wrote_a_return_down_does_not_decide_it(world: World) -> None:
    world.a_case("C9", A.RECEIVE)
    both = "值班长02"  # a dispatcher as well
    world.act(both, "C9", A.RETURN, reason="不属本单位")
    with pytest.raises(NotAllowed, match="不能自己裁定"):
        world.act(both, "C9", A.REFUSE_RETURN, decision="refused", note="属本单位")

    world.desk.holds.do(world.people[both], "C9", Holding.RELEASE)
    assert world.act(CHIEF, "C9", A.REFUSE_RETURN, decision="refused", note="属本单位").version == 7
