"""The newest acts on cases, over all cases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from data_access import tables

cases, events = tables.cases, tables.case_events


def newest(connection: Connection, city_number: int, limit: int) -> Sequence[Row[Any]]:
    """The last `limit` things that happened, newest first, with their case's number.

    They lie in the `limit` cases changed last: a case's own column says when, and has an index.
    """
    c = cases.c
    changed = (
        select(c.case_id, c.case_no)
        .where(c.city_id == city_number)
        .order_by(c.changed_at.desc(), c.case_id.desc())
        .limit(limit)
        .subquery()
    )
    e = events.c
    asked = select(events, changed.c.case_no).join(changed, e.case_id == changed.c.case_id)
    ordered = asked.where(e.city_id == city_number).order_by(e.at.desc(), e.case_id.desc(), e.version.desc())
    return connection.execute(ordered.limit(limit)).all()


def around(connection: Connection, city_number: int, case_id: int, version: int) -> Sequence[Row[Any]]:
    """One event and its neighbours in its case, in order."""
    e = events.c
    mine = (e.city_id == city_number, e.case_id == case_id, e.version.between(version - 1, version + 1))
    number = select(cases.c.case_no).where(cases.c.city_id == city_number, cases.c.case_id == case_id)
    asked = select(events, number.scalar_subquery().label("case_no")).where(*mine)
    return connection.execute(asked.order_by(e.version)).all()
