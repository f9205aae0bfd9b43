"""Cases as they stood at an earlier instant: what has changed since is replayed from its events (domain.replay)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, select

from data_access import directory, tables
from domain.replay import state

Row = dict[str, Any]
# What and where a case is has no history: a later correction of it holds for all times.
FACTS = ("category_id", "channel_id", "grid_id", "street_id", "community_id", "marks")


class LoggedEvent(NamedTuple):
    action: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Earlier:
    """The cases that changed after an instant, and their assignments, as they stood at it. Columns as stored."""

    cases: list[Row]
    assignments: list[Row]


def earlier(connection: Connection, city_id: int, as_of: datetime) -> Earlier | None:
    """None when nothing has changed since, so that every row is as it was: then this costs one look at an index."""
    c = tables.cases.c
    since = (c.city_id == city_id, c.changed_at > as_of)
    if connection.scalar(select(c.case_id).where(*since).limit(1)) is None:
        return None
    chosen = select(c.case_id).where(*since, c.reported_at <= as_of)
    names = ("case_id", "case_no", "road", *FACTS)
    rows = connection.execute(select(*(c[name] for name in names)).where(*since, c.reported_at <= as_of)).mappings()
    units = directory.keys(connection, tables.units, city_id)
    found = Earlier([], [])
    facts = {row["case_id"]: dict(row) for row in rows}
    for case_id, events in _logs(connection, city_id, tables.case_events.c.case_id.in_(chosen)):
        there = state(events, as_of)
        if there is None:
            continue
        found.cases.append(_as_stored(there.case, facts[case_id], units))
        of_the_case = {**facts[case_id], "stage": there.case["stage"]}
        found.assignments.extend(_as_stored(row, of_the_case, units) for row in there.assignments)
    return found


def _as_stored(replayed: Row, facts: Row, units: Mapping[str, int]) -> Row:
    unit = replayed["unit"]
    return {**replayed, **facts, "unit_id": None if unit is None else units[unit]}


def _logs(connection: Connection, city_id: int, which: ColumnElement[bool]) -> Iterator[tuple[int, list[LoggedEvent]]]:
    """Each case's whole log, in the order of its versions."""
    e = tables.case_events.c
    question = select(e.case_id, e.action, e.at, e.body).where(e.city_id == city_id, which)
    rows = connection.execute(question.order_by(e.case_id, e.version))
    for case_id, events in groupby(rows, key=lambda row: row[0]):
        yield case_id, [LoggedEvent(action, at, json.loads(body)) for _, action, at, body in events]


def unchanged_since(table: Table, city_id: int, as_of: datetime) -> ColumnElement[bool]:
    """The rows that are as they were at as_of; all others are in `earlier`."""
    c = tables.cases.c
    if table is tables.cases:
        return c.changed_at <= as_of
    return table.c.case_id.not_in(select(c.case_id).where(c.city_id == city_id, c.changed_at > as_of))
