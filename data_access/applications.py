"""Applications of units (延期, 挂账, 回退, 申诉, 督办送签): asked, endorsed, decided.

What happened stands in the case's events; these rows are what the desk must find at once.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import applications
from domain.applications import PENDING, Kind, State
from domain.events import canonical

COUNTER = "applications"


@dataclass(frozen=True)
class Application:
    """One application. `asked`, `endorsed` and `decided` are what was said at each step, `asked_version` the event."""

    application_id: int
    case_id: int
    kind: Kind
    state: State
    unit_id: int | None
    asked: Mapping[str, Any]
    asked_version: int
    asked_at: datetime
    asked_by: int
    endorsed_at: datetime | None
    endorsed_by: int | None
    endorsed: Mapping[str, Any]
    decided_at: datetime | None
    decided_by: int | None
    decided: Mapping[str, Any]
    paper_at: datetime | None


def ask(
    connection: Connection,
    city_id: int,
    case_id: int,
    kind: Kind,
    unit_id: int | None,
    body: Mapping[str, object],
    version: int,
    at: datetime,
    by: int,
) -> int:
    """A new application; returns its number. The case has to be locked, so that there is one of a kind at a time."""
    number = take_number(connection, city_id, COUNTER)
    row = {
        "city_id": city_id, "application_id": number, "case_id": case_id, "kind": kind.value,
        "state": State.ASKED.value, "unit_id": unit_id, "asked": canonical(body), "asked_version": version,
        "asked_at": at, "asked_by": by,
    }  # fmt: skip
    connection.execute(insert(applications).values(row))
    return number


def endorse(
    connection: Connection, city_id: int, number: int, body: Mapping[str, object], at: datetime, by: int
) -> None:
    """初审: it goes on to the duty chief."""
    _change(connection, city_id, number, state=State.ENDORSED.value, endorsed=canonical(body), endorsed_at=at,
            endorsed_by=by)  # fmt: skip


def decide(
    connection: Connection, city_id: int, number: int, state: State, body: Mapping[str, object], at: datetime, by: int
) -> None:
    """Granted or refused: the last word."""
    _change(connection, city_id, number, state=state.value, decided=canonical(body), decided_at=at, decided_by=by)


def _change(connection: Connection, city_id: int, number: int, **values: Any) -> None:
    c = applications.c
    connection.execute(update(applications).where(c.city_id == city_id, c.application_id == number).values(values))


def of_case(connection: Connection, city_id: int, case_id: int) -> list[Application]:
    """Every application of a case, the oldest first."""
    return _found(connection, applications.c.city_id == city_id, applications.c.case_id == case_id)


def asked_by(connection: Connection, city_id: int, unit_id: int, start: datetime, until: datetime) -> list[Application]:
    """What a unit applied for in [start, until], the oldest first."""
    c = applications.c
    return _found(connection, c.city_id == city_id, c.unit_id == unit_id, c.asked_at >= start, c.asked_at <= until)


def pending(connection: Connection, city_id: int, case_id: int, kind: Kind | None = None) -> list[Application]:
    """What waits for a signature in this case."""
    found = of_case(connection, city_id, case_id)
    return [one for one in found if one.state in PENDING and kind in (None, one.kind)]


def waiting(connection: Connection, city_id: int, states: Collection[State] = PENDING) -> list[Application]:
    """Everything in the city that waits for a signature, the oldest first."""
    return _found(
        connection, applications.c.city_id == city_id, applications.c.state.in_([state.value for state in states])
    )


def waiting_by_due(connection: Connection, city_id: int, state: State) -> list[tuple[int, int]]:
    """(application, case) of all that wait in this state, the case that is due first at the front."""
    c, of_case = applications.c, tables.cases.c
    same = and_(of_case.city_id == c.city_id, of_case.case_id == c.case_id)
    question = (
        select(c.application_id, c.case_id)
        .select_from(applications.join(tables.cases, same))
        .where(c.city_id == city_id, c.state == state.value)
        .order_by(of_case.effective_due_at.is_(None), of_case.effective_due_at, c.application_id)
    )
    return [(number, case_id) for number, case_id in connection.execute(question)]


def _found(connection: Connection, *where: ColumnElement[bool]) -> list[Application]:
    question = select(applications).where(*where).order_by(applications.c.application_id)
    return [application_of(dict(row)) for row in connection.execute(question).mappings()]


def application_of(row: Mapping[str, Any]) -> Application:
    """The application of a row of the table."""
    said = {name: json.loads(row[name]) if row[name] else {} for name in ("asked", "endorsed", "decided")}
    plain = {name: value for name, value in row.items() if name != "city_id"}
    return Application(**plain | said | {"kind": Kind(row["kind"]), "state": State(row["state"])})
