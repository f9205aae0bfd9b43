"""What an import asks of the store, and its quarantine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from data_access import tables
from data_access.directory import ID_COLUMN, next_number


@dataclass(frozen=True)
class KnownCase:
    """As much of a stored case as tells whether a row is news."""

    case_id: int
    version: int
    source: str
    row_hash: bytes | None


def known_cases(connection: Connection, city_id: int, case_nos: Sequence[str]) -> dict[str, KnownCase]:
    """The stored cases of these numbers."""
    cases = tables.cases
    question = select(cases.c.case_no, cases.c.case_id, cases.c.version, cases.c.source, cases.c.row_hash).where(
        cases.c.city_id == city_id, cases.c.case_no.in_(case_nos)
    )
    return {row[0]: KnownCase(*row[1:]) for row in connection.execute(question)}


def case_row(connection: Connection, city_id: int, case_id: int) -> dict[str, Any]:
    """Every column of one stored case."""
    cases = tables.cases
    question = select(cases).where(cases.c.city_id == city_id, cases.c.case_id == case_id)
    return dict(connection.execute(question).mappings().one())


def lead_assignment(connection: Connection, city_id: int, case_id: int) -> dict[str, Any] | None:
    """The case's last lead assignment that was not taken from its unit, or None."""
    work = tables.assignments
    question = (
        select(work)
        .where(work.c.city_id == city_id, work.c.case_id == case_id, work.c.role == "lead")
        .where(work.c.end_reason.is_(None) | (work.c.end_reason == "closed"))
        .order_by(work.c.assignment_no.desc())
        .limit(1)
    )
    found = connection.execute(question).mappings().first()
    return dict(found) if found is not None else None


def local_bodies(connection: Connection, city_id: int, case_id: int, source: str) -> list[str]:
    """The bodies (JSON) of what was done to the case here rather than at its source."""
    log = tables.case_events
    question = select(log.c.body).where(log.c.city_id == city_id, log.c.case_id == case_id, log.c.actor != source)
    return list(connection.scalars(question))


def set_row_hash(connection: Connection, city_id: int, case_id: int, row_hash: bytes) -> None:
    """Remembers a row whose text changed and whose case did not."""
    cases = tables.cases
    here = (cases.c.city_id == city_id, cases.c.case_id == case_id)
    connection.execute(update(cases).where(*here).values(row_hash=row_hash))


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
