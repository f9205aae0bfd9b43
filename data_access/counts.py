"""Counting cases (or, for units, assignments) by any dimension over any window, and listing those behind a count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, select

from data_access import tables
from data_access.predicates import Predicates, in_unit_figures
from domain.indicators import ClosureDue, Counts
from domain.window import COUNTED, Window

DIMENSIONS = ("city", "unit", "street", "grid", "class", "category", "channel")
KEY_COLUMN = {
    "unit": "unit_id",
    "street": "street_id",
    "grid": "grid_id",
    "category": "category_id",
    "channel": "channel_id",
}


@dataclass(frozen=True)
class Selection:
    """Which rows of a city are asked about: numbers of its lists; None = all. `unit_class` is a class key."""

    window: Window
    cohort: bool = False
    closure_due: ClosureDue = ClosureDue.CLOSED_PLUS_OVERDUE
    unit_class: str | None = None
    filters: Mapping[str, int] = field(default_factory=dict)  # dimension -> number

    @property
    def about_units(self) -> bool:
        return self.unit_class is not None or "unit" in self.filters


def counts_by(connection: Connection, city_id: int, dimension: str, chosen: Selection) -> dict[Any, Counts]:
    """Counts per number of the dimension (per class key for `class`, one row None for `city`).

    None stands for rows that belong nowhere: no unit, no grid. Units and classes count assignments, plus under None
    the cases that have no assignment.
    """
    if dimension in ("unit", "class"):
        rows = _grouped(connection, city_id, tables.assignments, dimension, chosen)
        if not chosen.about_units:
            lost = _grouped(connection, city_id, tables.cases, "city", chosen, tables.cases.c.unit_id.is_(None))
            if lost[None].registered or lost[None].reported:
                rows[None] = lost[None]
        return rows
    return _grouped(connection, city_id, _table(chosen), dimension, chosen)


def cases_behind(connection: Connection, city_id: int, which: str, chosen: Selection) -> list[dict[str, Any]]:
    """The rows a count counts, by case number: the same predicate, so len() equals the figure."""
    table, cases = _table(chosen), tables.cases
    predicates = Predicates(table, chosen.window, cohort=chosen.cohort, closure_due=chosen.closure_due)
    columns = [cases.c.case_no, cases.c.stage, cases.c.road]
    columns += [
        table.c[name]
        for name in (
            "category_id",
            "unit_id",
            "grid_id",
            "street_id",
            "registered_at",
            "handled_at",
            "closed_at",
            "effective_due_at",
            "marks",
        )
    ]
    question = select(*columns).where(*_where(city_id, table, chosen), predicates[which])
    if table is tables.assignments:
        same = and_(cases.c.city_id == table.c.city_id, cases.c.case_id == table.c.case_id)
        question = question.join_from(table, cases, same)
    return [dict(row) for row in connection.execute(question.order_by(cases.c.case_no)).mappings()]


def _table(chosen: Selection) -> Table:
    return tables.assignments if chosen.about_units else tables.cases


def _where(city_id: int, table: Table, chosen: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.c.city_id == city_id]
    conditions += [table.c[KEY_COLUMN[dimension]] == number for dimension, number in chosen.filters.items()]
    if table is tables.assignments:
        conditions.append(in_unit_figures())
    if chosen.unit_class is not None:
        units = tables.units
        members = select(units.c.unit_id).where(units.c.city_id == city_id, units.c.unit_class == chosen.unit_class)
        conditions.append(table.c.unit_id.in_(members))
    return conditions


def _grouped(
    connection: Connection, city_id: int, table: Table, dimension: str, chosen: Selection, *more: ColumnElement[bool]
) -> dict[Any, Counts]:
    predicates = Predicates(table, chosen.window, cohort=chosen.cohort, closure_due=chosen.closure_due)
    sums = [func.coalesce(func.sum(case((predicates[name], 1), else_=0)), 0).label(name) for name in COUNTED]
    question: Select[Any] = select(*sums).select_from(table).where(*_where(city_id, table, chosen), *more)
    key: ColumnElement[Any] | None = None
    if dimension == "class":
        units = tables.units
        same = and_(units.c.city_id == table.c.city_id, units.c.unit_id == table.c.unit_id)
        question, key = question.join_from(table, units, same), units.c.unit_class
    elif dimension != "city":
        key = table.c[KEY_COLUMN[dimension]]
    if key is None:
        return {None: Counts(*map(int, connection.execute(question).one()))}
    rows = connection.execute(question.add_columns(key.label("key")).group_by(key))
    return {row[-1]: Counts(*map(int, row[:-1])) for row in rows}


def names_of(connection: Connection, city_id: int, dimension: str) -> dict[Any, tuple[str, str]]:
    """Number → (key, name) of one of the city's lists."""
    if dimension == "city":
        return {}
    table = {"unit": tables.units, "grid": tables.grids, "category": tables.categories, "channel": tables.channels}.get(
        dimension, tables.areas
    )
    number = table.c.area_id if table is tables.areas else table.c[KEY_COLUMN[dimension]]
    question = select(number, table.c.key, func.coalesce(table.c.name, table.c.key)).where(table.c.city_id == city_id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(question)}
