"""What the demo city's writer needs to know about the store: how far its history reaches and which cases still live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, or_, select, update

from data_access import tables
from data_access.directory import city_number
from data_access.store import Store


@dataclass(frozen=True)
class DemoCity:
    """`history_since`: the oldest complete day while older ones are still being written, None = all written."""

    city_id: int
    demo: bool
    history_since: date | None


@dataclass(frozen=True)
class LivingCase:
    """An open case: its version and the hash of its last event, which together say how it came to be where it is."""

    case_id: int
    case_no: str
    version: int
    hash: bytes


def demo_city(connection: Connection, key: str) -> DemoCity | None:
    """The city's row, None until it has been founded: a number, which every served city has, is not enough."""
    number, c = city_number(connection, key), tables.cities.c
    cells = tables.grids.c
    if number is None or connection.scalar(select(cells.key).where(cells.city_id == number).limit(1)) is None:
        return None
    demo, since = connection.execute(select(c.demo, c.history_since).where(c.city_id == number)).one()
    return DemoCity(number, demo, date.fromisoformat(since) if since else None)


def set_history_since(connection: Connection, city_id: int, expected: date | None, since: date | None) -> bool:
    """Moves the mark; False (and nothing changed) if another writer has moved it already."""
    c = tables.cities.c
    known = c.history_since.is_(None) if expected is None else c.history_since == expected.isoformat()
    values = {"history_since": since.isoformat() if since else None}
    return connection.execute(update(tables.cities).where(c.city_id == city_id, known).values(values)).rowcount == 1


def newest_report(connection: Connection, city_id: int, source: str) -> datetime | None:
    """When the newest case of this source was reported."""
    c = tables.cases.c
    question = (
        select(c.reported_at).where(c.city_id == city_id, c.source == source).order_by(c.reported_at.desc()).limit(1)
    )
    found: datetime | None = connection.scalar(question)
    return found


def numbers_reported_since(connection: Connection, city_id: int, since: datetime) -> set[str]:
    """The case numbers of everything reported at or after `since`."""
    c = tables.cases.c
    return set(connection.scalars(select(c.case_no).where(c.city_id == city_id, c.reported_at >= since)))


def living_cases(connection: Connection, city_id: int, source: str, voided_since: datetime) -> Sequence[LivingCase]:
    """The cases of this source that are neither closed nor rejected; of the void ones those that may be restored."""
    c, e = tables.cases.c, tables.case_events.c
    last = and_(e.city_id == c.city_id, e.case_id == c.case_id, e.version == c.version)
    question = (
        select(c.case_id, c.case_no, c.version, e.hash)
        .join_from(tables.cases, tables.case_events, last)
        .where(c.city_id == city_id, c.closed_at.is_(None), c.rejected_at.is_(None), c.source == source)
        .where(or_(c.voided_at.is_(None), c.voided_at >= voided_since))
    )
    return [LivingCase(*row) for row in connection.execute(question)]


def some_shapes(connection: Connection, city_id: int, keys: Sequence[str]) -> Mapping[str, str]:
    """Geometry texts of these grids, by key."""
    c = tables.grids.c
    question = select(c.key, c.geometry).where(c.city_id == city_id, c.key.in_(keys))
    return {key: geometry for key, geometry in connection.execute(question)}


def camera_states(connection: Connection, city_id: int) -> Mapping[int, str]:
    """Number → state of every camera, in order of numbers."""
    c = tables.cameras.c
    question = select(c.camera_id, c.state).where(c.city_id == city_id).order_by(c.camera_id)
    return {number: state for number, state in connection.execute(question)}


def look_at_cameras(connection: Connection, city_id: int, changed: Mapping[int, str], now: datetime) -> None:
    """Every camera was looked at now; those in `changed` have a new state."""
    cameras = tables.cameras
    for number, state in changed.items():
        one = (cameras.c.city_id == city_id, cameras.c.camera_id == number)
        connection.execute(update(cameras).where(*one).values(state=state))
    connection.execute(update(cameras).where(cameras.c.city_id == city_id).values(checked_at=now))


def free_page_cache(store: Store) -> None:
    """Gives back the pages that a large SQLite transaction has left in memory (some 20 MB)."""
    if store.is_sqlite:
        with store.write.connect() as connection:
            connection.exec_driver_sql("PRAGMA shrink_memory")
