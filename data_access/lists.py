"""The city's lists as the wall and the figures name them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from data_access import tables
from domain.snapshot import CameraPoint


@dataclass(frozen=True)
class Named:
    """An entry of a list: its outside key and its names."""

    key: str
    name: str
    short_name: str
    extra: str | None = None  # unit class, category kind


def units(connection: Connection, city_id: int) -> dict[int, Named]:
    c = tables.units.c
    question = select(c.unit_id, c.key, c.name, c.short_name, c.unit_class).where(c.city_id == city_id)
    return {row[0]: Named(*row[1:]) for row in connection.execute(question.order_by(c.unit_id))}


def categories(connection: Connection, city_id: int) -> dict[int, Named]:
    c = tables.categories.c
    question = select(c.category_id, c.key, c.name, c.name, c.kind).where(c.city_id == city_id)
    return {row[0]: Named(*row[1:]) for row in connection.execute(question)}


def channels(connection: Connection, city_id: int) -> dict[int, Named]:
    c = tables.channels.c
    rows = connection.execute(select(c.channel_id, c.key, c.name).where(c.city_id == city_id))
    return {number: Named(key, name, name) for number, key, name in rows}


def grids(connection: Connection, city_id: int) -> dict[int, str]:
    """Number → key, in the order in which every map layer and heat tuple lists the grids."""
    c = tables.grids.c
    rows = connection.execute(select(c.grid_id, c.key).where(c.city_id == city_id).order_by(c.grid_id))
    return {number: key for number, key in rows}


def named_grids(connection: Connection, city_id: int) -> dict[int, Named]:
    """The grids with the names they go by; a grid without one goes by its key."""
    c = tables.grids.c
    question = select(c.grid_id, c.key, func.coalesce(c.name, c.key)).where(c.city_id == city_id).order_by(c.grid_id)
    return {number: Named(key, name, name) for number, key, name in connection.execute(question)}


def areas(connection: Connection, city_id: int, level: str) -> dict[int, Named]:
    """The areas of one level: street, community or patrol."""
    c = tables.areas.c
    question = select(c.area_id, c.key, c.name, c.short_name).where(c.city_id == city_id, c.level == level)
    return {row[0]: Named(*row[1:]) for row in connection.execute(question.order_by(c.area_id))}


@dataclass(frozen=True)
class Street:
    key: str
    name: str
    short_name: str
    label: tuple[float, float] | None  # lon, lat


def streets(connection: Connection, city_id: int) -> dict[int, Street]:
    c = tables.areas.c
    question = select(c.area_id, c.key, c.name, c.short_name, c.label_lon, c.label_lat)
    rows = connection.execute(question.where(c.city_id == city_id, c.level == "street").order_by(c.area_id))
    return {
        row[0]: Street(*row[1:4], (row[4], row[5]) if row[4] is not None and row[5] is not None else None)
        for row in rows
    }


def cameras(connection: Connection, city_id: int) -> list[CameraPoint]:
    """Every camera point, in a fixed order."""
    c = tables.cameras.c
    question = select(c.key, c.name, c.state, c.lon, c.lat).where(c.city_id == city_id)
    rows = connection.execute(question.order_by(c.camera_id))
    return [CameraPoint(key, name, state, (lon, lat)) for key, name, state, lon, lat in rows]


def size(connection: Connection, table: Table, city_id: int) -> int:
    """How many entries one of the city's lists has."""
    return connection.scalar(select(func.count()).select_from(table).where(table.c.city_id == city_id)) or 0


def history_since(connection: Connection, city_id: int) -> str | None:
    return connection.scalar(select(tables.cities.c.history_since).where(tables.cities.c.city_id == city_id))


def first_moment(connection: Connection, city_id: int) -> datetime | None:
    """Nothing that a figure counts happened in the city before this; None without cases. Each a look at an index."""
    steps = ("registered_at", "dispatched_at", "handled_at", "closed_at")
    columns = [tables.cases.c.reported_at, tables.cases.c.effective_due_at]
    columns += [table.c[step] for table in (tables.cases, tables.assignments) for step in steps]
    moments = [
        connection.scalar(select(func.min(column)).where(column.table.c.city_id == city_id)) for column in columns
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def quarantined(connection: Connection, city_id: int) -> int:
    """Rows set aside and not yet settled."""
    return size(connection, tables.quarantine, city_id)


def map_version(connection: Connection, city_id: int) -> str:
    """A text that changes when the city's grids, streets or map features are replaced."""
    g, f = tables.grids.c, tables.map_features.c
    grids_now = select(func.count(), func.sum(g.area_m2), func.max(g.grid_id)).where(g.city_id == city_id)
    features = select(func.count(), func.max(f.feature_id)).where(f.city_id == city_id)
    one, two = connection.execute(grids_now).one(), connection.execute(features).one()
    return f"{one[0]}-{round(one[1] or 0)}-{one[2] or 0}-{two[0]}-{two[1] or 0}"
