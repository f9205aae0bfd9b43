"""What the desk's queue asks: the open cases and what hangs on them. Bounded by what is open, never by all history.

All questions of one queue run on one connection inside one read transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, exists, false, func, not_, or_, select

from data_access import desk_tables, tables
from data_access.predicates import Predicates, in_unit_figures
from domain.applications import PENDING
from domain.counting import TIMES_OF
from domain.indicator_options import ClosureDue, IndicatorOptions
from domain.indicators import Counts, added
from domain.life_cycle import Action, AssignmentRole
from domain.window import Window

COLUMNS = (
    "case_id", "case_no", "version", "stage", "category_id", "unit_id", "street_id", "registered_at", "dispatched_at",
    "received_at", "handled_at", "suspended_at", "effective_due_at", "due_soon_at", "urgent", "due_provisional",
    "limit_unit", "return_count", "rework_count", "road", "address", "changed_at",
)  # fmt: skip
AT_A_TIME = 500
TOLD_BY_EVENTS = (Action.URGE, Action.RETURN, Action.RECHECK_FAIL)
LOAD_COUNTS = (
    "closure_due", "handled", "rework", "rework_times", "handled_rework", "handled_rework_times",
)  # fmt: skip

Waits = Mapping[int, tuple[tuple[str, str], ...]]  # case → kind and state of what waits for a signature


@dataclass(frozen=True)
class OpenCases:
    """The cases of a queue, and by case number what hangs on them."""

    rows: Sequence[Mapping[str, Any]]
    assisting: Mapping[int, frozenset[int]] = field(default_factory=dict)  # units
    happened: Mapping[tuple[int, str], tuple[datetime, ...]] = field(default_factory=dict)  # (case, action)
    acknowledged: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)
    supervised_until: Mapping[int, tuple[datetime, ...]] = field(default_factory=dict)
    waiting: Waits = field(default_factory=dict)


def open_cases(connection: Connection, city_id: int, window: Window) -> OpenCases:
    """Everything that is open, suspended or waits to be filed at the window's as_of, or for which something waits to
    be signed (申诉 of a closed case)."""
    rows = [*_filed(connection, city_id, window), *_unfiled(connection, city_id, window)]
    waiting = _waiting(connection, city_id)
    more = sorted(waiting.keys() - {row["case_id"] for row in rows})
    return _with_all(connection, city_id, window, [*rows, *_numbered(connection, city_id, window, more)], waiting)


def one_case(connection: Connection, city_id: int, window: Window, case_id: int) -> OpenCases:
    """The same about a single case, open or not."""
    rows = list(_numbered(connection, city_id, window, [case_id]))
    return _with_all(connection, city_id, window, rows, _waiting(connection, city_id))


def _with_all(
    connection: Connection, city_id: int, window: Window, rows: Sequence[dict[str, Any]], waiting: Waits
) -> OpenCases:
    asked = _Asked(connection, city_id, [row["case_id"] for row in rows])
    supervised = _supervised(connection, city_id, window.as_of)
    return OpenCases(rows, asked.assisting(), asked.happened(), asked.acknowledged(), supervised, waiting)


def _numbered(
    connection: Connection, city_id: int, window: Window, case_ids: Sequence[int]
) -> Iterator[dict[str, Any]]:
    c = tables.cases.c
    if case_ids:
        question = select(*_columns(window)).where(c.city_id == city_id, c.case_id.in_(case_ids))
        yield from (dict(row) for row in connection.execute(question).mappings())


def _columns(window: Window) -> tuple[ColumnElement[Any], ...]:
    at = Predicates(tables.cases, window)
    running, is_suspended = at["open"].label("running"), at["suspended"].label("is_suspended")
    return (*(tables.cases.c[name] for name in COLUMNS), running, is_suspended)


def _filed(connection: Connection, city_id: int, window: Window) -> Iterator[dict[str, Any]]:
    """By two ranges of one index: what is not closed, and what was closed after as_of."""
    c, at = tables.cases.c, Predicates(tables.cases, window)
    for here in (and_(c.closed_at.is_(None), c.registered_at <= window.as_of), c.closed_at > window.as_of):
        question = select(*_columns(window)).where(c.city_id == city_id, here, at["open"] | at["suspended"])
        yield from (dict(row) for row in connection.execute(question).mappings())


def _unfiled(connection: Connection, city_id: int, window: Window) -> Iterator[dict[str, Any]]:
    c = tables.cases.c
    nothing_yet = (c[name].is_(None) for name in ("registered_at", "rejected_at", "closed_at", "voided_at"))
    here = (c.city_id == city_id, c.reported_at <= window.as_of)
    yield from (
        dict(row) for row in connection.execute(select(*_columns(window)).where(*here, *nothing_yet)).mappings()
    )


class _Asked:
    """What hangs on these cases, looked up by their numbers, some hundreds at a time."""

    def __init__(self, connection: Connection, city_id: int, case_ids: Sequence[int]) -> None:
        self.connection, self.city_id = connection, city_id
        self._parts = [case_ids[start : start + AT_A_TIME] for start in range(0, len(case_ids), AT_A_TIME)]

    def _rows(self, table: Table, question: Select[Any]) -> Iterator[Any]:
        for part in self._parts:
            yield from self.connection.execute(
                question.where(table.c.city_id == self.city_id, table.c.case_id.in_(part))
            )

    def assisting(self) -> dict[int, frozenset[int]]:
        w = tables.assignments.c
        question = select(w.case_id, w.unit_id).where(w.ended_at.is_(None), w.role == AssignmentRole.ASSIST.value)
        found: dict[int, frozenset[int]] = {}
        for case_id, unit in self._rows(tables.assignments, question):
            found[case_id] = found.get(case_id, frozenset()) | {unit}
        return found

    def happened(self) -> dict[tuple[int, str], tuple[datetime, ...]]:
        e = tables.case_events.c
        question = select(e.case_id, e.action, e.at).where(e.action.in_([action.value for action in TOLD_BY_EVENTS]))
        found: dict[tuple[int, str], tuple[datetime, ...]] = {}
        for case_id, action, at in self._rows(tables.case_events, question):
            found[case_id, action] = (*found.get((case_id, action), ()), at)
        return found

    def acknowledged(self) -> dict[int, tuple[Any, ...]]:
        a = desk_tables.acknowledgements.c
        question = select(a.case_id, a.alert, a.at, a.owner_id, a.note, a.promised_at)
        found: dict[int, tuple[Any, ...]] = {}
        for row in self._rows(desk_tables.acknowledgements, question):
            found[row.case_id] = (*found.get(row.case_id, ()), row)
        return found


def _supervised(connection: Connection, city_id: int, as_of: datetime) -> dict[int, tuple[datetime, ...]]:
    """The due times of instructions and notices that are neither met nor replaced, of notices those whose unit still
    has the case."""
    s, work = desk_tables.supervisions.c, tables.assignments.c
    here = (work.city_id == s.city_id, work.case_id == s.case_id, work.unit_id == s.unit_id)
    theirs = or_(s.kind != "notice", exists().where(*here, work.ended_at.is_(None)))
    still = (s.city_id == city_id, s.met_at.is_(None), s.replaced_by.is_(None), s.issued_at <= as_of, theirs)
    found: dict[int, tuple[datetime, ...]] = {}
    for case_id, due in connection.execute(select(s.case_id, s.due_at).where(*still)):
        found[case_id] = (*found.get(case_id, ()), due)
    return found


def _waiting(connection: Connection, city_id: int) -> dict[int, tuple[tuple[str, str], ...]]:
    """Applications that wait for a signature; those of closed cases (申诉) too."""
    a = desk_tables.applications.c
    question = select(a.case_id, a.kind, a.state).where(a.city_id == city_id, a.state.in_(PENDING))
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for case_id, kind, state in connection.execute(question):
        found[case_id] = (*found.get(case_id, ()), (kind, state))
    return found


def holds(connection: Connection, city_id: int) -> dict[int, tuple[int, datetime]]:
    """Who was on which case last, and until when: case → user, instant."""
    h = desk_tables.case_holds.c
    rows = connection.execute(select(h.case_id, h.user_id, h.until).where(h.city_id == city_id))
    return {case_id: (user, until) for case_id, user, until in rows}


def people(connection: Connection, city_id: int) -> dict[int, tuple[str, tuple[str, ...]]]:
    """User number → name and posts."""
    u, p = desk_tables.users.c, desk_tables.user_posts.c
    names = {number: name for number, name in connection.execute(select(u.user_id, u.name).where(u.city_id == city_id))}
    posts: dict[int, tuple[str, ...]] = {}
    for number, post in connection.execute(select(p.user_id, p.post).where(p.city_id == city_id).order_by(p.post)):
        posts[number] = (*posts.get(number, ()), post)
    return {number: (name, posts.get(number, ())) for number, name in names.items()}


def desk_version(connection: Connection, city_id: int) -> int:
    """Grows with everything the desk writes."""
    b = desk_tables.desk_beats.c
    return connection.scalar(select(b.version).where(b.city_id == city_id)) or 0


class UnitStocks(NamedTuple):
    open: int
    overdue: int
    due_soon: int


def unit_stocks(connection: Connection, city_id: int, window: Window, unit: int | None = None) -> dict[int, UnitStocks]:
    """Open assignments by unit, as the wall counts them; of one unit, or of all."""
    c, at = tables.assignments.c, Predicates(tables.assignments, window)
    sums = [func.sum(case((at[name], 1), else_=0)) for name in ("open", "overdue_open", "due_soon")]
    found: dict[int, UnitStocks] = {}
    for question in (_not_closed(city_id, unit, sums), _where(city_id, unit, sums, c.closed_at > window.as_of)):
        for number, *counts in connection.execute(question):
            known = found.get(number, UnitStocks(0, 0, 0))
            found[number] = UnitStocks(*(a + int(b) for a, b in zip(known, counts, strict=True)))
    return found


def unit_month(
    connection: Connection, city_id: int, month: Window, options: IndicatorOptions, unit: int | None = None
) -> dict[int, Counts]:
    """What 返工率 is made of in each of its readings, by unit; of one unit, or of all."""
    c, at = tables.assignments.c, Predicates(tables.assignments, month, options=options)
    sums = [
        func.coalesce(func.sum(case((at[name], c[TIMES_OF[name]] if name in TIMES_OF else 1), else_=0)), 0)
        for name in LOAD_COUNTS
    ]
    parts = (_where(city_id, unit, sums, part) for part in _parts_of_month(month, options))
    found: dict[int, Counts] = {}
    for question in (_not_closed(city_id, unit, sums), *parts):
        for number, *counts in connection.execute(question):
            more = Counts(**dict(zip(LOAD_COUNTS, map(int, counts), strict=True)))
            found[number] = added((found.get(number, Counts()), more))
    return found


def _where(city_id: int, unit: int | None, sums: Sequence[Any], part: ColumnElement[bool]) -> Select[Any]:
    c = tables.assignments.c
    mine = c.unit_id.is_not(None) if unit is None else c.unit_id == unit
    return select(c.unit_id, *sums).where(c.city_id == city_id, mine, in_unit_figures(), part).group_by(c.unit_id)


def _not_closed(city_id: int, unit: int | None, sums: Sequence[Any]) -> Select[Any]:
    """The same over what is not closed: found in the index first, for without its statistics SQLite would rather read
    the whole table."""
    found, work = tables.assignments.alias("found"), tables.assignments
    same = (found.c[name] == work.c[name] for name in ("city_id", "case_id", "assignment_no"))
    mine = found.c.unit_id.is_not(None) if unit is None else found.c.unit_id == unit
    here = (found.c.city_id == city_id, found.c.closed_at.is_(None), mine, in_unit_figures())
    question = select(found.c.unit_id, *sums).select_from(found.join(work, and_(*same))).where(*here)
    return question.group_by(found.c.unit_id)  # by the other one's, SQLite would begin there, and read all of it


def _parts_of_month(month: Window, options: IndicatorOptions) -> Iterator[ColumnElement[bool]]:
    """Ranges of indexes, no row in two of them, in which every closed row lies that LOAD_COUNTS can count."""
    c = tables.assignments.c
    yield c.closed_at >= month.start
    before = not_(or_(c.closed_at.is_(None), c.closed_at >= month.start))  # written so that no index serves it
    yield and_(c.registered_at >= month.start, before)
    never = not_(or_(c.registered_at.is_(None), c.registered_at >= month.start))
    yield and_(c.handled_at >= month.start, before, never)
    if options.closure_due_definition is ClosureDue.DUE_IN_PERIOD:
        not_handled = not_(func.coalesce(c.handled_at >= month.start, false()))
        due = and_(c.effective_due_at >= month.start, c.effective_due_at < month.end)
        yield and_(due, before, never, not_handled)
