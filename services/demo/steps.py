"""A step of a case's life and what it leaves in the rows: one rule for the bulk path, the living job and the tests."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from data_access.case_writer import NewCase, NewEvent

Columns = Mapping[str, Any]
NOTHING: Mapping[Any, Any] = {}


class Step(NamedTuple):
    """One event and its changes; `work` maps assignment numbers to changes, `new` are assignments that begin."""

    at: datetime
    action: str
    actor: str
    body: Columns
    case: Columns
    work: Mapping[int, Columns] = NOTHING
    new: Sequence[Columns] = ()


Script = tuple[Step, ...]


def done_by(script: Script, now: datetime) -> int:
    """How many steps of the script have happened: those not after `now`."""
    return sum(step.at <= now for step in script)


def rows_after(script: Script) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The case's columns and its assignments' after these steps: the replay of its events."""
    case: dict[str, Any] = {}
    assignments: list[dict[str, Any]] = []
    for step in script:
        case.update(step.case)
        for number, changes in step.work.items():
            assignments[number - 1].update(changes)
        for columns in step.new:
            assignments.append(dict(columns))
    return case, assignments


def new_case(script: Script) -> NewCase:
    """A case that has lived through exactly these steps."""
    case, assignments = rows_after(script)
    return NewCase(case, events_of(script), assignments)


def events_of(script: Sequence[Step]) -> list[NewEvent]:
    return [NewEvent(step.action, step.at, step.actor, step.body) for step in script]


def as_one_change(
    steps: Sequence[Step], started: int
) -> tuple[dict[str, Any], dict[int, dict[str, Any]], list[dict[str, Any]]]:
    """Several steps as one change: case columns, changes of the `started` assignments, new assignments."""
    changes: dict[str, Any] = {}
    work: dict[int, dict[str, Any]] = {}
    new: list[dict[str, Any]] = []
    for step in steps:
        changes.update(step.case)
        for number, columns in step.work.items():
            (new[number - started - 1] if number > started else work.setdefault(number, {})).update(columns)
        new += [dict(columns) for columns in step.new]
    return changes, work, new
