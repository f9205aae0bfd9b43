"""How much time a case has left, on the clock of its own limit. The browser counts on from here.

Clocks after DECISIONS 7 and domain research 3.1; overdue time is real time, as on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.calendar import WorkingTime
from domain.deadlines import WORKING_UNITS
from domain.durations import WorkedTime

AHEAD = timedelta(hours=36)  # working stretches the browser is told: it asks again long before they end
NO_TIME = timedelta()
Stretches = Sequence[tuple[datetime, datetime]]


class ClockKind(StrEnum):
    """On which clock the time left is counted."""

    WORKING = "working"
    CONTINUOUS = "continuous"
    NONE = "none"  # no deadline


@dataclass(frozen=True)
class Countdown:
    """`left` is working time or time of day; negative = overdue, always in real time, as on the wall."""

    due: datetime | None
    left: timedelta | None
    kind: ClockKind
    paused: bool  # suspended, or outside working time: it stands


class Countdowns:
    """The countdowns of many cases at one instant. `working` None: a city without a working calendar."""

    def __init__(self, working: WorkingTime | None, as_of: datetime, last: datetime | None) -> None:
        """`last` is the latest due time that will be asked about."""
        self.as_of = as_of
        self.working = working
        self.ahead: Stretches = tuple(working.segments(as_of, as_of + AHEAD)) if working else ()
        self._worked = WorkedTime(working, as_of, max(as_of, last or as_of)) if working else None
        self._at_work = bool(self.ahead) and self.ahead[0][0] <= as_of

    def of(self, due: datetime | None, limit_unit: str | None, suspended_at: datetime | None = None) -> Countdown:
        """Source: domain research 3.1 and DECISIONS 5: a working limit stands still outside working time, a suspended
        case stands where it was suspended, what is overdue counts in real time."""
        if due is None:
            return Countdown(None, None, ClockKind.NONE, suspended_at is not None)
        kind = ClockKind.WORKING if self.working and limit_unit in WORKING_UNITS else ClockKind.CONTINUOUS
        since = self.as_of if suspended_at is None else min(suspended_at, self.as_of)
        if due < since:
            return Countdown(due, due - since, kind, suspended_at is not None)
        if kind is ClockKind.CONTINUOUS:
            return Countdown(due, due - since, kind, suspended_at is not None)
        return Countdown(due, self._work(since, due), kind, suspended_at is not None or not self._at_work)

    def _work(self, since: datetime, due: datetime) -> timedelta:
        if self._worked is not None and since == self.as_of:
            return self._worked.between(since, due)
        return self.working.worked(since, due) if self.working else NO_TIME
