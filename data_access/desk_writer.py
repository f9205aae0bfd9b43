"""The rows of one act at the desk: the locked case, its log, the answer to its key, and the beat that others see."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, text, update

from data_access import tables
from data_access.desk_tables import idempotency_keys, outbox, supervisions

BEAT = text(
    "INSERT INTO desk_beats (city_id, version) VALUES (:city, 1)"
    " ON CONFLICT (city_id) DO UPDATE SET version = desk_beats.version + 1 RETURNING version"
)


class StoredEvent(NamedTuple):
    """An event of a case's log."""

    version: int
    action: str
    at: datetime
    recorded_at: datetime
    actor: str
    body: Mapping[str, Any]


class Answer(NamedTuple):
    """What a key was answered: `asked` is the digest of the request."""

    asked: bytes
    answer: Mapping[str, Any]


def locked_case(connection: Connection, city_id: int, case_no: str) -> dict[str, Any] | None:
    """Every column of the case, locked until the transaction ends. The first lock of every act of the desk."""
    c = tables.cases.c
    question = select(tables.cases).where(c.city_id == city_id, c.case_no == case_no).with_for_update()
    row = connection.execute(question).mappings().first()
    return None if row is None else dict(row)


def log_of(connection: Connection, city_id: int, case_id: int) -> list[StoredEvent]:
    """The whole log of a case, in the order of its versions."""
    e = tables.case_events.c
    question = select(e.version, e.action, e.at, e.recorded_at, e.actor, e.body)
    rows = connection.execute(question.where(e.city_id == city_id, e.case_id == case_id).order_by(e.version))
    return [StoredEvent(*row[:5], json.loads(row[5])) for row in rows]


def answer_of(connection: Connection, city_id: int, user_id: int, key: str) -> Answer | None:
    """What this key was answered before; None for a new one."""
    c = idempotency_keys.c
    question = select(c.asked, c.answer).where(c.city_id == city_id, c.user_id == user_id, c.key == key)
    row = connection.execute(question).first()
    return None if row is None else Answer(bytes(row[0]), json.loads(row[1]))


def keep_answer(
    connection: Connection, city_id: int, user_id: int, key: str, at: datetime, asked: bytes, answer: str
) -> None:
    """Raises IntegrityError when the key has been answered by now."""
    row = {"city_id": city_id, "user_id": user_id, "key": key, "at": at, "asked": asked, "answer": answer}
    connection.execute(insert(idempotency_keys).values(row))


def forget_answers(connection: Connection, city_id: int, before: datetime) -> int:
    """Lets go of keys so old that nobody retries with them; gives how many."""
    c = idempotency_keys.c
    return connection.execute(delete(idempotency_keys).where(c.city_id == city_id, c.at < before)).rowcount


def meet_supervisions(connection: Connection, city_id: int, case_id: int, at: datetime | None) -> None:
    """Notices that are not met yet are met at `at`; with None those of a case not closed are open again."""
    c = supervisions.c
    here = (c.city_id == city_id, c.case_id == case_id)
    if at is None:
        connection.execute(update(supervisions).where(*here, c.met_at.is_not(None)).values(met_at=None))
    else:
        connection.execute(update(supervisions).where(*here, c.met_at.is_(None)).values(met_at=at))


def meet_as_told(connection: Connection, city_id: int, done: Mapping[int, datetime]) -> None:
    """The same for cases that another system says are done, each at its own time."""
    c = supervisions.c
    waiting = select(c.case_id).where(c.city_id == city_id, c.case_id.in_(list(done)), c.met_at.is_(None)).distinct()
    for case_id in connection.scalars(waiting).all() if done else ():
        meet_supervisions(connection, city_id, case_id, done[case_id])


def beat(connection: Connection, city_id: int) -> int:
    """The desk's next version. The last lock of a transaction: from here on nobody else's can commit before."""
    version: int = connection.execute(BEAT, {"city": city_id}).scalar_one()
    return version


def case_no_taken(connection: Connection, city_id: int, case_no: str) -> bool:
    c = tables.cases.c
    question = select(c.case_id).where(c.city_id == city_id, c.case_no == case_no)
    return connection.scalar(question) is not None


def add_to_notice(
    connection: Connection, city_id: int, event_key: str, word: str, line: str, urgent: bool
) -> bool | None:
    """Adds a line to a notice that still waits, and says in its title how many there are: True. One urgent line makes
    it urgent. False when a sender has had it by now, None if there is none."""
    c = outbox.c
    here = (c.city_id == city_id, c.event_key == event_key)
    found = connection.execute(
        select(c.text, c.state, c.attempts, c.taken_until, c.urgent).where(*here).with_for_update()
    ).first()
    if found is None:
        return None
    if found.state != "owed" or found.attempts or found.taken_until is not None:
        return False
    text = f"{found.text}\n{line}"
    title = f"{word} {len(text.splitlines())} 件"
    connection.execute(update(outbox).where(*here).values(text=text, title=title, urgent=found.urgent or urgent))
    return True
