"""A window's moments and states as conditions: what happened in it, and how things stood at its end or at as_of."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.conditions import All, Any, Compare, Condition, Present
from domain.indicator_options import IndicatorOptions, InTotals
from domain.life_cycle import Procedure
from domain.window import Window


class Standing:
    """`cohort`: the cases registered in the window, in their state at as_of. `of_units`: asked of assignments.

    `not_recorded`: steps (dispatched, handled …) that the city's sources never carry: nobody can be waiting for them.
    """

    def __init__(
        self,
        window: Window,
        options: IndicatorOptions,
        *,
        cohort: bool = False,
        of_units: bool = False,
        not_recorded: frozenset[str] = frozenset(),
    ) -> None:
        self.window, self.options, self.cohort, self.of_units = window, options, cohort, of_units
        self.not_recorded = not_recorded
        apart = {Procedure.SELF_HANDLED: options.self_handled_in_totals, Procedure.SIMPLE: options.simple_in_totals}
        self._included = () if of_units else tuple(p for p, where in apart.items() if where is InTotals.INCLUDED)

    # When

    def _happened(self, moment: str) -> Condition:
        """Inside the window and not after as_of."""
        window = self.window
        before = Compare(moment, "<=", window.as_of) if window.unfinished else Compare(moment, "<", window.end)
        return All(Compare(moment, ">=", window.start), before)

    def _by_now(self, moment: str) -> Condition:
        return Compare(moment, "<=", self.window.as_of)

    def _in_window(self, moment: str) -> Condition:
        """A flow: in the window; of a cohort, whenever it happened up to as_of."""
        return self._by_now(moment) if self.cohort else self._happened(moment)

    def _at(self, moment: str, when: Callable[[str], Condition]) -> Condition:
        """A case that was settled without the usual steps took them when it ended, where it counts in the totals."""
        settled = [All(Compare("procedure", "==", p.value), when("closed_at")) for p in self._included]
        return Any(when(moment), *settled) if settled else when(moment)

    # States, at as_of or at the window's end

    @property
    def _ended(self) -> bool:
        """The window has an end of its own: it has passed, and the question is not about a cohort's state at as_of."""
        return not self.window.unfinished and not self.cohort

    @property
    def _end(self) -> datetime:
        return self.window.end if self._ended else self.window.as_of

    def _reached(self, moment: str, at_end: bool) -> Condition:
        """The moment lies before the end of the window (at_end), or not after as_of."""
        if at_end and self._ended:
            return Compare(moment, "<", self.window.end)
        return Compare(moment, "<=", self.window.as_of)

    def _not_reached(self, moment: str, at_end: bool) -> Condition:
        if at_end and self._ended:
            return Any(Present(moment, False), Compare(moment, ">=", self.window.end))
        return Any(Present(moment, False), Compare(moment, ">", self.window.as_of))

    def _in_evaluation(self) -> Condition:
        """Neither void nor, unless the city counts them, suspended at the window's end."""
        void = self._not_reached("voided_at", at_end=True)
        if self.options.suspended_in_denominators is InTotals.INCLUDED:
            return void
        return All(self._not_reached("suspended_at", at_end=True), void)

    def _unfinished_work(self, at_end: bool) -> Condition:
        """Registered, not closed, not void, and (in unit tables) still with the unit."""
        conditions = [
            self._not_reached("closed_at", at_end),
            self._reached("registered_at", at_end),
            self._not_reached("voided_at", at_end),
        ]
        if self.of_units:
            conditions.append(self._not_reached("ended_at", at_end))
        return All(*conditions)

    def _overdue_at_end(self) -> Condition:
        """Past the effective due time at the window's end, strictly after it; a suspended one by the time it had."""
        overdue = All(self._unfinished_work(at_end=True), Compare("effective_due_at", "<", self._end))
        if self.options.suspended_in_denominators is InTotals.INCLUDED:
            return overdue
        return All(overdue, self._not_reached("suspended_at", at_end=True))

    def _waiting(self, since: str, limit: timedelta, *ended_by: str) -> Condition:
        """Longer than the limit at a step of the desk at the window's end."""
        ends = (self._not_reached(moment, at_end=True) for moment in (*ended_by, "voided_at", "closed_at"))
        return All(self._reached(since, at_end=True), Compare(since, "<", self._end - limit), *ends)
