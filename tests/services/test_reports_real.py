"""Reports of Boston and of 启东's replay: workbooks recompute to the page, and lists are as long as counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from config.cities import load_city, load_structure
from config.mappings import load_mapping
from config.replays import load_replays
from data_access import directory
from data_access.store import Store
from domain.city import City
from domain.people import Person, Post
from domain.ranking_view import Span
from services.imports import import_file
from services.rankings.rankings import Rankings
from services.replays import play
from services.reports import brief, circular, weekly
from services.reports.books import brief_book, circular_book, weekly_book
from services.reports.case_book import cases_book, cases_csv
from services.stores import open_store
from tests.services.import_files import NOW
from tests.services.test_reports_books import agrees, recomputed, table_below
from tests.shared_data import shared_file


@dataclass(frozen=True)
class Place:
    """A city with a month, a week of it, and when they are looked at."""

    store: Store
    city: City
    month: Span
    week: Span
    as_of: datetime

    @property
    def number(self) -> int:
        with self.store.picture() as connection:
            number = directory.city_number(connection, self.city.id)
        assert number is not None
        return number


def boston(store: Store) -> Place:
    city = load_city("boston")
    import_file(store, city, load_mapping("boston-311"), shared_file("boston-311-2026/cases.csv.gz"), NOW)
    month, week = Span("month", date(2026, 6, 1), date(2026, 7, 1)), Span("week", date(2026, 6, 8), date(2026, 6, 15))
    return Place(store, city, month, week, datetime(2026, 8, 17, 23, tzinfo=city.zone))


def qidong(store: Store) -> Place:
    city = load_city("qidong")
    structure = load_structure(city)
    assert structure is not None
    play(store, city, structure, load_replays(city)["report"], 1, NOW)
    month, week = Span("month", date(2015, 1, 1), date(2015, 2, 1)), Span("week", date(2015, 1, 5), date(2015, 1, 12))
    return Place(store, city, month, week, datetime(2015, 5, 7, 23, 59, 59, tzinfo=city.zone))


@pytest.fixture(scope="module", params=[boston, qidong], ids=["boston", "qidong"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("reports")
    store = open_store(f"sqlite:///{folder}/gridwall.sqlite")
    yield request.param(store)
    store.close()


@pytest.mark.parametrize("by", ["unit", "street"])
def test_the_ranking_recomputes_to_the_page(place: Place, by: str) -> None:
    page = Rankings(place.store, place.city, place.number, lambda: place.as_of)
    table = page.table(page.ask({"period": "month", "on": place.month.first.isoformat(), "by": by}))

    assert table.due > 100
    agrees(table, place.city)


def test_a_list_of_cases_is_whole_in_its_book(place: Place) -> None:
    page = Rankings(place.store, place.city, place.number, lambda: place.as_of)
    ask = page.ask({"period": "month", "on": place.month.first.isoformat(), "by": "unit"})
    row = max(page.table(ask).rows, key=lambda row: row.facts.closed)
    leader = Person(1, "leader", "领导01", frozenset({Post.LEADER}))

    cases = page.cases(ask, row.unit.key, "closed", None, leader)
    rows = table_below(recomputed(cases_book(cases, place.city))["案件"], "案件编号")

    assert len(rows) == row.facts.closed + 1
    assert rows[-1]["阶段"] == row.facts.closed > 50
    lines = cases_csv(cases, place.city).decode("utf-8-sig").splitlines()
    assert len(lines) == row.facts.closed + 1


def test_the_week_recomputes_and_adds_up(place: Place) -> None:
    with place.store.picture() as connection:
        facts = weekly.facts(connection, place.city, place.number, place.week, place.as_of)

    rows = table_below(recomputed(weekly_book(facts))["周统计"], "类别")

    assert facts.total.values["registered"]
    assert rows[-1]["立案"] == facts.total.values["registered"]
    units = [row for group in facts.groups for row in group.rows]
    assert rows[-1]["应结案"] == sum(row.values["closure_due"] or 0 for row in units)


def test_the_brief_is_the_page(place: Place) -> None:
    page = Rankings(place.store, place.city, place.number, lambda: place.as_of)
    with place.store.picture() as connection:
        facts = brief.facts(connection, place.city, place.number, place.month, place.as_of)
    streets = page.table(page.ask({"period": "month", "on": place.month.first.isoformat(), "by": "street"}))

    assert [(line.key, line.rank, line.score) for line in facts.streets] == [
        (row.unit.key, row.unit.rank, row.unit.score) for row in streets.rows
    ]
    assert sum(day.registered for day in facts.days) == facts.main[0].now.numerator > 100
    recomputed(brief_book(facts, place.city))


def test_the_circular_is_whole(place: Place) -> None:
    with place.store.picture() as connection:
        facts = circular.facts(connection, place.city, place.number, place.month, place.as_of)

    sheets = recomputed(circular_book(facts, place.city))

    assert facts.overdue == sum(len(unit.cases) for unit in facts.units) > 0
    rows = sheets["案件"].rows()
    assert len(rows) == facts.overdue + 3  # title, subtitle and heads
