"""The sheet of a 督办通知单: who is told what until when, and the paper itself before it is signed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from data_access import applications, supervisions
from data_access import documents as stored
from domain.applications import Kind
from domain.documents import DocumentKind
from domain.people import Person, Post
from domain.refusals import Refusal
from domain.supervision import (
    LONGEST_DEMANDS,
    Reason,
    SuperviseSheet,
    offered_deadlines,
    read_deadline,
    usual_demands,
    work_left,
)
from services.dispatch import fields
from services.dispatch.documents import is_overdue, next_number, place_of, supervision_words, urges_words
from services.dispatch.scene import Scene
from services.dispatch.supervise import CUSTOM, STREET, UNIT, copy_names, due_text
from services.sheets.looking import looking
from services.sheets.parts import SheetParts

RECENT = timedelta(days=30)  # missed notices of the unit that are still worth a line
Fields = Mapping[str, Any]


def prepare(parts: SheetParts, person: Person, case_no: str, given: Fields) -> SuperviseSheet:
    """Computed anew from the fields. The first time they are the proposal's, or what is usual."""
    with looking(parts, person, case_no, given) as scene:
        waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, Kind.SUPERVISION)
        return _sheet(scene, given or _proposed(scene, waiting), waiting)


def _sheet(scene: Scene, given: Fields, waiting: list[applications.Application]) -> SuperviseSheet:
    city, connection, number = scene.city, scene.connection, scene.city_number
    reason, exposure = _reason(scene, given), fields.yes(given, "exposure", usual=True)
    offered = offered_deadlines(scene.now, scene.working, city.zone)
    text = due_text(given) if "due" in given else fields.local_text(city.local(offered[0]))
    due, error = _due(scene, text)
    photos = stored.photos_of_the_report(connection, number, scene.case_id)
    demands = _demands(given, reason, exposure)
    copies = _copies(scene, given)
    notices = () if scene.unit is None else supervisions.of_unit(connection, number, _number(scene))
    signs = Post.DUTY_CHIEF in scene.person.posts
    attach = bool(photos) and fields.yes(given, "photos", usual=True)
    return SuperviseSheet(
        case_no=scene.case["case_no"],
        version=scene.case["version"],
        title=scene.keys.categories.name(scene.state.case["category"]),
        place=place_of(scene.case),
        unit=scene.keys.units.name(scene.unit),
        now=city.local(scene.now),
        reason=reason,
        offered=tuple(city.local(moment) for moment in offered),
        custom=fields.choice(given, "due") == CUSTOM,
        due_text=text,
        left=None if due is None else work_left(scene.now, due, scene.working),
        due_error=error,
        demands=demands,
        copies=copies,
        copy_choices=_copy_choices(scene),
        exposure=exposure,
        photos=photos,
        attach=attach,
        running=tuple(notices),
        missed=_missed(scene),
        urged=urges_words(scene),
        paper=supervision_words(
            scene,
            reason=reason,
            due=due,
            demands=demands,
            copies=copy_names(scene, copies),
            attached=photos if attach else 0,
            number=next_number(scene, DocumentKind.SUPERVISION),
        ),
        by_calendar=scene.working is not None,
        signs=signs,
        proposed=_who(scene, waiting),
        refusal=fields.choice(given, "reason"),
        why_not=_why_not(scene, demands, error, bool(waiting) and not signs),
    )


def _proposed(scene: Scene, waiting: list[applications.Application]) -> Fields:
    """The fields of a proposal that waits; a deadline that has passed since must be chosen anew."""
    if not waiting:
        return {}
    asked = waiting[-1].asked
    due = datetime.fromisoformat(asked["due"])
    until = {} if due <= scene.now else {"due": fields.local_text(scene.city.local(due))}
    return {
        "cause": asked["reason"], "demands": asked["demands"], "copies": asked["copies"],
        "exposure": asked["exposure"], "photos": bool(asked["photos"]), **until,
    }  # fmt: skip


def _reason(scene: Scene, given: Fields) -> Reason:
    try:
        return Reason(fields.choice(given, "cause"))
    except ValueError:
        return Reason.OVERDUE if is_overdue(scene) else Reason.DANGER


def _due(scene: Scene, text: str) -> tuple[datetime | None, str]:
    """The deadline, or why it cannot be one."""
    try:
        return read_deadline(text, scene.now, scene.working, scene.city.zone), ""
    except Refusal as refusal:
        return None, f"{refusal.what}。{refusal.then}"


def _demands(given: Fields, reason: Reason, exposure: bool) -> str:
    """As written; demands that nobody has changed follow the reason."""
    text = given.get("demands")
    usual = {usual_demands(one, threat) for one in Reason for threat in (True, False)}
    return text if isinstance(text, str) and text not in usual else usual_demands(reason, exposure)


def _copies(scene: Scene, given: Fields) -> tuple[str, ...]:
    """Whom it is copied to: the street, until somebody chooses."""
    known = {value for value, _label in _copy_choices(scene)}
    if "copies" in given:
        return tuple(copy for copy in fields.choices(given, "copies") if copy in known)
    street = scene.state.case["street"]
    return (f"{STREET}:{street}",) if f"{STREET}:{street}" in known else ()


def _copy_choices(scene: Scene) -> tuple[tuple[str, str], ...]:
    streets = [f"{STREET}:{key}" for key in scene.keys.streets.by_key]
    units = [f"{UNIT}:{key}" for key in scene.keys.units.by_key if key != scene.unit]
    return tuple(zip((*streets, *units), copy_names(scene, (*streets, *units)), strict=True))


def _missed(scene: Scene) -> tuple[Any, ...]:
    """The unit's notices that have become candidates for exposure lately."""
    found = supervisions.candidates(scene.connection, scene.city_number, scene.now - RECENT, scene.now)
    return tuple(notice for notice in found if notice.unit == scene.unit)


def _who(scene: Scene, waiting: list[applications.Application]) -> tuple[str, datetime] | None:
    if not waiting:
        return None
    account = scene.keys.people.get(waiting[-1].asked_by)
    return (account.name if account else ""), scene.city.local(waiting[-1].asked_at)


def _number(scene: Scene) -> int:
    return scene.keys.units.number(scene.unit) or 0


def _why_not(scene: Scene, demands: str, due_error: str, waits: bool) -> str:
    """Why it cannot be sent, a phrase of the layout's; the act itself checks again."""
    if scene.unit is None:
        return "no_unit"
    if waits:
        return "waits"
    if due_error:
        return "due"
    if not demands.strip():
        return "demands"
    return "too_long" if len(demands) > LONGEST_DEMANDS else ""
