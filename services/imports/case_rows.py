"""From a row's fields to the columns of a case and of its assignment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from config.calendars import working_time
from config.mappings import TIMES
from domain.calendar import WorkingTime
from domain.case_steps import COUNTS, FACTS, SHARED
from domain.city import City
from domain.life_cycle import stage_by_times
from domain.rewriting import in_order
from domain.source_facts import TIMES as HAPPENED
from services.imports.canonical import Fields
from services.imports.times import instant_of

COPIED = ("case_no", "road", "address", "limit_value", "limit_unit")
# The columns an assignment repeats, so that unit tables ask one table (data_access/tables.py).
REPEATED = tuple(f"{name}_id" if name in (*FACTS, "unit") else name for name in SHARED)

Columns = dict[str, Any]
DueSoon = Callable[[datetime, datetime, str | None], datetime]


def case_columns(fields: Fields, due_soon: DueSoon) -> Columns:
    """Every column of a case that follows from its own row. Times a source does not give are None."""
    columns: Columns = {name: fields.get(name) for name in COPIED}
    for name in TIMES:
        micros = fields.get(name)
        columns[name] = None if micros is None else instant_of(micros)
    for name in COUNTS:
        columns[name] = fields.get(name, 0)
    columns["extension_asks"] = columns["extension_count"]
    due = columns["effective_due_at"] = columns["effective_due_at"] or columns["due_at"]
    columns["due_at"] = columns["due_at"] or due
    start = columns["dispatched_at"] or columns["registered_at"] or columns["reported_at"]
    columns["due_soon_at"] = None if due is None else due_soon(start, due, columns["limit_unit"])
    columns["urgent"] = fields.get("urgent") == "yes"
    columns["due_provisional"] = False  # a due time that the source gives is taken as given
    columns["marks"] = fields.get("marks", 0)
    columns["stage"] = stage_by_times(columns).value
    columns["first_dispatched_at"] = columns["dispatched_at"]
    # When the last thing happened to it, by its source: not when it was imported (DECISIONS 9).
    columns["changed_at"] = max(columns[name] for name in HAPPENED if columns[name] is not None)
    columns["rewritten_at"] = None if in_order(columns) else columns["changed_at"]
    return columns


def lead_assignment(columns: Columns) -> Columns:
    """The lead assignment of an imported case; it ends with the case."""
    closed = columns["closed_at"]
    ended = {"ended_at": closed, "end_reason": None if closed is None else "closed"}
    return {"role": "lead", **{name: columns[name] for name in REPEATED if name in columns}, **ended}


def due_soon_of(city: City) -> DueSoon:
    """When 80 % (the city's `due_soon_share`) of the time from `start` to `due` is used (DECISIONS 8).

    Limits in work hours and work days run on the city's working calendar, all others on the wall clock.
    """
    working, share = working_time(city), city.due_soon_share

    def due_soon(start: datetime, due: datetime, limit_unit: str | None) -> datetime:
        if due <= start:
            return due
        if working is not None and limit_unit in ("work_hours", "work_days"):
            return _in_working_time(working, start, due, share.numerator, share.denominator)
        return start + (due - start) * share.numerator // share.denominator

    return due_soon


def _in_working_time(working: WorkingTime, start: datetime, due: datetime, over: int, under: int) -> datetime:
    used: timedelta = working.worked(start, due) * over // under
    return working.add(start, used)[0]
