"""领导批示 as rows beside the notices: a deadline of its own, no number and no exposure."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import supervisions
from data_access.supervisions import COUNTER

INSTRUCTION = "instruction"


def issue(
    connection: Connection, city_id: int, case_id: int, unit_id: int | None, at: datetime, by: int, due: datetime
) -> int:
    number = take_number(connection, city_id, COUNTER)
    row = {"city_id": city_id, "supervision_id": number, "case_id": case_id, "kind": INSTRUCTION, "unit_id": unit_id,
           "issued_at": at, "issued_by": by, "due_at": due, "exposure": False}  # fmt: skip
    connection.execute(insert(supervisions).values(row))
    return number


def of_case(connection: Connection, city_id: int, case_id: int) -> list[tuple[datetime, datetime | None]]:
    """(due, met) of the case's instructions, the earliest due first."""
    c = supervisions.c
    here = (c.city_id == city_id, c.case_id == case_id, c.kind == INSTRUCTION)
    rows = connection.execute(select(c.due_at, c.met_at).where(*here).order_by(c.due_at))
    return [(due, met) for due, met in rows]


def case_to_read(connection: Connection, city_id: int, case_no: str) -> Any:
    """A row of what anybody at the desk may read of a case: class, street and road, unit, stage; None without it."""
    c, kind, unit, area = tables.cases.c, tables.categories.c, tables.units.c, tables.areas.c
    joined = (
        tables.cases.outerjoin(tables.categories, and_(kind.city_id == c.city_id, kind.category_id == c.category_id))
        .outerjoin(tables.units, and_(unit.city_id == c.city_id, unit.unit_id == c.unit_id))
        .outerjoin(tables.areas, and_(area.city_id == c.city_id, area.area_id == c.street_id))
    )
    question = (
        select(c.case_id, c.case_no, c.version, c.stage, c.road, kind.name.label("category"),
               unit.short_name.label("unit"), area.name.label("street"))
        .select_from(joined)
        .where(c.city_id == city_id, c.case_no == case_no)
    )  # fmt: skip
    return connection.execute(question).first()
