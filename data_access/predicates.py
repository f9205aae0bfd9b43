"""What makes a row count: one predicate per name, used both for the figure and for the list behind it.

Each works on `cases` (city, street, grid, category, channel figures) and on `assignments` (unit and class
figures). Readings: DECISIONS 2 (closed, open), 3 (due), 4 (on time), 6 (assignments), 10 (impossible rows).
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Table, and_, func, not_, or_

from data_access import tables
from domain.indicators import ClosureDue
from domain.marks import Mark
from domain.window import COUNTED, Window

NAMES = (*COUNTED, "due_soon")
Condition = ColumnElement[bool]


class Predicates:
    """The predicates of one table over one window.

    `basis` flow = what happened in the window; cohort = the cases registered in it, in their state at as_of.
    """

    def __init__(
        self,
        table: Table,
        window: Window,
        *,
        cohort: bool = False,
        closure_due: ClosureDue = ClosureDue.CLOSED_PLUS_OVERDUE,
    ) -> None:
        self.c = table.c
        self.table, self.window, self.cohort, self.closure_due_definition = table, window, cohort, closure_due

    def __getitem__(self, name: str) -> Condition:
        """The condition behind a count; raises KeyError for an unknown name."""
        if name not in NAMES:
            raise KeyError(name)
        question: Callable[[], Condition] = getattr(self, f"_{name}")
        return and_(self._happened(self.c.registered_at), question()) if self.cohort else question()

    # When

    def _happened(self, moment: ColumnElement[object]) -> Condition:
        """Inside the window and not after as_of."""
        window = self.window
        return and_(moment >= window.start, moment <= window.as_of if window.unfinished else moment < window.end)

    def _by_now(self, moment: ColumnElement[object]) -> Condition:
        return moment <= self.window.as_of

    def _in_window(self, moment: ColumnElement[object]) -> Condition:
        """A flow: in the window; of a cohort, whenever it happened up to as_of."""
        return self._by_now(moment) if self.cohort else self._happened(moment)

    # States, at as_of or at the window's end

    def _reached(self, moment: ColumnElement[object], at_end: bool) -> Condition:
        """The moment lies before the end of the window (at_end), or not after as_of."""
        window = self.window
        if at_end and not window.unfinished and not self.cohort:
            return moment < window.end
        return moment <= window.as_of

    def _not_reached(self, moment: ColumnElement[object], at_end: bool) -> Condition:
        window = self.window
        if at_end and not window.unfinished and not self.cohort:
            return or_(moment.is_(None), moment >= window.end)
        return or_(moment.is_(None), moment > window.as_of)

    def _in_evaluation(self, at_end: bool) -> Condition:
        """Neither suspended nor void."""
        return and_(self._not_reached(self.c.suspended_at, at_end), self._not_reached(self.c.voided_at, at_end))

    def _unfinished_work(self, at_end: bool) -> Condition:
        """Registered, not closed, not void, and (in unit tables) still with the unit."""
        conditions = [
            self._not_reached(self.c.closed_at, at_end),
            self._reached(self.c.registered_at, at_end),
            self._not_reached(self.c.voided_at, at_end),
        ]
        if self.table is tables.assignments:
            conditions.append(self._not_reached(self.c.ended_at, at_end))
        return and_(*conditions)

    def _open_at(self, at_end: bool) -> Condition:
        return and_(self._unfinished_work(at_end), self._not_reached(self.c.suspended_at, at_end))

    def _overdue_at(self, at_end: bool) -> Condition:
        """Past the effective due time: strictly after it."""
        window = self.window
        moment = window.end if at_end and not window.unfinished and not self.cohort else window.as_of
        return and_(self._open_at(at_end), self.c.effective_due_at < moment)

    # Flows

    def _reported(self) -> Condition:
        return self._in_window(self.c.reported_at)

    def _registered(self) -> Condition:
        return self._in_window(self.c.registered_at)

    def _dispatched(self) -> Condition:
        return self._in_window(self.c.dispatched_at)

    def _handled(self) -> Condition:
        return self._in_window(self.c.handled_at)

    def _closed(self) -> Condition:
        """A case without 立案 counts only in 上报 (DECISIONS 2)."""
        return and_(self._in_window(self.c.closed_at), self.c.registered_at.is_not(None))

    def _closed_and_timed(self) -> Condition:
        """Closed with a deadline, in an order of times that can be true."""
        sound = self.c.marks.bitwise_and(int(Mark.CLOSED_BEFORE_OPENED)) == 0
        return and_(self._closed(), self.c.effective_due_at.is_not(None), sound)

    def _on_time(self) -> Condition:
        """The last handling, or where none is recorded the closing, not after the effective due time."""
        return and_(
            self._closed_and_timed(), func.coalesce(self.c.handled_at, self.c.closed_at) <= self.c.effective_due_at
        )

    def _late(self) -> Condition:
        return and_(
            self._closed_and_timed(), func.coalesce(self.c.handled_at, self.c.closed_at) > self.c.effective_due_at
        )

    def _closed_without_deadline(self) -> Condition:
        return and_(self._closed(), self.c.effective_due_at.is_(None))

    def _due(self) -> Condition:
        """The effective deadline lies in the window and not after as_of."""
        return and_(self._in_window(self.c.effective_due_at), self._by_now(self.c.registered_at))

    # Stocks at as_of

    def _open(self) -> Condition:
        return self._open_at(at_end=False)

    def _overdue_open(self) -> Condition:
        return self._overdue_at(at_end=False)

    def _due_soon(self) -> Condition:
        """Open, 80 % of the working time used, not yet overdue (DECISIONS 8)."""
        as_of = self.window.as_of
        return and_(self._open(), self.c.due_soon_at <= as_of, self.c.effective_due_at >= as_of)

    def _suspended(self) -> Condition:
        return and_(self._unfinished_work(at_end=False), self._by_now(self.c.suspended_at))

    # Denominators

    def _closure_due(self) -> Condition:
        """应结案数, in the reading the city has chosen."""
        if self.closure_due_definition is ClosureDue.CLOSED_PLUS_OVERDUE:
            counted = or_(self._closed(), self._overdue_at(at_end=True))
        elif self.closure_due_definition is ClosureDue.DUE_IN_PERIOD:
            counted = self._due()
        else:
            counted = self._registered()
        return and_(counted, self._in_evaluation(at_end=True))

    def _closure_due_without_deadline(self) -> Condition:
        return and_(self._closure_due(), self._closed(), self.c.effective_due_at.is_(None))

    def _handling_due(self) -> Condition:
        """应处置数: handled in the window, or overdue and not handled at its end; less suspended and void."""
        waiting = and_(self._overdue_at(at_end=True), self._not_reached(self.c.handled_at, at_end=True))
        return and_(or_(self._handled(), waiting), self._in_evaluation(at_end=True))

    # Properties of the cases that were due for closing

    def _rework(self) -> Condition:
        """返工案卷数: distinct cases, so that its rate over 应结案数 never passes 100 % (肃宁 Art. 26, reading j)."""
        return and_(self._closure_due(), self.c.rework_count > 0)

    def _extended(self) -> Condition:
        return and_(self._closure_due(), self.c.extension_count > 0)

    def _returned(self) -> Condition:
        return and_(self._closure_due(), self.c.return_count > 0)

    def _marked(self) -> Condition:
        """Registered in the window and impossible in some way."""
        return and_(self._registered(), self.c.marks != 0)


def in_unit_figures() -> Condition:
    """Which assignments a unit answers for: lead and assist, unless it was freed of the case (DECISIONS 6)."""
    c = tables.assignments.c
    freed = and_(c.end_reason.is_not(None), c.end_reason.in_(("returned", "dispatcher_error")))
    return and_(c.role != "informed", not_(freed))
