"""A case as it stood at any instant, from its events alone. Replaying the whole log gives the stored row.

What counts is when things happened, not when they were written down (DECISIONS 9): a `correct` event changes the time
or the facts of an earlier step, for every instant that is asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from domain.case_steps import CASE_BLANK, FACTS, STEPS, Columns, Progress
from domain.life_cycle import Action, Stage, moves, replayed_stage, stage_beside_source
from domain.rewriting import FOLLOWING, only_adds
from domain.source_facts import source_assignments, source_columns

SOURCE_ACTIONS = (Action.IMPORTED, Action.SOURCE_UPDATED)
# Corrections hold for what they name; an accepted appeal is about our score, of which no source knows.
NEVER_TAKES_OVER = (*SOURCE_ACTIONS, Action.CORRECT, Action.EXEMPT)
ALWAYS_THE_SOURCES = (*FACTS, "road", "address")  # of a case that was moved here: what and where it is


class Happened(Protocol):
    """An event of the log. Times in a body are ISO 8601 text."""

    @property
    def action(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


class _Step(NamedTuple):
    at: datetime
    version: int
    action: Action
    body: Mapping[str, Any]


@dataclass(frozen=True)
class CaseState:
    """A case's columns and its assignments', named as they are stored; lists' entries are named by key (`unit`,
    `category`, `channel`, `grid`, `street`, `community`), not by number. `changed_at` is the latest step's time,
    `rewritten_at` that of the latest one that rewrote something (domain.rewriting); None = none did."""

    case: Columns = field(default_factory=dict)
    assignments: list[Columns] = field(default_factory=list)


def state(events: Sequence[Happened], as_of: datetime | None = None) -> CaseState | None:
    """The case after everything that had happened by `as_of` (None = ever). None = there was no case yet.

    `events` are a case's whole log in the order of their versions. Raises IllegalTransition for a log that does not
    follow the table of transitions.
    Source: DECISIONS 9.
    """
    told, steps = _corrected(events)
    progress = Progress(dict(CASE_BLANK), [])
    if told:
        _start_from_source(progress, told, _moved_here(steps), as_of)
    for step in steps:
        if (as_of is not None and step.at > as_of) or (told and progress.stage is None):
            break
        take(progress, step.action, step.at, step.body, of_a_source=bool(told))
    if progress.stage is None:
        return None
    return CaseState(progress.case, progress.assignments)


def in_order(events: Sequence[Happened]) -> Sequence[Happened]:
    """What happened here, corrected, in the order in which it happened. Source: DECISIONS 9."""
    return _corrected(events)[1]


def takes_over(action: Action) -> bool:
    """Whether this action, taken here, makes a source's case ours to move: its rows then tell facts and no times.

    Source: DECISIONS 24.
    """
    return action not in NEVER_TAKES_OVER and (action in STEPS or moves(action))


def take(
    progress: Progress, action: Action, at: datetime, body: Mapping[str, Any], *, of_a_source: bool = False
) -> None:
    """Moves a case by one step. Raises IllegalTransition. Source: DECISIONS 1 and 5."""
    if of_a_source and progress.stage is not None:
        stage = stage_beside_source(progress.stage, action, progress.before_void)
    else:
        stage = replayed_stage(progress.stage, action, progress.before_void)
    effect = STEPS.get(action)
    first, changed_at = progress.stage is None, progress.case["changed_at"]
    progress.case["changed_at"] = at if changed_at is None or at > changed_at else changed_at
    if effect is not None:
        before = (dict(progress.case), *map(dict, progress.assignments))
        effect(progress, at, body)
        after = (progress.case, *progress.assignments)
        if of_a_source and _differ(before, after):
            progress.case["rewritten_at"] = progress.case["changed_at"]
        elif not first and not _only_added(before, after, at):
            progress.case["rewritten_at"] = at
    progress.stage, progress.case["stage"] = stage, stage.value


def _only_added(before: Sequence[Columns], after: Sequence[Columns], at: datetime) -> bool:
    """An assignment that was not there before had not been there at any earlier instant."""
    return len(before) == len(after) and all(only_adds(old, new, at) for old, new in zip(before, after, strict=True))


def _differ(before: Sequence[Columns], after: Sequence[Columns]) -> bool:
    """What a source told and what was done here may stand in any order: then every instant is told by the events."""
    old, new = ([{n: v for n, v in row.items() if n not in FOLLOWING} for row in rows] for rows in (before, after))
    return old != new


def _corrected(events: Sequence[Happened]) -> tuple[list[_Step], list[_Step]]:
    """What a source said (in the order it said it), and what happened here, in the order in which it happened."""
    steps = [_Step(event.at, version, Action(event.action), event.body) for version, event in enumerate(events, 1)]
    corrections = [step for step in steps if step.action is Action.CORRECT]
    for correction in corrections:
        wrong = steps[correction.body["step"] - 1]
        at = datetime.fromisoformat(correction.body["at"]) if "at" in correction.body else wrong.at
        steps[wrong.version - 1] = wrong._replace(at=at, body={**wrong.body, **_set(wrong, correction.body)})
    told = [step for step in steps if step.action in SOURCE_ACTIONS]
    here = [step for step in steps if step.action not in SOURCE_ACTIONS and step.action is not Action.CORRECT]
    return told, sorted(here)


def _set(wrong: _Step, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the correction says instead. Of a source's row it says fields, which the source cannot take back."""
    said: Mapping[str, Any] = body.get("set", {})
    return {"corrected": {**wrong.body.get("corrected", {}), **said}} if wrong.action in SOURCE_ACTIONS else said


def _moved_here(steps: Sequence[_Step]) -> int | None:
    """The version of the first step that took a source's case over; None while the source alone moves it."""
    return min((step.version for step in steps if takes_over(step.action)), default=None)


def _start_from_source(
    progress: Progress, told: Sequence[_Step], moved_here: int | None, as_of: datetime | None
) -> None:
    """The last row the source has given, without what had not happened yet; once we have moved the case, the last
    row before that, with the facts of later ones."""
    corrected: dict[str, Any] = {}
    for step in told:
        corrected.update(step.body.get("corrected", {}))
    before = [step for step in told if moved_here is None or step.version < moved_here]
    columns = source_columns(before[-1].body, corrected, as_of)
    if len(before) < len(told):
        latest = source_columns(told[-1].body, corrected, as_of)
        columns.update({name: latest[name] for name in ALWAYS_THE_SOURCES})
    progress.case.update(columns)
    progress.assignments = source_assignments([(step.at, step.body) for step in before], columns, as_of)
    progress.active = [row for row in progress.assignments if row["ended_at"] is None]
    if as_of is None or columns["reported_at"] is not None:
        progress.stage = Stage(columns["stage"])
