"""Notices owed, and every attempt to deliver them. A notice is taken for a while by one sender; nobody else touches it.

`taken_until` is the lease and its token: who finds another value there has lost the notice to another sender.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from data_access import desk_tables, tables
from data_access.counters import take_number

OWED, SENT, FAILED, UNROUTED = "owed", "sent", "failed", "none"
NOTICES, DELIVERIES = "notice", "delivery"  # their counters

outbox, deliveries = desk_tables.outbox, desk_tables.deliveries


def owe(connection: Connection, city_number: int, notices: Sequence[Mapping[str, Any]]) -> list[int]:
    """Writes notices into the transaction that owes them; gives their numbers.

    Each row brings event_key, kind, recipient, urgent, title, text, at and, of one case, case_id and version. Call it
    late in a transaction: the counter's row stays locked until the commit. An event_key that is owed already raises
    IntegrityError.
    """
    if not notices:
        return []
    first = take_number(connection, city_number, NOTICES, len(notices))
    rows = [
        {"case_id": None, "version": None, "not_before": notice["at"], **notice, "attempts": 0, "state": OWED}
        | {"city_id": city_number, "notice_id": first + place}
        for place, notice in enumerate(notices)
    ]
    connection.execute(insert(outbox), rows)
    return [row["notice_id"] for row in rows]


def has_owed(connection: Connection, city_number: int, now: datetime) -> bool:
    """Whether a sender would find something; asked of the reading side, so that an idle city is never written."""
    return (
        connection.execute(_waiting(city_number, now).with_only_columns(outbox.c.notice_id).limit(1)).first()
        is not None
    )


def take(
    connection: Connection, city_number: int, now: datetime, until: datetime, only: int | None = None
) -> Row[Any] | None:
    """The next notice that nobody is at, urgent ones first, now taken until `until`; None when there is none."""
    waiting = _waiting(city_number, now)
    if only is not None:
        waiting = waiting.where(outbox.c.notice_id == only)
    order = (outbox.c.urgent.desc(), outbox.c.not_before, outbox.c.notice_id)
    row = connection.execute(waiting.order_by(*order).limit(1).with_for_update(skip_locked=True)).first()
    if row is not None:
        connection.execute(update(outbox).where(*_is(city_number, row.notice_id)).values(taken_until=until))
    return row


def served(connection: Connection, city_number: int, notice_id: int) -> set[str]:
    """The channels that have delivered this notice: they are never used for it again."""
    c = deliveries.c
    asked = select(c.channel).where(c.city_id == city_number, c.notice_id == notice_id, c.ok)
    return set(connection.scalars(asked))


def record(
    connection: Connection, city_number: int, notice_id: int, channel: str, at: datetime, ok: bool, detail: str
) -> None:
    """One attempt through one channel."""
    number = take_number(connection, city_number, DELIVERIES)
    row = {"city_id": city_number, "delivery_id": number, "notice_id": notice_id, "channel": channel}
    connection.execute(insert(deliveries), [row | {"at": at, "ok": ok, "detail": detail[:300]}])


def hold_on(connection: Connection, city_number: int, notice_id: int, token: datetime, until: datetime) -> bool:
    """Renews the lease; False when another sender has taken the notice since."""
    mine = (*_is(city_number, notice_id), outbox.c.taken_until == token)
    return bool(connection.execute(update(outbox).where(*mine).values(taken_until=until)).rowcount)


def let_go(
    connection: Connection, city_number: int, notice_id: int, token: datetime, changes: Mapping[str, Any]
) -> bool:
    """Ends the lease with what became of the notice; False, and nothing changed, when another sender has it."""
    mine = (*_is(city_number, notice_id), outbox.c.taken_until == token)
    return bool(connection.execute(update(outbox).where(*mine).values(taken_until=None, **changes)).rowcount)


def owe_again(connection: Connection, city_number: int, now: datetime, numbers: Iterable[int] | None) -> list[int]:
    """Failed notices, and those without a channel, are owed once more; with numbers only these. Gives what changed.

    None means every failed notice, and none of those without a channel.
    """
    c = outbox.c
    chosen = (c.state == FAILED,) if numbers is None else (c.state.in_((FAILED, UNROUTED)), c.notice_id.in_(numbers))
    found = list(connection.scalars(select(c.notice_id).where(c.city_id == city_number, *chosen).with_for_update()))
    fresh = {"state": OWED, "attempts": 0, "not_before": now, "done_at": None, "taken_until": None}
    if found:
        connection.execute(update(outbox).where(c.city_id == city_number, c.notice_id.in_(found)).values(**fresh))
    return found


def listed(
    connection: Connection, city_number: int, states: Iterable[str], limit: int, numbers: Iterable[int] | None = None
) -> Sequence[Any]:
    """Notices in these states, newest first, with the number of their case and the words of the last attempt."""
    last = (
        select(deliveries.c.detail)
        .where(deliveries.c.city_id == outbox.c.city_id, deliveries.c.notice_id == outbox.c.notice_id)
        .order_by(deliveries.c.delivery_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = select(outbox, _case_no(), last.label("detail")).where(
        outbox.c.city_id == city_number, outbox.c.state.in_(tuple(states))
    )
    if numbers is not None:
        asked = asked.where(outbox.c.notice_id.in_(tuple(numbers)))
    return connection.execute(asked.order_by(outbox.c.notice_id.desc()).limit(limit)).all()


def counts(connection: Connection, city_number: int) -> Mapping[str, int]:
    """How many notices are in each state."""
    asked = select(outbox.c.state, func.count()).where(outbox.c.city_id == city_number).group_by(outbox.c.state)
    return {state: count for state, count in connection.execute(asked)}


def oldest_owed(connection: Connection, city_number: int) -> datetime | None:
    """Since when the notice has been owed that has waited longest."""
    asked = select(func.min(outbox.c.at)).where(outbox.c.city_id == city_number, outbox.c.state == OWED)
    found: datetime | None = connection.scalar(asked)
    return found


def attempts_of(connection: Connection, city_number: int, notice_id: int) -> Sequence[Any]:
    """Every attempt to deliver one notice, oldest first."""
    c = deliveries.c
    asked = select(c.channel, c.at, c.ok, c.detail).where(c.city_id == city_number, c.notice_id == notice_id)
    return connection.execute(asked.order_by(c.delivery_id)).all()


def last_attempts(connection: Connection, city_number: int) -> Sequence[Any]:
    """Of every channel ever used: its last success and its last failure."""
    c = deliveries.c
    newest = select(func.max(c.delivery_id)).where(c.city_id == city_number).group_by(c.channel, c.ok)
    asked = select(c.channel, c.at, c.ok, c.detail, c.notice_id)
    return connection.execute(asked.where(c.city_id == city_number, c.delivery_id.in_(newest))).all()


def sent_since(connection: Connection, city_number: int, since: datetime) -> Sequence[Any]:
    """Attempts since then, counted by channel and result."""
    c = deliveries.c
    asked = select(c.channel, c.ok, func.count().label("count")).where(c.city_id == city_number, c.at >= since)
    return connection.execute(asked.group_by(c.channel, c.ok)).all()


def _is(city_number: int, notice_id: int) -> tuple[Any, ...]:
    return outbox.c.city_id == city_number, outbox.c.notice_id == notice_id


def _case_no() -> Any:
    cases = tables.cases.c
    number = select(cases.case_no).where(cases.city_id == outbox.c.city_id, cases.case_id == outbox.c.case_id)
    return number.scalar_subquery().label("case_no")


def _waiting(city_number: int, now: datetime) -> Select[Any]:
    c = outbox.c
    free = or_(c.taken_until.is_(None), c.taken_until < now)
    return select(outbox, _case_no()).where(c.city_id == city_number, c.state == OWED, c.not_before <= now, free)
