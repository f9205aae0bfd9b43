"""The audit log in the database: entries are added at its end and read, never changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from data_access import desk_tables
from data_access.counters import take_number
from domain.audit import START, Entry, link
from domain.events import canonical

COUNTER = "audit"
AT_A_TIME = 1000

audit, counters = desk_tables.audit, desk_tables.counters


def append(
    connection: Connection,
    city_number: int,
    at: datetime,
    actor: str,
    action: str,
    object_: str,
    refused: bool,
    detail: Mapping[str, object],
) -> int:
    """Adds one entry; gives its number. The counter's row makes writers of one city wait for each other."""
    number = take_number(connection, city_number, COUNTER)
    said = (number, at, actor, action, object_, refused, canonical(detail))
    previous = connection.scalar(select(audit.c.hash).where(*_is(city_number, number - 1))) or START
    names = ("entry_id", "at", "actor", "action", "object", "refused", "detail")
    row = dict(zip(names, said, strict=True)) | {"city_id": city_number, "hash": link(previous, *said)}
    connection.execute(insert(audit), [row])
    return number


def count(connection: Connection, city_number: int) -> int:
    """How many entries were ever written: what the counter says, whatever has become of the rows."""
    asked = select(counters.c.last).where(counters.c.city_id == city_number, counters.c.name == COUNTER)
    return connection.scalar(asked) or 0


def entries(connection: Connection, city_number: int, after: int = 0) -> Iterator[Entry]:
    """All entries after a number, in order, a thousand at a time."""
    while True:
        asked = select(audit).where(audit.c.city_id == city_number, audit.c.entry_id > after)
        rows = connection.execute(asked.order_by(audit.c.entry_id).limit(AT_A_TIME)).all()
        yield from map(entry_of, rows)
        if len(rows) < AT_A_TIME:
            return
        after = rows[-1].entry_id


def around(connection: Connection, city_number: int, number: int) -> list[Entry]:
    """One entry and its neighbours, in order."""
    near = audit.c.entry_id.between(number - 1, number + 1)
    asked = select(audit).where(audit.c.city_id == city_number, near).order_by(audit.c.entry_id)
    return [entry_of(row) for row in connection.execute(asked)]


def newest(
    connection: Connection,
    city_number: int,
    limit: int,
    only: Sequence[str] | None = None,
    besides: Sequence[str] = (),
    refused: bool = False,
) -> list[Entry]:
    """Entries, newest first: those of some actions only, or of all but some, or only what was refused."""
    c = audit.c
    asked = select(audit).where(c.city_id == city_number)
    if only is not None:
        asked = asked.where(c.action.in_(tuple(only)))
    if besides:
        asked = asked.where(c.action.not_in(tuple(besides)))
    if refused:
        asked = asked.where(c.refused)
    return [entry_of(row) for row in connection.execute(asked.order_by(c.entry_id.desc()).limit(limit))]


def refused_since(connection: Connection, city_number: int, since: datetime) -> int:
    c = audit.c
    asked = select(func.count()).select_from(audit).where(c.city_id == city_number, c.at >= since, c.refused)
    return connection.scalar(asked) or 0


def sealed_days(connection: Connection, city_number: int, since: date) -> set[date]:
    seals = desk_tables.seals
    return set(connection.scalars(select(seals.c.day).where(seals.c.city_id == city_number, seals.c.day >= since)))


def entry_of(row: Any) -> Entry:
    return Entry(row.entry_id, row.at, row.actor, row.action, row.object, row.refused, row.detail, bytes(row.hash))


def _is(city_number: int, number: int) -> tuple[Any, ...]:
    return audit.c.city_id == city_number, audit.c.entry_id == number
