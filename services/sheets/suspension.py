"""挂账: the sheet with what it is weighed by, and what it would change in the unit's figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from config.scores import load_rule, load_score
from data_access import application_measures, lists, wall_questions
from data_access.applications import Application
from domain.application_sheets import Before, Stakes, SuspensionSheet
from domain.applications import USUAL_REVIEW, Ground, Kind
from domain.deadlines import WORKING_UNITS
from domain.indicator_options import ClosureDue, InTotals
from domain.indicators import Counts, less, on_time_closure_rate
from domain.people import Person
from domain.running_clock import RunningClock
from domain.score_rule import Rated, ScoreRule, WatchList
from domain.scoring import UnitFigures, score_units
from domain.window import Window
from services.dispatch.application_facts import checks_of_suspension, due_of, earlier_pauses, month_of, running
from services.dispatch.fields import choices
from services.dispatch.scene import Scene
from services.sheets.applying import application_of, chosen, head_of, instead_of, told
from services.sheets.looking import looking
from services.sheets.parts import SheetParts


def prepare(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> SuspensionSheet:
    """The approval while an application waits, else the application itself. Raises NotFound and Refusal."""
    with looking(parts, person, case_no, fields) as scene:
        return _sheet(scene, application_of(scene, Kind.SUSPENSION))


def prepare_instead(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> SuspensionSheet:
    """改为挂账: a dispatcher files a suspension in the place of the extension that waits."""
    with looking(parts, person, case_no, fields) as scene:
        replaced = instead_of(scene, Kind.EXTENSION)
        sheet = _sheet(replace(scene, fields={"reason": replaced.asked.get("reason", ""), **fields}), None)
        given = {**sheet.head.fields, "instead_of": Kind.EXTENSION.value}
        return replace(sheet, head=replace(sheet.head, fields=given))


def _sheet(scene: Scene, application: Application | None) -> SuspensionSheet:
    clock = running(scene)
    said = {**application.asked, **application.endorsed} if application else {}
    asked_at = application.asked_at if application else scene.now
    measures = chosen(scene, "measures", told(said, "measures"))
    signed = bool(said.get("signed")) if application else True
    attachments = len(said.get("attachments", ()) if application else choices(scene.fields, "attachments"))
    suspended = application_measures.suspended_now(scene.connection, scene.city_number)
    unit = scene.keys.units.number(clock.unit) or 0
    before, after = suspended.get(unit, 0), suspended.get(unit, 0) + 1
    return SuspensionSheet(
        head=head_of(scene, Kind.SUSPENSION, application, clock.unit),
        ground=chosen(scene, "ground", told(said, "ground", Ground.CONDITIONS.value)),
        review=_day(chosen(scene, "review", told(said, "review"))) or scene.city.day_of(scene.now) + USUAL_REVIEW,
        resume=_day(chosen(scene, "resume", told(said, "resume"))),
        measures=measures,
        checks=checks_of_suspension(scene, clock, attachments, measures, asked_at, signed),
        before=tuple(_before(scene, pause) for pause in earlier_pauses(scene)),
        used=_used(scene, clock, scene.now),
        stops_at=_used(scene, clock, asked_at),
        unit_suspended=(before, after),
        rate=_rate(scene, unit),
        rate_line=_line(scene),
        city_suspended=(sum(suspended.values()), sum(suspended.values()) + 1),
        stakes=stakes(scene, unit, due_of(clock, scene)),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _before(scene: Scene, pause: application_measures.Pause) -> Before:
    until = None if pause.until is None else scene.city.day_of(pause.until)
    return Before(scene.city.day_of(pause.since), until, pause.reason)


def _used(scene: Scene, clock: RunningClock, at: datetime) -> timedelta | None:
    """Time of the limit's clock used by then; where it stands still already, by its stop."""
    if clock.limit is None:
        return None
    at, pauses = min(at, clock.paused_since or at), sorted(clock.pauses)
    stretches = zip([clock.started, *(end for _, end in pauses)], [*(begin for begin, _ in pauses), at], strict=True)
    working = scene.working if clock.limit.unit in WORKING_UNITS else None
    spent = [working.worked(a, b) if working else b - a for a, b in stretches if a < b]
    return sum(spent, timedelta())


def _rate(scene: Scene, unit: int) -> tuple[Fraction, Fraction] | None:
    """挂账率 before and after; None where nothing was dispatched this month, or this case was not."""
    month = month_of(scene)
    suspended, dispatched = application_measures.suspension_counts(scene.connection, scene.city_number, month, unit)
    at = scene.state.case["dispatched_at"]
    if not dispatched or at is None or not month.start <= at < month.end or scene.state.case["suspension_count"]:
        return None
    return Fraction(suspended, dispatched), Fraction(suspended + 1, dispatched)


def _line(scene: Scene) -> Fraction | None:
    """Where one of the city's watch lists draws the line (汝州)."""
    for name in scene.city.scores:
        rule = load_rule(name)
        if isinstance(rule, WatchList):
            return next((line.above for line in rule.lines if line.indicator == "suspension_rate"), None)
    return None


def stakes(scene: Scene, unit: int, due: datetime | None) -> Stakes | None:
    """The unit's month if this case were overdue and open at its end, and with it suspended.

    None where the city's reading of 应结案数 makes no difference: suspended cases counted, or another definition.
    """
    options = scene.city.options
    if due is None or options.suspended_in_denominators is InTotals.INCLUDED:
        return None
    if options.closure_due_definition is not ClosureDue.CLOSED_PLUS_OVERDUE:
        return None
    counts = month_counts(scene, month_of(scene))
    mine = counts.get(unit, Counts())
    overdue = due < scene.now
    without = less(mine, Counts(closure_due=1)) if overdue else mine
    worse = mine if overdue else replace(mine, closure_due=mine.closure_due + 1)
    rates = [on_time_closure_rate(one, options).value for one in (worse, without)]
    scores = [score_of(scene, unit, {**counts, unit: one})[0] for one in (worse, without)]
    return Stakes((worse.closure_due, without.closure_due), (rates[0], rates[1]), (scores[0], scores[1]))


def month_counts(scene: Scene, window: Window) -> dict[int | None, Counts]:
    """The units' figures of a month, as scores are made of them."""
    connection, number = scene.connection, scene.city_number
    facts = wall_questions.period_counts(connection, number, window, scene.city.options, "unit")
    out = wall_questions.exempted_counts(connection, number, window, scene.city.options)
    return {unit: less(counts, out[unit]) if unit in out else counts for unit, counts in facts.items()}


def score_of(scene: Scene, unit: int, counts: Mapping[int | None, Counts]) -> tuple[Fraction | None, int | None]:
    """Score and rank of a unit by the city's rule; None where it has none, or rates no units."""
    rule = load_score(scene.city.score) if scene.city.score else None
    if not isinstance(rule, ScoreRule) or rule.rated is not Rated.UNIT:
        return None, None
    known = lists.units(scene.connection, scene.city_number)
    figures = [UnitFigures(entry.key, entry.extra, counts.get(n, Counts())) for n, entry in known.items()]
    found = {scored.key: scored for scored in score_units(rule, figures, scene.city.options)}
    mine = found.get(scene.keys.units.key(unit) or "")
    return (None, None) if mine is None else (mine.score, mine.rank)
