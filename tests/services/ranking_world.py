"""A random city to be ranked, with what rankings meet besides cases: areas, appeals, units without cases or class."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from data_access import directory, tables
from data_access.store import Store
from domain.city import City
from services.rankings.rankings import Rankings
from tests.recount import recount
from tests.worlds import GRIDS, START, UNITS, World, a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 14, 10, 30, tzinfo=SHANGHAI)
LATER = datetime(2026, 6, 20, 9, 0, tzinfo=SHANGHAI)
CITY = City(
    id="random",
    name="任意市",
    title="任意市",
    zone=SHANGHAI,
    unit_classes={"1": "一类单位", "2": "二类单位"},
    wall_unit_class="1",
    score="demo",
    scores=("suning", "demo", "demo-streets", "demo-watch"),
    heat_breaks={"open": (1, 2, 3, 5, 8)},
)
FREED = ("returned", "dispatcher_error")
CLASS_OF = {f"u{n}": "12"[n % 2] for n in range(UNITS)} | {"idle": "1", "stray": None}
Rows = list[dict[str, Any]]


def a_ranked_world(store: Store, seed: int, size: int = 600) -> World:
    """Cases of `a_world`; every 40th assignment is exempted; two communities and two collectors' areas."""
    world = a_world(store, seed, size)
    extra = [
        {"key": key, "name": f"{key}单位", "short_name": key, "unit_class": CLASS_OF[key]} for key in ("idle", "stray")
    ]
    with store.write.begin() as connection:
        directory.ensure_rows(connection, tables.units, world.city_number, extra)
        for level in ("community", "patrol"):
            areas = [{"key": f"{level}{n}", "name": f"{level}{n}", "short_name": "短", "level": level} for n in (1, 2)]
            made = directory.ensure_rows(connection, tables.areas, world.city_number, areas)
            for n, number in enumerate(made.values() if isinstance(made, dict) else made):
                _divide(connection, world, level, n, number)
        for n, row in enumerate(world.assignments):
            if n % 40 == 0:
                row["exempted_at"] = START + timedelta(days=6)
                same = [tables.assignments.c[name] == row[name] for name in ("case_id", "unit_id", "role")]
                connection.execute(
                    update(tables.assignments)
                    .where(tables.assignments.c.city_id == world.city_number, *same)
                    .values(exempted_at=row["exempted_at"])
                )
    return world


def _divide(connection: Any, world: World, level: str, n: int, number: int) -> None:
    """Every second grid, and the cases in it, to each of the two areas of a level; grid 9 belongs to none."""
    mine = [grid for grid in range(1, GRIDS) if grid % 2 == n]
    column = "community_id" if level == "community" else "patrol_area_id"
    grids, cases = tables.grids, tables.cases
    inside = grids.c.city_id == world.city_number, grids.c.grid_id.in_(mine)
    connection.execute(update(grids).where(*inside).values({column: number}))
    if level == "community":
        here = cases.c.city_id == world.city_number, cases.c.grid_id.in_(mine)
        connection.execute(update(cases).where(*here).values(community_id=number))


def rankings(store: Store, world: World, now: datetime = NOW, city: City = CITY) -> Rankings:
    return Rankings(store, city, world.city_number, lambda: now)


def of_unit(world: World, key: str) -> Rows:
    """The assignments a unit answers for, the raw rows."""
    number = int(key[1:]) + 1 if key in CLASS_OF and key.startswith("u") else -1
    return [
        row
        for row in world.assignments
        if row["unit_id"] == number and row["role"] != "informed" and row["end_reason"] not in FREED
    ]


def in_area(world: World, key: str) -> Rows:
    """The cases of a street, community, collector's area or grid."""
    if key.startswith("g"):
        grids = [int(key[1:]) + 1]
    elif key.startswith("s"):
        grids = [grid for grid in range(1, GRIDS + 1) if (grid - 1) % 3 == int(key[1:])]
    else:
        grids = [grid for grid in range(1, GRIDS) if grid % 2 == int(key[-1]) - 1]
    return [row for row in world.cases if row["grid_id"] in grids]


def scored(rows: Iterable[dict[str, Any]], as_of: datetime) -> Rows:
    """The rows no accepted appeal has taken out of the score."""
    return [row for row in rows if row["exempted_at"] is None or row["exempted_at"] > as_of]


def counted(rows: Rows, start: datetime, end: datetime, as_of: datetime, cohort: bool = False) -> dict[str, int]:
    return recount(rows, start, end, as_of, cohort=cohort)


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SHANGHAI)
