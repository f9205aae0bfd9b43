"""The conditions of domain.counting as SQL on `cases` or `assignments`, for figures and the lists behind them."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, func, or_

from data_access import tables
from data_access.hours import moved
from domain import conditions, counting
from domain.conditions import All, Compare, NotLater, Present
from domain.indicator_options import IndicatorOptions
from domain.window import Window

Condition = ColumnElement[bool]
USUAL = IndicatorOptions()

SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "without": lambda column, mask: column.bitwise_and(mask) == 0,
}  # fmt: skip


class Predicates:
    """The predicates of one table over one window. `cohort`: see domain.counting."""

    def __init__(
        self, table: Table, window: Window, *, cohort: bool = False, options: IndicatorOptions = USUAL
    ) -> None:
        self.table = table
        self._counting = counting.Counting(window, options, cohort=cohort, of_units=table is tables.assignments)

    def __getitem__(self, name: str) -> Condition:
        """The condition behind a count; raises KeyError for an unknown name."""
        return as_sql(self._counting[name], self.table)


def in_unit_figures() -> Condition:
    """Which assignments a unit answers for (DECISIONS 6)."""
    return as_sql(counting.in_unit_figures(), tables.assignments)


def as_sql(condition: conditions.Condition, table: Table) -> Condition:
    """The condition on a row of the table."""
    c = table.c
    match condition:
        case Compare(column, sign, value):
            compared: Condition = SIGNS[sign](c[column], value)
            return compared
        case Present(column, present):
            return c[column].is_not(None) if present else c[column].is_(None)
        case NotLater(moments, than, allowed, opposite):
            left, right = _first(table, moments), moved(_first(table, than), allowed)
            return left > right if opposite else left <= right
        case All():
            return and_(*(as_sql(part, table) for part in condition.parts))
        case conditions.Any():
            return or_(*(as_sql(part, table) for part in condition.parts)) if condition.parts else false()


def _first(table: Table, columns: tuple[str, ...]) -> ColumnElement[Any]:
    found: list[ColumnElement[Any]] = [table.c[column] for column in columns]
    return found[0] if len(found) == 1 else func.coalesce(*found)
