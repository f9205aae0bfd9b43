"""What the quick entry asks the store: classes, places by name, cases nearby, and who usually does such work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, case, func, insert, or_, select

from data_access import tables
from data_access.desk_tables import reporters
from data_access.directory import add_rows

MOST_NEARBY = 400  # cases of ten days around one place: more would be a list of its own


class CategoryRow(NamedTuple):
    key: str
    kind: str | None
    major_code: str | None
    minor_code: str | None
    name: str


class GridRow(NamedTuple):
    grid_id: int
    key: str
    name: str | None
    street_id: int | None
    community_id: int | None


class AreaRow(NamedTuple):
    area_id: int
    key: str
    name: str
    short_name: str
    level: str
    parent_id: int | None
    label: tuple[float, float] | None


def categories(connection: Connection, city_id: int) -> list[CategoryRow]:
    c = tables.categories.c
    question = select(c.key, c.kind, c.major_code, c.minor_code, c.name).where(c.city_id == city_id)
    return [CategoryRow(*row) for row in connection.execute(question.order_by(c.category_id))]


def grids(connection: Connection, city_id: int) -> list[GridRow]:
    c = tables.grids.c
    question = select(c.grid_id, c.key, c.name, c.street_id, c.community_id).where(c.city_id == city_id)
    return [GridRow(*row) for row in connection.execute(question.order_by(c.grid_id))]


def areas(connection: Connection, city_id: int) -> list[AreaRow]:
    """Streets and communities."""
    c = tables.areas.c
    question = select(c.area_id, c.key, c.name, c.short_name, c.level, c.parent_id, c.label_lon, c.label_lat)
    rows = connection.execute(question.where(c.city_id == city_id, c.level.in_(("street", "community"))))
    return [AreaRow(*row[:6], None if row[6] is None or row[7] is None else (row[6], row[7])) for row in rows]


def roads(connection: Connection, city_id: int) -> list[tuple[str, str]]:
    """(name, geometry text) of the roads that have a name."""
    c = tables.map_features.c
    question = select(c.name, c.geometry).where(c.city_id == city_id, c.kind == "road", c.name.is_not(None))
    return [(name, geometry) for name, geometry in connection.execute(question.order_by(c.feature_id))]


def nearby(
    connection: Connection, city_id: int, since: datetime, grid_id: int | None, box: Sequence[float] | None
) -> list[Row[Any]]:
    """The cases reported since then in this grid or in this box (west, south, east, north), the newest first.

    Cases declared void are left out: somebody has looked and found that they are none.
    """
    c, kind = tables.cases.c, tables.categories.c
    places = [c.grid_id == grid_id] if grid_id is not None else []
    if box is not None:
        west, south, east, north = box
        places.append(c.lon.between(west, east) & c.lat.between(south, north))
    if not places:
        return []
    question = (
        select(
            c.case_no, c.version, c.source, c.stage, c.reported_at, c.effective_due_at, c.closed_at, c.handled_at,
            c.grid_id, c.unit_id, c.lon, c.lat, kind.key.label("category"), kind.name.label("category_name"),
            kind.kind, kind.major_code,
        )
        .join_from(tables.cases, tables.categories,
                   (kind.city_id == c.city_id) & (kind.category_id == c.category_id))
        .where(c.city_id == city_id, c.reported_at >= since, c.voided_at.is_(None), or_(*places))
        .order_by(c.reported_at.desc(), c.case_id.desc())
        .limit(MOST_NEARBY)
    )  # fmt: skip
    return list(connection.execute(question))


def handlers(
    connection: Connection, city_id: int, category: str, street: str | None, since: datetime
) -> list[tuple[str, int, int]]:
    """(unit key, cases of this class registered since then, of them in this street), the most first."""
    c, kind, unit, area = tables.cases.c, tables.categories.c, tables.units.c, tables.areas.c
    category_id = select(kind.category_id).where(kind.city_id == city_id, kind.key == category).scalar_subquery()
    here = select(area.area_id).where(area.city_id == city_id, area.level == "street", area.key == street)
    counted, there = func.count(), func.sum(case((c.street_id == here.scalar_subquery(), 1), else_=0))
    question = (
        select(unit.key, counted, there)
        .join_from(tables.cases, tables.units, (unit.city_id == c.city_id) & (unit.unit_id == c.unit_id))
        .where(c.city_id == city_id, c.registered_at >= since, c.category_id == category_id)
        .group_by(unit.key)
        .order_by(there.desc(), counted.desc(), unit.key)
    )
    return [(key, int(number), int(in_street or 0)) for key, number, in_street in connection.execute(question)]


def add_reporter(connection: Connection, city_id: int, case_id: int, version: int, who: Mapping[str, str]) -> None:
    """Who called, kept apart from the case and its events. `who` has name and phone."""
    row = {"city_id": city_id, "case_id": case_id, "version": version, **who}
    connection.execute(insert(reporters).values(row))


def list_class(connection: Connection, city_id: int, row: CategoryRow) -> None:
    """Adds the class to the city's list where it is not in it yet."""
    _list(connection, tables.categories, city_id, row._asdict())


def list_channel(connection: Connection, city_id: int, key: str, name: str) -> None:
    """Adds the channel to the city's list where it is not in it yet."""
    _list(connection, tables.channels, city_id, {"key": key, "name": name})


def _list(connection: Connection, table: Table, city_id: int, row: Mapping[str, Any]) -> None:
    known = select(table.c.key).where(table.c.city_id == city_id, table.c.key == row["key"])
    if connection.scalar(known) is None:
        add_rows(connection, table, city_id, [row])
