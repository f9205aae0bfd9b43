"""A case at an instant, retold from its events by looking for each answer in turn; shares no code with the product."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

Row = dict[str, Any]


class Event(NamedTuple):
    action: str
    at: datetime
    body: Mapping[str, Any]


NEW_LEAD = ("dispatch", "reassign")
TAKES_THE_UNIT_AWAY = ("uphold_return", "escalate")
ENDS = {"reassign": "reassigned", "escalate": "escalated", "close": "closed"}
WITH_A_DUE_TIME = (*NEW_LEAD, "extend", "resume", "restore")
SOURCE = ("imported", "source_updated")
MOMENTS = ("reported_at", "accepted_at", "registered_at", "dispatched_at", "received_at", "handled_at", "rechecked_at",
           "closed_at", "suspended_at", "voided_at", "rejected_at")  # fmt: skip


def retell(events: Sequence[Event], as_of: datetime) -> tuple[Row, list[Row]] | None:
    """The case and its assignments as far as they had come at as_of; None before the report."""
    if events[0].action in SOURCE:
        return _told_by_a_source(events, as_of)
    seen = _in_order(events, as_of)
    if not seen:
        return None
    report = seen[0].body
    register = _one(seen, "register")
    lead = _last(seen, *NEW_LEAD)
    if lead is not None and any(event.action in TAKES_THE_UNIT_AWAY for event in _after(seen, lead)):
        lead = None
    leads = [event.body["unit"] for event in seen if event.action in NEW_LEAD]
    row: Row = {
        "unit": lead.body["unit"] if lead else None,
        "street": report["street"],
        "reported_at": seen[0].at,
        "accepted_at": _at(seen, "accept") or _at(seen, "register"),
        "verified_at": _at(seen, "verify"),
        "registered_at": register.at if register else None,
        "rejected_at": _at(seen, "reject"),
        "first_dispatched_at": min((event.at for event in seen if event.action == "dispatch"), default=None),
        "dispatched_at": _at(seen, *NEW_LEAD),
        "rechecked_at": _at(seen, "recheck_pass"),
        "closed_at": _at(seen, "close", "self_handle", "simple"),
        "procedure": "self_handled" if _one(seen, "self_handle") else "simple" if _one(seen, "simple") else None,
        "urgent": bool(register and register.body.get("urgent")),
        "redispatch_count": sum(a != b for a, b in pairwise(leads)),
        "marks": 0,
        **_work(seen),
        "received_at": _at(_after(seen, lead), "receive") if lead else None,
        "effective_due_at": _due(_after(seen, lead, itself=True)) if lead else None,
    }
    return row, _assignments(seen, row)


def _in_order(events: Sequence[Event], as_of: datetime) -> list[Event]:
    """As things happened: corrected, sorted, cut."""
    true = list(events)
    for event in events:
        if event.action == "correct":
            wrong = true[event.body["step"] - 1]
            at = datetime.fromisoformat(event.body.get("at", wrong.at.isoformat()))
            true[event.body["step"] - 1] = Event(wrong.action, at, {**wrong.body, **event.body.get("set", {})})
    happened = [event for event in true if event.action != "correct"]
    return [event for event in sorted(happened, key=lambda event: event.at) if event.at <= as_of]


def _work(seen: Sequence[Event]) -> Row:
    """What the case and an assignment over this stretch of events have in common."""
    handled, failed = _last(seen, "handle"), _last(seen, "recheck_fail", "reassign")
    counted = handled and not (failed and failed in _after(seen, handled))
    suspensions, voided = _suspensions(seen), _last(seen, "void")
    paused = suspensions[-1] if suspensions else None
    actions = [event.action for event in seen]
    return {
        "handled_at": handled.at if handled and counted else None,
        "suspended_at": paused.at if paused and not _last(_after(seen, paused), "resume") else None,
        "voided_at": voided.at if voided and not _last(_after(seen, voided), "restore") else None,
        "rework_count": actions.count("recheck_fail"),
        "return_count": actions.count("return"),
        "extension_count": actions.count("extend"),
        "extension_asks": _asked(actions),
        "suspension_count": len(suspensions),
    }


def _suspensions(seen: Sequence[Event]) -> list[Event]:
    """Those that began one: granted anew while it lasts, it goes on."""
    found, stands = list[Event](), False
    for event in seen:
        if event.action == "suspend" and not stands:
            found.append(event)
        stands = event.action != "resume" and (stands or event.action == "suspend")
    return found


def _asked(actions: Sequence[str]) -> int:
    """Applications; at every grant at least as many as were granted by then."""
    asked = 0
    for number, action in enumerate(actions, 1):
        asked += action == "apply_extension"
        asked = max(asked, actions[:number].count("extend"))
    return asked


def _assignments(seen: Sequence[Event], case: Row) -> list[Row]:
    rows = []
    for number, event in enumerate(seen):
        given = [("lead", event.body["unit"])] if event.action in NEW_LEAD else []
        if event.action in (*NEW_LEAD, "co_dispatch"):
            given += [(role, unit) for role in ("assist", "informed") for unit in event.body.get(role, [])]
        later = seen[number + 1 :]
        end = next((e for e in later if e.action in (*ENDS, "uphold_return")), None)
        stretch = [event, *(later[: later.index(end)] if end else later)]
        after = stretch[1:]
        for role, unit in given:
            rows.append({
                "unit": unit, "role": role, "street": case["street"], "urgent": case["urgent"], "marks": 0,
                "reported_at": case["reported_at"], "registered_at": case["registered_at"], "dispatched_at": event.at,
                **_work(after), "closed_at": end.at if end and end.action == "close" else None,
                "effective_due_at": _due([event, *after], joined=event.action == "co_dispatch"),
                "ended_at": end.at if end else None,
                "end_reason": _why(end),
            })  # fmt: skip
    return rows


def _why(end: Event | None) -> str | None:
    if end is None:
        return None
    said: str | None = end.body.get("end_reason") or end.body.get("decision")
    return said or ENDS[end.action]


def _due(stretch: Sequence[Event], joined: bool = False) -> datetime | None:
    known = [event for n, event in enumerate(stretch) if event.action in WITH_A_DUE_TIME or (joined and n == 0)]
    given = [event.body["due"] for event in known if "due" in event.body]
    return datetime.fromisoformat(given[-1]) if given else None


def _told_by_a_source(events: Sequence[Event], as_of: datetime) -> tuple[Row, list[Row]] | None:
    fields = events[-1].body["fields"]
    told = {name: datetime.fromisoformat(fields[name]) if name in fields else None for name in MOMENTS}
    row: Row = {name: at if at is not None and at <= as_of else None for name, at in told.items()}
    if row["reported_at"] is None:
        return None
    due = datetime.fromisoformat(fields["due_at"]) if "due_at" in fields else None
    counts = dict.fromkeys(
        ("return_count", "extension_count", "extension_asks", "suspension_count", "redispatch_count"), 0
    )
    row |= {
        "unit": fields.get("unit"), "street": fields["street"], "verified_at": None, "procedure": None, "marks": 0,
        "first_dispatched_at": row["dispatched_at"], "effective_due_at": due, "urgent": False,
        "rework_count": fields.get("rework_count", 0), **counts,
    }  # fmt: skip
    ended = {"role": "lead", "ended_at": row["closed_at"], "end_reason": "closed" if row["closed_at"] else None}
    return row, [{**row, **ended}] if "unit" in fields else []


def _one(seen: Sequence[Event], action: str) -> Event | None:
    return next((event for event in seen if event.action == action), None)


def _last(seen: Sequence[Event], *actions: str) -> Event | None:
    return next((event for event in reversed(seen) if event.action in actions), None)


def _at(seen: Sequence[Event], *actions: str) -> datetime | None:
    found = _last(seen, *actions)
    return found.at if found else None


def _after(seen: Sequence[Event], event: Event, itself: bool = False) -> Sequence[Event]:
    place = max(n for n, other in enumerate(seen) if other is event)
    return seen[place if itself else place + 1 :]
