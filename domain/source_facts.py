"""A case as another system tells it: its times and counts as facts, from the `fields` of its last row.

A source's row says when things happened, whenever it was imported: what lies after the instant asked about had not
happened yet. Its counts and its due time have no time of their own and are taken as given. Where the case lies
(position, grid, street) is settled when it is imported, and again whenever grids are loaded: no part of its history.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.case_steps import CASE_BLANK, COUNTS, FACTS, SHARED, Columns, moment
from domain.life_cycle import AssignmentRole, EndReason, stage_by_times
from domain.rewriting import in_order

TIMES = (
    "reported_at", "accepted_at", "registered_at", "dispatched_at", "received_at", "handled_at", "rechecked_at",
    "closed_at", "suspended_at", "voided_at", "rejected_at",
)  # fmt: skip
GIVEN = (*FACTS, "unit", "road", "address", "limit_unit")


def source_columns(body: Mapping[str, Any], corrected: Mapping[str, Any], as_of: datetime | None) -> Columns:
    """The case's columns by a source's row, with what was corrected here, as far as it had happened by `as_of`.

    `body` = {"fields": …, "due_soon_at": …, "marks": …}: the fields as read, and what followed from them on import.
    """
    fields = {**body["fields"], **corrected}
    columns = {name: value for name, value in CASE_BLANK.items() if name not in ("changed_at", "rewritten_at")}
    columns.update({name: fields.get(name) for name in GIVEN})
    columns["category"] = fields.get("category_key") or fields.get("category")
    times = {name: moment(fields, name) for name in TIMES}
    columns.update({name: at for name, at in times.items() if at is not None and (as_of is None or at <= as_of)})
    known = [columns[name] for name in TIMES if columns[name] is not None]
    columns.update({name: fields.get(name, 0) for name in COUNTS})
    columns["extension_asks"] = columns["extension_count"]  # a source tells what it granted: so much was asked
    effective = moment(fields, "effective_due_at") or moment(fields, "due_at")
    columns.update(
        due_at=moment(fields, "due_at") or effective, effective_due_at=effective,
        due_soon_at=moment(body, "due_soon_at"), urgent=fields.get("urgent") in ("yes", True),
        limit_value=None if fields.get("limit_value") is None else Decimal(str(fields["limit_value"])),
        marks=body.get("marks", 0), first_dispatched_at=columns["dispatched_at"],
        changed_at=max(known, default=None), stage=stage_by_times(columns).value,
        rewritten_at=None if in_order(columns) else max(known),
    )  # fmt: skip
    return columns


def source_assignments(
    said: Sequence[tuple[datetime, Mapping[str, Any]]], columns: Columns, as_of: datetime | None
) -> list[Columns]:
    """The unit a source names has the case; a unit it no longer names never had it (its assignment is freed).

    `said` are the source's rows with the time of their import, `columns` the case's as of the instant asked about.
    """
    rows: list[Columns] = []
    before: Mapping[str, Any] = {}
    for at, body in said:
        unit = body["fields"].get("unit")
        active = rows[-1] if rows and rows[-1]["end_reason"] is None else None
        if unit is None and active is not None:
            active.update(_shared(source_columns(before, {}, as_of)))
            active.update(ended_at=at, end_reason=EndReason.DISPATCHER_ERROR.value)
        elif unit is not None and active is None:
            rows.append({"role": AssignmentRole.LEAD.value, "ended_at": None, "end_reason": None})
        before = body
    if rows and rows[-1]["end_reason"] is None:
        rows[-1].update(_shared(columns))
        if columns["closed_at"] is not None:
            rows[-1].update(ended_at=columns["closed_at"], end_reason=EndReason.CLOSED.value)
    return rows


def _shared(columns: Columns) -> Columns:
    return {name: value for name, value in columns.items() if name in SHARED}
