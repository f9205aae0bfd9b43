"""延期: the sheet computed from the case, the application and what is chosen on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from data_access import application_measures, applications
from domain.application_sheets import Arithmetic, ExtensionSheet, Mode
from domain.applications import Check, Kind, amount, cut
from domain.deadlines import WORKING_UNITS, Deadline, Limit, LimitUnit, due_at
from domain.deadlines import Step as Line
from domain.people import Person
from domain.refusals import Refusal
from domain.running_clock import RunningClock
from services.dispatch.application_facts import checks_of_extension, due_of, granted_at_most, month_of, running
from services.dispatch.scene import Scene
from services.sheets.applying import application_of, chosen, head_of, instead_of
from services.sheets.looking import looking
from services.sheets.parts import SheetParts

CUSTOM = "custom"
SHARES = (Fraction(1, 3), Fraction(2, 3), Fraction(1))  # of what was asked: 2, 4 and 6 of 6
HALVES = (Fraction(1, 2), Fraction(1))
OF_THE_LIMIT = (Fraction(1, 4), Fraction(1, 2), Fraction(1))  # offered to whoever applies


def prepare(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> ExtensionSheet:
    """The approval while an application waits, else the application itself. Raises NotFound and Refusal."""
    with looking(parts, person, case_no, fields) as scene:
        return _sheet(scene, application_of(scene, Kind.EXTENSION))


def prepare_instead(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> ExtensionSheet:
    """改为延期: a dispatcher files an extension in the place of the suspension that waits."""
    with looking(parts, person, case_no, fields) as scene:
        replaced = instead_of(scene, Kind.SUSPENSION)
        sheet = _sheet(replace(scene, fields={"reason": replaced.asked.get("reason", ""), **fields}), None)
        given = {**sheet.head.fields, "instead_of": Kind.SUSPENSION.value}
        return replace(sheet, head=replace(sheet.head, fields=given))


def _sheet(scene: Scene, application: applications.Application | None) -> ExtensionSheet:
    clock = running(scene)
    head = head_of(scene, Kind.EXTENSION, application, clock.unit)
    most = granted_at_most(application) if application else clock.limit
    by, error = _chosen(scene, clock, most, head.mode)
    asked_at = application.asked_at if application else scene.now
    signed = bool(application.asked.get("signed")) if application else True
    checks: tuple[Check, ...] = ()
    if by is not None and clock.limit is not None:
        checks = checks_of_extension(scene, clock, by, asked_at, signed)
    longer = clock.extended(by) if by is not None and clock.limit is not None else None
    month, unit = month_of(scene), scene.keys.units.number(clock.unit) or 0
    extended = application_measures.extended_cases(scene.connection, scene.city_number, month, unit)
    filed = scene.state.case["registered_at"]
    counts = filed is not None and month.start <= filed < month.end and not scene.state.case["extension_count"]
    working = clock.limit is not None and clock.limit.unit in WORKING_UNITS
    return ExtensionSheet(
        head=head,
        most=most,
        offers=_offers(most, head.mode),
        by=by,
        arithmetic=_arithmetic(scene, clock, longer, by),
        checks=checks,
        left=_left(scene, clock, due_of(clock, scene)),
        new_left=_left(scene, longer, due_of(longer, scene)) if longer else None,
        extended=(extended, extended + counts),
        calendar_year=scene.city.day_of(scene.now).year if working and scene.city.calendar else None,
        periods=tuple(f"{p.start:%H:%M}–{p.end:%H:%M}" for p in scene.city.work_periods) if working else (),
        error=error,
    )


def _chosen(scene: Scene, clock: RunningClock, most: Limit | None, mode: Mode) -> tuple[Limit | None, str]:
    """What is chosen, and what is wrong with it. Nothing chosen = all that was asked; of a new one, half the limit."""
    if most is None or clock.limit is None:
        return None, ""
    usual = str(_in_hours(Limit(most.value / 2, most.unit))) if mode is Mode.APPLY else str(most)
    text = chosen(scene, "choice", usual)
    if text == CUSTOM and not chosen(scene, "custom"):
        return None, "请填写时长"
    try:
        by = amount(chosen(scene, "custom") if text == CUSTOM else text, clock.limit, scene.where)
        return (by if mode is Mode.APPLY else cut(most, by, scene.where)), ""
    except Refusal as refusal:
        return None, f"{refusal.what}。{refusal.then}"


def _offers(most: Limit | None, mode: Mode) -> tuple[Limit, ...]:
    """Values worth a button: whole parts of what was asked, or of the limit."""
    if most is None:
        return ()
    if mode is Mode.APPLY:
        return tuple(_in_hours(Limit(most.value * share, most.unit)) for share in OF_THE_LIMIT)
    thirds = [Limit(most.value * share, most.unit) for share in SHARES]
    whole = all(limit.value.denominator == 1 for limit in thirds)
    return tuple(thirds) if whole else tuple(Limit(most.value * share, most.unit) for share in HALVES)


def _in_hours(limit: Limit) -> Limit:
    """Parts of a day are said in hours: 2 工作时 rather than 0.25 工作日."""
    if limit.value.denominator == 1:
        return limit
    hours = Fraction(limit.amount // timedelta(microseconds=1), 3_600_000_000)
    return Limit(hours, LimitUnit.WORK_HOURS if limit.unit in WORKING_UNITS else LimitUnit.URGENT_HOURS)


def _arithmetic(scene: Scene, clock: RunningClock, longer: RunningClock | None, by: Limit | None) -> Arithmetic:
    now = clock.deadline(scene.working)
    if now is None:
        return Arithmetic(None, (), scene.state.case["effective_due_at"])
    then = longer.deadline(scene.working) if longer else None
    added = due_at(now.due, by, scene.working, clock.pauses) if then and by else None
    return Arithmetic(
        limit=clock.limit,
        steps=_local(scene, now),
        due=scene.city.local(now.due),
        added=by,
        more_steps=_local(scene, added) if added else (),
        new_due=scene.city.local(then.due) if then else None,
        provisional=(then or now).provisional,
    )


def _local(scene: Scene, deadline: Deadline) -> tuple[Line, ...]:
    return tuple(
        Line(scene.city.local(step.start), scene.city.local(step.end), step.counted, step.total)
        for step in deadline.steps
    )


def _left(scene: Scene, clock: RunningClock, due: datetime | None) -> timedelta | None:
    """Time left on the limit's own clock; what is overdue is overdue in real time, as on the wall."""
    if due is None:
        return None
    if due < scene.now or scene.working is None or clock.limit is None or clock.limit.unit not in WORKING_UNITS:
        return due - scene.now
    return scene.working.worked(scene.now, due)
