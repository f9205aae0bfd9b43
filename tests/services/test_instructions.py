"""领导批示 on both databases: an event, a deadline of its own, and word to the duty chief and the unit."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from config.texts import load_texts
from data_access.store import Store
from domain.life_cycle import Action
from domain.refusals import Refusal
from layouts.sheets import instruct as sheet
from layouts.sheets.blocks import plain
from layouts.sheets.fields import Moment
from services.dispatch.commands import NotAllowed, NotFound
from services.instructions import paper
from tests.desks import AT, World, a_desk

LEADER = "领导01"


@pytest.fixture
def world(store: Store) -> World:
    made = a_desk(store)
    made.a_case("C1", road="学府街", address="学府街 114 号", description="住户王某来电")
    return made


def test_it_enters_the_queue_with_its_own_deadline_and_leaves_the_cases(world: World) -> None:
    before = world.case("C1")
    done = world.act(LEADER, "C1", Action.INSTRUCT, text="今天办结", due="2026-05-19T18:00")

    due = datetime(2026, 5, 19, 10, 0, tzinfo=UTC)
    (row,) = world.rows("supervisions")
    assert (row["kind"], row["due_at"], row["issued_at"], row["met_at"]) == ("instruction", due, AT, None)
    assert (row["number"], row["exposure"], row["issued_by"]) == (None, False, world.people[LEADER].user_id)
    event = world.events("C1")[-1]
    assert (event["action"], event["actor"]) == ("instruct", f"leader#{world.people[LEADER].user_id}")
    assert json.loads(event["body"]) == {"text": "今天办结", "due": due.isoformat()}
    after = world.case("C1")
    assert (after["effective_due_at"], after["stage"]) == (before["effective_due_at"], before["stage"])
    assert [(n["recipient"], n["urgent"]) for n in world.rows("outbox")] == [
        ("post:duty_chief", True),
        ("unit:u0", True),
    ]
    assert (done.sentence, done.notices) == ("已批示案件 C1，5月19日 18:00 前办结", 2)


def test_it_is_met_when_the_unit_has_handled_the_case(world: World) -> None:
    world.act(LEADER, "C1", Action.INSTRUCT, text="今天办结", due="2026-05-19T18:00")
    world.clock.move(minutes=30)
    world.act("u0终端", "C1", Action.HANDLE, text="已修复")
    assert world.rows("supervisions")[0]["met_at"] == AT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"due": "2026-05-19T18:00"}, "没有写批示内容"),
        ({"text": "  \x00 ", "due": "2026-05-19T18:00"}, "没有写批示内容"),
        ({"text": "办", "due": ""}, "看不懂这个期限"),
        ({"text": "办", "due": "明天"}, "看不懂这个期限"),
        ({"text": "办", "due": "2026-05-19T14:00"}, "批示期限已经过去"),
        ({"text": "办", "due": "2026-12-01T12:00"}, "批示期限超过九十天"),
        ({"text": "办", "due": "2031-01-05T12:00"}, "工作日历还没有公布"),
        ({"text": "办" * 10_000, "due": "2026-05-19T18:00"}, "10,000 字"),
        ({"text": "办" * 400, "due": "2026-05-19T18:00"}, "超过 300 字"),
    ],
)
def test_bad_words_or_deadlines_are_said_and_change_nothing(world: World, fields: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal) as refused:
        world.desk.act(world.people[LEADER], world.command("C1", Action.INSTRUCT, 4, **fields))
    assert said in refused.value.what
    assert world.version("C1") == 4
    assert not world.rows("supervisions") + world.rows("outbox")


@pytest.mark.parametrize("name", ["派遣员01", "值班长01", "u0终端", "审计员01"])
def test_only_leaders_instruct(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        world.act(name, "C1", Action.INSTRUCT, text="办", due="2026-05-19T18:00")
    assert not world.rows("supervisions")


def test_a_script_in_the_words_is_kept_as_its_letters(world: World) -> None:
    world.act(LEADER, "C1", Action.INSTRUCT, text="<script>alert(1)</script>", due="2026-05-19T18:00")
    assert json.loads(world.events("C1")[-1]["body"])["text"] == "<script>alert(1)</script>"


def test_the_sheet_shows_street_and_road_but_no_house_and_no_person(world: World) -> None:
    found = paper(world.store, world.city, world.number, AT, world.desk.working, "C1", {})
    view = sheet.render(found, load_texts("zh"))

    words = json.dumps(plain(view), ensure_ascii=False)
    assert "街道1，学府街" in words
    assert "114" not in words
    assert "王某" not in words
    assert (view.case_no, view.version, view.action, view.size) == ("C1", 4, "instruct", "work")
    assert view.buttons[0].why_not == "请写下批示内容"
    moment = next(block for block in view.left if isinstance(block, Moment))
    assert (moment.value, moment.error) == ("2026-05-19T16:00", "")


def test_the_sheet_says_what_is_wrong_with_the_deadline_and_what_was_said_before(world: World) -> None:
    world.act(LEADER, "C1", Action.INSTRUCT, text="今天办结", due="2026-05-19T18:00")
    fields = {"text": "办", "due": "2031-01-05T12:00"}
    found = paper(world.store, world.city, world.number, AT, world.desk.working, "C1", fields)
    view = sheet.render(found, load_texts("zh"))
    assert view.buttons[0].why_not == "这一年的工作日历还没有公布"
    assert "今日 18:00 前办结，办理中" in json.dumps(plain(view), ensure_ascii=False)
    with pytest.raises(NotFound):
        paper(world.store, world.city, world.number, AT, world.desk.working, "C9", {})
