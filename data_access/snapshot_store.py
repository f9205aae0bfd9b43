"""The last good picture of each city, and the clock that says how old it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, insert, select, update

from data_access import tables


@dataclass(frozen=True)
class PictureClock:
    """`as_of` is the instant of the last successful refresh; while refreshing fails, since when and why."""

    version: int
    as_of: datetime
    failing_since: datetime | None
    failure: str | None


@dataclass(frozen=True)
class Picture:
    """gzip JSON: `figures` by address, `views` by wall and panel."""

    version: int
    figures: bytes
    views: bytes


def read_clock(connection: Connection, city_id: int, name: str) -> PictureClock | None:
    c = tables.snapshot_clocks.c
    question = select(c.version, c.as_of, c.failing_since, c.failure).where(c.city_id == city_id, c.name == name)
    row = connection.execute(question).one_or_none()
    return PictureClock(*row) if row else None


def read_picture(connection: Connection, city_id: int, name: str) -> Picture | None:
    c = tables.snapshots.c
    question = select(c.version, c.figures, c.views).where(c.city_id == city_id, c.name == name)
    row = connection.execute(question).one_or_none()
    return Picture(row[0], bytes(row[1]), bytes(row[2])) if row else None


def save_picture(connection: Connection, city_id: int, name: str, picture: Picture) -> None:
    values = {"version": picture.version, "figures": picture.figures, "views": picture.views}
    _upsert(connection, tables.snapshots, city_id, name, values)


def beat(connection: Connection, city_id: int, name: str, version: int, as_of: datetime) -> None:
    """The refresh succeeded: the picture `version` is right at `as_of`."""
    values = {"version": version, "as_of": as_of, "failing_since": None, "failure": None}
    _upsert(connection, tables.snapshot_clocks, city_id, name, values)


def report_failure(connection: Connection, city_id: int, name: str, since: datetime, failure: str) -> None:
    """The refresh failed: the last picture and its as_of stay, with the cause beside them."""
    c = tables.snapshot_clocks.c
    here = and_(c.city_id == city_id, c.name == name)
    connection.execute(update(tables.snapshot_clocks).where(here).values(failing_since=since, failure=failure))


def _upsert(connection: Connection, table: Table, city_id: int, name: str, values: dict[str, Any]) -> None:
    """Safe without a vendor's upsert: only the holder of the refresher's lease writes here."""
    here = and_(table.c.city_id == city_id, table.c.name == name)
    if not connection.execute(update(table).where(here).values(values)).rowcount:
        connection.execute(insert(table).values(city_id=city_id, name=name, **values))
