"""What makes a row count: one condition per name, used for figures and for the lists behind them.

The conditions are data: `holds` asks them of rows in memory, data_access/predicates.py turns them into SQL. They serve
cases (city, street, grid, category, channel figures) and assignments (unit and class figures). Readings: DECISIONS 2
(closed, open), 3 (due), 4 (on time), 6 (assignments), 10 (impossible rows).
"""

from collections.abc import Callable
from datetime import datetime

from domain.conditions import NEVER, All, Any, Compare, Condition, NotLater, Present
from domain.indicator_options import ClosureDue
from domain.indicators import COUNTED
from domain.life_cycle import FREED, AssignmentRole, Procedure
from domain.marks import Mark
from domain.window_conditions import Standing

RECURRENCE = "recurrence_count"
"""The one count that no row answers alone: domain.recurrence. A case counts in it as in `registered`, once filed."""
OF_ONE_ROW = tuple(name for name in COUNTED if name != RECURRENCE)
NAMES = (*OF_ONE_ROW, "due_soon")
TIMES_OF = {"rework_times": "rework_count", "handled_rework_times": "rework_count"}
"""Counts of times rather than of rows: each row counts as often as its column says."""


def in_unit_figures() -> Condition:
    """Which assignments a unit answers for: lead and assist, unless it was freed of the case (DECISIONS 6)."""
    kept = All(*(Compare("end_reason", "!=", reason.value) for reason in FREED))
    return All(Compare("role", "!=", AssignmentRole.INFORMED.value), Any(Present("end_reason", False), kept))


def exempted(as_of: datetime) -> Condition:
    """Which assignments an accepted appeal (申诉) has taken out of the score by as_of; as facts they stay."""
    return Compare("exempted_at", "<=", as_of)


def in_score(as_of: datetime) -> Condition:
    """Which assignments the score counts: the opposite of `exempted`."""
    return Any(Present("exempted_at", False), Compare("exempted_at", ">", as_of))


class Counting(Standing):
    """The condition behind each count. Assignments know nothing of the desk's own steps."""

    def __getitem__(self, name: str) -> Condition:
        """The condition behind a count; raises KeyError for an unknown name."""
        if name not in NAMES:
            raise KeyError(name)
        question: Callable[[], Condition] = getattr(self, f"_{name}")
        return All(self._at("registered_at", self._happened), question()) if self.cohort else question()

    def flow(self, moment: str) -> Condition:
        """The step was taken in the window; of a cohort, up to as_of."""
        if self.cohort:
            return All(self._at("registered_at", self._happened), self._in_window(moment))
        return self._in_window(moment)

    # Flows

    def _reported(self) -> Condition:
        return self._in_window("reported_at")

    def _registered(self) -> Condition:
        return self._at("registered_at", self._in_window)

    def _dispatched(self) -> Condition:
        return self._in_window("dispatched_at")

    def _handled(self) -> Condition:
        return self._at("handled_at", self._in_window)

    def _closed(self) -> Condition:
        """A case without 立案 counts only in 上报 (DECISIONS 2)."""
        settled = (Compare("procedure", "==", p.value) for p in self._included)
        return All(self._in_window("closed_at"), Any(Present("registered_at"), *settled))

    def _on_time(self) -> Condition:
        """The last handling, or where none is recorded the closing, not after the effective due time."""
        return All(*self._timed(self._closed()), NotLater(("handled_at", "closed_at"), ("effective_due_at",)))

    def _late(self) -> Condition:
        after = NotLater(("handled_at", "closed_at"), ("effective_due_at",), opposite=True)
        return All(*self._timed(self._closed()), after)

    def _timed(self, happened: Condition) -> list[Condition]:
        """With a deadline, and in an order of times that can be true."""
        return [happened, Compare("marks", "without", int(Mark.CLOSED_BEFORE_OPENED)), Present("effective_due_at")]

    def _closed_without_deadline(self) -> Condition:
        return All(self._closed(), Present("effective_due_at", False))

    def _due(self) -> Condition:
        """The effective deadline lies in the window and not after as_of."""
        return All(self._in_window("effective_due_at"), self._by_now("registered_at"))

    def _marked(self) -> Condition:
        """Registered in the window and impossible in some way."""
        return All(self._registered(), Compare("marks", "!=", 0))

    # Stocks at as_of

    def _open(self) -> Condition:
        return All(self._unfinished_work(at_end=False), self._not_reached("suspended_at", at_end=False))

    def _overdue_open(self) -> Condition:
        """Strictly past the effective due time."""
        return All(self._open(), Compare("effective_due_at", "<", self.window.as_of))

    def _due_soon(self) -> Condition:
        """Open, 80 % of the working time used, not yet overdue (DECISIONS 8)."""
        as_of = self.window.as_of
        return All(self._open(), Compare("due_soon_at", "<=", as_of), Compare("effective_due_at", ">=", as_of))

    def _suspended(self) -> Condition:
        return All(self._unfinished_work(at_end=False), self._by_now("suspended_at"))

    # What was due for closing, and its properties

    def _closure_due(self) -> Condition:
        """应结案数, in the reading the city has chosen."""
        definition = self.options.closure_due_definition
        counted: Condition
        if definition is ClosureDue.CLOSED_PLUS_OVERDUE:
            counted = Any(self._closed(), self._overdue_at_end())
        elif definition is ClosureDue.DUE_IN_PERIOD:
            counted = self._due()
        else:
            counted = self._registered()
        return All(counted, self._in_evaluation())

    def _closure_due_without_deadline(self) -> Condition:
        return All(self._closure_due(), self._closed(), Present("effective_due_at", False))

    def _overdue_unclosed(self) -> Condition:
        return All(self._closure_due(), self._overdue_at_end())

    def _rework(self) -> Condition:
        return All(self._closure_due(), Compare("rework_count", ">", 0))

    _rework_times = _rework

    def _extended(self) -> Condition:
        return All(self._closure_due(), Compare("extension_count", ">", 0))

    def _returned(self) -> Condition:
        return All(self._closure_due(), Compare("return_count", ">", 0))

    def _urgent_closed(self) -> Condition:
        return All(self._closed(), Compare("urgent", "==", True))

    def _urgent_closure_due(self) -> Condition:
        return All(self._closure_due(), Compare("urgent", "==", True))

    # What was due for handling, and its properties

    def _overdue_pending(self) -> Condition:
        """超期待处置: overdue and not handled at the window's end."""
        return All(self._overdue_at_end(), self._not_reached("handled_at", at_end=True), self._in_evaluation())

    def _handling_due(self) -> Condition:
        """应处置数: handled in the window, or overdue and not handled at its end; less suspended and void."""
        waiting = All(self._overdue_at_end(), self._not_reached("handled_at", at_end=True))
        return All(Any(self._handled(), waiting), self._in_evaluation())

    def _handling_due_without_deadline(self) -> Condition:
        return All(self._handling_due(), self._handled(), Present("effective_due_at", False))

    def _handling_due_extended(self) -> Condition:
        return All(self._handling_due(), Compare("extension_count", ">", 0))

    def _handled_on_time(self) -> Condition:
        return All(*self._timed(self._in_window("handled_at")), NotLater(("handled_at",), ("effective_due_at",)))

    def _handled_rework(self) -> Condition:
        return All(self._handled(), Compare("rework_count", ">", 0))

    _handled_rework_times = _handled_rework

    # What became of the cases registered, or dispatched, in the window

    def _registered_accurately(self) -> Condition:
        return All(self._registered(), self._not_reached("voided_at", at_end=False))

    def _registered_extension_asked(self) -> Condition:
        return All(self._registered(), Compare("extension_asks", ">", 0))

    def _dispatched_extended(self) -> Condition:
        return All(self._dispatched(), Compare("extension_count", ">", 0))

    def _dispatched_suspended(self) -> Condition:
        return All(self._dispatched(), Compare("suspension_count", ">", 0))

    def _dispatched_returned(self) -> Condition:
        return All(self._dispatched(), Compare("return_count", ">", 0))

    # The desk's own steps: of cases only

    def _of_the_desk(self, *conditions: Condition) -> Condition:
        return NEVER if self.of_units else All(*conditions)

    def _self_handled(self) -> Condition:
        return self._apart(Procedure.SELF_HANDLED)

    def _simple(self) -> Condition:
        return self._apart(Procedure.SIMPLE)

    def _apart(self, procedure: Procedure) -> Condition:
        return self._of_the_desk(Compare("procedure", "==", procedure.value), self._in_window("closed_at"))

    def _valid_reports(self) -> Condition:
        settled = All(Present("procedure"), self._by_now("closed_at"))
        valid = Any(self._by_now("registered_at"), settled)
        return self._of_the_desk(self._reported(), valid, self._not_reached("voided_at", at_end=False))

    def _registration_due(self) -> Condition:
        return self._of_the_desk(self._in_window("registered_at"))

    def _registered_on_time(self) -> Condition:
        limit = self.options.limit("registration")
        in_time = NotLater(("registered_at",), ("verified_at", "reported_at"), limit)
        return self._of_the_desk(self._in_window("registered_at"), in_time)

    def _verification_due(self) -> Condition:
        limit = self.options.limit("verification")
        waiting = self._waiting("accepted_at", limit, "verified_at", "registered_at", "rejected_at")
        return self._of_the_desk(Any(self._in_window("verified_at"), waiting))

    def _verified_on_time(self) -> Condition:
        in_time = NotLater(("verified_at",), ("accepted_at",), self.options.limit("verification"))
        return self._of_the_desk(self._in_window("verified_at"), in_time)

    def _dispatch_due(self) -> Condition:
        dispatched = self._in_window("first_dispatched_at")
        if "dispatched" in self.not_recorded:
            return self._of_the_desk(dispatched)
        waiting = self._waiting("registered_at", self.options.limit("dispatch"), "first_dispatched_at")
        return self._of_the_desk(Any(dispatched, waiting))

    def _dispatched_on_time(self) -> Condition:
        in_time = NotLater(("first_dispatched_at",), ("registered_at",), self.options.limit("dispatch"))
        return self._of_the_desk(self._in_window("first_dispatched_at"), in_time)

    def _dispatched_accurately(self) -> Condition:
        return self._of_the_desk(self._in_window("first_dispatched_at"), Compare("redispatch_count", "==", 0))

    def _recheck_due(self) -> Condition:
        waiting = self._waiting("handled_at", self.options.limit("recheck"), "rechecked_at")
        return self._of_the_desk(Any(self._in_window("rechecked_at"), waiting))

    def _rechecked_on_time(self) -> Condition:
        in_time = NotLater(("rechecked_at",), ("handled_at",), self.options.limit("recheck"))
        return self._of_the_desk(self._in_window("rechecked_at"), in_time)
