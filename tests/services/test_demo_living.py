"""The living job: a city stepped through time equals a city written at the end, whatever happens on the way."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from config.cities import load_city
from config.settings import Settings
from data_access import tables
from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.refusals import Refusal
from services.demo import Simulator, build_demo
from services.demo.cameras import FEWEST_DARK, MOST_DARK, new_states
from services.stores import open_store
from tests.services.demo_city import TUESDAY, city, contents, settings

CHOSEN = settings(demo_cases_per_day=40, demo_history_days=5)
EVENING = TUESDAY + timedelta(hours=7)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def started(store: Store, now: datetime = TUESDAY, chosen: Settings = CHOSEN) -> tuple[Simulator, Clock]:
    build_demo(store, city(), chosen, now)
    clock = Clock(now)
    simulator = Simulator(store, city(), chosen, clock)
    simulator.prepare()
    return simulator, clock


def live(simulator: Simulator, clock: Clock, until: datetime, step: timedelta = timedelta(seconds=14)) -> None:
    while clock.now < until:
        clock.now = min(clock.now + step, until)
        simulator.step(clock.now)


def written_at(fresh: Callable[[], str], now: datetime, chosen: Settings = CHOSEN) -> dict[str, Any]:
    """What the store holds if the whole past is written at `now`, from the same first day on."""
    store = open_store(fresh())
    days = chosen.demo_history_days + (city().day_of(now) - city().day_of(TUESDAY)).days
    build_demo(store, city(), chosen.model_copy(update={"demo_history_days": days}), now)
    found = contents(store)
    store.close()
    return found


def test_living_through_an_evening_and_midnight_equals_writing_it_afterwards(
    store: Store, fresh_sqlite: Callable[[], str]
) -> None:
    simulator, clock = started(store, EVENING)
    end = EVENING + timedelta(hours=3)
    live(simulator, clock, end)

    assert city().day_of(end) > city().day_of(EVENING)
    assert contents(store) == written_at(fresh_sqlite, end)


def test_a_restart_catches_up_without_doubles_or_holes(sqlite_store: Store, fresh_sqlite: Callable[[], str]) -> None:
    simulator, clock = started(sqlite_store)
    live(simulator, clock, TUESDAY + timedelta(minutes=10))
    for hours in (20, 20.5, 70):  # the machine was off, was restarted twice, and was off over a weekend
        clock.now = TUESDAY + timedelta(hours=hours)
        simulator = Simulator(sqlite_store, city(), CHOSEN, clock)
        simulator.prepare()
        simulator.prepare()
        assert contents(sqlite_store) == written_at(fresh_sqlite, clock.now)


def test_a_job_that_slept_finds_its_thread_again(sqlite_store: Store, fresh_sqlite: Callable[[], str]) -> None:
    sleeper, clock = started(sqlite_store)
    other = Simulator(sqlite_store, city(), CHOSEN, clock)
    other.prepare()
    live(other, clock, TUESDAY + timedelta(hours=1))
    clock.now += timedelta(minutes=3)
    sleeper.step(clock.now)

    assert contents(sqlite_store) == written_at(fresh_sqlite, clock.now)


def open_case(store: Store) -> tuple[int, int, int, str]:
    c = tables.cases.c
    with store.picture() as connection:
        question = select(c.city_id, c.case_id, c.version, c.case_no).where(c.stage == "received").order_by(c.case_id)
        return connection.execute(question).first()  # type: ignore[return-value]


@pytest.mark.parametrize("restart", [False, True])
def test_a_case_somebody_acts_on_is_theirs(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture, restart: bool
) -> None:
    caplog.set_level(logging.INFO, "services.demo.living")
    simulator, clock = started(sqlite_store)
    city_id, case_id, version, number = open_case(sqlite_store)
    clock.now += timedelta(seconds=1)
    with sqlite_store.write.begin() as connection:
        note = NewEvent("note", clock.now, "派遣员01", {"text": "已电话催办"})
        change_case(connection, city_id, case_id, version, {}, [note], clock.now)
    if restart:
        simulator = Simulator(sqlite_store, city(), CHOSEN, clock)
    live(simulator, clock, TUESDAY + timedelta(days=9), timedelta(hours=6))
    stored = contents(sqlite_store)

    assert stored[number][0]["version"] == version + 1
    assert stored[number][0]["stage"] == "received"
    assert sum(number in record.getMessage() for record in caplog.records) == 1
    closed = sum(case["stage"] == "closed" for case, _, _ in stored.values())
    assert closed > 0.75 * len(stored)


def test_speed_multiplies_the_new_cases_and_survives_a_restart(sqlite_store: Store) -> None:
    chosen = settings(demo_cases_per_day=40, demo_history_days=3, demo_speed=3.5)
    _, clock = started(sqlite_store, chosen=chosen)
    before = set(contents(sqlite_store))
    clock.now = TUESDAY + timedelta(days=3)
    Simulator(sqlite_store, city(), chosen, clock).prepare()
    Simulator(sqlite_store, city(), chosen, clock).prepare()
    fresh = set(contents(sqlite_store)) - before
    layers = Counter(number.partition("-")[2][:-4] for number in fresh)

    assert set(layers) == {"", "1", "2", "3"}
    assert 3.0 < len(fresh) / layers[""] < 4.0
    assert layers["3"] < 0.75 * layers["2"]


def test_the_speed_can_be_changed_while_it_runs(sqlite_store: Store) -> None:
    simulator, clock = started(sqlite_store)
    before = len(contents(sqlite_store))
    live(simulator, clock, TUESDAY + timedelta(minutes=30))
    slow = len(contents(sqlite_store)) - before
    simulator.speed = 40
    live(simulator, clock, TUESDAY + timedelta(minutes=60))
    fast = len(contents(sqlite_store)) - before - slow

    assert fast > 8 * max(slow, 1)
    assert len(set(contents(sqlite_store))) == before + slow + fast


def test_speed_nought_stands_still(sqlite_store: Store) -> None:
    simulator, clock = started(sqlite_store)
    before = contents(sqlite_store)
    simulator.speed = 0
    live(simulator, clock, TUESDAY + timedelta(hours=1), timedelta(minutes=1))

    assert contents(sqlite_store) == before
    Simulator(sqlite_store, city(), CHOSEN.model_copy(update={"demo_speed": 0.0}), clock).prepare()
    assert contents(sqlite_store) == before


def test_cameras_fail_and_come_back() -> None:
    rng = Random(1)
    states = {number: "online" for number in range(41)} | {number: "offline" for number in range(41, 46)}
    seen = []
    for _ in range(3000):
        changed = new_states(states, rng)
        assert len(changed) <= 1
        states |= changed
        seen.append(Counter(states.values()))

    assert min(row["offline"] for row in seen) >= FEWEST_DARK
    assert max(row["offline"] for row in seen) <= MOST_DARK + 1
    assert 1 <= max(row["late"] for row in seen) <= 8
    assert len({tuple(sorted(row.items())) for row in seen}) > 8


def test_cameras_are_looked_at_once_a_minute(sqlite_store: Store) -> None:
    simulator, clock = started(sqlite_store, chosen=settings(demo_cases_per_day=1, demo_history_days=1))
    looked = set()
    for _ in range(20):
        live(simulator, clock, clock.now + timedelta(seconds=12), timedelta(seconds=12))
        with sqlite_store.picture() as connection:
            looked |= set(connection.scalars(select(tables.cameras.c.checked_at)))

    assert 4 <= len(looked) <= 5


def test_another_seed_than_the_stores_is_refused(sqlite_store: Store) -> None:
    _, clock = started(sqlite_store)
    for other in ({"demo_seed": 7}, {"demo_cases_per_day": 41}):
        simulator = Simulator(sqlite_store, city(), CHOSEN.model_copy(update=other), clock)
        before = contents(sqlite_store)
        with pytest.raises(Refusal, match="另一套设置"):
            simulator.prepare()
        assert contents(sqlite_store) == before


def test_a_database_not_marked_demo_is_refused(sqlite_store: Store) -> None:
    simulator, clock = started(sqlite_store)
    with sqlite_store.write.begin() as connection:
        connection.execute(update(tables.cities).values(demo=False))
    before = contents(sqlite_store)
    clock.now += timedelta(hours=1)

    with pytest.raises(Refusal, match="示范城市"):
        simulator.step(clock.now)
    with pytest.raises(Refusal, match="示范城市"):
        Simulator(sqlite_store, load_city("boston"), CHOSEN, clock)
    assert contents(sqlite_store) == before
