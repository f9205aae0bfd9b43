"""The city's own lists: units, categories, channels, areas, grids, cameras. Keys outside, small numbers inside."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from data_access import tables

ID_COLUMN = {
    tables.areas: "area_id",
    tables.grids: "grid_id",
    tables.map_features: "feature_id",
    tables.units: "unit_id",
    tables.categories: "category_id",
    tables.channels: "channel_id",
    tables.cameras: "camera_id",
    tables.quarantine: "entry_id",
}


def city_number(connection: Connection, key: str) -> int | None:
    """The number under which the database knows this city, or None if it has never been used here."""
    return connection.scalar(select(tables.cities.c.city_id).where(tables.cities.c.key == key))


def ensure_city(connection: Connection, key: str, time_zone: str, demo: bool) -> int:
    """The city's number, given now if it is new."""
    found = city_number(connection, key)
    if found is not None:
        return found
    number = (connection.scalar(select(func.max(tables.cities.c.city_id))) or 0) + 1
    row = {"city_id": number, "key": key, "time_zone": time_zone, "demo": demo, "next_case_id": 1}
    connection.execute(insert(tables.cities).values(row))
    return number


def keys(connection: Connection, table: Table, city_id: int) -> dict[str, int]:
    """key → number of every row of one of the city's lists (areas: see `area_keys`)."""
    question = select(table.c.key, table.c[ID_COLUMN[table]]).where(table.c.city_id == city_id)
    return {key: number for key, number in connection.execute(question)}


def area_keys(connection: Connection, city_id: int, level: str) -> dict[str, int]:
    areas = tables.areas
    question = select(areas.c.key, areas.c.area_id).where(areas.c.city_id == city_id, areas.c.level == level)
    return {key: number for key, number in connection.execute(question)}


def next_number(connection: Connection, table: Table, city_id: int) -> int:
    return (connection.scalar(select(func.max(table.c[ID_COLUMN[table]])).where(table.c.city_id == city_id)) or 0) + 1


def add_rows(connection: Connection, table: Table, city_id: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Adds rows to a list, numbering them; returns their numbers in order."""
    first = next_number(connection, table, city_id)
    numbered = [{"city_id": city_id, ID_COLUMN[table]: first + i, **row} for i, row in enumerate(rows)]
    if numbered:
        connection.execute(insert(table), numbered)
    return [first + i for i in range(len(numbered))]


def ensure_rows(
    connection: Connection, table: Table, city_id: int, rows: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """Adds rows whose key is new (at its level, for areas), updates the others; returns key → number of those given."""
    known: dict[tuple[Any, str], int] = {}
    level = table.c.get("level")
    columns = [table.c.key, table.c[ID_COLUMN[table]]] + ([level] if level is not None else [])
    for found in connection.execute(select(*columns).where(table.c.city_id == city_id)):
        known[(found[2] if level is not None else None, found[0])] = found[1]
    fresh: list[Mapping[str, Any]] = []
    for row in rows:
        number = known.get((row.get("level"), row["key"]))
        if number is None:
            fresh.append(row)
        else:
            where = (table.c.city_id == city_id, table.c[ID_COLUMN[table]] == number)
            connection.execute(update(table).where(*where).values(dict(row)))
    for row, number in zip(fresh, add_rows(connection, table, city_id, fresh), strict=True):
        known[(row.get("level"), row["key"])] = number
    return {row["key"]: known[(row.get("level"), row["key"])] for row in rows}


def take_case_ids(connection: Connection, city_id: int, count: int) -> int:
    """The first of `count` fresh case numbers; the city's row stays locked until the transaction ends."""
    cities = tables.cities
    statement = (
        update(cities)
        .where(cities.c.city_id == city_id)
        .values(next_case_id=cities.c.next_case_id + count)
        .returning(cities.c.next_case_id)
    )
    after: int = connection.execute(statement).scalar_one()
    return after - count
