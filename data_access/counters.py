"""Numbers that are given once and never again: of documents, applications, the cases of a day."""

from sqlalchemy import Connection, text

NEXT = text(
    "INSERT INTO counters (city_id, name, last) VALUES (:city, :name, :count)"
    " ON CONFLICT (city_id, name) DO UPDATE SET last = counters.last + :count RETURNING last"
)


def take_number(connection: Connection, city_id: int, name: str, count: int = 1) -> int:
    """The next number of this name, beginning at 1 (the first of `count`). The counter stays locked until the
    transaction ends: a transaction that fails has taken none, so there are no gaps."""
    last: int = connection.execute(NEXT, {"city": city_id, "name": name, "count": count}).scalar_one()
    return last - count + 1
