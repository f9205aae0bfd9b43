"""How a filed case goes on from its dispatch, once it is decided how it ends. Nothing happens at or after `end`."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from domain.deadlines import LimitUnit
from domain.life_cycle import Action
from services.demo.handling import WAITING, extend, receive, running, suspend, until_recheck
from services.demo.plan import UnitPlan
from services.demo.story import Story, whole

MINUTE = timedelta(minutes=1)
LAST_HANDLING, LAST_RECHECK = 40 * MINUTE, 20 * MINUTE  # before the stretch's end, where all must be closed by then
ROOM_TO_BE_LATE = timedelta(hours=1)  # a case due later than this before the end is not late within the stretch
MORNING = timedelta(hours=6, minutes=30)
ROOM_AFTER = timedelta(hours=12)  # a case due so long after the end can be carried over it and still be in time
FAR = timedelta(days=25)  # longer than any limit lasts, holidays included
LONG_ENOUGH = timedelta(days=16)  # for a case to be suspended within its stretch, whatever holidays lie between
EXTENDED, SUSPENDED, REWORK_GAP = 0.03, 0.01, timedelta(hours=3)


class Fate(IntEnum):
    """How a report ends, seen from the stretch in which it came."""

    NEVER_FILED = 0
    ON_TIME = 1
    LATE = 2
    AWAITING = 3  # handled in time in the last hours; its recheck comes in the next stretch, or never
    CARRIED_ON_TIME = 4  # handled and closed in the next stretch
    CARRIED_LATE = 5
    NEVER_HANDLED = 6
    SUSPENDED = 7  # 挂账: in the problem store, never handled


class Ending:
    """Of one case: `end` is its stretch's, `final` that of the next one (or the same)."""

    def __init__(self, story: Story, unit: UnitPlan, end: datetime, final: datetime) -> None:
        self.story, self.unit, self.end, self.final = story, unit, end, final
        self.rng = story.rng
        self.clock = story.setting.crews if story.condition.urgent else story.setting.clock_of(unit)

    def write(self, fate: Fate) -> None:
        ENDINGS[fate](self)

    def on_time(self) -> None:
        story = self.story
        handle_at = self._at_its_pace()
        if handle_at > self.end - LAST_HANDLING:
            handle_at = self._between(story.at, self.end - LAST_HANDLING)
        receive(story, self.unit, handle_at)
        calm = story.condition.limit.unit is LimitUnit.WORK_DAYS and story.due + FAR < self.end
        if calm and self.rng.random() < EXTENDED:
            extend(story)
        elif calm and self.rng.random() < SUSPENDED:
            handle_at = max(handle_at, suspend(story))
        self._handle(min(handle_at, story.due), story.due)
        self._close(self.end)

    def late(self) -> None:
        self._late_after(self.story.due, 1.4, self.end)

    def awaiting(self) -> None:
        story = self.story
        latest = min(story.due, self.end - 10 * MINUTE)
        handle_at = self._between(max(story.at, latest - timedelta(hours=6)), latest)
        receive(story, self.unit, handle_at)
        self._handle(handle_at, latest)
        if self.final > self.end:
            story.at = self.end
            until_recheck(story)
            self._pass()

    def carried_on_time(self) -> None:
        story = self.story
        handle_at = self._between(max(story.at, self.end + MORNING), story.due)
        receive(story, self.unit, handle_at)
        self._handle(handle_at, story.due)
        self._close(self.final)

    def carried_late(self) -> None:
        self._late_after(max(self.story.due, self.end + MORNING), 3.0, self.final)

    def never_handled(self) -> None:
        receive(self.story, self.unit, self.story.due)

    def suspended(self) -> None:
        """挂账 into the problem store, some days after the receipt."""
        story = self.story
        receive(story, self.unit, story.due)
        waited = story.at + timedelta(hours=self.rng.uniform(20, 70))
        story.at = whole(story.setting.office.add(waited, timedelta(minutes=self.rng.uniform(5, 240)))[0])
        story.by_duty_chief(Action.SUSPEND, {"reason": self.rng.choice(WAITING)})

    def _at_its_pace(self) -> datetime:
        share = max(0.07, min(0.97, self.rng.gauss(self.unit.pace, 0.2)))
        return running(self.story, self.clock, self.story.started, share)

    def _between(self, low: datetime, high: datetime) -> datetime:
        """Some instant between the two, in the unit's own hours if there are any."""
        share = self.rng.uniform(0.05, 0.95)
        worked = self.clock.worked(low, high)
        return self.clock.add(low, worked * share)[0] if worked else low + (high - low) * share

    def _late_after(self, due: datetime, how_late: float, end: datetime) -> None:
        story = self.story
        late_by = timedelta(hours=min(90.0, self.rng.lognormvariate(how_late, 1.0)))
        handle_at = whole(self.clock.add(due, late_by)[0])
        latest = end - LAST_HANDLING
        if handle_at > latest:
            handle_at = whole(self._between(due + MINUTE, latest))
        receive(story, self.unit, handle_at)
        self._handle(max(handle_at, due + MINUTE), latest)
        self._close(end)

    def _handle(self, at: datetime, latest: datetime) -> None:
        """处置; now and then a first attempt fails its recheck. Never before the receipt, never after `latest`."""
        story = self.story
        at = max(whole(at), story.at + MINUTE)
        if at > latest:
            at = latest.replace(microsecond=0)
        carried = story.at < self.end < at  # seen at the stretch's end, such a case must not look handled
        if not carried and at - story.at > REWORK_GAP and self.rng.random() < self.unit.rework:
            gap = at - story.at
            story.at = whole(story.at + gap * 0.4)
            story.by_unit(Action.HANDLE, self.unit, {})
            story.at = whole(story.at + gap * 0.2)
            story.by_collector(Action.RECHECK_FAIL, {"reason": "未达到结案条件"})
        story.at = at
        story.by_unit(Action.HANDLE, self.unit, {})

    def _close(self, end: datetime) -> None:
        story, handled_at = self.story, self.story.at
        until_recheck(story)
        if story.at > end - LAST_RECHECK:
            story.at = handled_at + timedelta(seconds=self.rng.randrange(240, 900))
        self._pass()

    def _pass(self) -> None:
        self.story.by_collector(Action.RECHECK_PASS, {"result": "达到结案条件"})
        self.story.later(2, 16)
        self.story.by_duty_chief(Action.CLOSE, {})


ENDINGS: Mapping[Fate, Callable[[Ending], None]] = {
    Fate.ON_TIME: Ending.on_time,
    Fate.LATE: Ending.late,
    Fate.AWAITING: Ending.awaiting,
    Fate.CARRIED_ON_TIME: Ending.carried_on_time,
    Fate.CARRIED_LATE: Ending.carried_late,
    Fate.NEVER_HANDLED: Ending.never_handled,
    Fate.SUSPENDED: Ending.suspended,
}


def may_be_late(story: Story, end: datetime) -> bool:
    return story.due < end - ROOM_TO_BE_LATE


def may_wait(story: Story, end: datetime) -> bool:
    """Whether it can be handled after the end and still be in time."""
    return story.due > end + ROOM_AFTER
