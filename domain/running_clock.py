"""The clock of the unit that leads a case, told from the case's events: its beginning, its limit, the pauses, what was
added. A new leading unit has a clock of its own (DECISIONS 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from domain.calendar import WorkingTime
from domain.deadlines import HOURS_OF, WORKING_UNITS, Deadline, Limit, LimitUnit, due_at, share_used_at
from domain.life_cycle import Action
from domain.replay import Happened, in_order

Pause = tuple[datetime, datetime]
BEGINS = (Action.DISPATCH, Action.REASSIGN)
ENDS = (Action.UPHOLD_RETURN, Action.ESCALATE)
STOPS = (Action.SUSPEND, Action.VOID)
GOES_ON = (Action.RESUME, Action.RESTORE)


@dataclass(frozen=True)
class RunningClock:
    """`paused_since` is the beginning of a pause that has not ended; `pauses` are those that have."""

    unit: str
    started: datetime
    limit: Limit | None  # None: written nowhere, so nothing can be computed from it
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    extension: Limit | None = None  # everything that was added to this clock together
    suspended: bool = False  # 挂账 is why it stands, whether or not the case was declared void meanwhile

    def extended(self, by: Limit) -> "RunningClock":
        """The clock with so much more time, on the limit's own clock (肃宁 Art. 27)."""
        return replace(self, extension=together(self.extension, by))

    def resumed(self, at: datetime) -> "RunningClock":
        """The clock after the pause it stands in: that time does not count (缓办, reading n)."""
        if self.paused_since is None:
            return self
        return replace(self, pauses=(*self.pauses, (self.paused_since, at)), paused_since=None, suspended=False)

    def deadline(self, working: WorkingTime | None) -> Deadline | None:
        """When it runs out, with its arithmetic; a pause that has not ended is left out. None without a limit."""
        if self.limit is None:
            return None
        return due_at(self.started, self.limit, working, self.pauses, self.extension)

    def soon(self, share: Fraction, working: WorkingTime | None) -> datetime | None:
        """When the share of its time is used after which it counts as 将到期 (DECISIONS 8)."""
        if self.limit is None:
            return None
        return share_used_at(self.started, self.limit, share, working, self.pauses, self.extension)

    def new_due(self, share: Fraction, working: WorkingTime | None) -> dict[str, object]:
        """What an event says that moves the due time: {"due", "soon", "provisional"}; empty without a limit."""
        deadline, soon = self.deadline(working), self.soon(share, working)
        if deadline is None or soon is None:
            return {}
        body: dict[str, object] = {"due": deadline.due.isoformat(), "soon": soon.isoformat()}
        return body | {"provisional": True} if deadline.provisional else body


def clock_of(events: Sequence[Happened]) -> RunningClock | None:
    """The clock that runs after these events (a case's whole log); None while nobody has the case.

    Source: DECISIONS 5; a granted 挂账 counts from its application, {"since": …} (reading o of domain research 2.4.3).
    """
    clock: RunningClock | None = None
    written: str | None = None
    for step in in_order(events):
        written = step.body.get("limit", written)
        if step.action in BEGINS:
            clock = RunningClock(step.body["unit"], step.at, Limit.parse(written) if written else None)
        elif step.action in ENDS:
            clock = None
        elif clock is not None:
            clock = _after(clock, step)
    return clock


def _after(clock: RunningClock, step: Happened) -> RunningClock:
    if step.action in STOPS:
        since = datetime.fromisoformat(step.body["since"]) if "since" in step.body else step.at
        suspended = clock.suspended or step.action == Action.SUSPEND
        return replace(clock, paused_since=min(since, clock.paused_since or since), suspended=suspended)
    if step.action == Action.RESTORE and clock.suspended:
        return clock  # it is suspended again, and stands on
    if step.action in GOES_ON:
        return clock.resumed(step.at)
    if step.action == Action.EXTEND and "by" in step.body:
        return clock.extended(Limit.parse(step.body["by"]))
    return clock


def same_clock(one: Limit, other: Limit) -> bool:
    """Whether both count on the same clock: in working time, or day and night."""
    return (one.unit in WORKING_UNITS) == (other.unit in WORKING_UNITS)


def together(one: Limit | None, other: Limit) -> Limit:
    """Two times on one clock added up: in their own unit where they share it, else in hours."""
    if one is None:
        return other
    if one.unit is other.unit:
        return Limit(one.value + other.value, one.unit)
    hours = one.value * HOURS_OF[one.unit] + other.value * HOURS_OF[other.unit]
    return Limit(hours, LimitUnit.WORK_HOURS if one.unit in WORKING_UNITS else LimitUnit.URGENT_HOURS)
