"""What is weighed before a case goes to another unit: how units work, who usually has such cases, how well the desk
dispatches and how much a unit returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from data_access import desk_tables, tables
from data_access.predicates import Predicates, in_unit_figures
from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts
from domain.window import Window


class SecondsBetween(FunctionElement[int]):
    """Seconds from the second argument to the first."""

    type = Integer()
    inherit_cache = True


@compiles(SecondsBetween, "sqlite")
def _on_sqlite(element: SecondsBetween, compiler: Any, **kwargs: Any) -> str:
    later, earlier = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(({later} - {earlier}) / 1000000)"


@compiles(SecondsBetween)
def _elsewhere(element: SecondsBetween, compiler: Any, **kwargs: Any) -> str:
    later, earlier = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"CAST(floor(extract(epoch FROM {later} - {earlier})) AS INTEGER)"


@dataclass(frozen=True)
class UnitWork:
    """`due_within`: open assignments due before the instant asked for; `oldest_due`: of the overdue ones."""

    due_within: int = 0
    oldest_due: datetime | None = None
    receive_minutes: int | None = None  # 平均签收 of what was dispatched in the window; None = nothing received


def unit_work(connection: Connection, city_id: int, window: Window, until: datetime) -> dict[int, UnitWork]:
    """By unit number: assignments a unit answers for (DECISIONS 6)."""
    table = tables.assignments
    c, at = table.c, Predicates(table, window)
    near = and_(c.effective_due_at >= window.as_of, c.effective_due_at <= until)
    stocks = select(
        c.unit_id, func.sum(case((near, 1), else_=0)), func.min(case((at["overdue_open"], c.effective_due_at)))
    ).where(c.city_id == city_id, at["open"], in_unit_figures(), c.unit_id.is_not(None))
    received = select(c.unit_id, func.sum(SecondsBetween(c.received_at, c.dispatched_at)), func.count()).where(
        c.city_id == city_id, at["dispatched"], in_unit_figures(), c.received_at >= c.dispatched_at
    )
    minutes = {
        unit: int(seconds) // count // 60 for unit, seconds, count in connection.execute(received.group_by(c.unit_id))
    }
    found = {unit: (int(near), due) for unit, near, due in connection.execute(stocks.group_by(c.unit_id))}
    return {
        unit: UnitWork(*found.get(unit, (0, None)), receive_minutes=minutes.get(unit))
        for unit in found.keys() | minutes.keys()
    }


def closed_by_unit(connection: Connection, city_id: int, category_id: int | None, since: datetime) -> dict[str, int]:
    """Cases of the class closed since then, by the key of the unit that had them."""
    c, u = tables.cases.c, tables.units.c
    same = and_(u.city_id == c.city_id, u.unit_id == c.unit_id)
    question = (
        select(u.key, func.count())
        .select_from(tables.cases.join(tables.units, same))
        .where(c.city_id == city_id, c.closed_at >= since, c.category_id == category_id)
        .group_by(u.key)
    )
    return {key: count for key, count in connection.execute(question)}


def dispatch_counts(connection: Connection, city_id: int, window: Window, options: IndicatorOptions) -> Counts:
    """What 派遣准确率 of the window is made of."""
    return _counts(connection, tables.cases, window, options, "dispatched_accurately", "dispatch_due",
                   where=(tables.cases.c.city_id == city_id,))  # fmt: skip


def dispatch_counts_of(
    connection: Connection, city_id: int, window: Window, options: IndicatorOptions, case_id: int
) -> Counts:
    """The part of one case in them."""
    c = tables.cases.c
    return _counts(connection, tables.cases, window, options, "dispatched_accurately", "dispatch_due",
                   where=(c.city_id == city_id, c.case_id == case_id))  # fmt: skip


def return_counts(
    connection: Connection, city_id: int, window: Window, options: IndicatorOptions, unit_id: int, case_id: int | None
) -> Counts:
    """What a unit's 回退率 of the window is made of; with a case, that case's part in it."""
    c = tables.assignments.c
    here = [c.city_id == city_id, c.unit_id == unit_id, in_unit_figures()]
    if case_id is not None:
        here += [c.case_id == case_id, c.ended_at.is_(None)]
    return _counts(connection, tables.assignments, window, options, "dispatched", "dispatched_returned", where=here)


def _counts(
    connection: Connection,
    table: Any,
    window: Window,
    options: IndicatorOptions,
    *names: str,
    where: Sequence[ColumnElement[bool]],
) -> Counts:
    at = Predicates(table, window, options=options)
    sums = [func.coalesce(func.sum(case((at[name], 1), else_=0)), 0) for name in names]
    row = connection.execute(select(*sums).where(*where)).one()
    return Counts(**dict(zip(names, map(int, row), strict=True)))


def shift_since(connection: Connection, city_id: int, after: datetime) -> datetime | None:
    """When the shift that runs began: the last hand-over signed after this instant; None where there was none."""
    h = desk_tables.handovers.c
    question = select(func.max(h.signed_at)).where(h.city_id == city_id, h.signed_at >= after)
    since: datetime | None = connection.scalar(question)
    return since
