"""Scores on request equal the scores of an independent recount, for units and for streets."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.scores import load_rule, score_names
from data_access.store import Store
from domain.city import City
from domain.indicator_options import HandlingDenominator
from domain.refusals import Refusal
from domain.score_rule import Rated, ScoreRule
from domain.watching import reading
from services.figures import Question, indicator_table
from services.rankings.periods import previous
from services.scores import score_table
from tests.recount import recount
from tests.worlds import STREETS, UNITS, World, a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY = City(id="random", name="任意市", title="任意市", zone=SHANGHAI)
MAY = Question(
    datetime(2026, 5, 1, tzinfo=SHANGHAI),
    datetime(2026, 6, 1, tzinfo=SHANGHAI),
    datetime(2026, 6, 3, tzinfo=SHANGHAI),
    False,
    CITY.options,
)
FREED = ("returned", "dispatcher_error")


def compared(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows without what belongs to nobody."""
    return [row for row in table["rows"] if row["key"] != "-"]


def of_unit(world: World, unit: int) -> list[dict[str, Any]]:
    return [
        a
        for a in world.assignments
        if a["unit_id"] == unit and a["role"] != "informed" and a["end_reason"] not in FREED
    ]


@pytest.mark.parametrize("name", score_names())
def test_every_shipped_score_answers_for_everybody(store: Store, name: str) -> None:
    a_world(store, 5)
    rule = load_rule(name)
    by_street = isinstance(rule, ScoreRule) and rule.rated is Rated.STREET

    table = score_table(store, CITY, name, MAY)
    options = CITY.options if isinstance(rule, ScoreRule) else reading(CITY.options)
    plain = indicator_table(store, CITY, table["by"], replace(MAY, cohort=table["basis"] == "cohort", options=options))

    assert table["by"] == ("street" if by_street else "unit")
    assert len(compared(table)) == (STREETS if by_street else UNITS)
    assert table["total"] == plain["total"]
    counted = {row["key"]: row for row in table["rows"]}
    for row in plain["rows"]:
        assert {name: counted[row["key"]][name] for name in row} == row
    for row in compared(table):
        if row.get("exact") is not None:
            parts = sum(Fraction(part["exact"]) for part in row["parts"])
            assert parts == Fraction(row["exact"])
            assert sum(Fraction(part["shown"]) for part in row["parts"]) == Fraction(row["shown"])


def test_the_score_of_suning_equals_a_recount(store: Store) -> None:
    world = a_world(store, 7)
    counts = [recount(of_unit(world, n), MAY.start, MAY.end, MAY.as_of) for n in range(1, UNITS + 1)]
    due = [c["closure_due"] for c in counts]
    assert all(due)
    on_time_due = [c["closure_due"] - c["closure_due_without_deadline"] for c in counts]
    wanted = {}
    for n, c in enumerate(counts):
        place = 1 + sum(other["closed"] < c["closed"] for other in counts)
        wanted[f"u{n}"] = (
            Fraction(40 * c["on_time"], on_time_due[n])
            + Fraction(30 * c["closed"], due[n])
            + Fraction(20 * place, UNITS)
            - Fraction(10 * c["rework"], due[n])
        )

    table = score_table(store, CITY, "suning", MAY, explained="u0")

    assert {row["key"]: Fraction(row["exact"]) for row in compared(table)} == wanted
    assert [row["rank"] for row in compared(table)] == sorted(row["rank"] for row in compared(table))
    assert (table["score"]["maximum"], table["score"]["pass_line"]) == (90, 60)
    (told,) = [row for row in compared(table) if row["key"] == "u0"]
    assert ("next_rank" in told, "next_grade" in told) == (True, True)
    assert not any("next_rank" in row for row in compared(table) if row["key"] != "u0")


def test_a_street_is_ranked_by_the_cases_that_happened_there(store: Store) -> None:
    world = a_world(store, 9)
    options = replace(CITY.options, handling_rate_denominator=HandlingDenominator.REGISTERED)
    wanted = {}
    for n in range(1, STREETS + 1):
        here = [c for c in world.cases if c["street_id"] == n]
        counts = recount(here, MAY.start, MAY.end, MAY.as_of, cohort=True)
        wanted[f"s{n - 1}"] = Fraction(100 * counts["handled"], counts["registered"])

    table = score_table(store, CITY, "shijingshan-streets", replace(MAY, options=options))

    assert table["basis"] == "cohort"  # what was left of April may not make it more than 100 %
    assert all(row["score"] <= 100 for row in compared(table))

    assert {row["key"]: Fraction(row["exact"]) for row in compared(table)} == wanted


def test_the_watch_list_has_neither_score_nor_rank(store: Store) -> None:
    a_world(store, 9)

    table = score_table(store, CITY, "ruzhou-watch", MAY)

    crossed = [len(row["crossed"]) for row in compared(table)]
    assert crossed == sorted(crossed, reverse=True)
    for row in compared(table):
        assert not {"score", "rank"} & set(row)
        for name, line in row["lines"].items():
            rate = row["rates"][name]
            above = rate["denominator"] > 0 and rate["numerator"] / rate["denominator"] > line
            assert (name in row["crossed"]) == above


@pytest.mark.parametrize(
    ("start", "end", "as_of", "first", "last"),
    [
        ("2026-05-01", "2026-06-01", "2026-06-03", "2026-04-01", "2026-05-01"),
        ("2026-05-01", "2026-06-01", "2026-05-19", "2026-04-01", "2026-04-20"),  # 19 days against 19 days
        ("2026-03-01", "2026-04-01", "2026-03-31", "2026-02-01", "2026-03-01"),  # a shorter month counts whole
        ("2026-01-01", "2026-02-01", "2026-02-10", "2025-12-01", "2026-01-01"),
        ("2026-05-11", "2026-05-18", "2026-05-19", "2026-05-04", "2026-05-11"),
    ],
)
def test_the_period_before(start: str, end: str, as_of: str, first: str, last: str) -> None:
    def at(day: str, hour: int = 0) -> datetime:
        return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)

    before = previous(CITY, replace(MAY, start=at(start), end=at(end), as_of=at(as_of, 14)))

    assert (before.start, before.end) == (at(first), at(last))


def test_a_cohort_is_compared_with_one_of_the_same_age() -> None:
    before = previous(CITY, replace(MAY, cohort=True))

    assert before.end - before.as_of == MAY.end - MAY.as_of


def test_a_narrowed_question_and_an_unknown_unit_are_refused(store: Store) -> None:
    a_world(store, 3)

    with pytest.raises(Refusal, match="全部单位"):
        score_table(store, CITY, "suning", replace(MAY, filters={"street": "s1"}))
    with pytest.raises(Refusal, match="u99"):
        score_table(store, CITY, "suning", MAY, explained="u99")
