"""Small random worlds of cases: coarse times, so that every boundary is hit often."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from data_access import directory, tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.store import Store

START = datetime(2026, 5, 1, tzinfo=UTC)
UNITS, STREETS, GRIDS = 4, 3, 9


@dataclass(frozen=True)
class World:
    city_number: int
    cases: list[dict[str, Any]]
    assignments: list[dict[str, Any]]


def a_world(store: Store, seed: int, size: int = 120, city: str = "random") -> World:
    """A city with `size` cases over about two weeks, stored; the rows come back as they were written."""
    random = Random(seed)
    with store.write.begin() as connection:
        number = directory.ensure_city(connection, city, "Asia/Shanghai", demo=False)
        write_lists(connection, number)
        made = [_case(random, n) for n in range(size)]
        new = [NewCase(case, [NewEvent("report", case["reported_at"], "source")], work) for case, work in made]
        ids = insert_cases(connection, number, new, START)
    assignments = [{**row, "case_id": case_id} for case_id, (_, work) in zip(ids, made, strict=True) for row in work]
    return World(number, [{**case, "case_id": i} for i, (case, _) in zip(ids, made, strict=True)], assignments)


def write_lists(connection: Any, number: int) -> None:
    units = [
        {"key": f"u{n}", "name": f"单位{n}", "short_name": f"单位{n}", "unit_class": "12"[n % 2]} for n in range(UNITS)
    ]
    streets = [
        {"key": f"s{n}", "name": f"街道{n}", "short_name": f"街道{n}", "level": "street"} for n in range(STREETS)
    ]
    shape = '{"type":"Polygon","coordinates":[[[120,31],[120.1,31],[120.1,31.1],[120,31]]]}'
    grids = [{"key": f"g{n}", "street_id": n % STREETS + 1, "geometry": shape, "area_m2": 1.0} for n in range(GRIDS)]
    directory.ensure_rows(connection, tables.units, number, units)
    directory.ensure_rows(connection, tables.areas, number, streets)
    directory.ensure_rows(connection, tables.grids, number, grids)
    directory.ensure_rows(connection, tables.channels, number, [{"key": "c1", "name": "热线"}])
    directory.ensure_rows(connection, tables.categories, number, [{"key": "k1", "name": "暴露垃圾", "kind": "event"}])


def _case(random: Random, n: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    def later(moment: datetime | None, chance: float, hours: int) -> datetime | None:
        if moment is None or random.random() > chance:
            return None
        return moment + timedelta(hours=random.randrange(hours))

    reported = START + timedelta(hours=random.randrange(14 * 24))
    registered = later(reported, 0.95, 5)
    dispatched = later(registered, 0.9, 4)
    handled = later(dispatched, 0.8, 60)
    closed = later(handled, 0.85, 30)
    marks = 1 if random.random() < 0.04 else 0
    if marks and closed:
        closed = reported - timedelta(hours=1)
    due = later(dispatched, 0.9, 70)
    suspended = later(dispatched, 0.08, 40) if closed is None else None
    voided = later(registered, 0.05, 40) if closed is None else None
    grid = random.choice([None, *range(1, GRIDS + 1)])
    row = {
        "category_id": random.choice([None, 1]), "channel_id": 1,
        "unit_id": random.randrange(1, UNITS + 1) if dispatched else None,
        "grid_id": grid, "street_id": (grid - 1) % STREETS + 1 if grid else None,
        "reported_at": reported, "registered_at": registered, "dispatched_at": dispatched, "received_at": None,
        "handled_at": handled, "closed_at": closed, "suspended_at": suspended, "voided_at": voided,
        "due_at": due, "effective_due_at": due, "due_soon_at": due - timedelta(hours=3) if due else None,
        "rework_count": int(random.random() < 0.1), "return_count": int(random.random() < 0.1),
        "extension_count": int(random.random() < 0.1), "extension_asks": int(n % 7 == 0),
        "marks": marks, "exempted_at": None,
    }  # fmt: skip
    return {**row, "case_no": f"N{n:04}", "source": "test", "stage": "reported"}, _assignments(random, row)


def _assignments(random: Random, row: dict[str, Any]) -> list[dict[str, Any]]:
    if row["unit_id"] is None:
        return []
    lead = {**row, "role": "lead", "ended_at": row["closed_at"], "end_reason": "closed" if row["closed_at"] else None}
    others = []
    if random.random() < 0.2:
        reason = random.choice(["reassigned", "returned", "dispatcher_error"])
        ended = row["dispatched_at"] + timedelta(hours=2)
        blank = {"handled_at": None, "closed_at": None}
        others.append({**row, **blank, "unit_id": 1, "role": "lead", "ended_at": ended, "end_reason": reason})
    if random.random() < 0.2:
        others.append({**lead, "unit_id": 2, "role": random.choice(["assist", "informed"])})
    return [lead, *others]
