"""Applications of units (延期, 挂账, 回退, 申诉, 督办送签): asked, endorsed, decided; and what they are weighed by.

What happened stands in the case's events; these rows are what the desk must find at once.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, select, update

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import applications, outbox
from data_access.predicates import Predicates, in_unit_figures
from domain.applications import PENDING, Kind, State
from domain.events import canonical
from domain.window import Window

COUNTER = "applications"
PAUSES = ("suspend", "resume")
AT_A_TIME = 1000  # keys in one question
NEAR = 0.0006  # degrees, about 60 m: the same spot as people point at it


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


def suspended_now(connection: Connection, city_id: int) -> dict[int | None, int]:
    """How many cases are suspended, by unit; None = of no unit."""
    c = tables.cases.c
    here = (c.city_id == city_id, c.suspended_at.is_not(None), c.closed_at.is_(None), c.voided_at.is_(None))
    question = select(c.unit_id, func.count()).where(*here).group_by(c.unit_id)
    return {unit: count for unit, count in connection.execute(question)}


@dataclass(frozen=True)
class Review:
    """The day on which a standing suspension is looked at again; `unit` is the key of the unit that has the case."""

    case_id: int
    case_no: str
    unit: str | None
    review: date
    reminded: bool

    @property
    def reminder(self) -> str:
        """What its reminders are known by: one for every day a review was set to."""
        return f"review/{self.case_id}/{self.review.isoformat()}"


def reviews(connection: Connection, city_id: int) -> list[Review]:
    """The standing suspensions that were granted here, by the last grant of each."""
    c, of_case, u, owed = applications.c, tables.cases.c, tables.units.c, outbox.c
    joined = applications.join(
        tables.cases, and_(of_case.city_id == c.city_id, of_case.case_id == c.case_id)
    ).outerjoin(tables.units, and_(u.city_id == of_case.city_id, u.unit_id == of_case.unit_id))
    question = (
        select(c.case_id, of_case.case_no, u.key, c.decided)
        .select_from(joined)
        .where(c.city_id == city_id, c.kind == Kind.SUSPENSION.value, c.state == State.GRANTED.value)
        .where(of_case.suspended_at.is_not(None), of_case.closed_at.is_(None), of_case.voided_at.is_(None))
        .order_by(c.application_id)
    )
    last: dict[int, Review] = {}
    for case_id, case_no, unit, decided in connection.execute(question):
        last[case_id] = Review(case_id, case_no, unit, date.fromisoformat(json.loads(decided)["review"]), False)
    # By their keys: the outbox grows for ever, and this is asked every minute.
    keys = [f"{one.reminder}/1" for one in last.values()]
    known: set[str] = set()
    for start in range(0, len(keys), AT_A_TIME):
        some = owed.event_key.in_(keys[start : start + AT_A_TIME])
        known.update(connection.scalars(select(owed.event_key).where(owed.city_id == city_id, some)))
    return [replace(one, reminded=f"{one.reminder}/1" in known) for one in last.values()]


def reminded(connection: Connection, city_id: int, one: Review) -> bool:
    """Whether its reminder is owed or sent already."""
    c = outbox.c
    here = (c.city_id == city_id, c.event_key == f"{one.reminder}/1")
    return connection.scalar(select(c.notice_id).where(*here)) is not None


def extended_cases(connection: Connection, city_id: int, window: Window, unit_id: int) -> int:
    """How many of the unit's cases registered in the window have had an extension."""
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    here = (c.city_id == city_id, c.unit_id == unit_id, at["registered"], c.extension_count > 0, in_unit_figures())
    return connection.scalar(select(func.count()).where(*here)) or 0


def suspension_counts(connection: Connection, city_id: int, window: Window, unit_id: int) -> tuple[int, int]:
    """Of what was dispatched to the unit in the window: how many were suspended, and how many there are (DECISIONS
    13)."""
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    suspended = func.coalesce(func.sum(case((at["dispatched_suspended"], 1), else_=0)), 0)
    here = (c.city_id == city_id, c.unit_id == unit_id, at["dispatched"], in_unit_figures())
    row = connection.execute(select(suspended, func.count()).where(*here)).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True)
class OnPaper:
    """An application with what a sheet of paper says of its case."""

    application: Application
    case_no: str
    category: str
    place: str


def for_paper(
    connection: Connection, city_id: int, kinds: Collection[Kind], before: datetime, *, locked: bool = False
) -> list[OnPaper]:
    """Applications asked before an instant that no bundle has printed yet, the oldest first. `locked` until the
    transaction ends, so that two bundles made at once do not share one."""
    c, of_case, of_class = applications.c, tables.cases.c, tables.categories.c
    joined = applications.join(
        tables.cases, and_(of_case.city_id == c.city_id, of_case.case_id == c.case_id)
    ).outerjoin(
        tables.categories, and_(of_class.city_id == of_case.city_id, of_class.category_id == of_case.category_id)
    )
    place = func.coalesce(of_case.address, of_case.road, "")
    columns = (of_case.case_no, of_class.name.label("category"), place.label("place"))
    question = (
        select(*applications.c, *columns)
        .select_from(joined)
        .where(c.city_id == city_id, c.paper_at.is_(None), c.asked_at < before)
        .where(c.kind.in_([kind.value for kind in kinds]))
        .order_by(c.application_id)
    )
    if locked:
        question = question.with_for_update(of=applications)
    found = []
    for row in connection.execute(question).mappings():
        plain = dict(row)
        words = (plain.pop("case_no"), plain.pop("category") or "", plain.pop("place"))
        found.append(OnPaper(_application(plain), *words))
    return found


def put_on_paper(connection: Connection, city_id: int, numbers: Sequence[int], at: datetime) -> int:
    """Marks them as printed, once; returns how many had not been."""
    c = applications.c
    fresh = (c.city_id == city_id, c.application_id.in_(numbers), c.paper_at.is_(None))
    return connection.execute(update(applications).where(*fresh).values(paper_at=at)).rowcount


def _found(connection: Connection, *where: ColumnElement[bool]) -> list[Application]:
    question = select(applications).where(*where).order_by(applications.c.application_id)
    return [_application(dict(row)) for row in connection.execute(question).mappings()]


def _application(row: Mapping[str, Any]) -> Application:
    said = {name: json.loads(row[name]) if row[name] else {} for name in ("asked", "endorsed", "decided")}
    plain = {name: value for name, value in row.items() if name != "city_id"}
    return Application(**plain | said | {"kind": Kind(row["kind"]), "state": State(row["state"])})


def extension_shares(
    connection: Connection, city_id: int, window: Window, unit_id: int | None = None
) -> dict[int, tuple[int, int]]:
    """Per unit: cases registered to it in the window for which an extension was asked, and cases registered to it.

    Source: 肃宁 Art. 27, reading l of domain research 2.4.3.
    """
    table = tables.assignments
    at, c = Predicates(table, window), table.c
    asked = func.sum(case((at["registered_extension_asked"], 1), else_=0))
    question = select(c.unit_id, asked, func.count()).where(c.city_id == city_id, at["registered"], in_unit_figures())
    if unit_id is not None:
        question = question.where(c.unit_id == unit_id)
    return {unit: (int(asks), count) for unit, asks, count in connection.execute(question.group_by(c.unit_id)) if unit}


@dataclass(frozen=True)
class Pause:
    """One suspension of a case at the same place; `until` None = it still stands."""

    case_no: str
    since: datetime
    until: datetime | None
    reason: str


def suspensions_nearby(
    connection: Connection, city_id: int, case_id: int, place: Mapping[str, Any], since: datetime
) -> list[Pause]:
    """Earlier suspensions at the same place (the case itself included) that reach beyond `since`, the latest first.

    The same place: the same grid, and the same address or a position within about 60 m.
    """
    c, log = tables.cases.c, tables.case_events.c
    same: list[ColumnElement[bool]] = [c.case_id == case_id]
    if place["address"]:
        same.append(and_(c.grid_id == place["grid_id"], c.address == place["address"]))
    if place["lon"] is not None and place["lat"] is not None:
        near = (c.lon.between(place["lon"] - NEAR, place["lon"] + NEAR),
                c.lat.between(place["lat"] - NEAR, place["lat"] + NEAR))  # fmt: skip
        same.append(and_(c.grid_id == place["grid_id"], *near))
    anywhere = same[0]
    for one in same[1:]:
        anywhere = anywhere | one
    paused = (c.city_id == city_id, c.changed_at >= since, c.suspension_count > 0, anywhere)
    question = (
        select(c.case_no, log.action, log.at, log.body)
        .select_from(tables.cases.join(tables.case_events, and_(log.city_id == c.city_id, log.case_id == c.case_id)))
        .where(*paused, log.action.in_(PAUSES))
        .order_by(c.case_id, log.version)
    )
    found: list[Pause] = []
    for case_no, action, at, body in connection.execute(question):
        if action == "suspend":
            found.append(Pause(case_no, at, None, json.loads(body).get("reason", "")))
        elif found:
            found[-1] = Pause(case_no, found[-1].since, at, found[-1].reason)
    reaching = [pause for pause in found if pause.until is None or pause.until >= since]
    return sorted(reaching, key=lambda pause: pause.since, reverse=True)
