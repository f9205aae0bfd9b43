"""News of cases that are already stored: what the source says now replaces what it said before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from config.mappings import TIMES
from data_access.case_changes import (
    CaseChange,
    WorkChange,
    add_assignments,
    change_assignments,
    change_cases,
    change_facts,
    done_here,
    lead_assignments,
    locked_cases,
    set_row_hashes,
)
from data_access.case_writer import NewEvent
from data_access.desk_writer import meet_as_told
from domain.case_steps import FACTS
from domain.life_cycle import Action, EndReason
from domain.replay import takes_over
from services.imports.canonical import Fields
from services.imports.case_rows import Columns, lead_assignment
from services.imports.times import instant_of

TIME_FIELDS = frozenset(TIMES)
DONE = ("handled_at", "closed_at")
FOLLOWING = ("changed_at", "rewritten_at", "first_dispatched_at")  # follow from the other columns: not told twice
# Of a case that the desk has moved, the source still says what and where it is; everything else is the desk's.
WORK_FACTS = ("category_id", "channel_id", "grid_id", "street_id")
STILL_THE_SOURCES = frozenset((*WORK_FACTS, "community_id", "road", "address", "lon", "lat"))
GONE = EndReason.DISPATCHER_ERROR.value  # the source no longer names a unit: the assignment leaves every denominator


@dataclass
class Prepared:
    """A row ready to be written."""

    number: int
    fields: Fields
    row_hash: bytes
    columns: Columns


@dataclass
class Taken:
    updated: int = 0
    unchanged: int = 0  # the row's text differs and its case does not
    kept_local: int = 0  # changed values that a local action owns


def take_over(
    connection: Connection, city_id: int, source: str, file: str, at: datetime, news: Sequence[tuple[int, Prepared]]
) -> Taken:
    """Changes these cases (case number, row) and their assignments, one event each; local events stay as they are."""
    taken = Taken()
    if not news:
        return taken
    case_ids = [case_id for case_id, _row in news]
    stored = locked_cases(connection, city_id, case_ids)
    here = _Here(done_here(connection, city_id, case_ids, source))
    changes, after, same = [], {}, []
    for case_id, row in news:
        before, owned = stored[case_id], here.owned(case_id, row.columns)
        wanted = {name: value for name, value in row.columns.items() if name not in owned}
        if case_id in here.corrected and "changed_at" in wanted:  # perhaps after the source's last step
            wanted["changed_at"] = wanted["rewritten_at"] = max(wanted["changed_at"], before["changed_at"])
        changed = {n: v for n, v in wanted.items() if n != "rewritten_at" and not _same(before[n], v)}
        kept = {n: row.columns[n] for n in owned if n not in FOLLOWING and not _same(before[n], row.columns[n])}
        taken.kept_local += len(kept)
        if not changed and not (kept and case_id in here.moved):
            same.append((case_id, row.row_hash))
            continue
        body = _body(file, row, before, changed, kept if case_id in here.moved else {})
        event = NewEvent(Action.SOURCE_UPDATED.value, at, source, body)
        after[case_id] = {name: wanted.get(name, before[name]) for name in row.columns}
        columns = {**after[case_id], "row_hash": row.row_hash}
        changes.append(CaseChange(case_id, before["version"], columns, event))
    set_row_hashes(connection, city_id, same)
    change_cases(connection, city_id, changes, at)
    done = {change.case_id: _done(stored[change.case_id], change.columns) for change in changes}
    meet_as_told(connection, city_id, {case_id: when for case_id, when in done.items() if when is not None})
    _follow(connection, city_id, {case: columns for case, columns in after.items() if case not in here.moved}, at)
    facts = {case: {name: after[case][name] for name in WORK_FACTS} for case in after.keys() & here.moved}
    change_facts(connection, city_id, facts)
    taken.updated, taken.unchanged = len(changes), len(same)
    return taken


def body_of(file: str, row: Prepared) -> dict[str, object]:
    """What an event keeps of a row: the fields as the source gave them, and what followed from them."""
    soon = row.columns["due_soon_at"]
    followed = {"marks": row.columns["marks"], "due_soon_at": None if soon is None else soon.isoformat()}
    kept = {name: value for name, value in followed.items() if value}
    return {"file": file, "row": row.number, "fields": readable(row.fields), **kept}


def readable(fields: Fields) -> dict[str, Any]:
    """The fields for an event's body, times in ISO 8601."""
    return {name: instant_of(value).isoformat() if name in TIME_FIELDS else value for name, value in fields.items()}


def _body(file: str, row: Prepared, before: Columns, changed: Columns, kept: Columns) -> dict[str, object]:
    """`kept`: what the source says otherwise than the desk, whose case it is by now."""
    said = {name: _plain(value) for name, value in kept.items()}
    return {
        **body_of(file, row),
        **({"kept_here": said} if said else {}),
        "changes": {name: _plain(value) for name, value in changed.items() if name not in FOLLOWING},
        "was": {name: _plain(before[name]) for name in changed if name not in FOLLOWING},
    }


class _Here:
    """What was done to these cases here: `corrected` columns by case, and the cases the desk has `moved`."""

    def __init__(self, done: Sequence[tuple[int, str, str]]) -> None:
        self.corrected: dict[int, set[str]] = {}
        self.moved = {case_id for case_id, action, _body in done if takes_over(Action(action))}
        for case_id, action, body in done:
            told = json.loads(body).get("set", {}) if action == Action.CORRECT else {}
            self.corrected.setdefault(case_id, set()).update(f"{n}_id" if n in (*FACTS, "unit") else n for n in told)

    def owned(self, case_id: int, columns: Columns) -> set[str]:
        """The columns that the import leaves alone."""
        moved = columns.keys() - STILL_THE_SOURCES if case_id in self.moved else set()
        return self.corrected.get(case_id, set()) | moved


def _follow(connection: Connection, city_id: int, after: Mapping[int, Columns], at: datetime) -> None:
    """The lead assignments follow their cases."""
    leads = lead_assignments(connection, city_id, list(after))
    changed, gone, new = [], [], {}
    for case_id, columns in after.items():
        lead = leads.get(case_id)
        if columns["unit_id"] is None:
            if lead is not None:
                gone.append(WorkChange(case_id, lead["assignment_no"], {"ended_at": at, "end_reason": GONE}))
            continue
        wanted = lead_assignment(columns)
        if lead is None:
            new[case_id] = wanted
        elif any(not _same(lead[name], value) for name, value in wanted.items()):
            changed.append(WorkChange(case_id, lead["assignment_no"], wanted))
    change_assignments(connection, city_id, changed)
    change_assignments(connection, city_id, gone)
    add_assignments(connection, city_id, new)


def _done(before: Columns, after: Mapping[str, Any]) -> datetime | None:
    """When the case was handled or closed, if that is news: it meets the supervision notices of the case."""
    times = [after[name] for name in DONE if after.get(name) is not None and not _same(before[name], after[name])]
    return min(times, default=None)


def _same(stored: Any, value: Any) -> bool:
    if stored is None or value is None:
        return stored is value
    return bool(stored == value) or (isinstance(value, float) and float(stored) == value)


def _plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)
