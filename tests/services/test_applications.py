"""延期, 挂账 and 申诉 through the desk: who asks, endorses and decides, and what it does to the clock and the score."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data_access import application_measures, applications
from data_access.applications import Application
from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.applications import Kind, State
from domain.life_cycle import Action, IllegalTransition
from domain.refusals import Refusal
from domain.replay import state
from services.dispatch.commands import NotAllowed
from tests.desks import AT, World, a_desk

A = Action
ONE, CHIEF, BOTH, UNIT, OTHER = "派遣员01", "值班长01", "值班长02", "u0终端", "u1终端"
SHANGHAI = ZoneInfo("Asia/Shanghai")
EXTENSION: dict[str, Any] = {"by": "2 work_hours", "reason": "需吊车清运", "signed": True}
SUSPENSION: dict[str, Any] = {
    "ground": "conditions", "reason": "需与管线迁改同步施工", "review": "2026-06-18", "resume": "2026-09-30",
    "measures": "养护班", "signed": True,
}  # fmt: skip


@pytest.fixture
def world(store: Store) -> World:
    """C1 is dispatched at 12:45 with 4 工作时: due 18:00; it is 14:32. Twenty others keep the unit's share low."""
    world = a_desk(store)
    world.cases([f"X{n:02d}" for n in range(20)])
    world.a_case("C1")
    return world


def local(clock: str, day: str = "2026-05-19") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


def waiting(world: World, case_no: str = "C1") -> list[Application]:
    with world.store.read.connect() as connection:
        return applications.of_case(connection, world.number, world.case(case_no)["case_id"])


def last(world: World, case_no: str = "C1") -> tuple[str, dict[str, Any]]:
    event = world.events(case_no)[-1]
    return event["action"], json.loads(event["body"])


def untouched(world: World, version: int, case_no: str = "C1") -> bool:
    return world.version(case_no) == version == len(world.events(case_no))


def test_an_extension_is_asked_endorsed_cut_and_granted(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    asked_at = world.clock.at
    world.clock.move(minutes=30)
    endorsed = world.act(ONE, "C1", A.ENDORSE, kind="extension", note="同意", by="1.5 work_hours")
    world.clock.move(minutes=30)
    done = world.act(CHIEF, "C1", A.EXTEND, by="1 work_hours", note="先行隔离")

    case = world.case("C1")
    assert case["effective_due_at"] == local("09:00", "2026-05-20")  # 18:00 and one working hour more
    assert (case["extension_count"], case["extension_asks"], case["stage"]) == (1, 1, "dispatched")
    action, body = last(world)
    assert action == "extend"
    assert (body["by"], body["of"], body["note"]) == ("1 work_hours", 5, "先行隔离")
    (application,) = waiting(world)
    assert (application.state, application.asked_at, application.kind) == (State.GRANTED, asked_at, Kind.EXTENSION)
    assert (application.asked_by, application.endorsed_by, application.decided_by) == (7, 1, 3)
    assert application.endorsed["by"] == "1.5 work_hours"
    assert [row["recipient"] for row in world.rows("outbox")] == ["post:duty_chief", "unit:u0"]
    assert (endorsed.notices, done.notices) == (1, 1)


def test_what_is_stored_is_what_the_log_tells(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(ONE, "C1", A.ENDORSE)
    world.act(CHIEF, "C1", A.EXTEND)

    class Logged:
        def __init__(self, row: Any) -> None:
            self.action, self.at, self.body = row["action"], row["at"], json.loads(row["body"])

    told, stored = state([Logged(row) for row in world.events("C1")]), world.case("C1")
    assert told is not None
    for name in ("effective_due_at", "due_soon_at", "extension_count", "extension_asks", "suspended_at"):
        assert told.case[name] == stored[name]
        (work,) = world.rows("assignments", case_id=stored["case_id"])
        assert told.assignments[0][name] == work[name]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"by": "5 work_hours"}, "倍数上限"),
        ({"by": "2 urgent_hours"}, "不是同一种计时"),
        ({"by": "很久"}, "看不懂这个时限"),
        ({"by": ""}, "没有写时长"),
        ({"reason": "  "}, "没有写理由"),
        ({"reason": "长" * 10_000}, "超过 500 字"),
        ({"attachments": [77]}, "附件不是这件案件的"),
        ({"attachments": "a,b"}, "看不懂附件"),
    ],
)
def test_a_bad_application_gets_a_sentence_and_changes_nothing(
    world: World, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        world.act(UNIT, "C1", A.APPLY_EXTENSION, **{**EXTENSION, **fields})
    assert untouched(world, 4)
    assert waiting(world) == []


def test_an_overdue_case_is_not_extended(world: World) -> None:
    world.clock.move(hours=4)

    with pytest.raises(Refusal, match="申请时已经超期"):
        world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)


def test_the_clock_runs_on_and_the_grant_counts_from_the_application(world: World) -> None:
    """Asked at 14:32, overdue from 18:00, granted the next morning: then it never was."""
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    assert world.case("C1")["effective_due_at"] != local("10:00", "2026-05-20")
    world.clock.move(hours=18)
    world.act(ONE, "C1", A.ENDORSE)
    world.act(CHIEF, "C1", A.EXTEND)

    assert world.case("C1")["effective_due_at"] == local("10:00", "2026-05-20")


def test_it_also_counts_for_what_was_handled_while_it_waited(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(UNIT, "C1", A.HANDLE, text="已清运")
    world.act(ONE, "C1", A.ENDORSE)
    world.act(CHIEF, "C1", A.EXTEND)

    assert world.case("C1")["stage"] == "handled"
    assert world.case("C1")["effective_due_at"] == local("10:00", "2026-05-20")


def test_one_application_of_a_kind_at_a_time_and_one_extension_a_case(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    with pytest.raises(Refusal, match="已有一件延期申请待审批"):
        world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(ONE, "C1", A.ENDORSE)
    world.act(CHIEF, "C1", A.EXTEND)

    with pytest.raises(Refusal, match="次数已到上限"):
        world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)


def test_what_is_granted_is_never_more_than_was_asked_or_endorsed(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    with pytest.raises(Refusal, match="可减不可增"):
        world.act(ONE, "C1", A.ENDORSE, by="3 work_hours")
    world.act(ONE, "C1", A.ENDORSE, by="1 work_hours")
    with pytest.raises(Refusal, match="可减不可增"):
        world.act(CHIEF, "C1", A.EXTEND, by="2 work_hours")
    assert world.version("C1") == 6


def test_two_steps_are_two_people(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    with pytest.raises(Refusal, match="请先由派遣员初审"):
        world.act(CHIEF, "C1", A.EXTEND)
    with pytest.raises(NotAllowed):
        world.act(ONE, "C1", A.EXTEND)
    world.act(BOTH, "C1", A.ENDORSE)
    with pytest.raises(Refusal, match="不能是同一个人"):
        world.act(BOTH, "C1", A.EXTEND)
    world.clock.move(minutes=6)
    world.act(CHIEF, "C1", A.EXTEND)


def test_a_dispatcher_writes_it_down_for_a_unit_that_phoned(world: World) -> None:
    """Endorsed by the same dispatcher, unsigned: the endorser has to say why. Decided by somebody else."""
    world.act(ONE, "C1", A.APPLY_EXTENSION, **{**EXTENSION, "signed": False})
    with pytest.raises(Refusal, match="还没有单位负责人签字"):
        world.act(ONE, "C1", A.ENDORSE)
    world.act(ONE, "C1", A.ENDORSE, note="电话核实，签字件周五补")
    world.clock.move(minutes=6)
    world.act(CHIEF, "C1", A.EXTEND)

    assert world.case("C1")["extension_count"] == 1
    assert waiting(world)[0].asked["unit"] == "u0"


def test_another_unit_and_a_leader_apply_for_nothing(world: World) -> None:
    for name in (OTHER, "领导01", CHIEF, "采集员01"):
        with pytest.raises(NotAllowed):
            world.act(name, "C1", A.APPLY_EXTENSION, **EXTENSION)
    assert untouched(world, 4)


def test_a_share_above_the_ceiling_wants_a_reason(world: World) -> None:
    """Twenty-one cases: the third application is above 10 %."""
    for case_no in ("X01", "X02"):
        world.act(UNIT, case_no, A.APPLY_EXTENSION, **EXTENSION)
        world.act(ONE, case_no, A.ENDORSE)
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)

    with pytest.raises(Refusal, match="警戒线"):
        world.act(ONE, "C1", A.ENDORSE)
    world.act(ONE, "C1", A.ENDORSE, note="确需吊车，已约时间")


def test_refused_at_either_step_with_a_reason(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    with pytest.raises(Refusal, match="没有写"):
        world.act(ONE, "C1", A.REFUSE_APPLICATION)
    world.act(ONE, "C1", A.REFUSE_APPLICATION, reason="当天可以办完")
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(ONE, "C1", A.ENDORSE)
    with pytest.raises(NotAllowed, match="已送值班长"):
        world.act(ONE, "C1", A.REFUSE_APPLICATION, reason="再看")
    world.clock.move(minutes=6)
    world.act(CHIEF, "C1", A.REFUSE_APPLICATION, note="理由不充分")

    assert [one.state for one in waiting(world)] == [State.REFUSED, State.REFUSED]
    assert world.case("C1")["extension_asks"] == 2  # asked twice, granted never
    assert world.case("C1")["extension_count"] == 0
    with pytest.raises(Refusal, match="没有待批的申请"):
        world.act(CHIEF, "C1", A.REFUSE_APPLICATION, reason="再退")


def test_a_suspension_stops_the_clock_at_its_application(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_SUSPENSION, **SUSPENSION)
    asked_at = world.clock.at
    world.clock.move(hours=1)
    world.act(ONE, "C1", A.ENDORSE, note="同意，附件后补")
    world.clock.move(hours=1)
    world.act(CHIEF, "C1", A.SUSPEND)

    case = world.case("C1")
    assert (case["stage"], case["suspended_at"], case["suspension_count"]) == ("suspended", world.clock.at, 1)
    action, body = last(world)
    assert action == "suspend"
    assert datetime.fromisoformat(body["since"]) == asked_at
    assert (body["review"], body["resume"], body["ground"]) == ("2026-06-18", "2026-09-30", "conditions")


def test_going_on_moves_the_due_time_by_the_pause_from_the_application(world: World) -> None:
    """Asked at 14:32 with 3:28 left; resumed two days later at 08:00: due at 11:28, whenever it was granted."""
    world.act(UNIT, "C1", A.APPLY_SUSPENSION, **SUSPENSION)
    world.clock.move(hours=1)
    world.act(ONE, "C1", A.ENDORSE, note="同意")
    world.act(CHIEF, "C1", A.SUSPEND)
    world.clock.at = local("08:00", "2026-05-21")
    world.act(CHIEF, "C1", A.RESUME, reason="已具备条件")

    assert world.case("C1")["stage"] == "received"
    assert world.case("C1")["effective_due_at"] == local("11:28", "2026-05-21")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"review": "2026-05-19"}, "复核日期应在"),
        ({"review": "2028-01-01"}, "复核日期应在"),
        ({"review": "下个月"}, "看不懂这个日期"),
        ({"ground": "rain"}, "没有这种挂账原因"),
        ({"resume": "??"}, "看不懂这个日期"),
    ],
)
def test_a_bad_suspension_changes_nothing(world: World, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        world.act(UNIT, "C1", A.APPLY_SUSPENSION, **{**SUSPENSION, **fields})
    assert untouched(world, 4)


def test_suspended_here_before_is_told_to_the_endorser(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_SUSPENSION, **SUSPENSION)
    world.act(ONE, "C1", A.ENDORSE, note="同意")
    world.act(CHIEF, "C1", A.SUSPEND)
    with world.store.read.connect() as connection:
        nearby = application_measures.suspensions_nearby(
            connection, world.number, world.case("C1")["case_id"], world.case("C1"), AT - timedelta(days=90)
        )

    assert [(pause.case_no, pause.until, pause.reason) for pause in nearby] == [("C1", None, SUSPENSION["reason"])]


def test_a_dispatcher_turns_one_application_into_another(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    with pytest.raises(NotAllowed, match="只有派遣员"):
        world.act(UNIT, "C1", A.APPLY_SUSPENSION, **SUSPENSION, instead_of="extension")
    done = world.act(ONE, "C1", A.APPLY_SUSPENSION, **SUSPENSION, instead_of="extension")

    first, second = waiting(world)
    assert (first.kind, first.state, first.decided["reason"]) == (Kind.EXTENSION, State.REFUSED, "改为挂账申请")
    assert (second.kind, second.state, second.asked_version) == (Kind.SUSPENSION, State.ASKED, done.version)
    assert [event["action"] for event in world.events("C1")[5:]] == ["refuse_application", "apply_suspension"]


def test_an_appeal_leaves_the_facts_and_frees_the_score(world: World) -> None:
    with pytest.raises(Refusal, match="没有超期，也没有返工"):
        world.act(UNIT, "C1", A.APPEAL, reason="停电")
    world.clock.move(days=1)
    before = world.case("C1")
    world.act(UNIT, "C1", A.APPEAL, reason="全城停电")
    with pytest.raises(Refusal, match="已有一件申诉"):
        world.act(UNIT, "C1", A.APPEAL, reason="全城停电")
    world.act(ONE, "C1", A.ENDORSE, kind="appeal")
    world.act(CHIEF, "C1", A.EXEMPT)

    after = world.case("C1")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "changed_at", "exempted_at"}
    (work,) = world.rows("assignments", case_id=after["case_id"])
    assert work["exempted_at"] == world.clock.at
    assert last(world)[1]["unit"] == "u0"
    with pytest.raises(Refusal, match="已经同意"):
        world.act(UNIT, "C1", A.APPEAL, reason="全城停电")


def test_of_two_units_appeals_the_one_that_is_named_is_decided(world: World) -> None:
    world.act(ONE, "C1", A.CO_DISPATCH, way="pair", unit="u1", role="assist")
    world.clock.move(days=2)
    for who in (UNIT, OTHER):
        world.act(who, "C1", A.APPEAL, reason="全城停电")
    with pytest.raises(Refusal, match="几件申请待批"):
        world.act(ONE, "C1", A.ENDORSE, kind="appeal", unit="u2")
    for unit in ("u0", "u1"):
        world.act(ONE, "C1", A.ENDORSE, kind="appeal", unit=unit)
    with pytest.raises(Refusal, match="哪个单位"):
        world.act(CHIEF, "C1", A.EXEMPT)
    world.act(CHIEF, "C1", A.EXEMPT, unit="u1")

    assert [one.state for one in waiting(world)] == [State.ENDORSED, State.GRANTED]
    assert last(world)[1]["unit"] == "u1"


def test_a_new_unit_takes_the_ground_from_under_the_old_ones_application(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    reassign(world, "C1", "u1")

    with pytest.raises(Refusal, match="案件已改派"):
        world.act(ONE, "C1", A.ENDORSE, kind="extension")
    world.act(ONE, "C1", A.REFUSE_APPLICATION, kind="extension", reason="案件已改派")
    assert waiting(world)[0].state is State.REFUSED


def reassign(world: World, case_no: str, unit: str) -> None:
    """Straight into the log: how the desk reassigns is another test's."""
    case = world.case(case_no)
    due = (world.clock.at + timedelta(hours=4)).isoformat()
    event = NewEvent("reassign", world.clock.at, "dispatcher#1", {"unit": unit, "due": due, "soon": due})
    with world.store.write.begin() as connection:
        change_case(connection, world.number, case["case_id"], case["version"], {"unit_id": 2}, [event], world.clock.at)


def test_nobody_applies_for_a_case_that_is_not_with_a_unit(world: World) -> None:
    world.a_case("C2", until=A.REGISTER)

    with pytest.raises(IllegalTransition):
        world.act(ONE, "C2", A.APPLY_EXTENSION, **EXTENSION)
