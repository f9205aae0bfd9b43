"""Figures on request: the list behind every count, any past instant, options, durations."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data_access.store import Store
from domain.counting import RECURRENCE
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED, RATES
from domain.refusals import Refusal
from services.demo import build_demo
from services.figures import Question, chosen_options, indicator_table, listed_cases
from services.stores import open_store
from tests.conftest import FreshDatabase
from tests.services.demo_city import TUESDAY, city, settings

BEFORE = {
    "key", "name", "reported", "registered", "dispatched", "handled", "closed", "on_time", "late",
    "closed_without_deadline", "open", "overdue_open", "suspended", "rework", "extended", "returned", "due",
    "closure_due", "closure_due_without_deadline", "handling_due", "marked", "rates",
}  # fmt: skip
CHOSEN = settings(demo_cases_per_day=60, demo_history_days=12)


def question(as_of: datetime = TUESDAY, days: int = 9) -> Question:
    return Question(TUESDAY - timedelta(days=days), TUESDAY, as_of, cohort=False, options=city().options)


def test_every_count_has_its_list_for_every_filter_and_both_bases(store: Store) -> None:
    build_demo(store, city(), CHOSEN, TUESDAY)
    first = question(TUESDAY - timedelta(days=2))
    street = next(iter(indicator_table(store, city(), "street", first)["rows"]))["key"]
    for asked in (
        question(), first, replace(first, cohort=True), replace(first, filters={"unit": "huanwei"}),
        replace(first, unit_class="first"), replace(first, filters={"street": street}),
        replace(first, options=chosen_options(city().options, ["simple_in_totals=included", "rework_unit=times"])),
    ):  # fmt: skip
        total = indicator_table(store, city(), "city", asked)["total"]
        for which in COUNTED:
            assert len(listed_cases(store, city(), which, asked)) == total[which], (asked, which)
    seldom = ("simple", "registered_on_time", "verified_on_time", "dispatched_returned", RECURRENCE)
    assert all(total[which] for which in seldom)


@pytest.mark.parametrize("by", ["city", "unit", "street", "class", "channel"])
def test_a_past_instant_looks_as_it_did_then(store: Store, fresh_sqlite: FreshDatabase, by: str) -> None:
    then = TUESDAY - timedelta(days=3)
    build_demo(store, city(), CHOSEN, TUESDAY)
    stood = open_store(fresh_sqlite())
    build_demo(stood, city(), settings(demo_cases_per_day=60, demo_history_days=9), then)
    usual = question(then, 8)
    for asked in (usual, replace(usual, cohort=True), replace(usual, end=then - timedelta(hours=5))):
        there, here = indicator_table(stood, city(), by, asked), indicator_table(store, city(), by, asked)
        assert {row["key"]: row for row in here["rows"]} == {row["key"]: row for row in there["rows"]}
        assert here["total"] == there["total"]
    stood.close()


def test_a_row_says_all_it_said_before_and_every_rate(sqlite_store: Store) -> None:
    build_demo(sqlite_store, city(), CHOSEN, TUESDAY)
    total = indicator_table(sqlite_store, city(), "unit", question())["total"]

    assert total.keys() == BEFORE | {*COUNTED, "durations"}
    assert set(total["rates"]) == set(RATES)
    assert all(rate["definition"].count(" / ") == 1 for rate in total["rates"].values())
    for span in total["durations"].values():
        assert span["count"] > 300
        assert 0 < span["working_median_s"] <= span["median_s"] <= span["p90_s"]


def test_unknown_options_and_values_are_refused_with_what_is_possible() -> None:
    options = chosen_options(IndicatorOptions(), ["rework_unit=times", "recheck_limit_min=45"])

    assert (options.rework_unit, options.recheck_limit_min) == ("times", 45)
    for given, wanted in (("speed=1", "可选：closure_due_definition"), ("rework_unit=hours", "可选：cases、times"),
                          ("recheck_limit_min=0", "1 到 999999 的整数"),
                          ("recurrence_days=3661", "1 到 3660 的整数（天）")):  # fmt: skip
        with pytest.raises(Refusal, match=wanted):
            chosen_options(IndicatorOptions(), [given])
