"""Grids, streets and the outline as the commands read and replace them, and the cases that lie in them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from data_access import tables
from data_access.directory import add_rows

BATCH = 5000  # cases a statement


class CasePlace(NamedTuple):
    """Where a case lies, as stored."""

    case_id: int
    lon: float | None
    lat: float | None
    marks: int
    grid_id: int | None
    street_id: int | None


def outline(connection: Connection, city_id: int) -> str | None:
    """The outline's GeoJSON geometry, or None where none has been loaded."""
    c = tables.map_features.c
    question = select(c.geometry).where(c.city_id == city_id, c.kind == "outline").order_by(c.feature_id).limit(1)
    return connection.scalar(question)


def grid_places(connection: Connection, city_id: int) -> list[tuple[int, int | None, str]]:
    """(grid number, its street's number or None, geometry text) of every grid."""
    c = tables.grids.c
    question = select(c.grid_id, c.street_id, c.geometry).where(c.city_id == city_id).order_by(c.grid_id)
    return [(grid, street, geometry) for grid, street, geometry in connection.execute(question)]


def street_shapes(connection: Connection, city_id: int) -> list[tuple[int, str]]:
    """(street number, geometry text) of every street that has a shape."""
    c = tables.areas.c
    where = (c.city_id == city_id, c.level == "street", c.geometry.is_not(None))
    question = select(c.area_id, c.geometry).where(*where).order_by(c.area_id)
    return [(street, geometry) for street, geometry in connection.execute(question)]


def replace_outline(connection: Connection, city_id: int, name: str, geometry: str) -> None:
    table = tables.map_features
    connection.execute(delete(table).where(table.c.city_id == city_id, table.c.kind == "outline"))
    add_rows(connection, table, city_id, [{"kind": "outline", "name": name, "geometry": geometry}])


def replace_features(connection: Connection, city_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Everything the map draws under and over the grids becomes this."""
    connection.execute(delete(tables.map_features).where(tables.map_features.c.city_id == city_id))
    add_rows(connection, tables.map_features, city_id, rows)


def replace_cameras(connection: Connection, city_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(delete(tables.cameras).where(tables.cameras.c.city_id == city_id))
    add_rows(connection, tables.cameras, city_id, rows)


def forget_invented(connection: Connection, city_id: int, outline_name: str) -> None:
    """Where the stored outline bears this name, all that was invented with it goes: shapes, roads, water, cameras.

    The streets and communities themselves stay: their names and the cases in them are real.
    """
    features, areas = tables.map_features, tables.areas
    here = (features.c.city_id == city_id, features.c.kind == "outline", features.c.name == outline_name)
    if connection.scalar(select(features.c.feature_id).where(*here).limit(1)) is None:
        return
    replace_features(connection, city_id, [])
    replace_cameras(connection, city_id, [])
    shapeless = {"geometry": None, "label_lon": None, "label_lat": None}
    connection.execute(update(areas).where(areas.c.city_id == city_id).values(shapeless))


def replace_grids(connection: Connection, city_id: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The city's grids become these; returns their numbers in order. The cases have to be assigned anew."""
    connection.execute(delete(tables.grids).where(tables.grids.c.city_id == city_id))
    return add_rows(connection, tables.grids, city_id, rows)


def case_places(connection: Connection, city_id: int) -> Iterator[list[CasePlace]]:
    """Every case, in batches by number."""
    c = tables.cases.c
    question = (
        select(c.case_id, c.lon, c.lat, c.marks, c.grid_id, c.street_id)
        .where(c.city_id == city_id, c.case_id > bindparam("after"))
        .order_by(c.case_id)
        .limit(BATCH)
    )
    after = -1
    while rows := [CasePlace(*row) for row in connection.execute(question, {"after": after})]:
        yield rows
        after = rows[-1].case_id


def source_bodies(connection: Connection, city_id: int, first: int, last: int) -> list[tuple[int, str]]:
    """(case_id, event body) of what sources said of these cases, oldest first."""
    c = tables.case_events.c
    question = (
        select(c.case_id, c.body)
        .where(c.city_id == city_id, c.case_id.between(first, last), c.action.in_(("imported", "source_updated")))
        .order_by(c.case_id, c.version)
    )
    return [(case_id, body) for case_id, body in connection.execute(question)]


def valid_positions(connection: Connection, city_id: int, off_the_map: int) -> list[tuple[float, float]]:
    """(lon, lat) of every case whose position carries none of the marks `off_the_map`."""
    c = tables.cases.c
    where = (c.city_id == city_id, c.lon.is_not(None), c.marks.bitwise_and(off_the_map) == 0)
    question = select(c.lon, c.lat).where(*where).distinct()
    return [(lon, lat) for lon, lat in connection.execute(question)]


def move_cases(connection: Connection, city_id: int, changes: Sequence[Mapping[str, Any]]) -> None:
    """Sets grid_id, street_id and marks of cases and of their assignments. Each change also has `the_case`."""
    if not changes:
        return
    for table in (tables.cases, tables.assignments):
        here = (table.c.city_id == city_id, table.c.case_id == bindparam("the_case"))
        connection.execute(update(table).where(*here), changes)
