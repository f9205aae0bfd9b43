"""The rows a demo case leaves behind: its script replayed, with the database's numbers for the keys in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from data_access.case_writer import NewCase, NewEvent
from domain.case_steps import Columns
from domain.replay import state
from services.demo.founding import Numbers

SOURCE = "gridwall"
Script = tuple[NewEvent, ...]  # the events of a case in the order in which they are written down
Rows = tuple[Columns, list[Columns]]


def done_by(script: Script, now: datetime) -> int:
    """How many events of the script have happened: those not after `now`."""
    return sum(event.at <= now for event in script)


def rows_after(script: Script, case_no: str, numbers: Numbers) -> Rows:
    """The case's columns and its assignments' after these events; the report at least must be among them."""
    reached = state(script)
    if reached is None:
        raise ValueError(f"{case_no} has not been reported yet")
    case = _numbered(reached.case, numbers)
    case["community_id"] = numbers.communities[case.pop("community")]
    case.update(case_no=case_no, source=SOURCE)
    return case, [_numbered(row, numbers) for row in reached.assignments]


def _numbered(row: Columns, numbers: Numbers) -> Columns:
    """The keys of lists replaced by their numbers."""
    unit = row.pop("unit")
    row["unit_id"] = None if unit is None else numbers.units[unit]
    row["category_id"] = numbers.categories[row.pop("category")]
    row["channel_id"] = numbers.channels[row.pop("channel")]
    row["grid_id"] = numbers.grids[row.pop("grid")]
    row["street_id"] = numbers.streets[row.pop("street")]
    return row


def new_case(script: Script, case_no: str, numbers: Numbers) -> NewCase:
    """A case that has lived through exactly these events."""
    case, assignments = rows_after(script, case_no, numbers)
    return NewCase(case, script, assignments)


def as_one_change(before: Rows, after: Rows) -> tuple[Columns, dict[int, Columns], list[Columns]]:
    """What has changed: case columns, those of assignments that were there (by number), and new assignments."""
    case, work = before
    later, later_work = after
    pairs = enumerate(zip(work, later_work, strict=False), 1)
    changes = {number: _changed(old, new) for number, (old, new) in pairs}
    news = _changed(case, later) | {"rewritten_at": later["rewritten_at"]}
    return news, {number: row for number, row in changes.items() if row}, later_work[len(work) :]


def _changed(before: Mapping[str, Any], after: Columns) -> Columns:
    return {name: value for name, value in after.items() if before[name] != value}
