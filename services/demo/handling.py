"""From the dispatch to the closing: assignments and their clocks, work, 挂账 and 延期, recheck and 返工."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.calendar import WorkingTime
from domain.deadlines import WORKING_UNITS, Limit, LimitUnit, due, due_at, share_used_at
from domain.life_cycle import Stage
from services.demo.plan import UnitPlan
from services.demo.steps import NOTHING, Step
from services.demo.story import MINUTE, Story, whole

SUSPENDED, EXTENDED, CO_DISPATCHED = 0.012, 0.030, 0.040
WAITING = ("等待配件", "等待汛期过后施工", "产权单位待确认", "需列入年度计划", "等待管线迁改")
NO_COUNTS = {"rework_count": 0, "return_count": 0, "extension_count": 0, "marks": 0}
NO_CLOCK = {"unit_id": None, "received_at": None, "due_at": None, "effective_due_at": None, "due_soon_at": None}


def dispatch(story: Story, unit: UnitPlan) -> None:
    """派遣: the unit's clock starts; now and then a second unit assists or is informed (双派)."""
    story.later(*((1, 4) if story.condition.urgent else (2, 14)))
    limit, office = story.condition.limit, story.setting.office
    story.started = story.at
    story.due, provisional = due(story.at, limit, office)
    clock = {
        "dispatched_at": story.at,
        "due_at": story.due,
        "effective_due_at": story.due,
        "due_soon_at": share_used_at(story.at, limit, story.setting.due_soon_share, office),
    }
    number = story.setting.numbers.units[unit.key]
    case = {"unit_id": number, "stage": Stage.DISPATCHED.value, "due_provisional": provisional, **clock}
    new = [{"role": "lead", "unit_id": number, **story.columns, **clock, **NO_COUNTS}]
    body: dict[str, Any] = {"unit": unit.key, "due": story.due.isoformat()}
    if story.rng.random() < CO_DISPATCHED:
        other = story.usual_unit(unit.key).key
        role = "assist" if story.rng.random() < 0.5 else "informed"
        new.append({"role": role, "unit_id": story.setting.numbers.units[other], **story.columns, **clock, **NO_COUNTS})
        body[role] = other
    story.active = tuple(range(story.assignments + 1, story.assignments + len(new) + 1))
    story.assignments += len(new)
    story.steps.append(Step(story.at, "dispatch", story.person("派遣员", 9), body, case, NOTHING, tuple(new)))


def give_back(story: Story, unit: UnitPlan) -> None:
    """退回: the unit is not responsible, or the dispatcher erred; the next dispatch starts a new clock."""
    story.later(8, 70)
    reason = "returned" if story.rng.random() < 0.7 else "dispatcher_error"
    case = {"stage": Stage.RETURNED.value, "return_count": 1, **NO_CLOCK}
    work = {"ended_at": story.at, "end_reason": reason, "return_count": 1}
    story.step("return", story.clerk(unit), {"reason": reason}, case, work)
    story.active = ()
    story.later(5, 30)


def work_on(story: Story, unit: UnitPlan) -> None:
    """From the receipt to the closing, as fast and as well as this unit works."""
    rng, limit = story.rng, story.condition.limit
    clock = story.setting.crews if story.condition.urgent else story.setting.clock_of(unit)
    late = rng.random() < unit.late
    hours = max(0.07, min(0.97, rng.gauss(unit.pace, 0.2)))
    handle_at = _running(story, clock, story.started, hours)
    _receive(story, unit, handle_at)
    if not story.condition.urgent and rng.random() < SUSPENDED:
        handle_at = max(handle_at, _suspend(story))
    elif limit.unit is LimitUnit.WORK_DAYS and rng.random() < EXTENDED:
        _extend(story)
    if late:
        hours = min(24.0, rng.lognormvariate(1.15, 0.9))
        handle_at = clock.add(story.due, timedelta(hours=hours))[0]
    story.at = max(story.at + timedelta(minutes=2), whole(handle_at))
    _finish(story, unit)


def _running(story: Story, clock: WorkingTime, start: datetime, share: float) -> datetime:
    """`start` plus a share of the limit: a working limit on the given clock, any other on the wall's."""
    amount = timedelta(seconds=int(story.condition.limit.amount.total_seconds() * share))
    if story.condition.limit.unit in WORKING_UNITS:
        return clock.add(start, amount)[0]
    return start + amount


def _receive(story: Story, unit: UnitPlan, handle_at: datetime) -> None:
    patience = (handle_at - story.at).total_seconds() * 0.35
    story.at += timedelta(seconds=1 + int(min(patience, story.rng.uniform(2, 38) * MINUTE)))
    columns = {"received_at": story.at}
    story.step("receive", story.clerk(unit), {}, {**columns, "stage": Stage.RECEIVED.value}, columns)


def _suspend(story: Story) -> datetime:
    """挂账: the clock stands still until the case is resumed; returns when the work will be done."""
    rng, office = story.rng, story.setting.office
    begin = story.at + timedelta(seconds=int(rng.uniform(10, 45) * MINUTE))
    left = (story.due - begin).total_seconds() * 0.5
    if left < MINUTE:
        return story.at
    end = office.add(begin + timedelta(days=rng.uniform(1.0, 8.0)), timedelta(minutes=rng.uniform(5, 200)))[0]
    story.at = begin
    columns: dict[str, Any] = {"suspended_at": begin}
    body = {"reason": rng.choice(WAITING)}
    story.step("suspend", story.person("派遣员", 9), body, {**columns, "stage": Stage.SUSPENDED.value}, columns)
    story.at = whole(end)
    story.pauses.append((begin, story.at))
    clock, provisional = _new_clock(story, None)
    columns = {"suspended_at": None, **clock}
    case = {**columns, **provisional, "stage": Stage.RECEIVED.value}
    story.step("resume", story.person("派遣员", 9), {"due": story.due.isoformat()}, case, columns)
    return _running(story, office, story.at, 0.4 * rng.random())


def _extend(story: Story) -> None:
    """延期: half the limit more, granted in time."""
    granted = story.at + timedelta(seconds=int(story.rng.uniform(20, 90) * MINUTE))
    if granted >= story.due:
        return
    story.at = granted
    limit = story.condition.limit
    extension = Limit(limit.value / 2, limit.unit)
    clock, provisional = _new_clock(story, extension)
    columns = {"extension_count": 1, **clock}
    body = {"by": str(extension), "due": story.due.isoformat()}
    story.step("extend", story.person("派遣员", 9), body, {**columns, **provisional}, columns)


def _new_clock(story: Story, extension: Limit | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The changed due times, and what only the case says about them."""
    limit, office, share = story.condition.limit, story.setting.office, story.setting.due_soon_share
    deadline = due_at(story.started, limit, office, story.pauses, extension)
    soon = share_used_at(story.started, limit, share, office, story.pauses, extension)
    story.due = deadline.due
    return {"effective_due_at": story.due, "due_soon_at": soon}, {"due_provisional": deadline.provisional}


def _finish(story: Story, unit: UnitPlan) -> None:
    _handle(story, unit)
    reworks = 0
    while story.rng.random() < unit.rework and reworks < 2:
        reworks += 1
        _recheck_at(story)
        columns: dict[str, Any] = {"handled_at": None, "rework_count": reworks}
        body = {"reason": "未达到结案条件"}
        story.step("rework", story.person("采集员", 120), body, {**columns, "stage": Stage.REWORK.value}, columns)
        again = story.setting.clock_of(unit).add(story.at, timedelta(minutes=story.rng.uniform(25, 210)))[0]
        story.at = whole(again)
        _handle(story, unit)
    _recheck_at(story)
    case = {"rechecked_at": story.at, "stage": Stage.RECHECKED.value}
    story.step("recheck", story.person("采集员", 120), {"result": "达到结案条件"}, case)
    story.later(2, 16)
    columns = {"closed_at": story.at}
    work = {**columns, "ended_at": story.at, "end_reason": "closed"}
    story.step("close", story.person("值班长", 4), {}, {**columns, "stage": Stage.CLOSED.value}, work)


def _handle(story: Story, unit: UnitPlan) -> None:
    columns = {"handled_at": story.at}
    story.step("handle", story.clerk(unit), {}, {**columns, "stage": Stage.HANDLED.value}, columns)


def _recheck_at(story: Story) -> None:
    """Collectors look again within the hour, but not in the dark."""
    story.at += timedelta(seconds=int(min(200.0, 9 + story.rng.lognormvariate(3.4, 0.7)) * MINUTE))
    local = story.setting.city.local(story.at)
    if local.hour < 6 or local.hour >= 22:
        day = local.date() + timedelta(days=local.hour >= 22)
        morning = story.setting.city.midnight(day) + timedelta(hours=6, minutes=30)
        story.at = morning.astimezone(UTC) + timedelta(seconds=int(story.rng.uniform(0, 90) * MINUTE))
