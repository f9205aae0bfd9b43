"""The simple acts through the desk: what each leaves in the rows, whom it tells; the rows are always the replay's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.life_cycle import Action, Stage
from domain.refusals import Refusal
from tests.desks import AT, World, a_desk
from tests.services.test_replay import Log

A = Action
ONE, CHIEF, REGISTRAR, COLLECTOR = "派遣员01", "值班长01", "受理员01", "采集员01"
NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


def body(world: World, case_no: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.events(case_no)[-1]["body"])
    return found


def told(world: World) -> list[str]:
    return [f"{row['kind']} {row['recipient']}" for row in world.rows("outbox")]


def assert_replayed(world: World) -> None:
    log = Log(world.store, "demo")
    assert log.cases
    assert [wrong for case in log.cases if (wrong := log.wrong(case, set()))] == []


def test_from_the_report_to_the_closing(world: World) -> None:
    world.a_case("C1", A.REPORT)
    for name, action, fields, stage in (
        (REGISTRAR, A.ACCEPT, {}, Stage.ACCEPTED),
        (COLLECTOR, A.VERIFY, {"text": "属实"}, Stage.ACCEPTED),
        (CHIEF, A.REGISTER, {"limit": "4工作时", "urgent": True, "condition": "影响通行"}, Stage.REGISTERED),
        (ONE, A.DISPATCH, {"unit": "u0", "informed": ["u2"]}, Stage.DISPATCHED),
        ("u0终端", A.RECEIVE, {}, Stage.RECEIVED),
        (ONE, A.HANDLE, {"text": "已清运"}, Stage.HANDLED),
        (REGISTRAR, A.RECHECK_FAIL, {"reason": "仍有残留"}, Stage.REWORK),
        ("u0终端", A.HANDLE, {"text": "再次清运"}, Stage.HANDLED),
        (COLLECTOR, A.RECHECK_PASS, {}, Stage.RECHECKED),
        (CHIEF, A.CLOSE, {"reason": "处置到位"}, Stage.CLOSED),
    ):
        world.clock.move(minutes=5)
        world.act(name, "C1", action, **fields)
        assert world.case("C1")["stage"] == stage

    case = world.case("C1")
    assert (case["limit_value"], case["limit_unit"], case["urgent"]) == (4, "work_hours", True)
    assert (
        case["due_at"] == case["effective_due_at"] == datetime(2026, 5, 20, 0, 52, tzinfo=UTC)
    )  # 14:52 to 18:00, and 52 minutes of the next day
    assert case["rework_count"] == 1
    assert told(world) == [
        "dispatch unit:u0", "dispatch unit:u2", "handled post:registrar", "rework unit:u0", "handled post:registrar"
    ]  # fmt: skip
    assert [(row["role"], row["end_reason"]) for row in world.rows("assignments")] == [
        ("lead", "closed"), ("informed", "closed")
    ]  # fmt: skip
    assert_replayed(world)


@pytest.mark.parametrize(
    ("until", "name", "action", "field"),
    [
        (A.REPORT, REGISTRAR, A.REJECT, "reason"),
        (A.HANDLE, REGISTRAR, A.RECHECK_FAIL, "reason"),
        (A.RECHECK_PASS, CHIEF, A.CLOSE, "reason"),
        (A.DISPATCH, CHIEF, A.VOID, "reason"),
        (A.DISPATCH, ONE, A.HANDLE, "text"),
        (A.DISPATCH, ONE, A.NOTE, "text"),
        (A.ACCEPT, CHIEF, A.SIMPLE, "reason"),
        (A.REPORT, COLLECTOR, A.SELF_HANDLE, "text"),
    ],
)
def test_what_must_be_said_is_asked_for(world: World, until: Action, name: str, action: Action, field: str) -> None:
    world.a_case("C1", until)
    version = world.version("C1")
    for nothing in ("", "  \n", None, 7):
        unsaid: dict[str, Any] = {field: nothing}
        with pytest.raises(Refusal, match="没有写"):
            world.act(name, "C1", action, **unsaid)
    assert world.version("C1") == version
    said: dict[str, Any] = {field: " 写明 "}
    world.act(name, "C1", action, **said)
    assert body(world, "C1")[field] == "写明"
    assert_replayed(world)


def test_a_void_case_comes_back_with_the_time_it_lost(world: World) -> None:
    world.a_case("C1")
    due = world.case("C1")["effective_due_at"]
    world.act(CHIEF, "C1", A.VOID, reason="重复")
    assert world.case("C1")["voided_at"] == AT
    world.clock.move(hours=1)
    done = world.act(CHIEF, "C1", A.RESTORE, reason="并非重复")

    case = world.case("C1")
    assert (case["stage"], case["voided_at"]) == ("dispatched", None)
    # 4 工作时 from the dispatch at 12:45 local (the break ends at 14:00) without the hour it was void.
    assert case["effective_due_at"] > due
    assert "新的截止时间" in done.sentence
    assert told(world) == ["void unit:u0", "restore unit:u0"]
    assert_replayed(world)


def test_a_suspension_ends_with_its_pause_added(world: World) -> None:
    world.a_case("C1", A.RECEIVE)
    world.act(
        ONE, "C1", A.APPLY_SUSPENSION, ground="funds", reason="资金未到位", measures="围挡，李科", review="2026-05-25"
    )
    number = world.rows("applications")[0]["application_id"]
    assert number == 1
    world.act(ONE, "C1", A.NOTE, text="等待审签")
    before = world.case("C1")["effective_due_at"]
    world.clock.move(minutes=10)
    world.act("派遣员02", "C1", A.ENDORSE, kind="suspension", note="情况属实")
    world.act(CHIEF, "C1", A.SUSPEND, note="同意")
    world.clock.move(days=1)
    world.act(ONE, "C1", A.RESUME, note="资金已到位")

    case = world.case("C1")
    assert (case["stage"], case["suspended_at"]) == ("received", None)
    assert case["effective_due_at"] - before >= timedelta(days=1)
    assert_replayed(world)


def test_a_dispatch_in_an_uncovered_year_is_provisional(world: World) -> None:
    world.a_case("C1", A.REGISTER)
    done = world.act(ONE, "C1", A.DISPATCH, unit="u1", limit="400 work_days")

    assert world.case("C1")["due_provisional"] is True
    assert "暂定" in done.sentence
    assert body(world, "C1")["limit"] == "400 work_days"
    assert world.case("C1")["limit_value"] == 400
    assert_replayed(world)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"unit": "nobody"}, "没有这个处置单位"),
        ({}, "没有这个处置单位"),
        ({"unit": "u0", "limit": "soon"}, "看不懂这个时限"),
        ({"unit": "u0", "limit": "0 work_hours"}, "时限必须大于零"),
        ({"unit": "u0", "assist": ["u9"]}, "没有这个处置单位"),
        ({"unit": "u0", "assist": ["u0"]}, "选了两次"),
        ({"unit": "u0", "assist": ["u1"], "informed": ["u1"]}, "选了两次"),
    ],
)
def test_a_dispatch_that_cannot_be_changes_nothing(world: World, fields: dict[str, Any], what: str) -> None:
    world.a_case("C1", A.REGISTER)
    with pytest.raises(Refusal, match=what):
        world.act(ONE, "C1", A.DISPATCH, **fields)
    assert (world.version("C1"), world.rows("outbox"), world.rows("assignments")) == (3, [], [])


def test_a_suspended_case_comes_back_from_void_suspended(world: World) -> None:
    world.a_case("C1")
    due = world.case("C1")["effective_due_at"]
    granted = NewEvent(A.SUSPEND.value, AT, "duty_chief#3", {"since": AT.isoformat(), "review": "2026-06-01"})
    with world.store.write.begin() as connection:
        case_id = world.case("C1")["case_id"]
        change_case(connection, world.number, case_id, 4, {"stage": "suspended", "suspended_at": AT}, [granted], AT)
    world.clock.move(minutes=10)
    world.act(CHIEF, "C1", A.VOID, reason="重复")
    world.clock.move(minutes=10)
    done = world.act(CHIEF, "C1", A.RESTORE, reason="并非重复")

    assert (world.case("C1")["stage"], world.case("C1")["effective_due_at"]) == ("suspended", due)
    assert done.sentence == "已恢复，仍在挂账"
    world.clock.move(minutes=40)
    world.act(CHIEF, "C1", A.RESUME)
    # 4 工作时 from 14:00 local, an hour of which it stood: an hour of the next morning.
    assert world.case("C1")["effective_due_at"] == datetime(2026, 5, 20, 1, tzinfo=UTC)


def test_escalated_it_waits_for_a_higher_tier(world: World) -> None:
    world.a_case("C1")
    with pytest.raises(Refusal, match="没有这个处置层级"):
        world.act(ONE, "C1", A.ESCALATE, tier="moon", reason="超出权限")
    world.act(ONE, "C1", A.ESCALATE, tier="city", reason="超出权限")

    for same_or_lower in ("city", "street"):
        with pytest.raises(Refusal, match="更高的层级"):
            world.act(ONE, "C1", A.ESCALATE, tier=same_or_lower, reason="超出权限")

    case = world.case("C1")
    assert (case["stage"], case["tier"], case["unit_id"]) == ("registered", "city", None)
    assert world.rows("assignments")[0]["end_reason"] == "escalated"
    assert_replayed(world)


def test_a_claim_is_an_acknowledgement_and_may_be_anothers(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.CLAIM, alert="overdue", note="已联系", promised="2026-05-19T16:30")
    world.act(CHIEF, "C1", A.CLAIM, alert="overdue", owner=2)

    (ack,) = world.rows("acknowledgements")
    assert (ack["owner_id"], ack["by_id"], ack["version"], ack["promised_at"]) == (2, 3, 6, None)
    assert told(world) == ["claim user:2"]
    for fields, what in (
        ({"alert": "boredom"}, "没有这种告警"),
        ({"alert": "overdue", "owner": 7}, "不能交给这个人"),
        ({"alert": "overdue", "owner": "x"}, "不能交给这个人"),
        ({"alert": "overdue", "promised": "2026-05-19T14:00"}, "已经过去"),
        ({"alert": "overdue", "promised": "2031-01-05T09:00"}, "还没有公布"),
    ):
        with pytest.raises(Refusal, match=what):
            world.act(ONE, "C1", A.CLAIM, **fields)
    assert world.version("C1") == 6


@pytest.mark.parametrize("written", ["昨天", "2026-05-18T16:00", "2027-05-18T16:00"])
def test_a_time_for_feedback_must_be_to_come(world: World, written: str) -> None:
    world.a_case("C1")
    with pytest.raises(Refusal, match=r"反馈时间|看不懂"):
        world.act(ONE, "C1", A.URGE, feedback_by=written)
    assert world.rows("outbox") == []


def test_nobody_is_urged_who_has_no_case(world: World) -> None:
    world.a_case("C1", A.REGISTER)
    with pytest.raises(Refusal, match="还没有单位承办"):
        world.act(ONE, "C1", A.URGE)


def test_handled_or_closed_a_supervision_is_met_and_rework_opens_it_again(world: World) -> None:
    world.a_case("C1")
    world.act("领导01", "C1", A.INSTRUCT, text="尽快", due="2026-05-20T12:00")
    world.act(ONE, "C1", A.HANDLE, text="已清运")
    assert world.rows("supervisions")[0]["met_at"] == AT
    world.act(REGISTRAR, "C1", A.RECHECK_FAIL, reason="仍有残留")
    assert world.rows("supervisions")[0]["met_at"] is None
    assert world.rows("supervisions")[0]["due_at"] == NOON
