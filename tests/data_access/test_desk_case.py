"""What a single case asks: distances along the ground, and no question that reads more than the case."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from data_access import desk_case
from data_access.store import Store
from tests.services.desk_view.desks import a_desk, dispatched, told


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((120.05, 31.05), (120.05, 31.05), 0),
        ((0.0, 0.0), (0.0, 1.0), 111_195),  # a degree of latitude
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((120.0, 60.0), (121.0, 60.0), 55_597),  # half as long there
        ((179.9995, 0.0), (-179.9995, 0.0), 111),  # across the date line
    ],
)
def test_distances_along_the_ground(one: tuple[float, float], other: tuple[float, float], metres: int) -> None:
    assert desk_case.metres_between(*one, *other) == pytest.approx(metres, abs=3)


def test_an_open_case_reads_no_whole_history(sqlite_store: Store) -> None:
    """Lists of the city are read whole; cases, assignments and events by an index that narrows them further."""
    desk = a_desk(sqlite_store)
    number = desk.add(dispatched(-5, told("receive", 200)))
    told_of: list[tuple[str, Any]] = []
    event.listen(sqlite_store.read, "before_cursor_execute", lambda _c, _r, s, p, *_: told_of.append((s, p)))

    desk.case(number)

    asked = [(statement, given) for statement, given in told_of if statement.startswith("SELECT")]
    with sqlite_store.read.connect() as connection:
        raw = connection.connection.cursor()
        steps = [row[3] for statement, given in asked for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
    histories = [
        step for step in steps if any(f" {name} " in step for name in ("cases", "assignments", "case_events", "found"))
    ]
    assert len(histories) >= 8
    assert [step for step in histories if "SCAN" in step or step.endswith("(city_id=?)")] == []
    assert len(asked) < 45


def test_what_was_registered_before_the_window_is_not_the_same_problem(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    other = desk.add(dispatched(-5))
    with store.picture() as connection:
        row = desk_case.case_row(connection, desk.number, number)
        assert row is not None
        at = row["registered_at"]

        found = desk_case.same_before(connection, desk.number, row, at, desk.now)
        later = desk_case.same_before(connection, desk.number, row, at + timedelta(seconds=1), desk.now)

    assert [one.case_no for one in found] == [other]
    assert later == []
