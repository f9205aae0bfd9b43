"""From the dispatch to the closing: assignments and their clocks, work, 挂账 and 延期, recheck and 返工."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.calendar import WorkingTime
from domain.deadlines import WORKING_UNITS, Limit, LimitUnit, due, due_at, share_used_at
from domain.life_cycle import Action, AssignmentRole, EndReason, Tier
from services.demo.plan import UnitPlan
from services.demo.story import MINUTE, Story, whole

SUSPENDED, EXTENDED, CO_DISPATCHED, JOINED = 0.012, 0.030, 0.036, 0.004
CORRECTED = 0.004
REFUSED = 0.15  # of the returns: the unit has to do it after all
WAITING = ("等待配件", "等待汛期过后施工", "产权单位待确认", "需列入年度计划", "等待管线迁改")


def dispatch(story: Story, unit: UnitPlan) -> None:
    """派遣: the unit's clock starts; now and then a second unit assists or is informed (双派)."""
    story.later(*((1, 4) if story.condition.urgent else (2, 14)))
    body = new_unit(story, unit)
    if story.rng.random() < CO_DISPATCHED:
        body.update(_second_unit(story, unit))
    story.by_dispatcher(Action.DISPATCH, body)


def hand_on(story: Story, unit: UnitPlan) -> None:
    """改派: the dispatcher sees that it was meant for another unit."""
    story.later(5, 40)
    story.by_dispatcher(Action.REASSIGN, new_unit(story, unit))


def escalate(story: Story) -> None:
    """上呈: the street cannot solve it, the city dispatches it anew."""
    story.later(15, 60)
    story.by_dispatcher(Action.ESCALATE, {"tier": Tier.CITY.value, "reason": "超出街道处置权限"})


def give_back(story: Story, unit: UnitPlan) -> bool:
    """回退 and what is decided about it; True when the case now waits for another unit."""
    story.later(8, 70)
    story.by_unit(Action.RETURN, unit, {"reason": story.rng.choice(("不属于本单位职责", "权属不清", "位置有误"))})
    story.later(5, 30)
    fate = story.rng.random()
    if fate < REFUSED:
        story.by_dispatcher(Action.REFUSE_RETURN, {"reason": "属本单位职责"})
        return False
    decision = EndReason.DISPATCHER_ERROR if fate > 0.7 else EndReason.RETURNED
    story.by_dispatcher(Action.UPHOLD_RETURN, {"decision": decision.value})
    return True


def work_on(story: Story, unit: UnitPlan) -> None:
    """From the receipt to the closing, as fast and as well as this unit works."""
    rng, limit = story.rng, story.condition.limit
    clock = story.setting.crews if story.condition.urgent else story.setting.clock_of(unit)
    late = rng.random() < unit.late
    hours = max(0.07, min(0.97, rng.gauss(unit.pace, 0.2)))
    handle_at = running(story, clock, story.started, hours)
    receive(story, unit, handle_at)
    if not story.condition.urgent and rng.random() < SUSPENDED:
        handle_at = max(handle_at, suspend(story))
    elif limit.unit is LimitUnit.WORK_DAYS and rng.random() < EXTENDED:
        extend(story)
    elif rng.random() < JOINED:
        _join(story, unit)
    if late:
        hours = min(24.0, rng.lognormvariate(1.15, 0.9))
        handle_at = clock.add(story.due, timedelta(hours=hours))[0]
    story.at = max(story.at + timedelta(minutes=2), whole(handle_at))
    _finish(story, unit)


def new_unit(story: Story, unit: UnitPlan) -> dict[str, Any]:
    """The unit and its own clock, which starts now (DECISIONS 5)."""
    limit, office = story.condition.limit, story.setting.office
    story.started, story.pauses = story.at, []
    story.due, provisional = due(story.at, limit, office)
    soon = share_used_at(story.at, limit, story.setting.due_soon_share, office)
    body: dict[str, Any] = {"unit": unit.key, "due": story.due.isoformat(), "soon": soon.isoformat()}
    if provisional:
        body["provisional"] = True
    return body


def _second_unit(story: Story, unit: UnitPlan) -> dict[str, Any]:
    other = story.usual_unit(unit.key).key
    role = AssignmentRole.ASSIST if story.rng.random() < 0.5 else AssignmentRole.INFORMED
    return {role.value: [other]}


def _join(story: Story, unit: UnitPlan) -> None:
    """增派: halfway another unit joins, with the limit counted from now."""
    story.at += timedelta(seconds=int(story.rng.uniform(5, 30) * MINUTE))
    limit, office, share = story.condition.limit, story.setting.office, story.setting.due_soon_share
    body = {
        **_second_unit(story, unit),
        "due": due(story.at, limit, office)[0].isoformat(),
        "soon": share_used_at(story.at, limit, share, office).isoformat(),
    }
    story.by_dispatcher(Action.CO_DISPATCH, body)


def running(story: Story, clock: WorkingTime, start: datetime, share: float) -> datetime:
    """`start` plus a share of the limit: a working limit on the given clock, any other on the wall's."""
    amount = timedelta(seconds=int(story.condition.limit.amount.total_seconds() * share))
    if story.condition.limit.unit in WORKING_UNITS:
        return clock.add(start, amount)[0]
    return start + amount


def receive(story: Story, unit: UnitPlan, handle_at: datetime) -> None:
    patience = max(0.0, (handle_at - story.at).total_seconds() * 0.35)
    story.at += timedelta(seconds=1 + int(min(patience, story.rng.uniform(2, 38) * MINUTE)))
    story.by_unit(Action.RECEIVE, unit, {})


def suspend(story: Story) -> datetime:
    """挂账: the clock stands still until the case is resumed; returns when the work will be done."""
    rng, office = story.rng, story.setting.office
    begin = story.at + timedelta(seconds=int(rng.uniform(10, 45) * MINUTE))
    left = (story.due - begin).total_seconds() * 0.5
    if left < MINUTE:
        return story.at
    end = office.add(begin + timedelta(days=rng.uniform(1.0, 8.0)), timedelta(minutes=rng.uniform(5, 200)))[0]
    story.at = begin
    story.by_duty_chief(Action.SUSPEND, {"reason": rng.choice(WAITING)})
    story.at = whole(end)
    story.pauses.append((begin, story.at))
    story.by_dispatcher(Action.RESUME, _new_clock(story, None))
    return running(story, office, story.at, 0.4 * rng.random())


def extend(story: Story) -> None:
    """延期: half the limit more, granted in time."""
    granted = story.at + timedelta(seconds=int(story.rng.uniform(20, 90) * MINUTE))
    if granted >= story.due:
        return
    story.at = granted
    limit = story.condition.limit
    extension = Limit(limit.value / 2, limit.unit)
    story.by_duty_chief(Action.EXTEND, {"by": str(extension), **_new_clock(story, extension)})


def _new_clock(story: Story, extension: Limit | None) -> dict[str, Any]:
    """The changed due time of the active lead assignment, after its pauses and with its extension."""
    limit, office, share = story.condition.limit, story.setting.office, story.setting.due_soon_share
    deadline = due_at(story.started, limit, office, story.pauses, extension)
    soon = share_used_at(story.started, limit, share, office, story.pauses, extension)
    story.due = deadline.due
    body: dict[str, Any] = {"due": story.due.isoformat(), "soon": soon.isoformat()}
    if deadline.provisional:
        body["provisional"] = True
    return body


def _finish(story: Story, unit: UnitPlan) -> None:
    story.by_unit(Action.HANDLE, unit, {})
    reworks = 0
    while story.rng.random() < unit.rework and reworks < 2:
        reworks += 1
        until_recheck(story)
        story.by_collector(Action.RECHECK_FAIL, {"reason": "未达到结案条件"})
        again = story.setting.clock_of(unit).add(story.at, timedelta(minutes=story.rng.uniform(25, 210)))[0]
        story.at = whole(again)
        story.by_unit(Action.HANDLE, unit, {})
    until_recheck(story)
    story.by_collector(Action.RECHECK_PASS, {"result": "达到结案条件"})
    if story.rng.random() < CORRECTED:
        _correct(story)
    story.later(2, 16)
    story.by_duty_chief(Action.CLOSE, {})


def _correct(story: Story) -> None:
    """更正: the unit had put it right earlier than its clerk wrote down."""
    version = max(n for n, event in enumerate(story.events, 1) if event.action == Action.HANDLE)
    before, wrong = story.events[version - 2].at, story.events[version - 1].at
    at = (before + (wrong - before) * 0.75).replace(microsecond=0)
    story.later(1, 10)
    story.by_registrar(Action.CORRECT, {"step": version, "at": at.isoformat(), "reason": "补录实际处置时间"})


def until_recheck(story: Story) -> None:
    """Collectors look again within the hour, but not in the dark."""
    story.at += timedelta(seconds=int(min(200.0, 9 + story.rng.lognormvariate(3.4, 0.7)) * MINUTE))
    local = story.setting.city.local(story.at)
    if local.hour < 6 or local.hour >= 22:
        day = local.date() + timedelta(days=local.hour >= 22)
        morning = story.setting.city.midnight(day) + timedelta(hours=6, minutes=30)
        story.at = morning.astimezone(UTC) + timedelta(seconds=int(story.rng.uniform(0, 90) * MINUTE))
