"""Random legal histories of cases: every way of the life cycle, coarse times, late edits; and storing them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from data_access import directory, tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.store import Store
from domain.replay import state
from tests.retell import Event
from tests.worlds import START, write_lists

UNITS, STREETS = ("u0", "u1", "u2", "u3"), ("s0", "s1", "s2")
MINUTES = (0, 5, 15, 15, 30, 30, 60, 240, 600, 1440)
WITH_THE_UNIT = "receive handle handle return reassign co_dispatch escalate extend apply_extension suspend void"
NEXT = {  # stage: what may happen, by weight of repetition
    "reported": "accept accept accept register register reject self_handle void",
    "accepted": "verify register register register reject simple self_handle",
    "registered": "dispatch dispatch dispatch dispatch void escalate",
    "dispatched": f"receive receive {WITH_THE_UNIT}",
    "handled": "recheck_pass recheck_pass recheck_fail void",
    "rechecked": "close close close void",
    "returned": "uphold_return uphold_return refuse_return void",
    "suspended": "resume resume resume void suspend",
    "void": "restore",
}
REACHED = {
    "accept": "accepted", "register": "registered", "dispatch": "dispatched", "reassign": "dispatched",
    "handle": "handled", "recheck_pass": "rechecked", "recheck_fail": "dispatched", "return": "returned",
    "uphold_return": "registered", "refuse_return": "dispatched", "escalate": "registered", "suspend": "suspended",
    "resume": "dispatched", "void": "void",
}  # fmt: skip
ENDS = ("close", "reject", "self_handle", "simple")


def a_history(random: Random) -> list[Event]:
    """One case from its report to wherever it gets; one in six is told by another system."""
    at = START + timedelta(minutes=random.choice(MINUTES) * random.randrange(1, 12))
    if random.random() < 1 / 6:
        return _told(random, at)
    events = [Event("report", at, {"street": random.choice(STREETS), "category": "k1", "channel": "c1"})]
    stage, before_void, received = "reported", "reported", False
    for _ in range(random.randrange(1, 16)):
        if stage == "void" and random.random() < 0.6:
            break
        choices = [a for a in NEXT[stage].split() if a != "receive" or not received]
        action = random.choice([a for a in choices if a != "verify" or events[-1].action != "verify"])
        at += timedelta(minutes=random.choice(MINUTES))
        events.append(Event(action, at, _body(random, action, at)))
        if action in ENDS:
            break
        received = action in ("receive", "resume") or (
            received and action in ("extend", "apply_extension", "co_dispatch", "void", "restore")
        )
        before_void = stage if action == "void" else before_void
        stage = before_void if action == "restore" else REACHED.get(action, stage)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        _late_edit(random, events)
    return events


def _body(random: Random, action: str, at: datetime) -> dict[str, Any]:
    clock = {"due": (at + timedelta(minutes=random.choice((15, 60, 240, 1440)))).isoformat()}
    clock["soon"] = clock["due"]
    second = {random.choice(("assist", "informed")): [random.choice(UNITS)]}
    if action in ("dispatch", "reassign"):
        unlimited = random.random() < 0.1
        return {
            "unit": random.choice(UNITS),
            **({} if unlimited else clock),
            **(second if random.random() < 0.2 else {}),
            **({"end_reason": "dispatcher_error"} if action == "reassign" and random.random() < 0.3 else {}),
        }
    bodies: dict[str, dict[str, Any]] = {
        "register": {"urgent": random.random() < 0.3, "limit": "4 work_hours"},
        "co_dispatch": {**second, **clock},
        "extend": clock,
        "resume": clock,
        "restore": clock if random.random() < 0.5 else {},
        "escalate": {"tier": random.choice(("street", "district", "city"))},
        "uphold_return": {"decision": random.choice(("returned", "dispatcher_error"))},
    }
    return bodies.get(action, {})


def _late_edit(random: Random, events: list[Event]) -> None:
    """One step really happened at another time between its neighbours', or was otherwise."""
    order = sorted((n for n, e in enumerate(events) if e.action != "correct"), key=lambda n: (_true_at(events, n), n))
    if len(order) < 3:
        return
    place = random.randrange(1, len(order))
    step = order[place]
    earliest = _true_at(events, order[place - 1])
    latest = _true_at(events, order[place + 1]) if place + 1 < len(order) else events[-1].at
    body: dict[str, Any] = {"step": step + 1}
    if random.random() < 0.8:
        body["at"] = (earliest + (latest - earliest) * random.choice((0, 1, 2)) / 2).isoformat()
    if events[step].action in ("dispatch", "reassign", "extend") and random.random() < 0.5:
        body["set"] = {"due": (events[step].at + timedelta(minutes=random.choice((15, 240)))).isoformat()}
    events.append(Event("correct", events[-1].at + timedelta(minutes=random.choice(MINUTES)), body))


def _true_at(events: Sequence[Event], number: int) -> datetime:
    said = [e.body["at"] for e in events if e.action == "correct" and e.body["step"] == number + 1 and "at" in e.body]
    return datetime.fromisoformat(said[-1]) if said else events[number].at


def _told(random: Random, at: datetime) -> list[Event]:
    """Another system's case, imported much later, perhaps with news."""
    told: list[Event] = []
    for _ in range(random.choice((1, 1, 2))):
        fields: dict[str, Any] = {"street": random.choice(STREETS), "category": "k1", "channel": "c1"}
        moment = at
        for name in ("reported_at", "registered_at", "dispatched_at", "handled_at", "closed_at"):
            fields[name] = moment.isoformat()
            moment += timedelta(minutes=random.choice(MINUTES))
            if random.random() < 0.15:
                break
        if random.random() < 0.9:
            fields["unit"] = random.choice(UNITS)
        if random.random() < 0.8:
            fields["due_at"] = (at + timedelta(minutes=random.choice(MINUTES))).isoformat()
        if "dispatched_at" not in fields:
            fields.pop("unit", None)
        action = "source_updated" if told else "imported"
        told.append(Event(action, datetime(2026, 7, 1, tzinfo=UTC), {"fields": fields}))
    if ("unit" in told[0].body["fields"]) != ("unit" in told[-1].body["fields"]):
        return told[:1]
    return told


def store_histories(store: Store, city: str, histories: Sequence[Sequence[Event]]) -> int:
    """Stores them as the product would, in a city of their own; returns its number."""
    with store.write.begin() as connection:
        number = directory.ensure_city(connection, city, "Asia/Shanghai", demo=False)
        write_lists(connection, number)
        units = directory.keys(connection, tables.units, number)
        streets = directory.area_keys(connection, number, "street")
        new = []
        for case, events in enumerate(histories):
            reached = state(events)
            assert reached is not None
            columns, *work = (_stored(row, units, streets) for row in (reached.case, *reached.assignments))
            del columns["community"]
            columns |= {"case_no": f"N{case:04}", "source": "test", "grid_id": grid_of(case)}
            for row in work:
                row["grid_id"] = grid_of(case)
            new.append(NewCase(columns, [NewEvent(e.action, e.at, "test", e.body) for e in events], work))
        insert_cases(connection, number, new, START)
    return number


def grid_of(case: int) -> int | None:
    """The grid's number of the case stored at this place: few, so that much recurs."""
    return (None, 1, 2, 2)[case % 4]


def _stored(row: dict[str, Any], units: dict[str, int], streets: dict[str, int]) -> dict[str, Any]:
    row["unit_id"] = units.get(row.pop("unit"))
    row["street_id"] = streets[row.pop("street")]
    row["grid_id"], row["category_id"], row["channel_id"] = None, 1, 1
    for name in ("grid", "category", "channel"):
        del row[name]
    return row
