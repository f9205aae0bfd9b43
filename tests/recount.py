"""An independent recount: plain Python over raw rows, sharing no code with the product."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]


def recount(
    rows: Iterable[Row], start: datetime, end: datetime, as_of: datetime, *, cohort: bool = False
) -> dict[str, int]:
    """Counts of cases (or of assignments, with ended_at) over [start, end) as seen at as_of."""
    total: dict[str, int] = dict.fromkeys(NAMES, 0)
    for row in rows:
        for name in names_of(row, start, end, as_of, cohort):
            total[name] += 1
    return total


NAMES = (
    "reported", "registered", "dispatched", "handled", "closed", "on_time", "late", "closed_without_deadline", "open",
    "overdue_open", "suspended", "rework", "extended", "returned", "due", "closure_due", "closure_due_without_deadline",
    "handling_due", "marked",
)  # fmt: skip


def names_of(row: Row, start: datetime, end: datetime, as_of: datetime, cohort: bool) -> list[str]:
    """Which counts this row belongs to."""
    if cohort and not (row["registered_at"] and start <= row["registered_at"] < end and row["registered_at"] <= as_of):
        return []

    def in_period(moment: datetime | None) -> bool:
        if moment is None or moment > as_of:
            return False
        return cohort or start <= moment < end

    def state(at_period_end: bool) -> tuple[bool, bool, bool, bool]:
        """(open, overdue, suspended, evaluated) now, or just before the period's end if that has passed."""
        passed = at_period_end and not cohort and as_of >= end

        def has(moment: datetime | None) -> bool:
            return moment is not None and (moment < end if passed else moment <= as_of)

        moment = end if passed else as_of
        live = has(row["registered_at"]) and not has(row["closed_at"]) and not has(row["voided_at"])
        if "ended_at" in row and has(row["ended_at"]):
            live = False
        suspended = live and has(row["suspended_at"])
        is_open = live and not suspended
        due = row["effective_due_at"]
        overdue = is_open and due is not None and due < moment
        return is_open, overdue, suspended, not has(row["suspended_at"]) and not has(row["voided_at"])

    open_now, overdue_now, suspended_now, _ = state(at_period_end=False)
    _, overdue_at_end, _, evaluated = state(at_period_end=True)
    closed = in_period(row["closed_at"]) and row["registered_at"] is not None
    handled = in_period(row["handled_at"])
    due = row["effective_due_at"]
    finished = row["handled_at"] or row["closed_at"]
    timed = closed and due is not None and not row["marks"] & 1
    closure_due = evaluated and (closed or overdue_at_end)
    passed = not cohort and as_of >= end
    unhandled = row["handled_at"] is None or (row["handled_at"] >= end if passed else row["handled_at"] > as_of)
    found = {
        "reported": in_period(row["reported_at"]),
        "registered": in_period(row["registered_at"]),
        "dispatched": in_period(row["dispatched_at"]),
        "handled": handled,
        "closed": closed,
        "on_time": timed and finished <= due,
        "late": timed and finished > due,
        "closed_without_deadline": closed and due is None,
        "open": open_now,
        "overdue_open": overdue_now,
        "suspended": suspended_now,
        "rework": closure_due and row["rework_count"] > 0,
        "extended": closure_due and row["extension_count"] > 0,
        "returned": closure_due and row["return_count"] > 0,
        "due": in_period(due) and row["registered_at"] is not None and row["registered_at"] <= as_of,
        "closure_due": closure_due,
        "closure_due_without_deadline": closure_due and closed and due is None,
        "handling_due": evaluated and (handled or (overdue_at_end and unhandled)),
        "marked": in_period(row["registered_at"]) and row["marks"] != 0,
    }
    return [name for name, counted in found.items() if counted]
