"""What a tick asks. Each question is bounded: by today, by this month or by the open cases, never by all history.

All run on one connection inside one read transaction, so that a picture is of one instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, case, func, literal, select, union_all

from data_access import tables
from data_access.hours import hours_since
from data_access.predicates import Predicates, as_sql, in_unit_figures
from domain.counting import exempted
from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts
from domain.marks import OFF_THE_MAP
from domain.window import Window

FLOWS = ("reported", "registered", "dispatched", "handled", "closed")
Number = int | None  # a list's number; None = none recorded


def flows(connection: Connection, city_id: int, windows: Mapping[str, Window]) -> dict[tuple[str, str], int]:
    """How many cases took each step in each named window: (window name, flow) → count."""
    c = tables.cases.c
    counts = [
        select(func.count()).where(c.city_id == city_id, Predicates(tables.cases, window)[flow]).scalar_subquery()
        for window in windows.values()
        for flow in FLOWS
    ]
    names = [(name, flow) for name in windows for flow in FLOWS]
    return dict(zip(names, connection.execute(select(*counts)).one(), strict=True))


@dataclass(frozen=True)
class OpenStock:
    """The cases of one grid that are open (or suspended) at the window's as_of."""

    grid_id: Number
    open: int
    overdue_open: int
    suspended: int


def open_by_grid(connection: Connection, city_id: int, window: Window) -> list[OpenStock]:
    """Open stocks per grid; their sums are the city's."""
    c, at = tables.cases.c, Predicates(tables.cases, window)
    still = at["open"] | at["suspended"]
    sums = [func.sum(case((at[name], 1), else_=0)) for name in ("open", "overdue_open", "suspended")]
    rows = connection.execute(select(c.grid_id, *sums).where(c.city_id == city_id, still).group_by(c.grid_id))
    return [OpenStock(grid, int(a), int(b), int(s)) for grid, a, b, s in rows]


@dataclass(frozen=True)
class UnitStock:
    """One unit's open assignments at the window's as_of."""

    overdue_open: int
    oldest_due_at: datetime | None  # the earliest effective due time among the overdue ones
    due_soon: int


def stock_by_unit(connection: Connection, city_id: int, window: Window) -> dict[int, UnitStock]:
    table = tables.assignments
    c, at = table.c, Predicates(table, window)
    question = select(
        c.unit_id,
        func.sum(case((at["overdue_open"], 1), else_=0)),
        func.min(case((at["overdue_open"], c.effective_due_at))),
        func.sum(case((at["due_soon"], 1), else_=0)),
    ).where(c.city_id == city_id, at["open"], in_unit_figures(), c.unit_id.is_not(None))
    rows = connection.execute(question.group_by(c.unit_id))
    return {unit: UnitStock(int(overdue), oldest, int(soon)) for unit, overdue, oldest, soon in rows}


PERIOD_COUNTS = ("registered", "handled", "closed", "on_time", "closed_without_deadline", "rework", "closure_due",
                 "closure_due_without_deadline", "handling_due")  # fmt: skip


def period_counts(
    connection: Connection, city_id: int, window: Window, options: IndicatorOptions, by: str
) -> dict[Number, Counts]:
    """The counts that the wall's rates and scores need over a period, by unit (assignments) or street (cases).

    Reads only rows registered, handled, closed or due in the period, or still open at its end.
    """
    table: Table = tables.assignments if by == "unit" else tables.cases
    c, at = table.c, Predicates(table, window, options=options)
    relevant = at["registered"] | at["handled"] | at["closed"] | at["closure_due"] | at["handling_due"]
    sums = [func.sum(case((at[name], 1), else_=0)) for name in PERIOD_COUNTS]
    key, where = c.street_id, [c.city_id == city_id, relevant]
    if by == "unit":
        key = c.unit_id
        where.append(in_unit_figures())
    return {row[-1]: _counts(row[:-1]) for row in connection.execute(select(*sums, key).where(*where).group_by(key))}


def exempted_counts(
    connection: Connection, city_id: int, window: Window, options: IndicatorOptions
) -> dict[Number, Counts]:
    """What accepted appeals take out of the units' scores: a part of `period_counts` by unit."""
    table = tables.assignments
    c, at = table.c, Predicates(table, window, options=options)
    sums = [func.sum(case((at[name], 1), else_=0)) for name in PERIOD_COUNTS]
    where = (c.city_id == city_id, as_sql(exempted(window.as_of), table), in_unit_figures())
    rows = connection.execute(select(*sums, c.unit_id).where(*where).group_by(c.unit_id))
    return {row[-1]: _counts(row[:-1]) for row in rows}


def _counts(row: Sequence[Any]) -> Counts:
    return Counts(**dict(zip(PERIOD_COUNTS, map(int, row), strict=True)))


def count_by(connection: Connection, city_id: int, which: str, column: str, window: Window) -> dict[Number, int]:
    """A flow of the window by one of grid_id, street_id, category_id, channel_id."""
    c = tables.cases.c
    key = c[column]
    question = select(key, func.count()).where(c.city_id == city_id, Predicates(tables.cases, window)[which])
    return {number: count for number, count in connection.execute(question.group_by(key))}


def per_hour(connection: Connection, city_id: int, which: str, window: Window) -> dict[int, int]:
    """A flow by whole hours since the window's start."""
    c = tables.cases.c
    hour = hours_since(c[f"{which}_at"], window.start)
    question = select(hour, func.count()).where(c.city_id == city_id, Predicates(tables.cases, window)[which])
    return {int(number): count for number, count in connection.execute(question.group_by(hour))}


def newly_overdue(connection: Connection, city_id: int, window: Window, since: timedelta) -> Sequence[Any]:
    """Open cases whose effective due time passed within `since` before as_of, the newest first."""
    c, at = tables.cases.c, Predicates(tables.cases, window)
    on_map = c.marks.bitwise_and(int(OFF_THE_MAP)) == 0
    question = (
        select(c.case_no, c.category_id, c.unit_id, c.street_id, c.road, c.effective_due_at,
               case((on_map, c.lon)).label("lon"), case((on_map, c.lat)).label("lat"))
        .where(c.city_id == city_id, at["overdue_open"], c.effective_due_at >= window.as_of - since)
        .order_by(c.effective_due_at.desc(), c.case_no)
    )  # fmt: skip
    return connection.execute(question).all()


def latest_steps(connection: Connection, city_id: int, as_of: datetime, limit: int) -> Sequence[Any]:
    """The newest steps of any cases, newest first: (step, at, case_no, category_id, road, unit_id)."""
    c = tables.cases.c
    parts = []
    for step in ("registered", "dispatched", "handled", "closed"):
        at = c[f"{step}_at"]
        newest = (
            select(literal(step).label("step"), at.label("at"), c.case_no, c.category_id, c.road, c.unit_id)
            .where(and_(c.city_id == city_id, at <= as_of))
            .order_by(at.desc())
            .limit(limit)
            .subquery()
        )
        parts.append(select(newest))
    merged = union_all(*parts).subquery()
    return connection.execute(select(merged).order_by(merged.c.at.desc(), merged.c.case_no).limit(limit)).all()
