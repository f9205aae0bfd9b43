"""The arithmetic of a deadline, line by line (DESIGN_LANGUAGE 13): each working stretch, its hours, the running sum."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.calendar import WorkingTime
from domain.deadlines import WORKING_UNITS, Deadline
from domain.replay import Happened
from domain.running_clock import clock_of
from services.desk_view.words import Words

Json = dict[str, Any]
MOST_LINES = 60  # a limit of ten years of working days would fill the page


def arithmetic(
    words: Words, events: Sequence[Happened], working: WorkingTime | None, due: datetime | None, now: datetime
) -> Json:
    """How the due time in force comes about; without rows where the log does not tell a limit."""
    clock = clock_of(events)
    deadline = clock.deadline(working) if clock else None
    title = words("sums.title")
    if clock is None or deadline is None or due is None:
        return {"title": title, "rows": [], "note": words("sums.given") if due else ""}
    rows = [_line(words, step.start, step.end, step.counted, step.total, now) for step in deadline.steps[:MOST_LINES]]
    total = words("sums.total", due=words.time(deadline.due, now, seconds=True))
    rows.append({"text": total, "hours": "", "total": clock_time(deadline.steps[-1].total), "ruled": True})
    return {"title": title, "rows": rows, "note": _note(words, deadline, due, now)}


def _line(words: Words, start: datetime, end: datetime, counted: timedelta, total: timedelta, now: datetime) -> Json:
    begun, ended = words.time(start, now, seconds=True), words.time(end, start, seconds=True)
    text = words("sums.line", start=begun, end=ended)
    return {"text": text, "hours": clock_time(counted), "total": clock_time(total), "ruled": False}


def _note(words: Words, deadline: Deadline, due: datetime, now: datetime) -> str:
    if deadline.due != due:
        return words("sums.differs", due=words.time(due, now, seconds=True))
    limit = words.limit(deadline.limit)
    if deadline.provisional:
        return words("sums.provisional", limit=limit)
    return words("sums.working" if deadline.limit.unit in WORKING_UNITS else "sums.continuous", limit=limit)


def clock_time(length: timedelta) -> str:
    """1:33:00; hours go on beyond a day, for 1 work day is 8 of them."""
    seconds = int(length.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
