"""What figures are asked by, and narrowed to: a column of the row itself, or what its unit, grid or case knows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, select

from data_access import tables

DIMENSIONS = ("city", "unit", "street", "community", "patrol", "grid", "class", "category", "channel")
KEY_COLUMN = {
    "unit": "unit_id",
    "street": "street_id",
    "community": "community_id",  # of the case; an assignment does not repeat it
    "grid": "grid_id",
    "category": "category_id",
    "channel": "channel_id",
}
OF_ITS_UNIT_OR_GRID = {
    "class": (tables.units, "unit_id", "unit_class"),
    "patrol": (tables.grids, "grid_id", "patrol_area_id"),
}


def key_column(table: Table, dimension: str) -> ColumnElement[Any]:
    """What a question over the table is grouped by; `joined` brings its table in."""
    if dimension == "city":
        return func.coalesce(None, None)
    if dimension in OF_ITS_UNIT_OR_GRID:
        known_by, _, column = OF_ITS_UNIT_OR_GRID[dimension]
        return known_by.c[column]
    column = KEY_COLUMN[dimension]
    return table.c[column] if column in table.c else tables.cases.c[column]


def joined(question: Select[Any], table: Table, dimension: str) -> Select[Any]:
    """The question with the table that knows the dimension beside it."""
    if dimension in OF_ITS_UNIT_OR_GRID:
        other, column, _ = OF_ITS_UNIT_OR_GRID[dimension]
        same = and_(other.c.city_id == table.c.city_id, other.c[column] == table.c[column])
        return question.join_from(table, other, same, isouter=dimension == "patrol")
    if dimension != "city" and KEY_COLUMN[dimension] not in table.c:
        cases = tables.cases
        same = and_(cases.c.city_id == table.c.city_id, cases.c.case_id == table.c.case_id)
        return question.join_from(table, cases, same)
    return question


def belongs_to(table: Table, city_id: int, dimension: str, number: int) -> ColumnElement[bool]:
    """The rows of one entry of a dimension."""
    if dimension == "patrol":
        grids = tables.grids.c
        inside = select(grids.grid_id).where(grids.city_id == city_id, grids.patrol_area_id == number)
        return table.c.grid_id.in_(inside)
    if KEY_COLUMN[dimension] in table.c:
        return table.c[KEY_COLUMN[dimension]] == number
    cases = tables.cases.c
    return table.c.case_id.in_(
        select(cases.case_id).where(cases.city_id == city_id, cases[KEY_COLUMN[dimension]] == number)
    )


def unit_classes(connection: Connection, city_id: int) -> dict[int, str | None]:
    """Unit number → class key."""
    c = tables.units.c
    rows = connection.execute(select(c.unit_id, c.unit_class).where(c.city_id == city_id))
    return {number: unit_class for number, unit_class in rows}


def patrol_areas(connection: Connection, city_id: int) -> dict[int, int | None]:
    """Grid number → number of its 责任网格."""
    c = tables.grids.c
    rows = connection.execute(select(c.grid_id, c.patrol_area_id).where(c.city_id == city_id))
    return {grid: area for grid, area in rows}


def names_of(connection: Connection, city_id: int, dimension: str) -> dict[Any, tuple[str, str]]:
    """Number → (key, name) of one of the city's lists."""
    if dimension == "city":
        return {}
    table = LISTS.get(dimension, tables.areas)
    number = table.c.area_id if table is tables.areas else table.c[KEY_COLUMN[dimension]]
    question = select(number, table.c.key, func.coalesce(table.c.name, table.c.key)).where(table.c.city_id == city_id)
    if table is tables.areas:
        question = question.where(table.c.level == dimension)
    return {row[0]: (row[1], row[2]) for row in connection.execute(question)}


LISTS: Mapping[str, Table] = {
    "unit": tables.units, "grid": tables.grids, "category": tables.categories, "channel": tables.channels,
}  # fmt: skip
