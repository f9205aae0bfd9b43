"""The seals, and the logs they are made from and checked against: read a few thousand cases at a time."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, insert, select

from data_access import tables
from data_access.desk_tables import audit, outbox, seals


class Seal(NamedTuple):
    """A stored seal; `leaves` as domain.seals packs them."""

    day: date
    events: int
    entries: int
    leaves: bytes
    digest: bytes


class LoggedHash(NamedTuple):
    """An event as a seal sees it."""

    case_id: int
    version: int
    recorded_at: datetime
    hash: bytes


class LoggedRow(NamedTuple):
    """An event with everything its hash covers, the body as stored."""

    case_id: int
    version: int
    action: str
    at: datetime
    recorded_at: datetime
    actor: str
    body: str
    hash: bytes


class StoredCase(NamedTuple):
    case_id: int
    case_no: str
    version: int


def stored_seals(connection: Connection, city_id: int) -> Iterator[Seal]:
    """Every seal, the oldest first."""
    c = seals.c
    question = select(c.day, c.events, c.entries, c.leaves, c.digest).where(c.city_id == city_id).order_by(c.day)
    for day, events, entries, leaves, digest in connection.execute(question):
        yield Seal(day, events, entries, bytes(leaves), bytes(digest))


def last_seal(connection: Connection, city_id: int) -> Seal | None:
    c = seals.c
    question = select(c.day, c.events, c.entries, c.leaves, c.digest).where(c.city_id == city_id)
    row = connection.execute(question.order_by(c.day.desc()).limit(1)).first()
    return None if row is None else Seal(row[0], row[1], row[2], bytes(row[3]), bytes(row[4]))


def store_seal(connection: Connection, city_id: int, seal: Seal, at: datetime) -> None:
    """Raises IntegrityError when the day has been sealed by somebody else."""
    connection.execute(insert(seals).values(city_id=city_id, sealed_at=at, **seal._asdict()))


def last_case_id(connection: Connection, city_id: int) -> int:
    """The highest number of a case that is stored or has a log."""
    found = (
        connection.scalar(select(func.max(table.c.case_id)).where(table.c.city_id == city_id))
        for table in (tables.cases, tables.case_events)
    )
    return max((number or 0 for number in found), default=0)


def first_recorded(connection: Connection, city_id: int) -> datetime | None:
    """When the oldest event was written down; reads the whole log."""
    e = tables.case_events.c
    found: datetime | None = connection.scalar(select(func.min(e.recorded_at)).where(e.city_id == city_id))
    return found


def hashes_recorded(
    connection: Connection, city_id: int, cases: range, since: datetime, until: datetime
) -> Iterator[LoggedHash]:
    """Of these cases, what was written down from `since` to before `until`, by case and version."""
    e = tables.case_events.c
    here = (e.city_id == city_id, e.case_id >= cases.start, e.case_id < cases.stop)
    question = select(e.case_id, e.version, e.recorded_at, e.hash).where(
        *here, e.recorded_at >= since, e.recorded_at < until
    )
    for case_id, version, recorded_at, digest in connection.execute(question.order_by(e.case_id, e.version)):
        yield LoggedHash(case_id, version, recorded_at, bytes(digest))


def logged_rows(connection: Connection, city_id: int, cases: range) -> Iterator[LoggedRow]:
    """The whole logs of these cases, by case and version."""
    e = tables.case_events.c
    here = (e.city_id == city_id, e.case_id >= cases.start, e.case_id < cases.stop)
    question = select(e.case_id, e.version, e.action, e.at, e.recorded_at, e.actor, e.body, e.hash).where(*here)
    for row in connection.execute(question.order_by(e.case_id, e.version)):
        yield LoggedRow(*row[:7], bytes(row[7]))


def stored_cases(connection: Connection, city_id: int, cases: range) -> list[StoredCase]:
    c = tables.cases.c
    here = (c.city_id == city_id, c.case_id >= cases.start, c.case_id < cases.stop)
    question = select(c.case_id, c.case_no, c.version).where(*here).order_by(c.case_id)
    return [StoredCase(*row) for row in connection.execute(question)]


def told_versions(connection: Connection, city_id: int, cases: range) -> dict[int, int]:
    """The highest version of each case that a notice was owed for: the log once reached that far."""
    c = outbox.c
    here = (c.city_id == city_id, c.case_id >= cases.start, c.case_id < cases.stop)
    question = select(c.case_id, func.max(c.version)).where(*here).group_by(c.case_id)
    return {case_id: version for case_id, version in connection.execute(question) if version}


def entries_between(connection: Connection, city_id: int, since: datetime, until: datetime) -> tuple[int, bytes]:
    """How many entries of the audit log a day has, and the digest of their hashes in the order of their numbers."""
    c, count, digest = audit.c, 0, hashlib.sha256()
    here = and_(c.city_id == city_id, c.at >= since, c.at < until)
    for number, entry in connection.execute(select(c.entry_id, c.hash).where(here).order_by(c.entry_id)):
        count += 1
        digest.update(f"{number} ".encode() + bytes(entry))
    return count, digest.digest()
