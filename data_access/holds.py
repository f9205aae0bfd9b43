"""Who is on a case. Its row is read and written under the lock of the case's row."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from data_access.desk_tables import case_holds
from domain.holds import Hold


def hold_of(connection: Connection, city_id: int, case_id: int) -> Hold | None:
    """As stored; it may have lapsed."""
    c = case_holds.c
    question = select(c.user_id, c.since, c.until, c.asked_by, c.asked_at)
    row = connection.execute(question.where(c.city_id == city_id, c.case_id == case_id)).first()
    return None if row is None else Hold(*row)


def store_hold(connection: Connection, city_id: int, case_id: int, hold: Hold | None) -> None:
    """Replaces whatever hold there was; None = nobody's."""
    c = case_holds.c
    connection.execute(delete(case_holds).where(c.city_id == city_id, c.case_id == case_id))
    if hold is not None:
        connection.execute(insert(case_holds).values(city_id=city_id, case_id=case_id, **asdict(hold)))


def forget_holds(connection: Connection, city_id: int, before: datetime) -> int:
    """Lets go of holds that lapsed before then, of cases that nobody has opened since; gives how many."""
    c = case_holds.c
    return connection.execute(delete(case_holds).where(c.city_id == city_id, c.until < before)).rowcount
