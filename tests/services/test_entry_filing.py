"""The quick entry's three buttons on both databases: one transaction each, exactly once, nothing half-written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from data_access.store import Store
from domain.events import CHAIN_START, chain
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import Conflict, NotAllowed
from services.dispatch.holds import Holding
from services.entry.desk import EntryDesk
from services.entry.filing import Filing
from services.entry.paper import Entries
from tests.desks import AT, World, a_desk

ONE, REGISTRAR = "派遣员01", "受理员01"
FIELDS = {
    "channel": "c1", "called_at": "14:30", "category": "k1", "condition": "1", "unit": "u1",
    "place": "学府街北环路口东", "spot": "120.09,31.05", "description": "来电称路边井盖挪开一道缝。",
    "reporter": "来电人 13800138000",
}  # fmt: skip


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


@pytest.fixture
def entry(world: World) -> EntryDesk:
    entries = Entries(world.store, world.city, world.number, world.clock, world.desk.working)
    return EntryDesk(world.desk, Filing(entries))


def told(world: World, case_no: str) -> list[tuple[str, str]]:
    return [(event["action"], event["actor"]) for event in world.events(case_no)]


def nothing_written(world: World) -> bool:
    return not [row for name in ("cases", "case_events", "outbox", "reporters", "idempotency_keys", "desk_beats")
                for row in world.rows(name)]  # fmt: skip


def test_a_phoned_in_case_is_reported_accepted_filed_and_dispatched_in_one_act(world: World, entry: EntryDesk) -> None:
    done = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", FIELDS)

    assert (done.version, done.notices, done.sentence) == (4, 1, "已立案并派遣单位1，时限 05-20 08:32")
    steps = ("report", "accept", "register", "dispatch")
    assert told(world, done.case_no) == [(step, "dispatcher#1") for step in steps]
    case = world.case(done.case_no)
    due = datetime(2026, 5, 20, 0, 32, tzinfo=UTC)  # 4 work hours from 14:32: 18:00, then 08:00 to 08:32
    assert (case["stage"], case["source"], case["effective_due_at"], case["due_at"]) == (
        "dispatched",
        "gridwall",
        due,
        due,
    )
    assert (case["limit_value"], case["limit_unit"], case["address"]) == (4, "work_hours", "学府街北环路口东")
    assert (case["lon"], case["lat"], case["description"]) == (120.09, 31.05, FIELDS["description"])
    assert case["grid_id"] is not None
    assert case["street_id"] is not None
    (work,) = world.rows("assignments")
    assert (work["role"], work["effective_due_at"], work["grid_id"]) == ("lead", due, case["grid_id"])
    (notice,) = world.rows("outbox")
    assert (notice["recipient"], notice["kind"]) == ("unit:u1", "dispatch")


def test_its_events_are_chained_and_name_no_caller(world: World, entry: EntryDesk) -> None:
    done = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", FIELDS)

    previous = CHAIN_START
    for event in world.events(done.case_no):
        previous = chain(previous, event["version"], event["action"], event["at"], event["actor"], event["body"])
        assert previous == event["hash"]
    written = json.dumps(
        [{k: str(v) for k, v in row.items()} for name in ("cases", "case_events", "outbox", "assignments")
         for row in world.rows(name)], ensure_ascii=False,
    )  # fmt: skip
    assert "13800138000" not in written
    (caller,) = world.rows("reporters")
    assert (caller["name"], caller["phone"], caller["version"]) == ("来电人", "13800138000", 1)


def test_a_case_that_is_only_reported_waits_for_the_duty_chief(world: World, entry: EntryDesk) -> None:
    fields = {**FIELDS, "condition": "", "unit": ""}
    done = entry.press(world.people[REGISTRAR], "report_only", "key-entry-1", fields)

    assert told(world, done.case_no) == [("report", "registrar#4")]
    case = world.case(done.case_no)
    assert (case["stage"], case["unit_id"], case["effective_due_at"]) == ("reported", None, None)
    assert not world.rows("outbox")
    world.act("值班长01", done.case_no, Action.REGISTER, limit="4 work_hours")
    world.act(ONE, done.case_no, Action.DISPATCH, unit="u1")
    assert world.case(done.case_no)["stage"] == "dispatched"


def test_a_registrar_does_not_dispatch_and_a_unit_enters_nothing(world: World, entry: EntryDesk) -> None:
    for name, button in (
        (REGISTRAR, "report_and_dispatch"),
        ("u0终端", "report_only"),
        ("领导01", "report_only"),
        ("值班长01", "report_only"),
    ):
        with pytest.raises(NotAllowed):
            entry.press(world.people[name], button, "key-entry-1", FIELDS)
    assert not world.rows("cases")
    tried = [(row["action"], row["actor"], row["refused"]) for row in world.rows("audit")]
    assert tried == [("desk_refused", actor, True) for actor in ("unit_user#7", "leader#6", "duty_chief#3")]


def test_the_same_click_twice_is_one_case_and_the_other_button_another_request(world: World, entry: EntryDesk) -> None:
    first = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", FIELDS)
    world.clock.move(minutes=1)
    second = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", FIELDS)
    assert (second.case_no, second.repeated) == (first.case_no, True)
    with pytest.raises(Refusal, match="已经用于另一个操作"):
        entry.press(world.people[ONE], "report_only", "key-entry-1", FIELDS)
    assert len(world.rows("cases")) == 1


def test_numbers_are_given_in_order_and_are_the_desks_own(world: World, entry: EntryDesk) -> None:
    numbers = [entry.press(world.people[ONE], "report_only", f"key-entry-{n}", FIELDS).case_no for n in range(3)]
    assert numbers == ["20260519-D0001", "20260519-D0002", "20260519-D0003"]


BAD: Mapping[str, tuple[dict[str, Any], str]] = {
    "no class": ({"category": ""}, "还缺：问题类别"),
    "unknown class": ({"category": "k9"}, "还缺：问题类别"),
    "no condition": ({"condition": ""}, "还缺：立案条件"),
    "no place": ({"place": "", "spot": ""}, "还缺：位置"),
    "no words": ({"description": " "}, "还缺：问题描述"),
    "unknown unit": ({"unit": "u9"}, "还缺：派遣单位"),
    "unknown channel": ({"channel": "telepathy"}, "没有这个来源"),
    "a telephone number": ({"description": "请回电 138-0013-8000"}, "像是电话或证件号码"),
    "ten thousand characters": ({"description": "坏" * 10_000}, "10,000 字"),
    "four hundred characters": ({"description": "坏" * 400}, "最多 300 字"),
    "a call of the future": ({"called_at": "20:00"}, "将来"),
    "no position": ({"spot": "abc"}, "不是经纬度"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_gets_a_sentence_and_changes_nothing(world: World, entry: EntryDesk, bad: str) -> None:
    changes, said = BAD[bad]
    with pytest.raises(Refusal) as refused:
        entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", {**FIELDS, **changes})
    assert said in refused.value.what
    assert nothing_written(world)


def test_a_script_in_the_words_is_kept_as_its_letters(world: World, entry: EntryDesk) -> None:
    words = "<script>alert(1)</script>"
    done = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", {**FIELDS, "description": words})
    assert world.case(done.case_no)["description"] == words


def test_if_the_caller_cannot_be_kept_there_is_no_case(
    world: World, entry: EntryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr("services.entry.filing.entry.add_reporter", broken)
    with pytest.raises(Refusal, match="没有写入任何数据"):
        entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", FIELDS)
    assert nothing_written(world)


def test_one_more_report_is_added_to_the_known_case_and_leaves_its_clock(world: World, entry: EntryDesk) -> None:
    world.a_case("C1")
    due = world.case("C1")["effective_due_at"]
    done = entry.press(world.people[ONE], "into:C1:4", "key-entry-1", FIELDS)

    assert (done.case_no, done.version, done.sentence) == ("C1", 5, "已并入 C1，第 2 次上报；时限不变")
    assert json.loads(world.events("C1")[-1]["body"]) == {
        "channel": "c1", "description": FIELDS["description"], "address": FIELDS["place"],
    }  # fmt: skip
    assert world.case("C1")["effective_due_at"] == due
    assert len(world.rows("cases")) == 1
    (caller,) = world.rows("reporters")
    assert (caller["version"], caller["phone"]) == (5, "13800138000")
    assert [notice["recipient"] for notice in world.rows("outbox")] == ["unit:u0"]
    again = entry.press(world.people[REGISTRAR], "into:C1:5", "key-entry-2", {"description": "又来电"})
    assert again.sentence.startswith("已并入 C1，第 3 次上报")


def test_adding_to_a_case_that_has_moved_on_is_a_conflict(world: World, entry: EntryDesk) -> None:
    world.a_case("C1")
    world.act("派遣员02", "C1", Action.URGE)
    with pytest.raises(Conflict) as conflict:
        entry.press(world.people[ONE], "into:C1:4", "key-entry-1", FIELDS)
    assert [winner.name for winner in conflict.value.winners] == ["派遣员02"]
    assert world.version("C1") == 5
    assert not world.rows("reporters")


def test_a_case_somebody_is_on_still_takes_one_more_report(world: World, entry: EntryDesk) -> None:
    world.a_case("C1")
    world.desk.holds.do(world.people["派遣员02"], "C1", Holding.TAKE)
    assert entry.press(world.people[ONE], "into:C1:4", "key-entry-1", FIELDS).version == 5


@pytest.mark.parametrize("button", ["into", "into:C1", "into:C1:x", "void", "", "into:C1:99999999999999999999"])
def test_an_unknown_button_is_refused(world: World, entry: EntryDesk, button: str) -> None:
    with pytest.raises(Refusal, match="没有这个按钮"):
        entry.press(world.people[ONE], button, "key-entry-1", FIELDS)


def test_a_limit_into_a_year_without_calendar_is_dispatched_as_provisional(world: World, entry: EntryDesk) -> None:
    world.clock.move(days=226)  # the last day of the year
    fields = {**FIELDS, "called_at": "", "condition": "5"}
    done = entry.press(world.people[ONE], "report_and_dispatch", "key-entry-1", fields)
    case = world.case(done.case_no)
    assert case["due_provisional"] is True
    assert case["effective_due_at"] > AT + timedelta(days=226)
    assert "时限暂定" in world.rows("outbox")[0]["text"]
