"""Replaying a case's events gives the stored row and its assignments, to the last column."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from config.cities import load_city
from config.mappings import load_mapping
from data_access import directory, tables
from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.replay import state
from services.demo import build_demo
from services.imports import import_file
from tests.services.demo_city import TUESDAY, city, settings
from tests.services.import_files import NOW, a_file, a_row, imported, rows_of
from tests.shared_data import shared_file

LISTS = {"unit": tables.units, "category": tables.categories, "channel": tables.channels, "grid": tables.grids}
LEVELS = ("street", "community")
NOT_REPLAYED = {"city_id", "case_id", "case_no", "source", "version", "row_hash", "assignment_no"}
SETTLED = {"grid_id", "street_id", "community_id", "lon", "lat"}  # of imported cases: where they lie is no history


class Event(NamedTuple):
    action: str
    at: datetime
    body: Mapping[str, Any]


class Log:
    """Every case of one city with its assignments and events, as stored."""

    def __init__(self, store: Store, key: str) -> None:
        self.work: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        self.events: defaultdict[int, list[Event]] = defaultdict(list)
        with store.picture() as connection:
            number = directory.city_number(connection, key)
            assert number is not None
            self.numbers = {name: directory.keys(connection, table, number) for name, table in LISTS.items()}
            self.numbers |= {level: directory.area_keys(connection, number, level) for level in LEVELS}

            def rows(table: Any) -> Any:
                order = list(table.primary_key.columns)
                return connection.execute(select(table).where(table.c.city_id == number).order_by(*order)).mappings()

            self.cases = [dict(row) for row in rows(tables.cases)]
            for row in rows(tables.assignments):
                self.work[row["case_id"]].append(dict(row))
            for row in rows(tables.case_events):
                self.events[row["case_id"]].append(Event(row["action"], row["at"], json.loads(row["body"])))

    def wrong(self, case: Mapping[str, Any], besides: set[str]) -> dict[str, Any]:
        """The columns that the replay does not give as they are stored: (replayed, stored)."""
        replayed, stored = state(self.events[case["case_id"]]), self.work[case["case_id"]]
        assert replayed is not None
        assert len(stored) == len(replayed.assignments), case["case_no"]
        pairs = [(replayed.case, case), *zip(replayed.assignments, stored, strict=True)]
        return {
            f"{case['case_no']} {n} {name}": (made.get(name, "?"), row[name])
            for n, (made, row) in enumerate((self._numbered(made), row) for made, row in pairs)
            for name in row.keys() - NOT_REPLAYED - besides
            if made.get(name, "?") != row[name]
        }

    def _numbered(self, row: Mapping[str, Any]) -> dict[str, Any]:
        keys = {name: numbers for name, numbers in self.numbers.items() if name in row}
        plain = {name: value for name, value in row.items() if name not in keys}
        return plain | {f"{name}_id": numbers.get(row[name]) for name, numbers in keys.items()}


def test_the_replay_of_every_demo_case_is_its_row(store: Store) -> None:
    build_demo(store, city(), settings(demo_cases_per_day=150, demo_history_days=8), TUESDAY)
    log = Log(store, "demo")

    assert len(log.cases) > 900
    for case in log.cases:
        assert log.wrong(case, set()) == {}


CLOSED = {"处置时间": "2026-05-01 17:00", "结案时间": "2026-05-01 18:00", "状态": "已结案"}
NEWS: tuple[dict[str, str], ...] = (
    {}, {"责任单位": "园林处"}, {"责任单位": ""}, {"责任单位": "环卫处", "截止时间": ""}, CLOSED, {}, CLOSED,
)  # fmt: skip


def test_the_replay_of_imported_news_is_the_row(store: Store, tmp_path: Path) -> None:
    for number, changes in enumerate(NEWS):
        imported(store, a_file(tmp_path, a_row(**changes), name=f"{number}.csv"))
        log = Log(store, "here")
        (case,) = log.cases

        assert case["version"] == number + 1
        assert log.wrong(case, SETTLED) == {}


def test_the_replay_knows_what_was_corrected_here(sqlite_store: Store, tmp_path: Path) -> None:
    imported(sqlite_store, a_file(tmp_path, a_row()))
    (case,) = rows_of(sqlite_store, "cases")
    urgent = NewEvent("correct", NOW, "受理员01", {"step": 1, "set": {"urgent": "yes"}})
    with sqlite_store.write.begin() as connection:
        change_case(
            connection, case["city_id"], case["case_id"], 1, {"urgent": True}, [urgent], NOW, {1: {"urgent": True}}
        )
    imported(sqlite_store, a_file(tmp_path, a_row(**CLOSED), name="later.csv"))
    log = Log(sqlite_store, "here")

    assert log.cases[0]["urgent"] is True
    assert log.wrong(log.cases[0], {*SETTLED, "changed_at", "rewritten_at"}) == {}


def test_an_imported_case_before_its_steps(sqlite_store: Store, tmp_path: Path) -> None:
    imported(sqlite_store, a_file(tmp_path, a_row(**CLOSED)))
    log = Log(sqlite_store, "here")
    (case,) = log.cases
    events = log.events[case["case_id"]]
    minute = timedelta(minutes=1)

    assert state(events, case["reported_at"] - minute) is None
    for moment, stage in (("reported_at", "reported"), ("dispatched_at", "dispatched"), ("closed_at", "closed")):
        there, before = state(events, case[moment]), state(events, case[moment] - minute)
        assert there is not None
        assert (there.case["stage"], there.case[moment]) == (stage, case[moment])
        assert before is None or before.case[moment] is None
        assert there.case["changed_at"] == case[moment]


@pytest.mark.parametrize("name", ["boston"])
def test_the_replay_of_real_cases_is_their_rows(sqlite_store: Store, name: str) -> None:
    path = shared_file("boston-311-2026/cases.csv.gz")
    import_file(sqlite_store, load_city(name), load_mapping("boston-311"), path, NOW)
    log = Log(sqlite_store, name)

    assert len(log.cases) == 38_738
    wrong = [wrong for case in log.cases[::6] if (wrong := log.wrong(case, SETTLED))]
    assert wrong == []
