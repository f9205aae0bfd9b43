"""What is weighed before a case goes to another unit, on both databases: against the same figures counted by hand."""

from datetime import datetime, timedelta

import pytest

from data_access import unit_work
from data_access.store import Store
from domain.indicator_options import IndicatorOptions
from domain.life_cycle import Action
from domain.window import Window
from tests.desks import AT, World, a_desk

A = Action
OPTIONS = IndicatorOptions()
ONE, UNIT = "派遣员01", "u0终端"


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.cases(["C1", "C2"], A.RECEIVE)  # received after 20 minutes, due 16:45
    world.cases(["C3"], A.DISPATCH)
    world.cases(["D1", "D2"], A.CLOSE, unit="u1", began=AT - timedelta(hours=5))
    return world


def month(now: datetime) -> Window:
    return Window(AT - timedelta(days=18), AT + timedelta(days=12), now)


def test_how_a_unit_works(world: World) -> None:
    units = {row["key"]: row["unit_id"] for row in world.rows("units")}
    late = AT + timedelta(hours=3)
    with world.store.read.connect() as connection:
        soon = unit_work.unit_work(connection, world.number, month(AT), AT + timedelta(hours=2))
        later = unit_work.unit_work(connection, world.number, month(late), late + timedelta(hours=2))
        within = unit_work.unit_work(connection, world.number, month(AT), AT + timedelta(hours=3))

    assert (soon[units["u0"]].due_within, within[units["u0"]].due_within) == (0, 3)  # due in 2 h 13 min
    assert soon[units["u0"]].receive_minutes == 20
    assert soon[units["u0"]].oldest_due is None
    assert later[units["u0"]].oldest_due == AT + timedelta(hours=2, minutes=13)
    assert soon[units["u1"]].receive_minutes == 20
    assert units["u2"] not in soon


def test_who_had_such_cases_lately(world: World) -> None:
    category = world.case("C1")["category_id"]
    with world.store.read.connect() as connection:
        assert unit_work.closed_by_unit(connection, world.number, category, AT - timedelta(days=90)) == {"u1": 2}
        assert unit_work.closed_by_unit(connection, world.number, category, AT) == {}
        assert unit_work.closed_by_unit(connection, world.number, None, AT - timedelta(days=90)) == {}


def test_how_well_the_desk_dispatches_and_what_one_case_is_of_it(world: World) -> None:
    window, first = month(AT), world.case("C1")["case_id"]
    with world.store.read.connect() as connection:
        counts = unit_work.dispatch_counts(connection, world.number, window, OPTIONS)
        mine = unit_work.dispatch_counts_of(connection, world.number, window, OPTIONS, first)
    assert (counts.dispatched_accurately, counts.dispatch_due) == (5, 5)
    assert (mine.dispatched_accurately, mine.dispatch_due) == (1, 1)

    world.act(ONE, "C1", A.REASSIGN, unit="u1", reason="duty_changed", note="移交")
    with world.store.read.connect() as connection:
        counts = unit_work.dispatch_counts(connection, world.number, window, OPTIONS)
        mine = unit_work.dispatch_counts_of(connection, world.number, window, OPTIONS, first)
    assert (counts.dispatched_accurately, counts.dispatch_due) == (4, 5)
    assert (mine.dispatched_accurately, mine.dispatch_due) == (0, 1)


def test_a_freed_units_return_rate_is_what_the_sheet_foretold(world: World) -> None:
    unit = world.case("C1")["unit_id"]
    world.act(UNIT, "C1", A.RETURN, reason="不是我们的")
    with world.store.read.connect() as connection:
        before = unit_work.return_counts(connection, world.number, month(AT), OPTIONS, unit, None)
        mine = unit_work.return_counts(connection, world.number, month(AT), OPTIONS, unit, world.case("C1")["case_id"])
    assert (before.dispatched_returned, before.dispatched) == (1, 3)
    assert (mine.dispatched_returned, mine.dispatched) == (1, 1)

    world.act("值班长01", "C1", A.UPHOLD_RETURN, decision="dispatcher_error", unit="u1", note="确为派遣错误")
    with world.store.read.connect() as connection:
        after = unit_work.return_counts(connection, world.number, month(AT), OPTIONS, unit, None)
    assert (after.dispatched_returned, after.dispatched) == (0, 2)


def test_a_shift_begins_with_the_last_hand_over(world: World) -> None:
    with world.store.read.connect() as connection:
        assert unit_work.shift_since(connection, world.number, AT - timedelta(days=1)) is None
