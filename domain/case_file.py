"""The six steps of a case as its stage line shows them, and the moments that nobody wrote down.

上报, 立案, 派遣, 处置, 核查, 结案 (启东's flow, domain research 1.5); side states stand at the step they interrupt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.life_cycle import Action, Stage
from domain.replay import Happened, in_order

STEPS = ("reported", "registered", "dispatched", "handled", "rechecked", "closed")
AT_STEP: Mapping[Stage, int] = {  # the step that a case in this stage waits for
    Stage.REPORTED: 1, Stage.ACCEPTED: 1, Stage.REJECTED: 1, Stage.REGISTERED: 2, Stage.DISPATCHED: 3,
    Stage.RECEIVED: 3, Stage.REWORK: 3, Stage.RETURNED: 3, Stage.SUSPENDED: 3, Stage.HANDLED: 4, Stage.RECHECKED: 5,
    Stage.CLOSED: 6,
}  # fmt: skip
NEW_CLOCK = (Action.DISPATCH, Action.REASSIGN, Action.EXTEND, Action.RESUME, Action.RESTORE)
CLOCK_ENDS = (Action.CLOSE, Action.UPHOLD_RETURN, Action.ESCALATE, Action.SELF_HANDLE, Action.SIMPLE)
CLOCK_STOPS = (Action.SUSPEND, Action.VOID)


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    LATE = "late"  # now, and overdue
    FUTURE = "future"


class Span(StrEnum):
    """What the time under a step is; the value names the phrase."""

    TOOK = "took"
    WAITS = "waits"  # so far
    RECEIVED = "received"  # from the dispatch to the receipt
    UNRECEIVED = "unreceived"
    WORKS = "works"  # so far
    NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """`at` is when it was taken, or, of the present one, since when it is under way."""

    name: str
    state: StepState
    at: datetime | None = None
    span: Span = Span.NOTHING
    length: timedelta = timedelta()


def steps_of(case: Mapping[str, Any], now: datetime, overdue: bool) -> tuple[Step, ...]:
    """The stage line of a case's columns. A closed case that skipped a step (举手之劳, 简易程序) shows it as done
    without a time.

    Source: DECISIONS 1; DESIGN_LANGUAGE 8 (timeline).
    """
    stage = Stage(case["stage"])
    present = AT_STEP.get(stage)
    if present is None:  # void: where it stood
        present = next((n for n, name in enumerate(STEPS) if n and case[f"{name}_at"] is None), len(STEPS))
    going = stage not in (Stage.VOID, Stage.REJECTED)
    return tuple(_step(case, n, present, now, overdue, going) for n in range(len(STEPS)))


def _step(case: Mapping[str, Any], n: int, present: int, now: datetime, overdue: bool, going: bool) -> Step:
    name, at = STEPS[n], case[f"{STEPS[n]}_at"]
    if n > present or (n == present and not going):
        return Step(name, StepState.FUTURE)
    if n == present:
        since = _since(case, n)
        span = Span.WORKS if name == "handled" else Span.WAITS
        state = StepState.LATE if overdue else StepState.NOW
        return Step(name, state, since, span, now - since) if since else Step(name, state)
    if at is None:
        return Step(name, StepState.DONE)
    if name == "dispatched":
        return _dispatched(case, at, now, present)
    start, end = (at, case[f"{STEPS[n + 1]}_at"]) if n < 2 else (_since(case, n), at)
    return Step(name, StepState.DONE, at, *_took(start, end))


def _dispatched(case: Mapping[str, Any], at: datetime, now: datetime, present: int) -> Step:
    """Under the dispatch stands how long the receipt took."""
    received = case["received_at"]
    if received is not None:
        return Step("dispatched", StepState.DONE, at, Span.RECEIVED, max(received - at, timedelta()))
    if present == 3:
        return Step("dispatched", StepState.DONE, at, Span.UNRECEIVED, max(now - at, timedelta()))
    return Step("dispatched", StepState.DONE, at)


def _since(case: Mapping[str, Any], n: int) -> datetime | None:
    """When the step could begin: the step before it, 处置 from the receipt on."""
    if STEPS[n] == "handled" and case["received_at"] is not None:
        received: datetime = case["received_at"]
        return received
    return next((case[f"{name}_at"] for name in reversed(STEPS[:n]) if case[f"{name}_at"] is not None), None)


def _took(start: datetime | None, end: datetime | None) -> tuple[Span, timedelta]:
    return (Span.NOTHING, timedelta()) if start is None or end is None else (Span.TOOK, max(end - start, timedelta()))


def overdue_moments(events: Sequence[Happened], now: datetime) -> Iterator[datetime]:
    """When the case became overdue: every due time that passed while its clock ran. Source: DECISIONS 3 and 5."""
    due: datetime | None = None
    standing: datetime | None = None  # the due time of a clock that has been stopped
    for event in in_order(events):
        if due is not None and due < event.at:
            yield due
            due = None
        if event.action in CLOCK_STOPS:
            due, standing = None, due
        elif event.action in CLOCK_ENDS:
            due = standing = None
        elif event.action in NEW_CLOCK:
            due = datetime.fromisoformat(event.body["due"]) if "due" in event.body else standing or due
            standing = None
    if due is not None and due < now:
        yield due
