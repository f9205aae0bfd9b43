"""A suspension past its review goes on by itself; before, it is reminded of once."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.calendars import working_time
from data_access.store import Store
from domain.life_cycle import Action
from services.reviews import PASSED, Reviewed, Reviews
from tests.desks import World, a_desk
from tests.services.test_applications import CHIEF, ONE, SUSPENSION, UNIT

A = Action
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING = Reviewed((), ())


@pytest.fixture
def world(store: Store) -> World:
    """C1 is suspended from Tuesday 19 May 14:32 with 3:28 left; its review is on 18 June, a Thursday."""
    world = a_desk(store)
    world.a_case("C1")
    suspended(world, "2026-06-18")
    return world


def suspended(world: World, review: str) -> None:
    world.act(UNIT, "C1", A.APPLY_SUSPENSION, **{**SUSPENSION, "review": review})
    world.act(ONE, "C1", A.ENDORSE, note="同意")
    world.act(CHIEF, "C1", A.SUSPEND)


def reviews(world: World) -> Reviews:
    return Reviews(world.store, world.city, world.number, world.clock, working_time(world.city))


def at(world: World, day: str, clock: str = "08:00") -> Reviewed:
    world.clock.at = datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=SHANGHAI)
    return reviews(world).run()


def test_it_is_reminded_of_three_days_before_and_once(world: World) -> None:
    owed = len(world.rows("outbox"))

    assert at(world, "06-14", "23:59") == NOTHING
    assert at(world, "06-15", "00:00") == Reviewed(("C1",), ())
    assert at(world, "06-15", "00:01") == NOTHING
    told = world.rows("outbox")[owed:]
    assert [row["recipient"] for row in told] == ["post:duty_chief", "unit:u0"]
    assert "2026-06-18 复核" in told[0]["text"]


def test_the_clock_goes_on_by_itself_when_the_day_has_passed(world: World) -> None:
    assert at(world, "06-18", "23:59").resumed == ()
    assert at(world, "06-19", "00:00").resumed == ("C1",)
    assert at(world, "06-19", "00:01") == NOTHING

    case, last = world.case("C1"), world.events("C1")[-1]
    assert (last["action"], last["actor"], json.loads(last["body"])["note"]) == ("resume", "system", PASSED)
    assert (case["stage"], case["suspended_at"], case["version"]) == ("received", None, last["version"])
    # 19 June is Dragon Boat Festival: 3:28 of working time are left from Monday 22 June, 08:00.
    assert case["effective_due_at"] == datetime(2026, 6, 22, 11, 28, tzinfo=SHANGHAI)


def test_a_review_in_time_sets_a_new_day(world: World) -> None:
    at(world, "06-17")
    suspended(world, "2026-08-20")

    assert at(world, "06-19") == NOTHING
    assert (world.case("C1")["stage"], world.case("C1")["suspension_count"]) == ("suspended", 1)
    assert at(world, "08-17") == Reviewed(("C1",), ())
    assert at(world, "08-21").resumed == ("C1",)


def test_what_was_resumed_or_declared_void_is_left_alone(world: World) -> None:
    world.act(CHIEF, "C1", A.VOID, reason="重复立案")

    assert at(world, "07-01") == NOTHING
    world.act(CHIEF, "C1", A.RESTORE, reason="并非重复")
    world.act(CHIEF, "C1", A.RESUME)
    assert at(world, "07-02") == NOTHING
