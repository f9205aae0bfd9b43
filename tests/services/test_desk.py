"""The desk's transaction on both databases: what is written, what is refused, and that it happens once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from data_access.store import Store
from domain.life_cycle import Action, IllegalTransition
from domain.refusals import Refusal
from services.dispatch.commands import Command, Conflict, Down, NotAllowed, NotFound
from services.dispatch.desk import Desk
from tests.desks import AT, World, a_desk

A = Action
ONE, OTHER = "派遣员01", "派遣员02"


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


def test_an_act_is_an_event_a_version_a_notice_and_a_beat(world: World) -> None:
    world.a_case("C1")
    done = world.act(ONE, "C1", A.URGE, text="请抓紧", feedback_by="2026-05-19T16:00")

    assert (done.case_no, done.action, done.version, done.at) == ("C1", A.URGE, 5, AT)
    assert (done.notices, done.document, done.repeated) == (1, None, False)
    case, last = world.case("C1"), world.events("C1")[-1]
    assert (case["version"], case["changed_at"], case["stage"]) == (5, AT, "dispatched")
    assert (last["version"], last["action"], last["actor"], last["at"]) == (5, "urge", "dispatcher#1", AT)
    assert json.loads(last["body"]) == {
        "unit": "u0", "text": "请抓紧", "feedback_by": "2026-05-19T08:00:00+00:00"
    }  # fmt: skip
    (notice,) = world.rows("outbox")
    assert (notice["recipient"], notice["state"], notice["case_id"]) == ("unit:u0", "owed", case["case_id"])
    assert "请抓紧（5月19日 16:00 前反馈）" in notice["text"]
    assert world.rows("desk_beats")[0]["version"] == 1


def test_the_same_click_twice_is_answered_once(world: World) -> None:
    world.a_case("C1")
    command = world.command("C1", A.URGE, 4, text="请抓紧")
    person = world.people[ONE]
    first, second = world.desk.act(person, command), world.desk.act(person, command)
    later = world.desk.act(person, Command("C1", A.URGE, command.key, first.version, command.fields))

    assert second == later != first
    assert (second.repeated, second.version, second.at, second.sentence) == (True, 5, AT, first.sentence)
    assert len(world.events("C1")) == 5
    assert len(world.rows("outbox")) == 1
    assert world.rows("desk_beats")[0]["version"] == 1


@pytest.mark.parametrize("changes", [{"case_no": "C2"}, {"action": A.NOTE}, {"fields": {"text": "别的"}}])
def test_a_key_for_something_else_is_refused(world: World, changes: dict[str, Any]) -> None:
    world.cases(["C1", "C2"])
    command = world.command("C1", A.URGE, 4, text="请抓紧")
    world.desk.act(world.people[ONE], command)

    with pytest.raises(Refusal, match="已经用于另一个操作"):
        world.desk.act(world.people[ONE], Command(**{**command.__dict__, **changes}))
    assert len(world.events("C2")) == 4


def test_another_persons_same_key_is_another_click(world: World) -> None:
    world.a_case("C1")
    command = world.command("C1", A.NOTE, 4, text="已联系")
    world.desk.act(world.people[ONE], command)
    world.desk.act(world.people[OTHER], Command("C1", A.NOTE, command.key, 5, command.fields))

    assert [event["actor"] for event in world.events("C1")[4:]] == ["dispatcher#1", "dispatcher#2"]


def test_the_loser_is_told_who_and_when_and_what_differs(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.URGE, text="请抓紧")
    world.clock.move(seconds=7)
    with pytest.raises(Conflict) as conflict:
        world.act(OTHER, "C1", A.URGE, version=4, text="再催一次")

    refusal = conflict.value
    assert refusal.version == 5
    (winner,) = refusal.winners
    assert (winner.name, winner.post, winner.action, winner.at) == (ONE, "派遣员", A.URGE, AT)
    assert winner.sentence == "14:32:00 派遣员01 催办：请抓紧"
    (change,) = refusal.changes
    assert (change.label, change.theirs, change.mine) == ("内容", "请抓紧", "再催一次")
    assert "派遣员01先一步催办" in refusal.what
    assert len(world.events("C1")) == 5
    assert len(world.rows("outbox")) == 1


def test_the_loser_sees_what_became_of_the_case(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.RECEIVE)
    with pytest.raises(Conflict) as conflict:
        world.act(OTHER, "C1", A.RECEIVE, version=4)

    assert [(c.label, c.theirs, c.mine) for c in conflict.value.changes] == [("环节", "已签收", "已派遣")]


def test_a_stage_that_does_not_allow_it_is_said(world: World) -> None:
    world.a_case("C1", A.RECEIVE)
    with pytest.raises(IllegalTransition, match="这个环节不能“签收”"):
        world.act(ONE, "C1", A.RECEIVE)
    assert world.version("C1") == 5


def test_unknown_cases_and_posts_are_refused_and_the_latter_kept(world: World) -> None:
    world.a_case("C1")
    with pytest.raises(NotFound, match="没有这个案件"):
        world.desk.act(world.people[ONE], world.command("X", A.URGE, 1))
    for name in ("领导01", "审计员01", "u0终端"):
        with pytest.raises(NotAllowed, match="您的岗位不能“催办”"):
            world.act(name, "C1", A.URGE)
    kept = world.rows("audit")
    assert [(entry["action"], entry["refused"], entry["object"]) for entry in kept] == [
        ("desk_refused", True, "C1")
    ] * 3
    assert world.version("C1") == 4


def test_a_unit_acts_on_its_own_cases_only(world: World) -> None:
    world.cases(["C1", "C2"])
    with pytest.raises(NotAllowed, match="不是本单位的案件"):
        world.act("u1终端", "C1", A.RECEIVE)
    assert world.act("u0终端", "C1", A.RECEIVE).version == 5


def test_a_unit_that_assists_does_not_act_for_the_one_that_leads(world: World) -> None:
    world.a_case("C1", A.REGISTER)
    world.act(ONE, "C1", A.DISPATCH, unit="u0", assist=["u1"])
    with pytest.raises(NotAllowed, match="只有主办单位可以“签收”"):
        world.act("u1终端", "C1", A.RECEIVE)
    assert world.act("u1终端", "C1", A.NOTE, text="已到场协助").version == 5


def test_bad_keys_and_long_texts_change_nothing(world: World) -> None:
    world.a_case("C1")
    person = world.people[ONE]
    for key in ("short", "x" * 65, "with space-1", "引号-12345678"):
        with pytest.raises(Refusal, match="操作编号不合规定"):
            world.desk.act(person, Command("C1", A.URGE, key, 4))
    for text in ("长" * 10_000, "长" * 501):
        with pytest.raises(Refusal, match=f"文字有 {len(text):,} 字"):
            world.act(ONE, "C1", A.NOTE, text=text)
    with pytest.raises(Refusal, match="太长"):
        world.act(ONE, "C1", A.NOTE, text="好", photos=["x" * 400] * 60)
    assert world.version("C1") == 4
    assert world.rows("desk_beats") == []


def test_script_in_a_note_is_text(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.NOTE, text="<script>alert(1)</script>\x00\u0007 e\u0301")

    assert json.loads(world.events("C1")[-1]["body"]) == {"text": "<script>alert(1)</script> é"}


def test_a_replay_changes_nothing(world: World) -> None:
    world.a_case("C1")
    frozen = Desk(world.store, world.city, world.number, world.clock, None, frozen=True)
    with pytest.raises(Down, match="回放中不能办理"):
        frozen.act(world.people[ONE], world.command("C1", A.NOTE, 4, text="一"))


def test_an_act_never_happens_before_the_last_one(world: World) -> None:
    """Two machines' clocks differ; the log's order is that of its versions."""
    world.a_case("C1")
    world.act(ONE, "C1", A.RECEIVE)
    world.clock.move(minutes=-3)
    done = world.act(ONE, "C1", A.HANDLE, text="已修复")

    assert done.at == AT
    last = world.events("C1")[-1]
    assert (last["at"], last["recorded_at"]) == (AT, AT - timedelta(minutes=3))
    assert world.case("C1")["stage"] == "handled"
