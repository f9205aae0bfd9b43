"""What one open case asks of the store: its row and lists, what hangs on it, and what lies near it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from data_access import desk_tables, tables
from data_access.predicates import Predicates
from domain.window import Window

EARTH_M = 6_371_009
METRES_PER_DEGREE = 111_195


class Camera(NamedTuple):
    name: str
    state: str  # online | late | offline
    checked_at: datetime | None
    lon: float
    lat: float
    metres: int


class Near(NamedTuple):
    """Another open case on the map."""

    lon: float
    lat: float
    overdue: bool


class Before(NamedTuple):
    """An earlier case of the same class in the same grid."""

    case_no: str
    registered_at: datetime
    closed_at: datetime | None
    handled_at: datetime | None
    due: datetime | None
    rework_count: int


class Supervision(NamedTuple):
    kind: str  # notice | instruction
    number: str | None
    issued_at: datetime
    issued_by: int
    due_at: datetime
    met_at: datetime | None
    exposure: bool
    replaced_by: int | None
    document_id: int | None


class Hold(NamedTuple):
    user_id: int
    since: datetime
    until: datetime
    asked_by: int | None
    asked_at: datetime | None


@dataclass(frozen=True)
class Lists:
    """What the numbers of the case's row mean; None where it has none."""

    category: Mapping[str, Any] | None
    channel: str | None
    unit: Mapping[str, Any] | None
    grid: Mapping[str, Any] | None
    street: Mapping[str, Any] | None


def case_row(connection: Connection, city_id: int, case_no: str) -> dict[str, Any] | None:
    c = tables.cases.c
    row = connection.execute(select(tables.cases).where(c.city_id == city_id, c.case_no == case_no)).mappings().first()
    return None if row is None else dict(row)


def lists_of(connection: Connection, city_id: int, row: Mapping[str, Any]) -> Lists:
    def entry(table: Any, column: str, number: int | None) -> dict[str, Any] | None:
        if number is None:
            return None
        found = connection.execute(
            select(*(one for one in table.c if one.name != "geometry")).where(
                table.c.city_id == city_id, table.c[column] == number
            )
        )
        one = found.mappings().first()
        return None if one is None else dict(one)

    channel = entry(tables.channels, "channel_id", row["channel_id"])
    return Lists(
        entry(tables.categories, "category_id", row["category_id"]),
        channel["name"] if channel else None,
        entry(tables.units, "unit_id", row["unit_id"]),
        entry(tables.grids, "grid_id", row["grid_id"]),
        entry(tables.areas, "area_id", row["street_id"]),
    )


def working_units(connection: Connection, city_id: int, case_id: int) -> list[tuple[str, str, str]]:
    """(role, key, short name) of the units that have the case now."""
    w, u = tables.assignments.c, tables.units.c
    same = and_(u.city_id == w.city_id, u.unit_id == w.unit_id)
    question = (
        select(w.role, u.key, u.short_name)
        .select_from(tables.assignments.join(tables.units, same))
        .where(w.city_id == city_id, w.case_id == case_id, w.ended_at.is_(None))
        .order_by(w.assignment_no)
    )
    return [(role, key, name) for role, key, name in connection.execute(question)]


def served_units(connection: Connection, city_id: int, case_id: int) -> frozenset[str]:
    """The units that lead or have led, assist or have assisted: a closed case stays theirs to read and to appeal."""
    w, u = tables.assignments.c, tables.units.c
    same = and_(u.city_id == w.city_id, u.unit_id == w.unit_id)
    question = select(u.key).select_from(tables.assignments.join(tables.units, same))
    rows = connection.scalars(question.where(w.city_id == city_id, w.case_id == case_id, *_serving()))
    return frozenset(rows)


def _serving() -> tuple[Any, ...]:
    w = tables.assignments.c
    return w.role != "informed", w.ended_at.is_(None) | (w.end_reason == "closed")


def _served_by(city_id: int, unit: str | None) -> tuple[Any, ...]:
    """Of the cases, those that this unit serves as served_units says; all of them for None."""
    if unit is None:
        return ()
    w, u = tables.assignments.c, tables.units.c
    here = tables.assignments.join(tables.units, and_(u.city_id == w.city_id, u.unit_id == w.unit_id))
    question = select(w.case_id).select_from(here).where(w.city_id == city_id, w.case_id == tables.cases.c.case_id)
    return (question.where(u.key == unit, *_serving()).exists(),)


def cameras_near(
    connection: Connection, city_id: int, place: tuple[float, float], within_m: int, most: int
) -> list[Camera]:
    """The nearest camera points, the nearest first."""
    c, (lon, lat) = tables.cameras.c, place
    question = select(c.name, c.state, c.checked_at, c.lon, c.lat).where(
        c.city_id == city_id, *_box(c, place, within_m)
    )
    found = [Camera(*row, metres_between(lon, lat, row[3], row[4])) for row in connection.execute(question)]
    return sorted((one for one in found if one.metres <= within_m), key=lambda one: (one.metres, one.name))[:most]


def cases_near(
    connection: Connection,
    city_id: int,
    window: Window,
    place: tuple[float, float],
    within_m: int,
    but: int,
    unit: str | None = None,
) -> list[Near]:
    """Other open cases round the place, for its map; only those of `unit` where one is named."""
    c, at = tables.cases.c, Predicates(tables.cases, window)
    here = (c.city_id == city_id, c.closed_at.is_(None), c.registered_at <= window.as_of, *_box(c, place, within_m))
    question = select(c.lon, c.lat, at["overdue_open"]).where(*here, at["open"], c.case_id != but)
    found = connection.execute(question.where(*_served_by(city_id, unit)))
    return [Near(lon, lat, bool(overdue)) for lon, lat, overdue in found]


def _box(c: Any, place: tuple[float, float], within_m: int) -> tuple[Any, ...]:
    lon, lat = place
    high = within_m / METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    return c.lat.between(lat - high, lat + high), c.lon.between(lon - wide, lon + wide)


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> int:
    """Along the ground, by the haversine formula."""
    high, wide = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    part = sin(high) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(wide) ** 2
    return round(2 * EARTH_M * asin(sqrt(min(1.0, part))))


def same_before(
    connection: Connection,
    city_id: int,
    row: Mapping[str, Any],
    since: datetime,
    as_of: datetime,
    unit: str | None = None,
) -> list[Before]:
    """Cases of the same class in the same grid, registered since then and not void; the newest first. Only those of
    `unit` where one is named."""
    if row["grid_id"] is None or row["category_id"] is None:
        return []
    c = tables.cases.c
    question = (
        select(c.case_no, c.registered_at, c.closed_at, c.handled_at, c.effective_due_at, c.rework_count)
        .where(c.city_id == city_id, c.registered_at >= since, c.registered_at <= as_of, c.voided_at.is_(None))
        .where(c.grid_id == row["grid_id"], c.category_id == row["category_id"], c.case_id != row["case_id"])
        .where(*_served_by(city_id, unit))
        .order_by(c.registered_at.desc(), c.case_no)
    )
    return [Before(*one) for one in connection.execute(question)]


def supervisions_of(connection: Connection, city_id: int, case_id: int, as_of: datetime) -> list[Supervision]:
    """Notices and instructions, the newest first."""
    s = desk_tables.supervisions.c
    columns = (s.kind, s.number, s.issued_at, s.issued_by, s.due_at, s.met_at, s.exposure, s.replaced_by, s.document_id)
    here = (s.city_id == city_id, s.case_id == case_id, s.issued_at <= as_of)
    return [Supervision(*row) for row in connection.execute(select(*columns).where(*here).order_by(s.issued_at.desc()))]


def photos_of(connection: Connection, city_id: int, case_id: int, as_of: datetime) -> list[tuple[int, str]]:
    """(number, kind) of its photos, the oldest first."""
    p = desk_tables.photos.c
    here = (p.city_id == city_id, p.case_id == case_id, p.at <= as_of)
    return [
        (number, kind) for number, kind in connection.execute(select(p.photo_id, p.kind).where(*here).order_by(p.at))
    ]


def reporter_of(connection: Connection, city_id: int, case_id: int) -> tuple[str, str] | None:
    """Name and telephone of whoever reported it last."""
    r = desk_tables.reporters.c
    here = (r.city_id == city_id, r.case_id == case_id)
    row = connection.execute(select(r.name, r.phone).where(*here).order_by(r.version.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def hold_of(connection: Connection, city_id: int, case_id: int, now: datetime) -> Hold | None:
    h = desk_tables.case_holds.c
    here = (h.city_id == city_id, h.case_id == case_id, h.until > now)
    row = connection.execute(select(h.user_id, h.since, h.until, h.asked_by, h.asked_at).where(*here)).first()
    return None if row is None else Hold(*row)
