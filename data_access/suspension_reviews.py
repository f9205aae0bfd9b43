"""The days on which standing suspensions (挂账) are looked at again, and whether that was said."""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, and_, select

from data_access import tables
from data_access.desk_tables import applications, outbox
from domain.applications import Kind, State

AT_A_TIME = 1000  # keys in one question


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
