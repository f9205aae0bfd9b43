"""What a replay's writer asks of the store: whether the city is empty, and what its cases' logs end in."""

from collections.abc import Generator

from sqlalchemy import Connection, and_, func, select

from data_access import tables


def count_cases(connection: Connection, city_id: int) -> int:
    c = tables.cases.c
    return connection.scalar(select(func.count()).where(c.city_id == city_id)) or 0


def holds_a_demo(connection: Connection) -> bool:
    """Whether any city of this database is marked demo."""
    return connection.scalar(select(tables.cities.c.key).where(tables.cities.c.demo).limit(1)) is not None


def grid_keys(connection: Connection, city_id: int) -> list[str]:
    c = tables.grids.c
    return list(connection.scalars(select(c.key).where(c.city_id == city_id).order_by(c.grid_id)))


def ends_of_logs(connection: Connection, city_id: int) -> Generator[tuple[str, int, bytes], None, None]:
    """(number, version, hash of the last event) of every case in the order in which they were stored; to be closed."""
    c, e = tables.cases.c, tables.case_events.c
    last = and_(e.city_id == c.city_id, e.case_id == c.case_id, e.version == c.version)
    question = select(c.case_no, c.version, e.hash).join_from(tables.cases, tables.case_events, last)
    question = question.where(c.city_id == city_id).order_by(c.case_id).execution_options(stream_results=True)
    with connection.execute(question) as rows:
        for case_no, version, digest in rows:
            yield case_no, version, bytes(digest)
