"""The demo's past: whole or not there, the same whenever it is written, every row the replay of its events."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from config.cities import load_city
from config.settings import Settings
from data_access import demo
from data_access.store import Store
from domain.events import CHAIN_START, chain
from domain.refusals import Refusal
from services.demo import build_demo, demo_city_ready, fill_history, history
from services.demo.days import arrivals
from services.demo.lives import write_life
from services.demo.steps import done_by, rows_after
from services.stores import open_store
from tests.services.demo_city import TUESDAY, city, contents, setting, settings

TODAY = city().day_of(TUESDAY)


def history_since(store: Store) -> Any:
    with store.picture() as connection:
        found = demo.demo_city(connection, "demo")
    assert found is not None
    return found.history_since


def stop_after(days: int) -> Event:
    """An event that is set when the filler has rested so many times: a process killed in the middle."""

    class Killed(Event):
        rests = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.rests += 1
            if self.rests >= days:
                self.set()
            return self.is_set()

    return Killed()


def hurry() -> Event:
    """An event that never makes the filler rest."""
    return stop_after(10_000)


def built(store: Store, chosen: Settings) -> Store:
    build_demo(store, city(), chosen, TUESDAY)
    return store


def test_the_newest_days_are_written_at_once_and_the_others_behind(store: Store) -> None:
    assert not demo_city_ready(store)
    built(store, settings())
    days = {number[:8] for number in contents(store)}

    assert demo_city_ready(store)
    assert len(days) == history.FIRST_DAYS
    assert history_since(store) == TODAY - timedelta(days=44)

    fill_history(store, city(), settings(), TUESDAY, hurry())

    assert len({number[:8] for number in contents(store)}) == 50
    assert history_since(store) is None


def test_nothing_is_written_twice(sqlite_store: Store) -> None:
    built(sqlite_store, settings())
    before = contents(sqlite_store)
    built(sqlite_store, settings())

    assert contents(sqlite_store) == before


def test_a_history_killed_in_the_middle_goes_on_without_doubles_or_holes(sqlite_store: Store) -> None:
    built(sqlite_store, settings())
    fill_history(sqlite_store, city(), settings(), TUESDAY, stop_after(2))
    middle = len(contents(sqlite_store))
    assert history_since(sqlite_store) == TODAY - timedelta(days=46)

    fill_history(sqlite_store, city(), settings(), TUESDAY + timedelta(minutes=5), hurry())
    expected = {
        arrival.case_no
        for age in range(50)
        for arrival in arrivals(setting(12), TODAY - timedelta(days=age))
        if arrival.at <= TUESDAY
    }

    assert middle < len(expected)
    assert set(contents(sqlite_store)) == expected


def test_a_founding_killed_in_the_middle_leaves_nothing(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def dies(*_given: Any) -> None:
        written.append(1)
        if len(written) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(history, "insert_cases", dies)
    with pytest.raises(KeyboardInterrupt):
        built(sqlite_store, settings())

    assert not demo_city_ready(sqlite_store)


def test_a_past_day_does_not_depend_on_when_it_was_written(sqlite_store: Store, fresh_sqlite: Any) -> None:
    chosen = settings(demo_history_days=60)
    build_demo(sqlite_store, city(), chosen, TUESDAY - timedelta(days=12))
    fill_history(sqlite_store, city(), chosen, TUESDAY - timedelta(days=12), hurry())
    later = open_store(fresh_sqlite())
    build_demo(later, city(), chosen, TUESDAY)
    fill_history(later, city(), chosen, TUESDAY, hurry())
    early, late = contents(sqlite_store), contents(later)
    later.close()
    day = f"{TODAY - timedelta(days=58):%Y%m%d}"

    assert {no: rows for no, rows in early.items() if no.startswith(day)}
    assert {no: rows for no, rows in early.items() if no.startswith(day)} == {
        no: rows for no, rows in late.items() if no.startswith(day)
    }


def test_every_row_is_the_replay_of_its_events_and_every_chain_holds(store: Store) -> None:
    built(store, settings(demo_cases_per_day=60, demo_history_days=6))
    by_no = {
        arrival.case_no: write_life(setting(60), arrival)
        for age in range(6)
        for arrival in arrivals(setting(60), TODAY - timedelta(days=age))
    }
    stored = contents(store)

    assert len(stored) > 250
    for number, (case, work, events) in stored.items():
        script = by_no[number][: done_by(by_no[number], TUESDAY)]
        row, assignments = rows_after(script, number, setting(60).numbers)
        assert case["version"] == len(events) == len(script)
        assert {name: case[name] for name in row} == row
        assert not [name for name, value in case.items() if name not in row and value is not None and name != "version"]
        assert [
            {name: a[name] for name in expected} for a, expected in zip(work, assignments, strict=True)
        ] == assignments
        previous = CHAIN_START
        for version, event in enumerate(events, 1):
            previous = chain(previous, version, event["action"], event["at"], event["actor"], event["body"])
            assert previous == event["hash"]
            assert event["at"] <= TUESDAY


def test_another_city_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(Refusal, match="示范城市"):
        build_demo(sqlite_store, load_city("boston"), settings(), TUESDAY)
    with pytest.raises(Refusal, match="示范城市"):
        fill_history(sqlite_store, load_city("boston"), settings(), TUESDAY, hurry())
    assert not demo_city_ready(sqlite_store)
