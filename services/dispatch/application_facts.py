"""What applications are weighed by, from the case and from the unit's figures: for the acts and for their sheets."""

from datetime import date, datetime, timedelta

from data_access.application_measures import Pause, extension_shares, suspensions_nearby
from data_access.applications import Application
from domain.applications import (
    SAME_PLACE_WITHIN,
    Check,
    ExtensionAsked,
    extension_checks,
    signature_check,
    suspension_checks,
)
from domain.case_steps import Columns
from domain.deadlines import Limit
from domain.life_cycle import AssignmentRole, EndReason
from domain.periods import this_month
from domain.refusals import Refusal
from domain.running_clock import RunningClock, clock_of
from domain.window import Window
from services.dispatch.scene import Scene

FURTHEST_REVIEW = timedelta(days=366)


def running(scene: Scene) -> RunningClock:
    """The clock of the unit that leads. Raises Refusal while nobody has the case."""
    clock = clock_of(scene.events)
    if clock is None:
        raise Refusal("这件案件现在没有主办单位", scene.where, "请先派遣，再办理申请。")
    return clock


def limit_of(clock: RunningClock, scene: Scene) -> Limit:
    """The limit as written. Raises Refusal for a case without one: nothing could be added to it."""
    if clock.limit is None:
        raise Refusal("这件案件没有写明处置时限，不能延期", scene.where, "请改为申请挂账，或由派遣员批注说明。")
    return clock.limit


def due_of(clock: RunningClock, scene: Scene) -> datetime | None:
    """Due as the clock runs now; without a limit, as stored."""
    deadline = clock.deadline(scene.working)
    due: datetime | None = scene.state.case["effective_due_at"]
    return due if deadline is None else deadline.due


def month_of(scene: Scene) -> Window:
    """The period of 同期: the month to date."""
    month = this_month(scene.city.zone, scene.now)
    return Window(month.start, month.end, scene.now)


def share_with_this(scene: Scene, unit: str) -> tuple[int, int]:
    """Cases of the unit for which an extension was asked this month, this one included, and cases registered to it.

    Source: 肃宁 Art. 27, reading l of domain research 2.4.3.
    """
    number, window = scene.keys.units.number(unit), month_of(scene)
    found = extension_shares(scene.connection, scene.city_number, window, number)
    asked, registered = found.get(number or 0, (0, 0))
    filed = scene.state.case["registered_at"]
    counted = filed is not None and window.start <= filed < window.end
    return asked + (counted and not scene.state.case["extension_asks"]), registered


def checks_of_extension(
    scene: Scene, clock: RunningClock, by: Limit, asked_at: datetime, signed: bool
) -> tuple[Check, ...]:
    asked = ExtensionAsked(
        limit=limit_of(clock, scene),
        by=by,
        asked_at=asked_at,
        due=due_of(clock, scene),
        added=clock.extension,
        times=scene.state.case["extension_count"],
        share=share_with_this(scene, clock.unit),
    )
    return (*extension_checks(scene.city.extensions, asked), *signature_check(signed))


def earlier_pauses(scene: Scene) -> list[Pause]:
    """Suspensions at the same place that reach into the last 90 days."""
    since = scene.now - SAME_PLACE_WITHIN
    return suspensions_nearby(scene.connection, scene.city_number, scene.case_id, scene.case, since)


def checks_of_suspension(
    scene: Scene, clock: RunningClock, attachments: int, measures: str, asked_at: datetime, signed: bool
) -> tuple[Check, ...]:
    before = len(earlier_pauses(scene))
    checks = suspension_checks(attachments, measures, asked_at, due_of(clock, scene), before)
    return (*checks, *signature_check(signed))


def review_day(text: str, scene: Scene) -> date:
    """The day of the review, `YYYY-MM-DD`. Raises Refusal for one that is none, is past, or is too far."""
    day, today = day_of(text, "复核日期"), scene.city.day_of(scene.now)
    if not today < day <= today + FURTHEST_REVIEW:
        raise Refusal("复核日期应在明天到一年之内", f"复核日期：{day}", "请改选一天。")
    return day


def day_of(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"看不懂这个日期“{text[:20]}”", label, "请按 年-月-日 填写。") from None


def worked_at(scene: Scene, unit: str) -> list[Columns]:
    """The unit's assignments of the case that it answers for (DECISIONS 6), the latest last."""
    freed = (EndReason.RETURNED.value, EndReason.DISPATCHER_ERROR.value)
    return [
        row
        for row in scene.state.assignments
        if row["unit"] == unit and row["role"] != AssignmentRole.INFORMED.value and row["end_reason"] not in freed
    ]


def overdue_by(row: Columns, now: datetime) -> timedelta | None:
    """By how much the assignment is, or was handled, too late; None = it is not."""
    due = row["effective_due_at"]
    done: datetime = row["handled_at"] or row["closed_at"] or row["ended_at"] or now
    return None if due is None or done <= due else done - due


def unit_of(application: Application, scene: Scene) -> str | None:
    return scene.keys.units.key(application.unit_id)


def granted_at_most(application: Application) -> Limit:
    """What the duty chief may grant of an extension: what was asked, or less where the endorser has cut it."""
    return Limit.parse(str(application.endorsed.get("by") or application.asked["by"]))
