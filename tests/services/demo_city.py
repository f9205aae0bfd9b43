"""The demo city as its tests use it: few cases a day, a fixed clock, and reading back what was written."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config.cities import load_city
from config.settings import Settings
from data_access import directory, tables
from data_access.store import Store
from domain.city import City
from services.cartography.geography import Geography
from services.demo.founding import Numbers
from services.demo.history import ground
from services.demo.setting import Setting, make_setting

SEED = 20260519
TUESDAY = datetime(2026, 5, 19, 6, 32, 5, tzinfo=UTC)  # 14:32:05 in the city


def settings(**changes: Any) -> Settings:
    """A small demo: 12 cases a day, as many days as asked for."""
    chosen: dict[str, Any] = {"demo_cases_per_day": 12, "demo_history_days": 50, "data": Path("var"), **changes}
    return Settings(**chosen)


@cache
def city() -> City:
    return load_city("demo")


def geography() -> Geography:
    return ground(SEED)[0]


@cache
def setting(cases_per_day: int = 360) -> Setting:
    """A setting that needs no database: the lists are numbered in order."""
    shapes, places, work = ground(SEED)
    numbers = Numbers(
        1,
        {unit.key: n for n, unit in enumerate(city().units, 1)},
        {category.key: n for n, category in enumerate(work.categories, 1)},
        {key: n for n, (key, _, _) in enumerate(work.channels, 1)},
        {cell.key: n for n, cell in enumerate(shapes.cells, 1)},
        {street.key: n for n, (street, _, _) in enumerate(shapes.streets, 1)},
        {community.key: n for n, community in enumerate(shapes.communities, len(shapes.streets) + 1)},
    )
    return make_setting(city(), SEED, cases_per_day, work, places, numbers)


def contents(store: Store) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]]:
    """Everything stored of the demo's cases by number: columns, assignments, events.

    Without the numbers given by the database and without the time of writing, which may differ.
    """
    own = {"city_id", "case_id", "recorded_at"}
    with store.picture() as connection:
        number = directory.city_number(connection, "demo")
        rows: dict[int, tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]] = {}
        for row in connection.execute(select(tables.cases).where(tables.cases.c.city_id == number)).mappings():
            rows[row["case_id"]] = ({k: v for k, v in row.items() if k not in own}, [], [])
        for place, table in ((1, tables.assignments), (2, tables.case_events)):
            keys = list(table.primary_key.columns)
            for row in connection.execute(select(table).order_by(*keys)).mappings():
                part: list[dict[str, Any]] = rows[row["case_id"]][place]  # type: ignore[assignment]
                part.append({k: v for k, v in row.items() if k not in own})
    return {case["case_no"]: (case, work, events) for case, work, events in rows.values()}
