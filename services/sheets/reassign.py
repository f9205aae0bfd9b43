"""The sheet of 改派, 双派 and 多派: which unit, why, and what that does to the clocks before anybody clicks."""

from collections.abc import Mapping
from typing import Any

from domain.documents import UNNUMBERED
from domain.people import Person
from domain.reassignment import LONGEST_NOTE, Reason, ReassignSheet, Way, ranked
from domain.running_clock import clock_of
from services.dispatch import fields
from services.dispatch.documents import limit_of, place_of
from services.dispatch.reassign import (
    ASSIST,
    INFORMED,
    clock_from,
    informed_now,
    new_due,
    reassignment_slip,
    unit_with_clock,
)
from services.dispatch.scene import Scene
from services.sheets.looking import looking
from services.sheets.parts import SheetParts
from services.sheets.weighing import accuracy_after, candidates, short_names

Fields = Mapping[str, Any]


def prepare(parts: SheetParts, person: Person, case_no: str, given: Fields) -> ReassignSheet:
    """Computed anew from the fields: way, unit, reason, note, find, role, assist, informed."""
    with looking(parts, person, case_no, given) as scene:
        return _sheet(scene, given, _way(given, Way.REASSIGN))


def prepare_co_dispatch(parts: SheetParts, person: Person, case_no: str, given: Fields) -> ReassignSheet:
    """The same sheet on its second tab (B 双派)."""
    with looking(parts, person, case_no, given) as scene:
        return _sheet(scene, given, _way(given, Way.PAIR))


def _way(given: Fields, usual: Way) -> Way:
    chosen = fields.choice(given, "way")
    return Way(chosen) if chosen in set(Way) else usual


def _sheet(scene: Scene, given: Fields, way: Way) -> ReassignSheet:
    city, case, note = scene.city, scene.case, str(given.get("note") or "")
    reason = _reason(given)
    chosen = fields.choices(given, ASSIST) if way is Way.MANY else fields.choices(given, "unit")
    units = ranked(candidates(scene), fields.choice(given, "find"), kept=chosen)
    clock = clock_of(scene.events)
    coming = clock_from(new_due(scene), scene.now)
    leaves = way is Way.REASSIGN and reason is not Reason.CAPACITY and bool(chosen)
    with_slip = leaves and reason is Reason.DISPATCHER_ERROR and chosen[0] in scene.keys.units.by_key
    return ReassignSheet(
        case_no=case["case_no"],
        version=case["version"],
        title=scene.keys.categories.name(scene.state.case["category"]),
        place=place_of(case),
        zone=city.zone,
        now=scene.now,
        way=way,
        reason=reason,
        note=note,
        found=fields.choice(given, "find"),
        chosen=chosen,
        informed=_informed(scene, given, way),
        role=INFORMED if fields.choice(given, "role") == INFORMED else ASSIST,
        lead=short_names(scene).get(scene.unit or "", ""),
        limit=limit_of(scene),
        started=clock.started if clock else case["dispatched_at"],
        due=case["effective_due_at"],
        handled=case["handled_at"] is not None,
        reported=case["reported_at"],
        candidates=units,
        units=tuple(short_names(scene).items()),
        clock=coming,
        accuracy=accuracy_after(scene) if leaves else None,
        slip=reassignment_slip(
            scene, new_unit=unit_with_clock(scene, chosen[0], coming.due), note=note, number=UNNUMBERED
        )
        if with_slip
        else None,
        why_not=_why_not(scene, way, reason, chosen, note, given),
    )


def _reason(given: Fields) -> Reason | None:
    chosen = fields.choice(given, "reason")
    return Reason(chosen) if chosen in set(Reason) else None


def _informed(scene: Scene, given: Fields, way: Way) -> tuple[str, ...]:
    if "informed" in given:
        return fields.choices(given, "informed")
    return informed_now(scene) if way is Way.REASSIGN else ()


def _why_not(scene: Scene, way: Way, reason: Reason | None, chosen: tuple[str, ...], note: str, given: Fields) -> str:
    """Why it cannot be sent, a phrase of the layout's; the act itself checks again."""
    if scene.unit is None:
        return "no_unit"
    if way is not Way.REASSIGN:
        anybody = chosen or (way is Way.MANY and fields.choices(given, "informed"))
        return "" if anybody else "unit"
    if not chosen:
        return "unit"
    if chosen[0] == scene.unit:
        return "same"
    if reason is None or reason is Reason.CAPACITY:
        return "reason" if reason is None else "capacity"
    if not note.strip():
        return "note"
    return "too_long" if len(note) > LONGEST_NOTE else ""
