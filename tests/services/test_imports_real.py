"""The open data of three cities beside the project: every figure of the issue, on both databases."""

import csv
import gzip
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.cities import load_city
from config.mappings import load_mapping
from data_access.store import Store
from domain.marks import Mark
from services.figures import Question, indicator_table, listed_cases
from services.imports import ImportReport, import_file
from tests.services.import_files import NOW, everything, rows_of
from tests.shared_data import shared_file

BOSTON = "boston-311-2026/cases.csv.gz"
NEW_YORK = ZoneInfo("America/New_York")


def brought_in(store: Store, file: str, city: str, mapping: str) -> ImportReport:
    return import_file(store, load_city(city), load_mapping(mapping), shared_file(file), NOW)


def boston_question() -> Question:
    start, end = datetime(2025, 8, 1, tzinfo=NEW_YORK), datetime(2026, 8, 18, tzinfo=NEW_YORK)
    return Question(start, end, datetime(2026, 8, 17, 23, tzinfo=NEW_YORK), False, load_city("boston").options)


def test_boston_to_the_digit_and_again_and_with_another_city_beside_it(store: Store) -> None:
    report = brought_in(store, BOSTON, "boston", "boston-311")

    assert (report.read, report.stored, report.set_aside) == (38_971, 38_738, 233)
    assert report.reasons == {"没有上报时间": 233}
    assert report.marks["状态与时间不符"] == 3
    city, question = load_city("boston"), boston_question()
    table = indicator_table(store, city, "unit", question)
    total = table["total"]
    pwd = next(row for row in table["rows"] if row["key"] == "Public Works Department (PWD)")
    names = ("registered", "closed", "on_time", "late", "closed_without_deadline", "open", "overdue_open", "due")
    assert [total[name] for name in names] == [38_738, 30_837, 23_648, 6_506, 683, 7_901, 6_353, 35_862]
    assert [pwd[name] for name in names] == [17_755, 15_300, 12_036, 3_251, 13, 2_455, 2_282, 17_370]
    rates = {
        (row is total, name): (row["rates"][name]["numerator"], row["rates"][name]["denominator"])
        for row in (total, pwd)
        for name in ("closure_rate", "on_time_closure_rate")
    }
    assert rates == {
        (True, "closure_rate"): (30_837, 37_190),
        (True, "on_time_closure_rate"): (23_648, 36_507),
        (False, "closure_rate"): (15_300, 17_582),
        (False, "on_time_closure_rate"): (12_036, 17_569),
    }
    assert len(listed_cases(store, city, "overdue_open", question)) == 6_353

    before = everything(store)
    again = brought_in(store, BOSTON, "boston", "boston-311")
    assert (again.stored, again.updated, again.unchanged, again.set_aside) == (0, 0, 38_738, 233)
    assert everything(store) == before

    brought_in(store, "sf-311/311_service_requests.csv.gz", "san-francisco", "sf-311")
    assert indicator_table(store, city, "unit", question) == table


def test_san_francisco_keeps_its_impossible_rows_marked(store: Store) -> None:
    report = brought_in(store, "sf-311/311_service_requests.csv.gz", "san-francisco", "sf-311")

    marks = [row["marks"] for row in rows_of(store, "cases")]
    assert (report.read, report.stored, report.set_aside) == (10_000, 10_000, 0)
    assert sum(bool(m & Mark.ZERO_POSITION) for m in marks) == 4_264
    assert sum(bool(m & Mark.CLOSED_BEFORE_OPENED) for m in marks) == 17
    assert sum(bool(m & Mark.OUTSIDE_CITY) for m in marks) == 0
    assert sum(row["closed_at"] is None for row in rows_of(store, "cases")) == 370


@pytest.mark.parametrize(("file", "closed", "disagreeing"), [("2024-04-16", 292, 1), ("2024-05-27", 677, 0)])
def test_new_york_in_either_order_of_columns(sqlite_store: Store, file: str, closed: int, disagreeing: int) -> None:
    name = f"nyc-311-live/requests_{file}.csv.gz"
    report = brought_in(sqlite_store, name, "new-york", "nyc-311")

    cases = {row["case_no"]: row for row in rows_of(sqlite_store, "cases")}
    assert (report.read, report.stored, report.set_aside) == (1000, 1000, 0)
    assert sum(row["closed_at"] is not None for row in cases.values()) == closed
    assert sum(bool(row["marks"] & Mark.STATUS_WITHOUT_TIME) for row in cases.values()) == disagreeing
    for row in raw_rows(shared_file(name)):
        opened = datetime.fromisoformat(row["created_date"]).replace(tzinfo=NEW_YORK)
        assert cases[row["unique_key"]]["reported_at"] == opened


def raw_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
