"""The desk through midnight of the year's end, into a year whose holidays nobody knows yet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callbacks.http.sheets import SHEETS
from config.calendars import working_time
from config.texts import load_texts
from data_access.store import Store
from domain.life_cycle import Action
from domain.people import Post
from domain.queue import Filters, Tab
from domain.refusals import Refusal
from layouts.sheets.blocks import plain
from services.desk_view import DeskView
from services.entry.desk import EntryDesk
from services.entry.filing import Filing
from services.entry.paper import Entries
from services.live import LivePicture
from services.sealing import Sealer
from services.sheets.parts import SheetParts
from services.verifying import verifier_of
from tests.desks import Clock, World, a_desk

A = Action
ONE, CHIEF, UNIT = "派遣员01", "值班长01", "u0终端"
EVE = datetime(2026, 12, 31, 15, 59, 50, tzinfo=UTC)  # ten seconds before 2027 in the city
NOTICE: dict[str, Any] = {"cause": "overdue", "due": "2027-01-01T12:00", "demands": "立即到场。", "exposure": True}
CALL = {"channel": "c1", "called_at": "23:59", "category": "k1", "condition": "1", "unit": "u1", "place": "学府街",
        "spot": "120.09,31.05", "description": "井盖挪开一道缝。", "reporter": ""}  # fmt: skip


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store, Clock(EVE))
    world.cases(["C1", "C2"], A.RECEIVE, began=EVE - timedelta(hours=9))
    return world


def entry(world: World) -> EntryDesk:
    return EntryDesk(
        world.desk, Filing(Entries(world.store, world.city, world.number, world.clock, world.desk.working))
    )


def test_numbers_begin_anew_with_the_citys_year_and_day(world: World) -> None:
    desk, person = entry(world), world.people[ONE]
    moved: dict[str, Any] = {"unit": "u1", "reason": "dispatcher_error", "note": "该路段为单位1养护"}
    world.act(ONE, "C1", A.REASSIGN, **moved)
    last = desk.press(person, "report_and_dispatch", "key-eve-1", CALL)
    world.clock.move(seconds=20)
    world.act(ONE, "C2", A.REASSIGN, **moved)
    first = desk.press(person, "report_and_dispatch", "key-new-1", {**CALL, "called_at": "00:00"})

    assert [row["number"] for row in world.rows("documents")] == ["澜移〔2026〕1 号", "澜移〔2027〕1 号"]
    assert (last.case_no, first.case_no) == ("20261231-D0001", "20270101-D0001")
    assert [world.case(number)["due_provisional"] for number in ("C2", first.case_no)] == [True, True]


def test_a_notice_into_a_year_without_calendar_is_refused_in_words(world: World) -> None:
    with pytest.raises(Refusal, match="这一年的工作日历还没有公布"):
        world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    assert (world.version("C1"), world.rows("supervisions"), world.rows("counters")) == (5, [], [])


def test_every_sheet_opens_on_both_sides_of_midnight(world: World) -> None:
    for _ in range(2):
        parts = SheetParts(world.store, world.city, world.number, world.clock, working_time(world.city))
        drawn = 0
        for sheet in SHEETS.values():
            for person in world.people.values():
                if not person.posts & sheet.posts or Post.AUDIT_ADMIN in person.posts:
                    continue
                try:
                    view = sheet.render(sheet.prepare(parts, person, "C1", {}), load_texts("zh"))
                except Refusal:
                    continue  # not this person's, or nothing waits: said in words
                plain(view)
                drawn += 1
        assert drawn >= 20, drawn
        world.clock.move(seconds=20)


def test_queue_and_case_are_read_in_the_new_year(world: World) -> None:
    live = LivePicture(world.store, world.number, "live", world.clock)
    view = DeskView(world.store, world.city, world.number, live, world.clock, load_texts("zh"))
    person = world.people[ONE]
    for moved in (0, 20, 12 * 3600):
        world.clock.move(seconds=moved)
        world.act(ONE, "C1", A.NOTE, text=f"又过 {moved} 秒")
        queue = view.queue(person, Filters(tab=Tab.ALL))[1]
        case = view.case(person, "C1")[1]
        rows = {row["case_no"]: row for group in queue["groups"] for row in group["rows"]}
        assert rows["C1"]["clock"]["label"] == case["clock"]["label"]
        assert case["log"][0]["what"].endswith(f"又过 {moved} 秒")
    assert case["log"][2]["at"].startswith("2026-12-31")  # another year's times carry their year


def test_the_last_day_is_sealed_in_the_new_year_and_holds(world: World) -> None:
    world.act(ONE, "C1", A.URGE, text="请抓紧")
    world.clock.move(seconds=20)
    world.act(ONE, "C2", A.URGE, text="请抓紧")
    world.clock.move(hours=2)

    assert Sealer(world.store, world.city, world.number, world.clock).seal()[-1] == date(2026, 12, 31)
    assert list(verifier_of(world.store, world.city).findings()) == []


def test_a_hold_and_a_click_live_through_midnight(world: World) -> None:
    command = world.command("C1", A.URGE, world.version("C1"), text="请抓紧")
    first = world.desk.act(world.people[ONE], command)
    world.clock.move(seconds=20)

    assert world.desk.act(world.people[ONE], command) == replace(first, repeated=True)
    assert [event["action"] for event in world.events("C1")].count("urge") == 1
