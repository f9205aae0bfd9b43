"""Which case a wall shows on the desk's request, and until when."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, insert, select

from data_access import tables
from data_access.desk_tables import spotlights
from data_access.predicates import Predicates
from domain.marks import OFF_THE_MAP
from domain.window import Window


def put(connection: Connection, city_id: int, wall: str, case_id: int, until: datetime, by_id: int) -> None:
    """The wall shows this case until then; whatever it showed before gives way."""
    connection.execute(delete(spotlights).where(spotlights.c.city_id == city_id, spotlights.c.wall == wall))
    row = {"city_id": city_id, "wall": wall, "case_id": case_id, "until": until, "by_id": by_id}
    connection.execute(insert(spotlights).values(row))


def standing(connection: Connection, city_id: int, window: Window, lasting: timedelta) -> list[Row[Any]]:
    """What is shown at as_of, a row a wall: a spotlight that was put lasts so long and ends by itself."""
    c, s, at = tables.cases.c, spotlights.c, Predicates(tables.cases, window)
    on_map = c.marks.bitwise_and(int(OFF_THE_MAP)) == 0
    question = (
        select(s.wall, c.case_no, c.category_id, c.unit_id, c.street_id, c.road, c.effective_due_at,
               case((at["overdue_open"], 1), else_=0).label("overdue"),
               case((on_map, c.lon)).label("lon"), case((on_map, c.lat)).label("lat"))
        .join_from(spotlights, tables.cases, and_(s.city_id == c.city_id, s.case_id == c.case_id))
        .where(s.city_id == city_id, s.until > window.as_of, s.until <= window.as_of + lasting)
        .order_by(s.wall)
    )  # fmt: skip
    return list(connection.execute(question))
