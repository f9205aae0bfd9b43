"""What a shift leaves behind, and the handovers themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, func, insert, or_, select, update

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import acknowledgements, applications, case_holds, handovers, supervisions, users
from data_access.predicates import Predicates
from domain.applications import PENDING
from domain.life_cycle import UNFINISHED
from domain.window import Window

COUNTER = "handovers"
OPEN = tuple(stage.value for stage in UNFINISHED)
Rows = list[Any]  # rows as the database gives them, by column name


def count(connection: Connection, city_id: int, which: str, window: Window) -> int:
    """How many cases: one of domain.counting's names."""
    table = tables.cases
    here = (table.c.city_id == city_id, Predicates(table, window)[which])
    return connection.scalar(select(func.count()).select_from(table).where(*here)) or 0


def overdue_since(connection: Connection, city_id: int, window: Window) -> int:
    """Cases that became overdue in the window and still are."""
    c = tables.cases.c
    here = (c.city_id == city_id, Predicates(tables.cases, window)["overdue_open"], c.effective_due_at >= window.start)
    return connection.scalar(select(func.count()).select_from(tables.cases).where(*here)) or 0


def decisions(connection: Connection, city_id: int, since: datetime) -> int:
    """Applications that were endorsed or decided since then."""
    c = applications.c
    signed = or_(c.endorsed_at >= since, c.decided_at >= since)
    return connection.scalar(select(func.count()).select_from(applications).where(c.city_id == city_id, signed)) or 0


def issued(connection: Connection, city_id: int, since: datetime) -> Rows:
    """Notices and instructions since then, the newest first."""
    s, u = supervisions.c, tables.units.c
    question = select(s.kind, s.number, s.issued_at, s.due_at, tables.cases.c.case_no, u.short_name.label("unit"))
    joined = _with_case(supervisions).outerjoin(tables.units, and_(u.city_id == s.city_id, u.unit_id == s.unit_id))
    here = (s.city_id == city_id, s.issued_at >= since)
    return list(connection.execute(question.select_from(joined).where(*here).order_by(s.issued_at.desc())))


def promises(connection: Connection, city_id: int, owner: int) -> Rows:
    """What was promised to this owner of alerts, of cases that are not done."""
    a = acknowledgements.c
    return _cases(connection, acknowledgements, (a.promised_at.label("at"), a.note), (
        a.city_id == city_id, a.owner_id == owner, a.promised_at.is_not(None), tables.cases.c.stage.in_(OPEN),
    ), a.promised_at)  # fmt: skip


def notices(connection: Connection, city_id: int) -> Rows:
    """Notices and instructions that run: neither met nor replaced by a later one."""
    s = supervisions.c
    return _cases(connection, supervisions, (s.due_at.label("at"), s.kind.label("notice"), s.number), (
        s.city_id == city_id, s.met_at.is_(None), s.replaced_by.is_(None), tables.cases.c.stage.in_(OPEN),
    ), s.due_at)  # fmt: skip


def taken_on(connection: Connection, city_id: int, owner: int) -> Rows:
    """Cases with an alert that this owner has taken on, and that are not done."""
    a = acknowledgements.c
    return _cases(connection, acknowledgements, (a.alert,), (
        a.city_id == city_id, a.owner_id == owner, tables.cases.c.stage.in_(OPEN),
    ), a.case_id)  # fmt: skip


def held(connection: Connection, city_id: int, now: datetime) -> Rows:
    """Cases somebody is on now."""
    h = case_holds.c
    named = and_(users.c.city_id == h.city_id, users.c.user_id == h.user_id)
    return _cases(connection, case_holds, (h.user_id, users.c.name.label("holder")), (
        h.city_id == city_id, h.until > now,
    ), h.since, and_join=(users, named))  # fmt: skip


def waiting(connection: Connection, city_id: int) -> Rows:
    """Applications that wait for a signature, those of the case due first before the others."""
    a = applications.c
    pending = [state.value for state in PENDING]
    due = tables.cases.c.effective_due_at
    return _cases(connection, applications, (a.kind.label("application"),), (
        a.city_id == city_id, a.state.in_(pending),
    ), due)  # fmt: skip


def _with_case(table: Any) -> Any:
    c = tables.cases.c
    return table.join(tables.cases, and_(c.city_id == table.c.city_id, c.case_id == table.c.case_id))


def _cases(
    connection: Connection,
    table: Any,
    columns: tuple[ColumnElement[Any], ...],
    where: tuple[ColumnElement[bool], ...],
    order: ColumnElement[Any],
    and_join: tuple[FromClause, ColumnElement[bool]] | None = None,
) -> Rows:
    """Rows of the table with number, class, road, unit and due time of their case."""
    c, kind, unit = tables.cases.c, tables.categories.c, tables.units.c
    joined = (
        _with_case(table)
        .outerjoin(tables.categories, and_(kind.city_id == c.city_id, kind.category_id == c.category_id))
        .outerjoin(tables.units, and_(unit.city_id == c.city_id, unit.unit_id == c.unit_id))
    )
    if and_join is not None:
        joined = joined.join(*and_join)
    question = (
        select(*columns, c.case_id, c.case_no, kind.name.label("category"), c.road, c.address,
               unit.short_name.label("unit"), c.effective_due_at, c.stage)
        .select_from(joined)
        .where(*where)
        .order_by(order, c.case_id)
    )  # fmt: skip
    return list(connection.execute(question))


def sign(connection: Connection, city_id: int, row: Mapping[str, Any]) -> int:
    """A handover signed by who gives it; returns its number in the database."""
    number = take_number(connection, city_id, COUNTER)
    connection.execute(insert(handovers).values({"city_id": city_id, "handover_id": number, **row}))
    return number


def receive(connection: Connection, city_id: int, handover_id: int, at: datetime) -> bool:
    """Signed by who takes over; False when it had been."""
    c = handovers.c
    here = (c.city_id == city_id, c.handover_id == handover_id, c.received_at.is_(None))
    return bool(connection.execute(update(handovers).where(*here).values(received_at=at)).rowcount)


def of_number(connection: Connection, city_id: int, handover_id: int) -> Row[Any] | None:
    """A handover, its row locked until the transaction ends."""
    c = handovers.c
    question = select(handovers).where(c.city_id == city_id, c.handover_id == handover_id).with_for_update()
    return connection.execute(question).first()


def unreceived(connection: Connection, city_id: int, *, giver: int = 0, taker: int = 0) -> Rows:
    """What somebody has signed and nobody has received: of this giver, or for this taker; the oldest first."""
    c = handovers.c
    here = c.from_id == giver if giver else c.to_id == taker
    question = select(handovers, users.c.name.label("giver")).join_from(
        handovers, users, and_(users.c.city_id == c.city_id, users.c.user_id == c.from_id)
    )
    waiting = (c.city_id == city_id, here, c.signed_at.is_not(None), c.received_at.is_(None))
    return list(connection.execute(question.where(*waiting).order_by(c.handover_id)))


def last_received(connection: Connection, city_id: int, taker: int) -> Row[Any] | None:
    """The newest handover that this person took over, with its giver's name."""
    c = handovers.c
    question = (
        select(handovers, users.c.name.label("giver"))
        .join_from(handovers, users, and_(users.c.city_id == c.city_id, users.c.user_id == c.from_id))
        .where(c.city_id == city_id, c.to_id == taker, c.received_at.is_not(None))
        .order_by(c.received_at.desc())
        .limit(1)
    )
    return connection.execute(question).first()


def move_holds(connection: Connection, city_id: int, giver: int, taker: int, now: datetime, until: datetime) -> int:
    """Cases that the giver is still on are the taker's from now on; returns how many."""
    c = case_holds.c
    here = (c.city_id == city_id, c.user_id == giver, c.until > now)
    moved = {"user_id": taker, "since": now, "until": until, "asked_by": None, "asked_at": None}
    return connection.execute(update(case_holds).where(*here).values(moved)).rowcount


def move_promises(connection: Connection, city_id: int, giver: int, taker: int) -> int:
    """Alerts that the giver has taken on are the taker's from now on; returns how many."""
    c = acknowledgements.c
    here = (c.city_id == city_id, c.owner_id == giver)
    return connection.execute(update(acknowledgements).where(*here).values(owner_id=taker)).rowcount
