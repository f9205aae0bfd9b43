"""What the queue asks, on both databases: against a recount of random worlds, and never by reading a whole table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, insert

from data_access import desk_queue, desk_tables, tables
from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.indicator_options import ClosureDue, IndicatorOptions
from domain.window import Window
from tests.recount import Reading as Told
from tests.recount import recount
from tests.worlds import START, UNITS, World, a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 5, 9, 14, 32, 5, tzinfo=SHANGHAI)
EARLIER = datetime(2026, 5, 4, 9, 0, tzinfo=SHANGHAI)  # much has been closed since
FREED = ("returned", "dispatcher_error")
HOUR = timedelta(hours=1)
STEPS = ("registered_at", "closed_at", "voided_at")


def window(as_of: datetime) -> Window:
    return Window(as_of.replace(hour=0, minute=0, second=0, microsecond=0), as_of, as_of)


def month(as_of: datetime) -> Window:
    return Window(datetime(2026, 5, 1, tzinfo=SHANGHAI), datetime(2026, 6, 1, tzinfo=SHANGHAI), as_of)


def asked(store: Store, ask: Callable[..., Any], *given: Any) -> Any:
    with store.picture() as connection:
        return ask(connection, *given)


def seen(moment: datetime | None, as_of: datetime) -> bool:
    return moment is not None and moment <= as_of


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER])
@pytest.mark.parametrize("seed", [41, 42])
def test_the_queue_holds_what_is_open_suspended_or_waits_to_be_filed(store: Store, seed: int, as_of: datetime) -> None:
    world = a_world(store, seed)

    found = asked(store, desk_queue.open_cases, world.city_number, window(as_of))

    counts = [(case, recount([case], AS_OF, AS_OF, as_of)) for case in world.cases]
    open_now = {case["case_id"] for case, counted in counts if counted["open"]}
    suspended = {case["case_id"] for case, counted in counts if counted["suspended"]}
    unfiled = {
        case["case_id"]
        for case in world.cases
        if seen(case["reported_at"], as_of)
        and not any(case[name] for name in ("registered_at", "closed_at", "voided_at"))
    }
    assert {row["case_id"] for row in found.rows if row["running"]} == open_now
    assert {row["case_id"] for row in found.rows if row["is_suspended"]} == suspended
    assert {row["case_id"] for row in found.rows} == open_now | suspended | unfiled
    assert len(found.rows) == len({row["case_id"] for row in found.rows})


def test_units_that_assist_are_told(store: Store) -> None:
    world = a_world(store, 43, size=400)

    found = asked(store, desk_queue.open_cases, world.city_number, window(AS_OF))

    listed = {row["case_id"] for row in found.rows}
    expected: dict[int, set[int]] = {}
    for row in world.assignments:
        if row["role"] == "assist" and row["ended_at"] is None and row["case_id"] in listed:
            expected.setdefault(row["case_id"], set()).add(row["unit_id"])
    assert found.assisting == expected
    assert expected


def an_open_case(store: Store, world: World) -> int:
    found = asked(store, desk_queue.open_cases, world.city_number, window(AS_OF))
    number: int = next(row["case_id"] for row in found.rows if row["running"])
    return number


def test_what_hangs_on_an_open_case_is_found_with_it(store: Store) -> None:
    world = a_world(store, 44)
    case_id, city = an_open_case(store, world), world.city_number
    unit = next(row["unit_id"] for row in world.assignments if row["case_id"] == case_id and row["ended_at"] is None)
    with store.write.begin() as connection:
        for version, (action, hours) in enumerate([("urge", 3), ("return", 2), ("urge", 1), ("note", 0)], 1):
            happened = NewEvent(action, AS_OF - hours * HOUR, "dispatcher#1", {})
            change_case(connection, city, case_id, version, {}, [happened], AS_OF)
        add(connection, desk_tables.acknowledgements, city, case_id, alert="overdue", version=5, owner_id=7, note="",
            promised_at=AS_OF + HOUR, at=AS_OF, by_id=7)  # fmt: skip
        notice = {"kind": "notice", "issued_by": 7, "exposure": True, "issued_at": AS_OF - HOUR, "unit_id": unit}
        add(connection, desk_tables.supervisions, city, case_id, supervision_id=1, due_at=AS_OF, **notice)
        add(connection, desk_tables.supervisions, city, case_id, supervision_id=2, due_at=AS_OF, met_at=AS_OF, **notice)
        add(
            connection, desk_tables.supervisions, city, case_id, supervision_id=3, due_at=AS_OF, replaced_by=1, **notice
        )
        asking = {"asked": "{}", "asked_version": 1, "asked_at": AS_OF, "asked_by": 7}
        for number, state in enumerate(("asked", "endorsed", "granted", "refused"), 1):
            add(connection, desk_tables.applications, city, case_id, application_id=number, kind="extension",
                state=state, **asking)  # fmt: skip
        add(connection, desk_tables.case_holds, city, case_id, user_id=7, since=AS_OF, until=AS_OF + HOUR)

    found = asked(store, desk_queue.open_cases, city, window(AS_OF))

    assert found.happened[case_id, "urge"] == (utc(AS_OF - 3 * HOUR), utc(AS_OF - HOUR))
    assert found.happened[case_id, "return"] == (utc(AS_OF - 2 * HOUR),)
    assert [(one.alert, one.owner_id) for one in found.acknowledged[case_id]] == [("overdue", 7)]
    assert found.supervised_until == {case_id: (utc(AS_OF),)}
    assert sorted(found.waiting[case_id]) == [("extension", "asked"), ("extension", "endorsed")]
    assert asked(store, desk_queue.holds, city) == {case_id: (7, utc(AS_OF + HOUR))}
    alone = asked(store, desk_queue.one_case, city, window(AS_OF), case_id)
    assert (alone.happened, alone.acknowledged) == (found.happened, found.acknowledged)
    assert alone.rows == [row for row in found.rows if row["case_id"] == case_id]


def utc(moment: datetime) -> datetime:
    return moment.astimezone(START.tzinfo)


def add(connection: Connection, table: Any, city_id: int, case_id: int, **values: Any) -> None:
    connection.execute(insert(table).values(city_id=city_id, case_id=case_id, **values))


def test_an_appeal_brings_a_closed_case_back_to_whoever_signs(store: Store) -> None:
    world = a_world(store, 45)
    closed = next(case for case in world.cases if seen(case["closed_at"], AS_OF))
    with store.write.begin() as connection:
        add(connection, desk_tables.applications, world.city_number, closed["case_id"], application_id=1, kind="appeal",
            state="asked", asked="{}", asked_version=1, asked_at=AS_OF, asked_by=7)  # fmt: skip

    found = asked(store, desk_queue.open_cases, world.city_number, window(AS_OF))

    row = next(row for row in found.rows if row["case_id"] == closed["case_id"])
    assert not row["running"]
    assert not row["is_suspended"]


# Units: the wall's figures


def of_units(world: World) -> dict[int, list[dict[str, Any]]]:
    rows: dict[int, list[dict[str, Any]]] = {number: [] for number in range(1, UNITS + 1)}
    for row in world.assignments:
        if row["role"] != "informed" and row["end_reason"] not in FREED:
            rows[row["unit_id"]].append(row)
    return rows


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER])
@pytest.mark.parametrize("definition", list(ClosureDue))
def test_loads_of_units_equal_the_recount(store: Store, as_of: datetime, definition: ClosureDue) -> None:
    world = a_world(store, 46, size=300)
    options = IndicatorOptions(closure_due_definition=definition)

    stocks = asked(store, desk_queue.unit_stocks, world.city_number, window(as_of))
    months = asked(store, desk_queue.unit_month, world.city_number, month(as_of), options)

    for unit, rows in of_units(world).items():
        whole = month(as_of)
        expected = recount(rows, whole.start, whole.end, as_of, reading=Told(closure_due=definition.value))
        assert (stocks[unit].open, stocks[unit].overdue) == (expected["open"], expected["overdue_open"])
        for name in desk_queue.LOAD_COUNTS:
            assert getattr(months[unit], name) == expected[name], name
        alone = asked(store, desk_queue.unit_stocks, world.city_number, window(as_of), unit)
        assert alone == {unit: stocks[unit]}
        assert asked(store, desk_queue.unit_month, world.city_number, month(as_of), options, unit) == {
            unit: months[unit]
        }


# Cost: every question goes by an index


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    told: list[tuple[str, Any]] = []

    def tell(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        told.append((statement, parameters))

    event.listen(store.read, "before_cursor_execute", tell)
    yield told
    event.remove(store.read, "before_cursor_execute", tell)


def test_no_question_reads_a_whole_history(sqlite_store: Store) -> None:
    """Without statistics SQLite keeps to the indexes meant for these questions. By the city alone means: all of it."""
    world = a_world(sqlite_store, 47)
    with statements(sqlite_store) as told, sqlite_store.picture() as connection:
        desk_queue.open_cases(connection, world.city_number, window(AS_OF))
        desk_queue.unit_stocks(connection, world.city_number, window(AS_OF), 1)
        desk_queue.unit_month(connection, world.city_number, month(AS_OF), IndicatorOptions(), 1)

    with sqlite_store.read.connect() as connection:
        raw = connection.connection.cursor()
        asked_of = [(statement, parameters) for statement, parameters in told if statement.startswith("SELECT")]
        steps = [
            row[3]
            for statement, parameters in asked_of
            for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        ]
    histories = [step for step in steps if any(table in step for table in HISTORIES)]
    assert len(histories) >= 10
    assert [step for step in histories if "SCAN" in step or step.endswith("(city_id=?)")] == []


HISTORIES = (tables.cases.name, tables.assignments.name, tables.case_events.name, "found", "acknowledgements",
             "applications", "supervisions")  # fmt: skip
