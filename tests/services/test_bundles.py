"""The week's applications on paper: once each, per unit, numbered, as they stood; and safely printed."""

import threading
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from data_access.store import Store
from domain.documents import StoredDocument
from domain.life_cycle import Action
from domain.people import Person
from domain.refusals import Refusal
from layouts.papers.bundle import bundle
from layouts.papers.registry import papers
from services.bundles import Bundles
from services.documents import Documents
from tests.desks import World, a_desk
from tests.services.test_applications import EXTENSION, ONE, SUSPENSION

A = Action
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W21"  # 18 to 24 May; the clock stands at Tuesday 14:32


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.cases(["C1", "C2"])
    world.a_case("C3", unit="u1")
    world.act(ONE, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(ONE, "C2", A.APPLY_SUSPENSION, **SUSPENSION)
    world.act(ONE, "C3", A.APPLY_EXTENSION, **{**EXTENSION, "reason": "<script>alert(1)</script>", "signed": False})
    return world


def bundles(world: World, *, used: bool = True) -> Bundles:
    return Bundles(world.store, replace(world.city, paper_applications=used), world.number, world.clock)


def person(world: World) -> Person:
    return world.people[ONE]


def test_each_unit_has_one_sheet_and_each_application_is_on_one(world: World) -> None:
    desk = bundles(world)
    week = desk.week(WEEK)
    before = desk.of(week)
    world.act(ONE, "C1", A.ENDORSE, note="同意")

    assert [(sheet.unit, len(sheet.rows), sheet.number) for sheet in before.waiting] == [
        ("单位0", 2, ""), ("单位1", 1, ""),
    ]  # fmt: skip
    assert (desk.make(person(world), week), desk.make(person(world), week)) == (2, 0)

    after = desk.of(week)
    assert after.waiting == ()
    assert [(sheet.unit, sheet.number) for _own, sheet in after.made] == [
        ("单位0", "澜申〔2026〕1 号"), ("单位1", "澜申〔2026〕2 号"),
    ]  # fmt: skip
    assert after.made[0][1].period == "2026年5月18日至5月24日"
    first, second = after.made[0][1].rows
    assert (first.asked, first.decision) == ("延期申请，2 工作时，5月19日 14:32 申请", "待审签，5月19日 14:32")
    assert (second.asked, second.decision) == (
        "挂账申请，施工条件不具备，复核 2026-06-18，5月19日 14:32 申请", "待初审",
    )  # fmt: skip
    assert {row["paper_at"] for row in world.rows("applications")} == {world.clock.at}
    assert [row["action"] for row in world.rows("audit")] == ["bundle_made"]


def test_a_sheet_stays_as_it_was_and_what_came_later_is_on_the_next(world: World) -> None:
    desk = bundles(world)
    desk.make(person(world), desk.week(WEEK))
    made = desk.of(desk.week(WEEK)).made
    world.clock.at = datetime(2026, 5, 22, 17, 30, tzinfo=SHANGHAI)  # Friday, after the sheets
    world.a_case("C4", began=datetime(2026, 5, 22, 16, 0, tzinfo=SHANGHAI))
    world.act(ONE, "C4", A.APPLY_EXTENSION, **EXTENSION)
    world.clock.at = datetime(2026, 5, 29, 10, 0, tzinfo=SHANGHAI)

    assert [row.case_no for sheet in desk.of(desk.week("2026-W22")).waiting for row in sheet.rows] == ["C4"]
    assert desk.make(person(world), desk.week("")) == 1  # the week that runs: it takes along what was left
    assert desk.of(desk.week(WEEK)).made == made
    assert [sheet.number for _own, sheet in desk.of(desk.week("2026-W22")).made] == ["澜申〔2026〕3 号"]


def test_two_who_press_at_once_make_one_bundle(world: World) -> None:
    desk, counts = bundles(world), list[int]()
    week = desk.week(WEEK)
    threads = [threading.Thread(target=lambda: counts.append(desk.make(person(world), week))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(counts) == [0, 2]
    assert len(world.rows("documents")) == 2


def test_a_script_in_a_reason_is_printed_as_its_letters(world: World) -> None:
    desk = bundles(world)
    desk.make(person(world), desk.week(WEEK))
    own = desk.of(desk.week(WEEK)).made[1][0]

    found = Documents(world.store, world.city, world.number, world.clock).read(person(world), own)
    (paper,) = papers(found)

    assert isinstance(found, StoredDocument)
    assert paper == bundle(desk.of(desk.week(WEEK)).made[1][1])
    assert "<script>" not in paper
    assert "&lt;script&gt;" in paper
    assert "未签字" in paper


@pytest.mark.parametrize("text", ["2026-W60", "21", "2026-21", "x" * 50])
def test_a_week_that_is_none_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refusal, match="这一周"):
        bundles(world).week(text)


def test_a_city_without_paper_has_no_bundle(world: World) -> None:
    with pytest.raises(Refusal, match="不补交纸质申请"):
        bundles(world, used=False).week(WEEK)


def test_a_frozen_replay_numbers_nothing(world: World) -> None:
    frozen = Bundles(world.store, replace(world.city, paper_applications=True), world.number, world.clock, frozen=True)
    with pytest.raises(Refusal, match="回放"):
        frozen.make(person(world), frozen.week(WEEK))
    assert world.rows("documents") == []
