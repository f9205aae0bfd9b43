"""Questions over a period in parts that indexes serve: no row in two of them, none left out that can count."""

from collections.abc import Iterable
from functools import reduce

from sqlalchemy import ColumnElement, Connection, Table, and_, false, func, not_, or_, select

from data_access import tables
from data_access.predicates import as_sql
from domain.conditions import Condition
from domain.reach import Range, Unclosed, reach
from domain.window import Window

INDEXED = {
    tables.cases: frozenset(
        {"reported_at", "registered_at", "dispatched_at", "handled_at", "closed_at", "effective_due_at"}
    ),
    tables.assignments: frozenset({"registered_at", "dispatched_at", "handled_at", "closed_at"}),
}
MANY = 300_000  # rows of a window: finding them one by one then takes longer than reading the whole table

Parts = list[list[ColumnElement[bool]]]
WHOLE: Parts = [[]]


def parts_of(
    connection: Connection, city_id: int, table: Table, conditions: Iterable[Condition], window: Window
) -> Parts:
    """Each part as conditions on the table. What none of `conditions` can hold of is in no part.

    SQLite goes by one index a question; PostgreSQL by several at once, and by its statistics.
    """
    found = reach(conditions, INDEXED[table])
    if found is None or _many(connection, city_id, table, window):
        return WHOLE
    on_sqlite = connection.dialect.name == "sqlite"
    wheres = [_within(table, one) for one in sorted(found.ranges, key=lambda one: one[0].column)]
    if found.unclosed:
        wheres = [*_not_closed(table, found.unclosed, by_that_index=on_sqlite), *wheres]
    if not on_sqlite and wheres:
        return [[or_(*wheres)]]
    return [[where, *(_not(before) for before in wheres[:place])] for place, where in enumerate(wheres)]


def _many(connection: Connection, city_id: int, table: Table, window: Window) -> bool:
    c = table.c
    within = (c.city_id == city_id, c.registered_at >= window.start, c.registered_at < window.end)
    return connection.scalar(select(c.registered_at).where(*within).limit(1).offset(MANY)) is not None


def _within(table: Table, one: Range) -> ColumnElement[bool]:
    return and_(*(as_sql(bound, table) for bound in one))


def _not_closed(table: Table, unclosed: frozenset[Unclosed], *, by_that_index: bool) -> list[ColumnElement[bool]]:
    """Ranges of one index, which covers the bounds. SQLite would rather go by an index of the bounds, along which
    nearly every row lies."""
    closed_at = table.c.closed_at

    def bounded(where: ColumnElement[bool], one: Unclosed) -> ColumnElement[bool]:
        bounds = [table.c[name] <= at for name, at in sorted(one.before)]
        return and_(where, *(func.coalesce(bound, false()) if by_that_index else bound for bound in bounds))

    never = bounded(closed_at.is_(None), reduce(Unclosed.__or__, unclosed))
    later = sorted(unclosed, key=lambda one: one.since, reverse=True)  # the widest bounds over the fewest rows first
    return [never, *(bounded(closed_at >= one.since, one) for one in later)]


def _not(where: ColumnElement[bool]) -> ColumnElement[bool]:
    """A comparison with nothing holds as little as its opposite."""
    return not_(func.coalesce(where, false()))
