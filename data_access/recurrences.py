"""Which cases of a window recur: the one count that looks at other rows than the one it counts (domain.recurrence)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from data_access import tables
from data_access.history import Earlier, as_they_were
from domain.recurrence import Registration, recurring
from domain.window import Window

NAMES = ("case_id", "category_id", "grid_id", "registered_at", "voided_at")


def recurring_cases(
    connection: Connection, city_id: int, window: Window, within: timedelta, earlier: Earlier | None
) -> frozenset[int]:
    """The numbers of the cases registered before the window's end that recur, as seen at as_of: all those of the
    window, and some of those that lie before it by less than `within`.

    `earlier` are the cases that were rewritten since as_of; None = there are none. Any case of the city can be the
    earlier one, whatever a question is narrowed to.
    """
    first = window.start - within
    c = tables.cases.c
    where = [c.city_id == city_id, c.registered_at >= first, c.registered_at < window.end]
    where += [c.registered_at <= window.as_of, c.grid_id.is_not(None), c.category_id.is_not(None)]
    if earlier is not None:
        where += as_they_were(tables.cases, city_id, window.as_of)
    question = select(*(c[name] for name in NAMES)).where(*where)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(question)]
    if earlier is not None:
        rows += (tuple(row[name] for name in NAMES) for row in earlier.cases)
    return recurring(_registrations(rows, window), within)


def _registrations(rows: list[tuple[Any, ...]], window: Window) -> Iterator[Registration]:
    for case_id, category, grid, at, voided_at in rows:
        if at is not None and category is not None and grid is not None and at <= window.as_of:
            void = voided_at is not None and voided_at <= window.as_of
            yield Registration(case_id, (category, grid), at, void)
