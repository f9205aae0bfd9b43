"""Boston, San Francisco and 启东's report: every cell of their rankings equals a recount of the stored rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from config.cities import load_city, load_structure
from config.mappings import load_mapping
from config.replays import load_replays
from data_access import directory
from data_access.store import Store
from domain.city import City
from domain.ranking_view import RankingTable
from services.imports import import_file
from services.rankings import gather
from services.rankings.rankings import Rankings
from services.replays import play
from services.stores import open_store
from tests.recount import recount
from tests.services.import_files import NOW, rows_of
from tests.shared_data import shared_file

FREED = ("returned", "dispatcher_error")
BOSTON = {"from": "2025-08-01", "to": "2026-08-17"}
Row = dict[str, Any]


class Stored:
    """A city's store with the raw rows of it, each case and assignment once, by who they belong to."""

    def __init__(self, store: Store, city_id: str, now: str) -> None:
        self.city: City = load_city(city_id)
        with store.picture() as connection:
            number = directory.city_number(connection, city_id)
        assert number is not None
        self.now = datetime.fromisoformat(now).replace(tzinfo=self.city.zone)
        self.rankings = Rankings(store, self.city, number, lambda: self.now)
        cases, work = rows_of(store, "cases"), rows_of(store, "assignments")
        answered = [row for row in work if row["role"] != "informed" and row["end_reason"] not in FREED]
        self.rows = {"unit": _by(answered, "unit_id"), "street": _by(cases, "street_id"), "grid": _by(cases, "grid_id")}
        self.keys = {
            "unit": {row["key"]: row["unit_id"] for row in rows_of(store, "units")},
            "street": {row["key"]: row["area_id"] for row in rows_of(store, "areas") if row["level"] == "street"},
            "grid": {row["key"]: row["grid_id"] for row in rows_of(store, "grids")},
        }

    def check(self, query: Mapping[str, str]) -> RankingTable:
        """Asks for the ranking and recounts every cell of it."""
        ask = self.rankings.ask(query)
        table = self.rankings.table(ask)
        span = self.city.midnight(ask.span.first), self.city.midnight(ask.span.end), ask.as_of
        by = ask.ranked.value
        assert {row.unit.key for row in table.rows} == set(self.keys[by])
        for row in table.rows:
            own = recount(self.rows[by][self.keys[by][row.unit.key]], *span, cohort=table.rule.cohort)
            for name in gather.needed(table.rule, self.city.options):
                assert (row.unit.key, name, getattr(row.facts, name)) == (row.unit.key, name, own[name])
            (part,) = table.rule.parts
            above, below = _plain(part.indicator, own, str(self.city.options.handling_rate_denominator))
            assert row.unit.score == (Fraction(100 * above, below) if below else None)
        scores = [row.unit.score for row in table.rows if row.unit.score is not None]
        assert [row.unit.rank for row in table.rows if row.unit.rank] == [
            1 + sum(other > score for other in scores) for score in scores
        ]
        return table


def _by(rows: list[Row], column: str) -> Mapping[int | None, list[Row]]:
    found: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _plain(indicator: str, own: Mapping[str, int], handled_of: str) -> tuple[int, int]:
    if indicator == "handling_rate":
        return own["handled"], own[handled_of]
    assert indicator == "on_time_closure_rate"
    return own["on_time"], own["closure_due"] - own["closure_due_without_deadline"]


def brought_in(folder: Any, file: str, city: str, mapping: str) -> Store:
    store = open_store(f"sqlite:///{folder}/gridwall.sqlite")
    import_file(store, load_city(city), load_mapping(mapping), shared_file(file), NOW)
    return store


@pytest.fixture(scope="module")
def boston(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    store = brought_in(tmp_path_factory.mktemp("boston"), "boston-311-2026/cases.csv.gz", "boston", "boston-311")
    yield Stored(store, "boston", "2026-08-17T23:00")
    store.close()


@pytest.mark.parametrize(
    "query", [BOSTON, {"period": "month", "on": "2026-07-05"}, {"by": "street", **BOSTON}], ids=str
)
def test_boston(boston: Stored, query: Mapping[str, str]) -> None:
    table = boston.check(query)
    assert table.due > 1000


def test_bostons_due_cases_are_those_of_its_indicators(boston: Stored) -> None:
    table = boston.check(BOSTON)
    works = next(row for row in table.rows if row.unit.key == "Public Works Department (PWD)")
    assert (works.facts.closed, works.facts.closure_due, works.facts.on_time) == (15_300, 17_582, 12_036)
    assert table.due + table.nobody == 37_190


def test_boston_seen_in_the_past(boston: Stored) -> None:
    boston.check({"period": "quarter", "on": "2026-05-05", "as_of": "2026-06-01T12:00"})


@pytest.mark.parametrize("by", ["unit", "street"])
def test_san_francisco(tmp_path_factory: pytest.TempPathFactory, by: str) -> None:
    file = "sf-311/311_service_requests.csv.gz"
    store = brought_in(tmp_path_factory.mktemp("sf"), file, "san-francisco", "sf-311")
    try:
        stored = Stored(store, "san-francisco", "2026-08-17T23:00")
        moments = [
            row["registered_at"] for rows in stored.rows["street"].values() for row in rows if row["registered_at"]
        ]
        days = {"from": f"{min(moments):%F}", "to": f"{max(moments):%F}"}
        rows = stored.check({"by": by, **days}).rows
        # San Francisco gives no deadlines: nobody is on time or late, and no unit can be ranked by it.
        assert any(row.unit.rank for row in rows) == (by == "street")
        assert sum(row.facts.closed for row in rows) > 1000
    finally:
        store.close()


@pytest.fixture(scope="module")
def qidong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('qidong')}/gridwall.sqlite")
    city = load_city("qidong")
    structure = load_structure(city)
    assert structure is not None
    play(store, city, structure, load_replays(city)["report"], 1, NOW)
    yield Stored(store, "qidong", "2015-05-07T23:59:59")
    store.close()


@pytest.mark.parametrize("query", [
    {"period": "report"}, {"period": "month", "on": "2015-03-09"}, {"by": "street", "period": "report"},
    {"by": "grid", "period": "report-2015"},
], ids=str)  # fmt: skip
def test_qidongs_report(qidong: Stored, query: Mapping[str, str]) -> None:
    qidong.check(query)
