"""Cases as they stood at an earlier instant: what has changed since is replayed from its events (domain.replay)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from data_access import directory, tables
from domain.replay import state

Row = dict[str, Any]
# What and where a case is has no history: a later correction of it holds for all times.
FACTS = ("category_id", "channel_id", "grid_id", "street_id", "community_id", "marks")


class LoggedEvent(NamedTuple):
    action: str
    at: datetime
    body: Mapping[str, Any]


Progress = Callable[[float], None]
AT_ONCE = 500  # cases whose logs are read in one go


def no_progress(_share: float) -> None:
    """For whoever does not wait."""


@dataclass(frozen=True)
class Earlier:
    """Cases that have gone on since an instant, and their assignments, as they stood at it. Columns as stored."""

    cases: list[Row]
    assignments: list[Row]


def earlier(connection: Connection, city_id: int, as_of: datetime) -> Earlier | None:
    """The cases to which something happened after as_of, for questions that read any column of theirs.

    None when nothing has happened since, so that every row is as it was: then this costs one look at an index.
    """
    c = tables.cases.c
    since = (c.city_id == city_id, c.changed_at > as_of)
    if connection.scalar(select(c.case_id).where(*since).limit(1)) is None:
        return None
    return _replayed(connection, city_id, as_of, (*since, c.reported_at <= as_of), no_progress)


def rewritten(
    connection: Connection, city_id: int, as_of: datetime, progress: Progress = no_progress
) -> Earlier | None:
    """The cases whose columns no longer tell how they stood at as_of, for questions that ask of every moment whether it
    had come (domain.counting). None when there are none. `progress` hears which share has been replayed.
    """
    c = tables.cases.c
    since = (c.city_id == city_id, c.rewritten_at > as_of, c.reported_at <= as_of)
    if connection.scalar(select(c.case_id).where(*since).limit(1)) is None:
        return None
    return _replayed(connection, city_id, as_of, since, progress)


def _replayed(
    connection: Connection, city_id: int, as_of: datetime, which: tuple[ColumnElement[bool], ...], progress: Progress
) -> Earlier:
    c = tables.cases.c
    names = ("case_id", "case_no", "road", *FACTS)
    rows = connection.execute(select(*(c[name] for name in names)).where(*which)).mappings()
    facts = {row["case_id"]: dict(row) for row in rows}
    units = directory.keys(connection, tables.units, city_id)
    found = Earlier([], [])
    for case_id, events in _logs(connection, city_id, sorted(facts), progress):
        there = state(events, as_of)
        if there is None:
            continue
        found.cases.append(_as_stored(there.case, facts[case_id], units))
        of_the_case = {**facts[case_id], **{name: there.case[name] for name in ("stage", "changed_at")}}
        found.assignments.extend(_as_stored(row, of_the_case, units) for row in there.assignments)
    return found


def stages(connection: Connection, city_id: int, numbers: Iterable[int], as_of: datetime) -> dict[int, str]:
    """The stage of each of these cases at as_of, from its events."""
    found: dict[int, str] = {}
    for case_id, events in _logs(connection, city_id, sorted(set(numbers))):
        there = state(events, as_of)
        if there is not None:
            found[case_id] = there.case["stage"]
    return found


def _as_stored(replayed: Row, facts: Row, units: Mapping[str, int]) -> Row:
    unit = replayed["unit"]
    return {**replayed, **facts, "unit_id": None if unit is None else units[unit]}


def _logs(
    connection: Connection, city_id: int, numbers: Sequence[int], progress: Progress = no_progress
) -> Iterator[tuple[int, list[LoggedEvent]]]:
    """The whole log of each of these cases, in the order of its versions."""
    e = tables.case_events.c
    question = select(e.case_id, e.action, e.at, e.body).where(e.city_id == city_id).order_by(e.case_id, e.version)
    for first in range(0, len(numbers), AT_ONCE):
        progress(first / len(numbers))
        rows = connection.execute(question.where(e.case_id.in_(numbers[first : first + AT_ONCE])))
        for case_id, events in groupby(rows, key=lambda row: row[0]):
            yield case_id, [LoggedEvent(action, at, json.loads(body)) for _, action, at, body in events]


def as_they_were(table: Table, city_id: int, as_of: datetime) -> list[ColumnElement[bool]]:
    """The rows whose columns tell how they stood at as_of; all others are in `rewritten`."""
    c = tables.cases.c
    if table is tables.cases:
        return [or_(c.rewritten_at.is_(None), c.rewritten_at <= as_of)]
    gone = select(c.case_id).where(c.city_id == city_id, c.rewritten_at > as_of, c.reported_at <= as_of)
    return [table.c.reported_at <= as_of, table.c.case_id.not_in(gone)]
