"""Who is on a case: five minutes, renewed by activity, asked for and handed over."""

import pytest

from data_access.store import Store
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import Conflict, NotAllowed, NotFound
from services.dispatch.holds import Holding, HoldView
from tests.desks import AT, World, a_desk

ONE, OTHER = "派遣员01", "派遣员02"


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.a_case("C1")
    return world


def hold(world: World, name: str, what: Holding) -> HoldView | None:
    return world.desk.holds.do(world.people[name], "C1", what)


def beats(world: World) -> int:
    rows = world.rows("desk_beats")
    return int(rows[0]["version"]) if rows else 0


def test_opened_it_is_held_for_five_minutes(world: World) -> None:
    mine = hold(world, ONE, Holding.TAKE)
    assert mine is not None
    assert (mine.mine, mine.name, mine.since, mine.asked_by) == (True, ONE, AT, "")
    assert (mine.until - mine.since).total_seconds() == 300
    with pytest.raises(Conflict) as conflict:
        hold(world, OTHER, Holding.TAKE)
    assert conflict.value.held_by == ONE
    world.clock.move(minutes=5)
    theirs = hold(world, OTHER, Holding.TAKE)
    assert theirs is not None
    assert theirs.mine


def test_another_may_only_note(world: World) -> None:
    hold(world, ONE, Holding.TAKE)
    with pytest.raises(Conflict, match="正由别人办理") as conflict:
        world.act(OTHER, "C1", Action.URGE)
    assert conflict.value.held_by == ONE
    world.act(OTHER, "C1", Action.NOTE, text="我来补充")
    world.act("u0终端", "C1", Action.RECEIVE)
    world.act("领导01", "C1", Action.INSTRUCT, text="尽快", due="2026-05-20T12:00")
    world.act(ONE, "C1", Action.URGE)
    assert world.version("C1") == 8


def test_acting_renews_the_hold_and_a_renewal_beats_for_nobody(world: World) -> None:
    hold(world, ONE, Holding.TAKE)
    before = beats(world)
    world.clock.move(minutes=4)
    hold(world, ONE, Holding.RENEW)
    assert beats(world) == before
    world.clock.move(minutes=4)
    world.act(ONE, "C1", Action.URGE)
    world.clock.move(minutes=4)
    with pytest.raises(Conflict):
        world.act(OTHER, "C1", Action.URGE)
    world.clock.move(minutes=1)
    world.act(OTHER, "C1", Action.URGE)


def test_asked_for_and_handed_over_it_changes_hands_and_that_is_kept(world: World) -> None:
    hold(world, ONE, Holding.TAKE)
    with pytest.raises(Refusal, match="没有人申请接管"):
        hold(world, ONE, Holding.HAND_OVER)
    asked = hold(world, OTHER, Holding.ASK)
    assert asked is not None
    assert (asked.mine, asked.name, asked.asked_by, asked.asked_at) == (False, ONE, OTHER, AT)
    seen = hold(world, ONE, Holding.RENEW)
    assert seen is not None
    assert seen.asked_by == OTHER
    given = hold(world, ONE, Holding.HAND_OVER)
    assert given is not None
    assert (given.mine, given.name) == (False, OTHER)
    (entry,) = world.rows("audit")
    assert (entry["action"], entry["object"], entry["refused"]) == ("hold_taken_over", "C1", False)
    with pytest.raises(Refusal, match="已经不在您这里"):
        hold(world, ONE, Holding.HAND_OVER)


def test_released_it_is_anybodys(world: World) -> None:
    hold(world, ONE, Holding.TAKE)
    assert hold(world, OTHER, Holding.RELEASE) == HoldView(
        False, ONE, AT, AT.replace(minute=37), "", None
    )  # another's stays
    assert hold(world, ONE, Holding.RELEASE) is None
    taken = hold(world, OTHER, Holding.TAKE)
    assert taken is not None
    assert world.rows("audit") == []


def test_only_the_desk_holds_and_only_what_there_is(world: World) -> None:
    for name in ("u0终端", "领导01", "审计员01"):
        with pytest.raises(NotAllowed):
            hold(world, name, Holding.TAKE)
    with pytest.raises(NotFound):
        world.desk.holds.do(world.people[ONE], "X", Holding.TAKE)
    assert world.rows("case_holds") == []
