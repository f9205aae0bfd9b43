"""What an import asks of the store, and its quarantine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from data_access import tables
from data_access.directory import ID_COLUMN, next_number

BATCH = 2000  # rows a statement


@dataclass(frozen=True)
class KnownCase:
    """As much of a stored case as tells whether a row is news."""

    case_id: int
    version: int
    source: str
    row_hash: bytes | None


def lock_city(connection: Connection, city_id: int) -> None:
    """Other writers of new cases wait until this transaction ends, so that none stores the same case (PostgreSQL)."""
    cities = tables.cities
    connection.execute(select(cities.c.city_id).where(cities.c.city_id == city_id).with_for_update())


def known_cases(connection: Connection, city_id: int, case_nos: Sequence[str]) -> dict[str, KnownCase]:
    """The stored cases of these numbers."""
    cases = tables.cases
    question = select(cases.c.case_no, cases.c.case_id, cases.c.version, cases.c.source, cases.c.row_hash).where(
        cases.c.city_id == city_id, cases.c.case_no.in_(case_nos)
    )
    return {row[0]: KnownCase(*row[1:]) for row in connection.execute(question)}


def names(connection: Connection, table: Table, city_id: int) -> dict[str, tuple[Any, ...]]:
    """key → every column, for each row of one of the city's lists."""
    return {row.key: tuple(row) for row in connection.execute(select(table).where(table.c.city_id == city_id))}


def quarantine_rows(
    connection: Connection, city_id: int, entries: Sequence[Mapping[str, Any]], recorded_at: datetime
) -> int:
    """Adds the entries whose row is not in quarantine yet; returns how many were new."""
    table = tables.quarantine
    known = set(
        connection.scalars(
            select(table.c.row_hash).where(
                table.c.city_id == city_id, table.c.row_hash.in_([entry["row_hash"] for entry in entries])
            )
        )
    )
    fresh = [entry for entry in entries if entry["row_hash"] not in known]
    if fresh:
        first = next_number(connection, table, city_id)
        key = ID_COLUMN[table]
        connection.execute(
            insert(table),
            [
                {"city_id": city_id, key: first + i, "recorded_at": recorded_at, **entry}
                for i, entry in enumerate(fresh)
            ],
        )
    return len(fresh)


def quarantined(connection: Connection, city_id: int, file: str) -> Iterator[list[tuple[int, str]]]:
    """(entry, raw row) of the rows of one file that are in quarantine, in batches."""
    c = tables.quarantine.c
    question = (
        select(c.entry_id, c.raw)
        .where(c.city_id == city_id, c.file == file, c.entry_id > bindparam("after"))
        .order_by(c.entry_id)
        .limit(BATCH)
    )
    after = -1
    while rows := [(entry, raw) for entry, raw in connection.execute(question, {"after": after})]:
        yield rows
        after = rows[-1][0]


def release(connection: Connection, city_id: int, entries: Sequence[int]) -> None:
    """Takes rows out of quarantine: their cases have been stored since."""
    c = tables.quarantine.c
    if entries:
        connection.execute(delete(tables.quarantine).where(c.city_id == city_id, c.entry_id.in_(entries)))
