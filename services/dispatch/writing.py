"""From a deed to rows: the events, the columns that follow from replaying them, and the notices owed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data_access.case_writer import NewEvent, change_case
from data_access.desk_writer import meet_supervisions
from data_access.keys import Keys
from domain.case_steps import FACTS, Columns
from domain.events import canonical
from domain.life_cycle import Action, Role
from domain.people import Person
from domain.refusals import Refusal
from domain.replay import CaseState, state, takes_over
from services.dispatch.rights import ROLES_OF
from services.dispatch.scene import Deed, Owed, Scene, Step

LISTS = {
    "unit": "units", "category": "categories", "channel": "channels", "grid": "grids", "street": "streets",
    "community": "communities",
}  # fmt: skip
PASS_ON = "pass_on"  # the kind of a notice to the system that owns a case


def events_of(steps: Sequence[Step], person: Person, role: Role, at: datetime) -> list[NewEvent]:
    """One event a step, in the name of the role that acts; a step of another post's in that one's where held."""
    return [
        NewEvent(step.action.value, at, person.actor(_role_of(step, person, role)), json.loads(canonical(step.body)))
        for step in steps
    ]


def _role_of(step: Step, person: Person, role: Role) -> Role:
    if role in ROLES_OF[step.action]:
        return role
    return next((held for held in person.roles if held in ROLES_OF[step.action]), role)


def passed_on(deed: Deed, source: str, case_no: str, at_source: str) -> Deed:
    """What only the system that owns the case may do: a note here, and a notice to that system (DECISIONS 24)."""
    steps = [{"action": step.action.value, "body": dict(step.body)} for step in deed.steps]
    text = f"已转来源系统 {source} 办理：{at_source}"
    note = Step(Action.NOTE, {"text": text, "passed_on": steps})
    told = Owed(
        PASS_ON, f"source:{source}", f"转办 {at_source} {case_no}", canonical({"case_no": case_no, "steps": steps})
    )
    return Deed((note,), f"{text}；本系统的环节不变", (told,))


def write(scene: Scene, events: Sequence[NewEvent], recorded_at: datetime) -> int:
    """Applies the events to the case of the scene; gives its new version. Raises IllegalTransition when they do not
    follow the table of transitions, Refusal when they name what the city does not have."""
    after = state([*scene.events, *events])
    assert after is not None
    version: int = scene.case["version"]
    changes = _numbered(_changed(scene.state.case, after.case), scene.keys)
    pairs = enumerate(zip(scene.state.assignments, after.assignments, strict=False), 1)
    work = {number: _numbered(_changed(old, new), scene.keys) for number, (old, new) in pairs}
    new = [_new_assignment(scene, changes, row) for row in after.assignments[len(scene.state.assignments) :]]
    change_case(
        scene.connection, scene.city_number, scene.case_id, version, changes, events, recorded_at,
        {number: row for number, row in work.items() if row}, new,
    )  # fmt: skip
    _meet(scene, events)
    return version + len(events)


def _changed(before: Mapping[str, Any], after: Columns) -> Columns:
    """`changed_at` follows from the events, where they are written; `rewritten_at` would, but later than need be."""
    changed = {name: value for name, value in after.items() if name != "changed_at" and before.get(name) != value}
    return changed | {name: value for name, value in after.items() if name == "rewritten_at"}


def _new_assignment(scene: Scene, changes: Columns, row: Columns) -> Columns:
    """It repeats what the stored row says of the case: where an imported one lies is in no event."""
    facts = {f"{name}_id": changes.get(f"{name}_id", scene.case[f"{name}_id"]) for name in FACTS[:4]}
    return _numbered({name: value for name, value in row.items() if name not in FACTS}, scene.keys) | facts


def _numbered(row: Columns, keys: Keys) -> Columns:
    """The keys of lists replaced by their numbers."""
    try:
        return {
            f"{name}_id" if name in LISTS else name: getattr(keys, LISTS[name]).number(value)
            if name in LISTS
            else value
            for name, value in row.items()
        }
    except KeyError as unknown:
        raise Refusal("名录里没有这一项", str(unknown), "请从列表里选择。") from unknown


def new_case_columns(created: CaseState, keys: Keys) -> tuple[Columns, list[Columns]]:
    """The rows of a case that begins with its report."""
    return _numbered(dict(created.case), keys), [
        _numbered({name: value for name, value in row.items() if name != "community"}, keys)
        for row in created.assignments
    ]


def _meet(scene: Scene, events: Sequence[NewEvent]) -> None:
    """A supervision notice is met when the case is handled or closed, and open again when the handling did not hold."""
    for event in events:
        if event.action in (Action.HANDLE, Action.CLOSE):
            meet_supervisions(scene.connection, scene.city_number, scene.case_id, event.at)
        elif event.action == Action.RECHECK_FAIL:
            meet_supervisions(scene.connection, scene.city_number, scene.case_id, None)


def takes_the_case(steps: Sequence[Step]) -> bool:
    """Whether a source's case would be moved by this."""
    return any(takes_over(step.action) for step in steps)


def owed_rows(notices: Sequence[Owed], case_id: int, version: int, at: datetime) -> list[dict[str, Any]]:
    """Rows of the outbox, each with the one key of its event and its place in it."""
    return [
        {"event_key": f"{case_id}/{version}/{place}", "case_id": case_id, "version": version, "kind": one.kind,
         "recipient": one.recipient, "urgent": one.urgent, "title": one.title[:120], "text": one.text, "at": at}
        for place, one in enumerate(notices, 1)
    ]  # fmt: skip
