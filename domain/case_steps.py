"""What each step leaves in the columns of a case and of its assignments. Stages themselves: domain.life_cycle.

The unit that leads answers for the whole: its receipt, handling, rework, extension and suspension are also those of the
units that assist or are informed (DECISIONS 5 and 6, domain research 2.5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from domain.deadlines import Limit
from domain.life_cycle import Action, AssignmentRole, EndReason, Procedure, Stage

Columns = dict[str, Any]
Body = Mapping[str, Any]

FACTS = ("category", "channel", "grid", "street", "community")  # keys of the city's lists
PLACE = ("road", "address", "lon", "lat", "description")
COUNTS = ("rework_count", "return_count", "extension_count", "suspension_count", "extension_asks")
CLOCK = ("due_at", "effective_due_at", "due_soon_at")
# What a case and its assignments both have: unit tables ask one table (docs/adr/0003).
SHARED = (
    *FACTS[:4], "unit", "urgent", "reported_at", "registered_at", "dispatched_at", "received_at", "handled_at",
    "closed_at", "suspended_at", "voided_at", "exempted_at", *CLOCK, *COUNTS, "marks",
)  # fmt: skip
OF_THE_CASE_ONLY = (
    "stage", "community", *PLACE, "accepted_at", "verified_at", "rechecked_at", "rejected_at", "first_dispatched_at",
    "changed_at", "rewritten_at", "limit_value", "limit_unit", "procedure", "tier",
)  # fmt: skip
ZEROES: Columns = {name: 0 for name in (*COUNTS, "redispatch_count", "marks")} | {
    "urgent": False,
    "due_provisional": False,
    "ownerless": False,
}
CASE_BLANK: Columns = dict.fromkeys((*SHARED, *OF_THE_CASE_ONLY)) | ZEROES
NO_CLOCK: Columns = {"unit": None, "received_at": None, **dict.fromkeys(CLOCK)}


@dataclass
class Progress:
    """A case on its way. `active` are the assignments that have not ended."""

    case: Columns
    assignments: list[Columns]
    active: list[Columns] = field(default_factory=list)
    stage: Stage | None = None
    before_void: Stage | None = None

    def both(self, columns: Columns) -> None:
        """Sets columns of the case and of its active assignments."""
        self.case.update(columns)
        for row in self.active:
            row.update(columns)

    def one_more(self, name: str) -> None:
        self.case[name] += 1
        for row in self.active:
            row[name] += 1

    def end(self, at: datetime, reason: EndReason) -> None:
        for row in self.active:
            row.update(ended_at=at, end_reason=reason.value)
        self.active = []


def moment(body: Body, name: str) -> datetime | None:
    text = body.get(name)
    return None if text is None else datetime.fromisoformat(text)


@lru_cache(maxsize=512)
def limit_columns(written: str) -> Mapping[str, Any]:
    """`4 work_hours` as it is stored. Source of the units: DECISIONS 7."""
    limit = Limit.parse(written)
    return {"limit_value": Decimal(limit.value.numerator) / limit.value.denominator, "limit_unit": limit.unit.value}


def _report(p: Progress, at: datetime, body: Body) -> None:
    p.case["reported_at"] = at
    for name in (*FACTS, *PLACE):
        p.case[name] = body.get(name)


def _register(p: Progress, at: datetime, body: Body) -> None:
    """立案. Without 受理 before it, both happen in one act."""
    p.case["registered_at"] = at
    p.case["accepted_at"] = p.case["accepted_at"] or at
    if "limit" in body:
        p.case.update(limit_columns(body["limit"]))
    p.case.update(urgent=body.get("urgent", False), ownerless=body.get("ownerless", False), tier=body.get("tier"))


def _clock(body: Body) -> Columns:
    """A new due time: {"due": …, "soon": …}, both absent where the case has no limit."""
    return {"effective_due_at": moment(body, "due"), "due_soon_at": moment(body, "soon")}


def _assign(p: Progress, role: AssignmentRole, unit: str, clock: Columns) -> None:
    """A new assignment: it repeats the case's facts and starts with its own clock and counts."""
    row = {name: p.case[name] for name in SHARED} | {"exempted_at": None}
    row.update(NO_CLOCK)
    row.update(clock)
    row.update(role=role.value, unit=unit, ended_at=None, end_reason=None, handled_at=None)
    for name in COUNTS:
        row[name] = 0
    p.assignments.append(row)
    p.active.append(row)


def _dispatch(p: Progress, at: datetime, body: Body) -> None:
    """派遣: {"unit": …, "due": …, "soon": …, "assist": […], "informed": […], "provisional": true, "limit": …}, the last
    where it is another than the one of the filing."""
    clock = {"dispatched_at": at, "due_at": moment(body, "due"), **_clock(body)}
    case = p.case
    if "limit" in body:
        case.update(limit_columns(body["limit"]))
    earlier = [row["unit"] for row in p.assignments if row["role"] == AssignmentRole.LEAD.value]
    if earlier and earlier[-1] != body["unit"]:
        case["redispatch_count"] += 1
    _assign(p, AssignmentRole.LEAD, body["unit"], clock)
    for role in (AssignmentRole.ASSIST, AssignmentRole.INFORMED):
        for unit in body.get(role.value, ()):
            _assign(p, role, unit, clock)
    case.update(clock)
    case.update(unit=body["unit"], received_at=None, due_provisional=body.get("provisional", False))
    case["first_dispatched_at"] = case["first_dispatched_at"] or at


def _co_dispatch(p: Progress, at: datetime, body: Body) -> None:
    """增派: {"assist": […], "informed": […], "due": …, "soon": …}: the units that join have their own clock."""
    clock = {"dispatched_at": at, "due_at": moment(body, "due"), **_clock(body)}
    for role in (AssignmentRole.ASSIST, AssignmentRole.INFORMED):
        for unit in body.get(role.value, ()):
            _assign(p, role, unit, clock)


def _reassign(p: Progress, at: datetime, body: Body) -> None:
    """改派: as 派遣, with an "end_reason" where the desk says why: the dispatcher's error frees the unit."""
    p.end(at, EndReason(body.get("end_reason", EndReason.REASSIGNED)))
    p.case["handled_at"] = None
    _dispatch(p, at, body)


def _escalate(p: Progress, at: datetime, body: Body) -> None:
    """上呈: what a street cannot solve goes to the district, and beyond it to the city (五华). Nobody has it now."""
    p.end(at, EndReason.ESCALATED)
    p.case.update(NO_CLOCK)
    p.case["tier"] = body["tier"]


def _recheck_fail(p: Progress, _at: datetime, _body: Body) -> None:
    """返工: the handling did not count; the clock goes on (DECISIONS 5)."""
    p.both({"handled_at": None})
    p.one_more("rework_count")


def _close(p: Progress, at: datetime, _body: Body) -> None:
    p.both({"closed_at": at})
    p.end(at, EndReason.CLOSED)


def _uphold_return(p: Progress, at: datetime, body: Body) -> None:
    """{"decision": "returned" | "dispatcher_error"}: in the second case a 案件移交单 is due (汝州)."""
    p.end(at, EndReason(body["decision"]))
    p.case.update(NO_CLOCK)


def _new_due(p: Progress, body: Body) -> None:
    if "due" in body:
        p.both(_clock(body))
        p.case["due_provisional"] = body.get("provisional", False)


def _extend(p: Progress, _at: datetime, body: Body) -> None:
    """Every extension was asked for, also where the log begins with the grant."""
    p.one_more("extension_count")
    for row in (p.case, *p.active):
        row["extension_asks"] = max(row["extension_asks"], row["extension_count"])
    _new_due(p, body)


def _ask_extension(p: Progress, _at: datetime, _body: Body) -> None:
    """延期申请: what the 10 % ceiling counts, granted or not (肃宁 Art. 27, reading l); the clock runs on."""
    p.one_more("extension_asks")


def _suspend(p: Progress, at: datetime, _body: Body) -> None:
    """挂账. Granted anew after its review (续挂) it is the same suspension going on."""
    if p.case["suspended_at"] is None:
        p.both({"suspended_at": at})
        p.one_more("suspension_count")


def _resume(p: Progress, _at: datetime, body: Body) -> None:
    p.both({"suspended_at": None})
    _new_due(p, body)


def _void(p: Progress, at: datetime, _body: Body) -> None:
    p.before_void = p.stage
    p.both({"voided_at": at})


def _restore(p: Progress, _at: datetime, body: Body) -> None:
    """A new due time makes up for the time it was void; only a case that somebody has is due at all."""
    p.both({"voided_at": None})
    if p.active:
        _new_due(p, body)


def _ends_as(procedure: Procedure) -> Callable[[Progress, datetime, Body], None]:
    def end(p: Progress, at: datetime, _body: Body) -> None:
        p.case.update(closed_at=at, procedure=procedure.value)

    return end


def _sets(name: str, *, work: bool = False) -> Callable[[Progress, datetime, Body], None]:
    def set_it(p: Progress, at: datetime, _body: Body) -> None:
        p.case[name] = at
        if work:
            for row in p.active:
                row[name] = at

    return set_it


def _exempt(p: Progress, at: datetime, body: Body) -> None:
    """{"unit": …}: the facts stay; the score leaves this unit's work on the case out, also when it has ended."""
    p.case["exempted_at"] = at
    for row in p.assignments:
        if row["unit"] == body["unit"]:
            row["exempted_at"] = at


def _return(p: Progress, _at: datetime, _body: Body) -> None:
    """回退 applied for; the clock runs on until it is decided (reading o)."""
    p.one_more("return_count")


A = Action
STEPS: Mapping[Action, Callable[[Progress, datetime, Body], None]] = {
    A.REPORT: _report, A.ACCEPT: _sets("accepted_at"), A.VERIFY: _sets("verified_at"), A.REGISTER: _register,
    A.REJECT: _sets("rejected_at"), A.DISPATCH: _dispatch, A.RECEIVE: _sets("received_at", work=True),
    A.HANDLE: _sets("handled_at", work=True), A.RECHECK_PASS: _sets("rechecked_at"), A.RECHECK_FAIL: _recheck_fail,
    A.CLOSE: _close, A.RETURN: _return, A.UPHOLD_RETURN: _uphold_return, A.REASSIGN: _reassign,
    A.CO_DISPATCH: _co_dispatch, A.ESCALATE: _escalate, A.APPLY_EXTENSION: _ask_extension, A.EXTEND: _extend,
    A.SUSPEND: _suspend, A.RESUME: _resume,
    A.VOID: _void, A.RESTORE: _restore, A.SELF_HANDLE: _ends_as(Procedure.SELF_HANDLED),
    A.SIMPLE: _ends_as(Procedure.SIMPLE), A.EXEMPT: _exempt,
}  # fmt: skip
"""Actions that are not listed (驳回回退, 催办, 督办, 批注 …) leave no more than the stage and the event itself."""
