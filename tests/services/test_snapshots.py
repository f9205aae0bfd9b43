"""A snapshot equals an independent recount of the rows it was read from, and its parts add up."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data_access.store import Store
from domain.city import City
from domain.figures import figures_of
from domain.snapshot import Snapshot
from services.snapshots import QuestionFailed, SnapshotReader
from tests.recount import recount
from tests.worlds import START, World, a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLASSES = {"0": "零类", "1": "一类"}
CITY = City(id="random", name="任意市", title="任意市", zone=SHANGHAI, score="suning", unit_classes=CLASSES)
FREED = ("returned", "dispatcher_error")
MOMENTS = {
    "in the afternoon": datetime(2026, 5, 9, 14, 32, 5, tzinfo=SHANGHAI),
    "at midnight": datetime(2026, 5, 10, 0, 0, 0, tzinfo=SHANGHAI),
    "just after midnight": datetime(2026, 5, 10, 0, 0, 1, tzinfo=SHANGHAI),
    "at the month's first second": datetime(2026, 6, 1, 0, 0, 0, tzinfo=SHANGHAI),
    "before anything": START - timedelta(days=3),
}


def read(store: Store, world: World, as_of: datetime) -> Snapshot:
    with store.picture() as connection:
        return SnapshotReader(CITY, world.city_number).read(connection, as_of)


def local_midnight(as_of: datetime) -> datetime:
    return as_of.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def today(rows: list[dict[str, Any]], as_of: datetime) -> dict[str, int]:
    start = local_midnight(as_of)
    return recount(rows, start, start + timedelta(days=1), as_of)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("seed", [11, 12])
def test_city_figures_equal_the_recount(store: Store, seed: int, moment: str) -> None:
    world, as_of = a_world(store, seed), MOMENTS[moment]

    snapshot = read(store, world, as_of)

    counts = today(world.cases, as_of)
    yesterday = local_midnight(as_of) - timedelta(days=1)
    before = recount(world.cases, yesterday, yesterday + timedelta(days=1), as_of - timedelta(days=1))
    for flow in ("reported", "registered", "dispatched", "handled", "closed"):
        assert (snapshot.flows[flow].today, snapshot.flows[flow].yesterday) == (counts[flow], before[flow])
    assert (snapshot.open, snapshot.overdue_open, snapshot.suspended) == (
        counts["open"], counts["overdue_open"], counts["suspended"],
    )  # fmt: skip
    month = local_midnight(as_of).replace(day=1)
    monthly = recount(world.cases, month, (month + timedelta(days=32)).replace(day=1), as_of)
    assert snapshot.on_time.numerator == monthly["on_time"]
    assert snapshot.on_time.denominator == monthly["closure_due"] - monthly["closure_due_without_deadline"]
    fresh = [c for c in overdue_cases(world, as_of) if c["effective_due_at"] >= as_of - timedelta(minutes=15)]
    assert snapshot.new_overdue == len(fresh) == len(snapshot.alerts)


def overdue_cases(world: World, as_of: datetime) -> list[dict[str, Any]]:
    start = local_midnight(as_of)
    return [c for c in world.cases if recount([c], start, start + timedelta(days=1), as_of)["overdue_open"]]


@pytest.mark.parametrize("moment", ["in the afternoon", "at midnight"])
def test_parts_add_up_to_the_whole(store: Store, moment: str) -> None:
    world, as_of = a_world(store, 13), MOMENTS[moment]

    snapshot = read(store, world, as_of)

    registered = snapshot.flows["registered"].today
    assert sum(snapshot.grid_heat["registered_today"]) + snapshot.no_position_today == registered
    nowhere = today([c for c in world.cases if c["grid_id"] is None], as_of)
    assert sum(snapshot.grid_heat["open"]) + nowhere["open"] == snapshot.open
    assert sum(snapshot.grid_heat["overdue_open"]) + nowhere["overdue_open"] == snapshot.overdue_open
    assert sum(c.count for c in snapshot.categories) == registered
    assert sum(c.count for c in snapshot.channels) == snapshot.flows["reported"].today


def test_hours_are_the_last_24_full_ones_and_equal_the_recount(store: Store) -> None:
    world, as_of = a_world(store, 14), MOMENTS["in the afternoon"]

    hours = read(store, world, as_of).hours

    assert len(hours) == 24
    assert hours[-1].start + timedelta(hours=1) == as_of.replace(minute=0, second=0)
    for flow in ("registered", "closed"):
        by_hour = Counter(
            c[f"{flow}_at"].replace(minute=0, second=0)
            for c in world.cases
            if c[f"{flow}_at"] and c[f"{flow}_at"] <= as_of
        )
        assert [getattr(hour, flow) for hour in hours] == [by_hour[hour.start] for hour in hours]


def test_unit_rows_count_assignments_and_rank_inside_their_class(store: Store) -> None:
    world, as_of = a_world(store, 15), MOMENTS["in the afternoon"]

    units = read(store, world, as_of).units

    month = local_midnight(as_of).replace(day=1)
    for unit in units:
        number = int(unit.key[1:]) + 1
        own = [a for a in world.assignments if a["unit_id"] == number]
        mine = [a for a in own if a["role"] != "informed" and a["end_reason"] not in FREED]
        counts = recount(mine, month, (month + timedelta(days=32)).replace(day=1), as_of)
        assert (unit.closed, unit.closure_due, unit.on_time.numerator) == (
            counts["closed"], counts["closure_due"], counts["on_time"],
        )  # fmt: skip
        now = today(mine, as_of)
        assert (unit.overdue_open, unit.closed_today, unit.closure_due_today) == (
            now["overdue_open"], now["closed"], now["closure_due"],
        )  # fmt: skip
        soon = [
            a for a in mine
            if a["due_soon_at"] and a["due_soon_at"] <= as_of <= a["effective_due_at"] and today([a], as_of)["open"]
        ]  # fmt: skip
        assert unit.due_soon == len(soon)
    ranked = [unit for unit in units if unit.rank is not None]
    assert all(unit.closure_due > 0 for unit in ranked)
    assert {unit.key for unit in units} == {"u0", "u1", "u2", "u3"}


def test_every_figure_has_an_address_and_json_can_carry_it(store: Store) -> None:
    snapshot = read(store, a_world(store, 16), MOMENTS["in the afternoon"])

    figures = figures_of(snapshot, SHANGHAI)

    assert figures["city/-/open/now"].value == snapshot.open
    assert "hour/2026-05-09T13:00:00+08:00/closed" in figures
    assert figures["city/-/on_time_closure_rate/month"].as_json()["denominator"] == snapshot.on_time.denominator
    assert figures["unit/u1/closed/month"].value == next(u.closed for u in snapshot.units if u.key == "u1")
    assert sum(address.startswith("grid/") for address in figures) == 9 * 3
    assert json.loads(json.dumps({address: figure.as_json() for address, figure in figures.items()}))


def test_a_failed_question_is_named(store: Store) -> None:
    world = a_world(store, 17, size=5)
    with store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")

    with pytest.raises(QuestionFailed, match="监控点读取失败"):
        read(store, world, MOMENTS["in the afternoon"])
