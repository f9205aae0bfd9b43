"""The sheets of 回退: a unit returns a case; the desk sees its words beside what can be checked, and decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data_access import applications
from data_access.applications import Application
from domain.applications import Kind, State, in_words
from domain.documents import UNNUMBERED, TransferSlip
from domain.life_cycle import Action, AssignmentRole, Stage
from domain.people import Person, Post
from domain.reassignment import Candidate, NewClock
from domain.returns import LONGEST_NOTE, Decision, ReturnAsked, ReturnSheet, checks
from services.dispatch import fields
from services.dispatch.documents import limit_of, place_of
from services.dispatch.reassign import clock_from, new_due, unit_with_clock
from services.dispatch.returns import last_lead, return_slip, returned_by
from services.dispatch.scene import Scene
from services.sheets.looking import looking
from services.sheets.parts import SheetParts
from services.sheets.weighing import accuracy_after, candidates, experience, return_rate_after, short_names

Fields = Mapping[str, Any]
RETURNABLE = (Stage.DISPATCHED, Stage.RECEIVED, Stage.REWORK)


def prepare_return(parts: SheetParts, person: Person, case_no: str, given: Fields) -> ReturnAsked:
    """What a unit sees before it returns a case."""
    with looking(parts, person, case_no, given) as scene:
        reason = str(given.get("reason") or "")
        return ReturnAsked(
            case_no=scene.case["case_no"],
            version=scene.case["version"],
            title=_title(scene),
            place=place_of(scene.case),
            unit=short_names(scene).get(scene.unit or "", ""),
            reason=reason,
            returns=scene.state.case["return_count"],
            zone=scene.city.zone,
            due=scene.case["effective_due_at"],
            why_not=_why_not_return(scene, reason),
        )


def prepare(parts: SheetParts, person: Person, case_no: str, given: Fields) -> ReturnSheet:
    """The decision, computed anew from the fields: decision, unit, note. The first time they are the endorser's."""
    with looking(parts, person, case_no, given) as scene:
        waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, Kind.RETURN)
        application = waiting[-1] if waiting else None
        return _sheet(scene, given or _endorsed(application), application)


def _sheet(scene: Scene, given: Fields, application: Application | None) -> ReturnSheet:
    unit, short, known = last_lead(scene), short_names(scene), experience(scene)
    decision, note = _decision(given), str(given.get("note") or "")
    others = [one for one in candidates(scene) if one.key != unit]
    others.sort(key=lambda one: (-one.match, one.overdue, one.open, one.key))
    chosen = fields.choice(given, "unit")
    if chosen not in scene.keys.units.by_key or chosen == unit:
        chosen = others[0].key if others and others[0].match else ""
    clock, limit = clock_from(new_due(scene), scene.now), limit_of(scene)
    asked_at, reason = _asked(scene, application)
    wrong = decision is Decision.DISPATCHER_ERROR
    signs = Post.DUTY_CHIEF in scene.person.posts
    return ReturnSheet(
        case_no=scene.case["case_no"],
        version=scene.case["version"],
        title=_title(scene),
        place=place_of(scene.case),
        zone=scene.city.zone,
        now=scene.now,
        unit=short.get(unit, ""),
        reason=reason,
        asked_at=asked_at,
        returns=scene.state.case["return_count"],
        had_it=_had_it(scene, short),
        reported=scene.case["reported_at"],
        found=checks(unit, known.usual, known.closed, returned_by(scene)[:-1], short),
        decision=decision,
        chosen=chosen,
        units=tuple((one.key, one.name, _load(one)) for one in others),
        note=note,
        limit=in_words(limit) if limit else "",
        clock=clock,
        signs=signs,
        endorsed=_who(scene, application),
        slip=_slip(scene, reason, chosen, note, clock) if wrong and chosen else None,
        return_rate=return_rate_after(scene, unit) if wrong else None,
        accuracy=accuracy_after(scene) if wrong else None,
        why_not=_why_not(scene, application, signs, decision, chosen, note),
    )


def _endorsed(application: Application | None) -> Fields:
    """What the endorser proposed, for the duty chief to follow or not."""
    return application.endorsed if application is not None and application.state is State.ENDORSED else {}


def _decision(given: Fields) -> Decision | None:
    chosen = fields.choice(given, "decision")
    return Decision(chosen) if chosen in set(Decision) else None


def _slip(scene: Scene, reason: str, chosen: str, note: str, clock: NewClock) -> TransferSlip:
    new_unit = unit_with_clock(scene, chosen, clock.due)
    return return_slip(scene, reason=reason, new_unit=new_unit, note=note, number=UNNUMBERED)


def _asked(scene: Scene, application: Application | None) -> tuple[datetime | None, str]:
    """When and why the unit gave it back; a return without an application, as a source's, is known by its event."""
    if application:
        return application.asked_at, str(application.asked.get("reason", ""))
    told = [event for event in scene.events if event.action == Action.RETURN]
    return (told[-1].at, str(told[-1].body.get("reason", ""))) if told else (None, "")


def _had_it(scene: Scene, short: Mapping[str, str]) -> tuple[str, ...]:
    leads: Sequence[Mapping[str, Any]] = scene.state.assignments
    return tuple(short.get(row["unit"], "") for row in leads if row["role"] == AssignmentRole.LEAD.value)


def _load(unit: Candidate) -> str:
    return f"{unit.open} / {unit.overdue}"


def _who(scene: Scene, application: Application | None) -> Any:
    if application is None or application.endorsed_by is None or application.endorsed_at is None:
        return None
    account = scene.keys.people.get(application.endorsed_by)
    return (account.name if account else ""), application.endorsed_at


def _title(scene: Scene) -> str:
    return scene.keys.categories.name(scene.state.case["category"])


def _why_not(
    scene: Scene, application: Application | None, signs: bool, decision: Decision | None, chosen: str, note: str
) -> str:
    """Why it cannot be sent, a phrase of the layout's; the act itself checks again."""
    if scene.state.case["stage"] != Stage.RETURNED:
        return "not_returned"
    if application is not None and application.state is State.ENDORSED and not signs:
        return "waits"
    if decision is None:
        return "decision"
    if decision is Decision.DISPATCHER_ERROR and not chosen:
        return "unit"
    if not note.strip():
        return "note"
    return "too_long" if len(note) > LONGEST_NOTE else ""


def _why_not_return(scene: Scene, reason: str) -> str:
    if scene.unit is None or (scene.person.of_a_unit_only and scene.person.unit != scene.unit):
        return "not_yours"
    if scene.state.case["stage"] not in RETURNABLE:
        return "stage"
    if not reason.strip():
        return "reason"
    return "too_long" if len(reason) > LONGEST_NOTE else ""
