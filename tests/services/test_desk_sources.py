"""Cases of other systems at the desk, and importing them again: neither side's events are lost (DECISIONS 24)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access.frozen import FrozenReader
from data_access.history import earlier
from data_access.store import Store
from domain.events import CHAIN_START, chain
from domain.life_cycle import Action
from domain.replay import state
from tests.desks import Clock, World, a_desk
from tests.services.import_files import CITY, NOW, a_file, a_row, imported
from tests.services.test_replay import CLOSED, SETTLED, Log

A = Action
ONE, CHIEF = "派遣员01", "值班长01"
HANDED_OVER = {"责任单位": "园林处", "小类": "店外经营"}


def a_city(store: Store, writable: bool) -> World:
    return a_desk(store, Clock(NOW), lambda _source: writable, CITY)


def bring(world: World, folder: Path, **changes: str) -> Any:
    """The source's row of the case, as it says it now."""
    world.clock.move(minutes=1)
    return imported(world.store, a_file(folder, a_row(**changes)))


def actions(world: World) -> list[str]:
    return [event["action"] for event in world.events("A1")]


def assert_whole(world: World) -> None:
    """The chain holds, versions have no gaps, and the replay is the row."""
    previous = CHAIN_START
    for version, event in enumerate(world.events("A1"), 1):
        assert event["version"] == version
        previous = chain(previous, version, event["action"], event["at"], event["actor"], event["body"])
        assert event["hash"] == previous
    assert world.version("A1") == len(world.events("A1"))
    log = Log(world.store, CITY.id)
    assert [wrong for case in log.cases if (wrong := log.wrong(case, {*SETTLED, "changed_at"}))] == []


def test_what_the_desk_may_do_is_done_here_and_what_it_may_not_goes_to_the_source(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=False)
    bring(world, tmp_path)
    assert world.act(ONE, "A1", A.URGE, text="请抓紧").version == 2
    done = world.act(ONE, "A1", A.RETURN, reason="不属本单位")

    assert (done.version, done.notices) == (3, 1)
    assert done.sentence == "已转来源系统 generic 办理：回退；本系统的环节不变"
    note = world.events("A1")[-1]
    assert note["action"] == "note"
    assert json.loads(note["body"])["passed_on"][0]["action"] == "return"
    assert [(row["kind"], row["recipient"]) for row in world.rows("outbox")] == [
        ("urge", "unit:环卫处"), ("pass_on", "source:generic")
    ]  # fmt: skip
    assert world.case("A1")["stage"] == "dispatched"
    assert_whole(world)


def test_a_notice_is_met_when_the_source_says_that_the_case_is_handled(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=False)
    bring(world, tmp_path)
    due = f"{CITY.local(NOW + timedelta(hours=1)):%Y-%m-%dT%H:%M}"
    world.act(CHIEF, "A1", A.SUPERVISE, cause="danger", due=due, demands="立即到场处置", exposure=True)
    bring(world, tmp_path, **{"小类": "店外经营"})
    assert [row["met_at"] for row in world.rows("supervisions")] == [None]

    handled = f"{CITY.local(NOW):%Y-%m-%d %H:%M}"
    bring(world, tmp_path, **{"处置时间": handled})
    assert [f"{CITY.local(row['met_at']):%Y-%m-%d %H:%M}" for row in world.rows("supervisions")] == [handled]


def test_importing_again_after_the_desks_work_keeps_both_sides(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=False)
    bring(world, tmp_path)
    world.act(ONE, "A1", A.CLAIM, alert="overdue", note="已联系")
    world.act(ONE, "A1", A.URGE)
    assert bring(world, tmp_path, **HANDED_OVER).updated == 1
    world.act(ONE, "A1", A.NOTE, text="已换单位")
    assert bring(world, tmp_path, **HANDED_OVER).unchanged == 1
    assert bring(world, tmp_path, **(HANDED_OVER | CLOSED)).updated == 1
    world.act(ONE, "A1", A.NOTE, text="来源已结案")

    assert actions(world) == ["imported", "claim", "urge", "source_updated", "note", "source_updated", "note"]
    assert world.case("A1")["stage"] == "closed"
    assert len(world.rows("acknowledgements")) == 1
    assert_whole(world)


def test_the_past_of_a_case_that_its_source_has_closed_since_can_be_told(store: Store, tmp_path: Path) -> None:
    """An urge stands in the log before the row that closes the case: the order of versions is not that of the times."""
    world = a_city(store, writable=False)
    bring(world, tmp_path)
    urged = world.act(ONE, "A1", A.URGE).at
    bring(world, tmp_path, **CLOSED)
    with FrozenReader(store, world.number, urged).picture():
        pass
    with store.picture() as connection:
        there = earlier(connection, world.number, urged - timedelta(seconds=1))
    assert there is not None
    assert [row["stage"] for row in there.cases] == ["closed"]  # by the source's times it was, by then


def test_a_case_that_was_moved_here_is_ours_to_move(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=True)
    bring(world, tmp_path)
    world.act(ONE, "A1", A.RECEIVE)
    world.act(ONE, "A1", A.HANDLE, text="已清运")
    report = bring(world, tmp_path, 小类="店外经营", 责任单位="园林处", 截止时间="2026-05-09 10:00")
    before = world.case("A1")
    again = bring(world, tmp_path, 小类="店外经营", 责任单位="园林处", 截止时间="2026-05-09 10:00")

    assert (report.updated, report.kept_local, again.unchanged) == (1, 7, 1)
    said = json.loads(world.events("A1")[-1]["body"])
    assert set(said["kept_here"]) == {
        "unit_id", "due_at", "effective_due_at", "due_soon_at", "stage", "received_at", "handled_at"
    }  # fmt: skip
    assert "category_id" in said["changes"]
    assert (before["stage"], before["received_at"] is not None) == ("handled", True)
    assert before["effective_due_at"] < NOW - timedelta(days=25)
    assert_whole(world)

    bring(world, tmp_path, **CLOSED)
    world.act("受理员01", "A1", A.RECHECK_FAIL, reason="仍有残留")
    world.act(ONE, "A1", A.RETURN, reason="不属本单位")
    assert world.case("A1")["stage"] == "returned"
    assert actions(world)[-3:] == ["source_updated", "recheck_fail", "return"]
    assert_whole(world)


def test_the_limit_of_a_source_runs_on_after_a_reassignment(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=True)
    bring(world, tmp_path, 时限="4", 时限单位="urgent_hours")
    bring(world, tmp_path, 责任单位="园林处", 案件号="A2")
    world.act(ONE, "A1", A.REASSIGN, unit="园林处", reason="duty_changed", note="职责调整")
    started, due = world.clock.at, world.case("A1")["effective_due_at"]
    assert due == started + timedelta(hours=4)

    world.clock.move(hours=1)
    world.act(CHIEF, "A1", A.VOID, reason="重复")
    world.clock.move(hours=2)
    world.act(CHIEF, "A1", A.RESTORE, reason="并非重复")
    assert world.case("A1")["effective_due_at"] == due + timedelta(hours=2)
    assert_whole(world)


def test_a_source_that_stops_naming_the_case_closed_loses_nothing(store: Store, tmp_path: Path) -> None:
    world = a_city(store, writable=True)
    bring(world, tmp_path)
    world.act(ONE, "A1", A.RECEIVE)
    bring(world, tmp_path, **CLOSED)
    bring(world, tmp_path)

    assert actions(world) == ["imported", "receive", "source_updated", "source_updated"]
    assert world.case("A1")["stage"] == "received"
    log = Log(store, CITY.id)
    there = state(log.events[log.cases[0]["case_id"]], NOW - timedelta(days=1))
    assert there is not None
    assert there.case["stage"] == "dispatched"
    assert_whole(world)


@pytest.mark.parametrize("writable", [False, True])
def test_an_unchanged_file_writes_nothing(store: Store, tmp_path: Path, writable: bool) -> None:
    world = a_city(store, writable)
    bring(world, tmp_path)
    world.act(ONE, "A1", A.RECEIVE)
    before = world.events("A1")
    assert bring(world, tmp_path).unchanged == 1
    assert world.events("A1") == before
    assert world.desk.act(world.people[CHIEF], world.command("A1", A.NOTE, 2, text="在")).version == 3
