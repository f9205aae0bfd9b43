"""The photos of cases, by number; their bytes lie in the data folder (services.photos)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from data_access.counters import take_number
from data_access.desk_tables import photos

COUNTER = "photos"


def add(
    connection: Connection, city_id: int, case_id: int, rows: Sequence[Mapping[str, Any]], at: datetime, by: int
) -> list[int]:
    """Photos of one act; returns their numbers. A row has kind, digest, media, width, height and bytes."""
    if not rows:
        return []
    first = take_number(connection, city_id, COUNTER, len(rows))
    same = {"city_id": city_id, "case_id": case_id, "at": at, "by_id": by}
    connection.execute(insert(photos), [{**same, "photo_id": first + n, **row} for n, row in enumerate(rows)])
    return list(range(first, first + len(rows)))


def photo(connection: Connection, city_id: int, photo_id: int) -> tuple[int, bytes] | None:
    """The photo's case and its digest."""
    c = photos.c
    question = select(c.case_id, c.digest).where(c.city_id == city_id, c.photo_id == photo_id)
    row = connection.execute(question).first()
    return None if row is None else (row[0], bytes(row[1]))
