"""What an application is weighed by: the unit's extensions and suspensions, and those at the same place before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from data_access import tables
from data_access.predicates import Predicates, in_unit_figures
from domain.window import Window

PAUSES = ("suspend", "resume")
NEAR = 0.0006  # degrees, about 60 m: the same spot as people point at it


def suspended_now(connection: Connection, city_id: int) -> dict[int | None, int]:
    """How many cases are suspended, by unit; None = of no unit."""
    c = tables.cases.c
    here = (c.city_id == city_id, c.suspended_at.is_not(None), c.closed_at.is_(None), c.voided_at.is_(None))
    question = select(c.unit_id, func.count()).where(*here).group_by(c.unit_id)
    return {unit: count for unit, count in connection.execute(question)}


def extended_cases(connection: Connection, city_id: int, window: Window, unit_id: int) -> int:
    """How many of the unit's cases registered in the window have had an extension."""
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    here = (c.city_id == city_id, c.unit_id == unit_id, at["registered"], c.extension_count > 0, in_unit_figures())
    return connection.scalar(select(func.count()).where(*here)) or 0


def suspension_counts(connection: Connection, city_id: int, window: Window, unit_id: int) -> tuple[int, int]:
    """Of what was dispatched to the unit in the window: how many were suspended, and how many there are (DECISIONS
    13)."""
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    suspended = func.coalesce(func.sum(case((at["dispatched_suspended"], 1), else_=0)), 0)
    here = (c.city_id == city_id, c.unit_id == unit_id, at["dispatched"], in_unit_figures())
    row = connection.execute(select(suspended, func.count()).where(*here)).one()
    return int(row[0]), int(row[1])


def extension_shares(
    connection: Connection, city_id: int, window: Window, unit_id: int | None = None
) -> dict[int, tuple[int, int]]:
    """Per unit: cases registered to it in the window for which an extension was asked, and cases registered to it.

    Source: 肃宁 Art. 27, reading l of domain research 2.4.3.
    """
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    asked = func.sum(case((at["registered_extension_asked"], 1), else_=0))
    question = select(c.unit_id, asked, func.count()).where(c.city_id == city_id, at["registered"], in_unit_figures())
    if unit_id is not None:
        question = question.where(c.unit_id == unit_id)
    return {unit: (int(asks), count) for unit, asks, count in connection.execute(question.group_by(c.unit_id)) if unit}


@dataclass(frozen=True)
class Pause:
    """One suspension of a case at the same place; `until` None = it still stands."""

    case_no: str
    since: datetime
    until: datetime | None
    reason: str


def suspensions_nearby(
    connection: Connection, city_id: int, case_id: int, place: Mapping[str, Any], since: datetime
) -> list[Pause]:
    """Earlier suspensions at the same place (the case itself included) that reach beyond `since`, the latest first.

    The same place: the same grid, and the same address or a position within about 60 m.
    """
    c, log = tables.cases.c, tables.case_events.c
    same: list[ColumnElement[bool]] = [c.case_id == case_id]
    if place["address"]:
        same.append(and_(c.grid_id == place["grid_id"], c.address == place["address"]))
    if place["lon"] is not None and place["lat"] is not None:
        near = (c.lon.between(place["lon"] - NEAR, place["lon"] + NEAR),
                c.lat.between(place["lat"] - NEAR, place["lat"] + NEAR))  # fmt: skip
        same.append(and_(c.grid_id == place["grid_id"], *near))
    anywhere = same[0]
    for one in same[1:]:
        anywhere = anywhere | one
    paused = (c.city_id == city_id, c.changed_at >= since, c.suspension_count > 0, anywhere)
    question = (
        select(c.case_no, log.action, log.at, log.body)
        .select_from(tables.cases.join(tables.case_events, and_(log.city_id == c.city_id, log.case_id == c.case_id)))
        .where(*paused, log.action.in_(PAUSES))
        .order_by(c.case_id, log.version)
    )
    found: list[Pause] = []
    for case_no, action, at, body in connection.execute(question):
        if action == "suspend":
            found.append(Pause(case_no, at, None, json.loads(body).get("reason", "")))
        elif found:
            found[-1] = Pause(case_no, found[-1].since, at, found[-1].reason)
    reaching = [pause for pause in found if pause.until is None or pause.until >= since]
    return sorted(reaching, key=lambda pause: pause.since, reverse=True)
