"""The score of 肃宁 Art. 26. The first table is the worked example of the domain research, section 2.4.3."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts
from domain.ranking import RankDisplay, Rounding, Ties
from domain.score_rule import (
    NATIONAL_GRADES,
    Grade,
    Part,
    RatedUnits,
    RatesAs,
    Scope,
    ScoreRule,
    WithoutCases,
    WorkValueOrder,
)
from domain.scoring import PartScore, ScoredUnit, UnitFigures, Unranked, score_units, shown_parts

SUNING = ScoreRule(
    name="suning",
    title="综合得分",
    version="2017",
    effective_from=date(2017, 12, 15),
    source="Art. 26",
    parts=(
        Part("on_time_closure_rate", Fraction(40)),
        Part("closure_rate", Fraction(30)),
        Part("work_value", Fraction(20)),
        Part("rework_rate", Fraction(-10)),
    ),
    pass_line=Fraction(60),
)


def a_unit(key: str, due: int, closed: int, on_time: int, rework: int, unit_class: str | None = "1") -> UnitFigures:
    return UnitFigures(key, unit_class, Counts(closure_due=due, closed=closed, on_time=on_time, rework=rework))


EXAMPLE = [
    a_unit("A", 120, 118, 110, 3),
    a_unit("B", 80, 80, 80, 0),
    a_unit("C", 10, 10, 9, 1),
    a_unit("D", 10, 10, 10, 0),
    a_unit("E", 4, 2, 1, 1),
    a_unit("F", 0, 0, 0, 0),
]


def scored(rule: ScoreRule, units: list[UnitFigures]) -> dict[str, ScoredUnit]:
    return {unit.key: unit for unit in score_units(rule, units, IndicatorOptions())}


def scores(rule: ScoreRule, units: list[UnitFigures]) -> dict[str, Fraction | None]:
    return {key: unit.score for key, unit in scored(rule, units).items()}


@pytest.mark.parametrize("base", [0, 10])
@pytest.mark.parametrize(("ties", "c", "d"), [(Ties.MIN, 73, 78), (Ties.AVERAGE, 75, 80), (Ties.MAX, 77, 82)])
def test_the_worked_example(ties: Ties, c: int, d: int, base: int) -> None:
    rule = replace(SUNING, ties=ties, base_points=Fraction(base))

    units = score_units(rule, EXAMPLE, IndicatorOptions())

    assert {unit.key: unit.score for unit in units} == {
        "A": Fraction("1031/12") + base,  # 85.9167
        "B": 86 + base,
        "C": c + base,
        "D": d + base,
        "E": Fraction("26.5") + base,
        "F": None,
    }
    assert [(unit.key, unit.rank) for unit in units] == [
        ("B", 1),
        ("A", 2),
        ("D", 3),
        ("C", 4),
        ("E", 5),
        ("F", None),
    ]
    assert {unit.key: unit.passed for unit in units} == {
        "A": True, "B": True, "C": True, "D": True, "E": False, "F": None,
    }  # fmt: skip
    assert rule.maximum == 90 + base


def test_the_parts_explain_the_score() -> None:
    assert scored(SUNING, EXAMPLE)["A"].parts == (
        PartScore("on_time_closure_rate", Fraction(110), Fraction(120), Fraction(40), Fraction(110, 3)),
        PartScore("closure_rate", Fraction(118), Fraction(120), Fraction(30), Fraction(59, 2)),
        PartScore("work_value", Fraction(5), Fraction(5), Fraction(20), Fraction(20)),
        PartScore("rework_rate", Fraction(3), Fraction(120), Fraction(-10), Fraction(-1, 4)),
    )


def test_base_points_are_a_part_of_their_own() -> None:
    part = scored(replace(SUNING, base_points=Fraction(10)), EXAMPLE)["E"].parts[0]

    assert (part.name, part.points) == ("base_points", Fraction(10))


def test_a_unit_without_cases_is_listed_last_and_unrated() -> None:
    last = score_units(SUNING, EXAMPLE, IndicatorOptions())[-1]

    assert (last.key, last.rated, last.rank, last.score, last.grade, last.parts) == ("F", False, None, None, None, ())


def test_shown_parts_add_up_to_the_shown_score() -> None:
    unit = scored(SUNING, EXAMPLE)["A"]  # 36.666… + 29.5 + 20 − 0.25 = 85.9166…

    assert shown_parts(unit) == (Decimal("36.67"), Decimal("29.50"), Decimal("20.00"), Decimal("-0.25"))
    truncated = shown_parts(unit, 1, Rounding.TRUNCATED)
    assert sum(truncated) == Decimal("85.9")


def test_a_unit_that_closed_nothing_still_has_the_last_place() -> None:
    idle = a_unit("Z", 3, 0, 0, 0)

    assert scores(SUNING, [*EXAMPLE, idle])["Z"] == Fraction(20, 6)


def test_equal_scores_share_a_rank_and_are_ordered_by_on_time_rate_then_closed_then_key() -> None:
    by_closure = replace(SUNING, parts=(Part("closure_rate", Fraction(100)),))
    units = [a_unit("x", 4, 2, 1, 0), a_unit("y", 8, 4, 2, 0), a_unit("b", 4, 2, 2, 0), a_unit("a", 4, 2, 1, 0)]

    ordered = score_units(by_closure, [*units, a_unit("worst", 4, 1, 1, 0)], IndicatorOptions())

    assert [(unit.key, unit.rank) for unit in ordered] == [("b", 1), ("y", 1), ("a", 1), ("x", 1), ("worst", 5)]
    dense = scored(replace(by_closure, rank_display=RankDisplay.DENSE), [*units, a_unit("worst", 4, 1, 1, 0)])
    assert dense["worst"].rank == 2


TWO_CLASSES = [
    a_unit("big", 100, 100, 100, 0, "1"),
    a_unit("middle", 50, 50, 40, 0, "1"),
    a_unit("small", 10, 10, 10, 0, "2"),
    a_unit("tiny", 2, 2, 1, 0, "2"),
]


def test_the_work_value_compares_within_the_city_or_the_class() -> None:
    whole_city = scored(SUNING, TWO_CLASSES)
    by_class = scored(replace(SUNING, work_value_scope=Scope.CLASS), TWO_CLASSES)

    assert whole_city["small"].parts[2].points == 20 * Fraction(2, 4)
    assert by_class["small"].parts[2].points == 20 * Fraction(2, 2)
    assert by_class["middle"].parts[2].points == 20 * Fraction(1, 2)


def test_ranks_within_the_city_or_the_class() -> None:
    by_class = score_units(replace(SUNING, rank_scope=Scope.CLASS), TWO_CLASSES, IndicatorOptions())

    assert [(unit.key, unit.rank) for unit in by_class] == [("big", 1), ("middle", 2), ("small", 1), ("tiny", 2)]
    assert {key: unit.rank for key, unit in scored(SUNING, TWO_CLASSES).items()} == {
        "big": 1, "small": 2, "middle": 3, "tiny": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rates_as": RatesAs.PERCENT}, {"B": 100 * 86, "E": 2650}),  # reading a, as the text could also be taken
        ({"scaled_to": Fraction(100)}, {"B": Fraction(860, 9), "E": Fraction(265, 9)}),
        ({"work_value_order": WorkValueOrder.DESCENDING}, {"A": Fraction("1031/12") - 16, "E": Fraction("42.5")}),
        ({"rated_units": RatedUnits.ALL}, {"A": Fraction("1031/12"), "B": 70 + Fraction(20 * 5, 6), "F": None}),
        (
            {"rated_units": RatedUnits.ALL, "without_cases": WithoutCases.ZERO},
            {"B": 70 + Fraction(20 * 5, 6), "F": Fraction(20, 6)},
        ),
        ({"rated_units": RatedUnits.ALL, "without_cases": WithoutCases.FULL}, {"F": 70 + Fraction(20, 6)}),
    ],
)
def test_every_other_reading_is_a_named_option(changes: dict[str, object], expected: dict[str, object]) -> None:
    rule = replace(SUNING, **changes)  # type: ignore[arg-type]

    found = scores(rule, EXAMPLE)

    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("changes", "maximum"),
    [
        ({}, 90),
        ({"base_points": Fraction(10)}, 100),
        ({"scaled_to": Fraction(100)}, 100),
        ({"rates_as": RatesAs.PERCENT}, 9000),
    ],
)
def test_the_maximum_follows_from_the_rule(changes: dict[str, object], maximum: int) -> None:
    assert replace(SUNING, **changes).maximum == maximum  # type: ignore[arg-type]


def test_a_complement_rewards_what_did_not_happen() -> None:
    rule = replace(
        SUNING, parts=(Part("closure_rate", Fraction(80)), Part("rework_rate", Fraction(20), complement=True))
    )

    unit = scored(rule, [a_unit("A", 10, 8, 8, 1)])["A"]

    assert [part.points for part in unit.parts] == [64, 18]
    assert rule.maximum == 100


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (NATIONAL_GRADES, {"A": "B", "B": "B", "C": "C", "D": "B", "E": "E", "F": None}),
        ((Grade("good", Fraction(73)), Grade("rest", None)), {"C": "good", "E": "rest", "F": None}),
        ((), {"A": None, "F": None}),
    ],
)
def test_grades_are_given_on_the_exact_score(grades: tuple[Grade, ...], expected: dict[str, str | None]) -> None:
    found = scored(replace(SUNING, grades=grades), EXAMPLE)

    assert {key: found[key].grade for key in expected} == expected


def test_a_rounded_sixty_is_not_sixty() -> None:
    almost = replace(SUNING, parts=(Part("closure_rate", Fraction(100)),))

    unit = scored(almost, [a_unit("A", 100_000, 59_999, 0, 0)])["A"]

    assert shown_parts(unit) == (Decimal("60.00"),)
    assert unit.passed is False


def test_a_unit_whose_cases_have_no_deadline_has_no_on_time_rate_and_takes_no_part() -> None:
    without = UnitFigures("N", None, Counts(closure_due=5, closed=5, closure_due_without_deadline=5))

    found = scored(SUNING, [*EXAMPLE, without])

    assert (found["N"].rated, found["N"].rank, found["N"].unranked) == (False, None, Unranked.NO_RATE)
    assert found["A"].parts[2].denominator == 5


COUNTS = st.tuples(*[st.integers(0, 30)] * 4)


@given(st.lists(COUNTS, max_size=8), st.sampled_from(Ties), st.sampled_from(Scope))
def test_any_score_is_the_sum_of_its_parts_and_any_better_score_a_better_rank(
    drawn: list[tuple[int, ...]], ties: Ties, scope: Scope
) -> None:
    units = [
        a_unit(f"u{n}", closed + open_, closed, min(on_time, closed), min(rework, closed + open_), str(n % 2))
        for n, (closed, open_, on_time, rework) in enumerate(drawn)
    ]

    found = score_units(replace(SUNING, ties=ties, work_value_scope=scope), units, IndicatorOptions())

    rated = [unit for unit in found if unit.score is not None]
    assert {unit.key for unit in rated} == {unit.key for unit in units if unit.counts.closure_due}
    for unit in rated:
        assert unit.score == sum(part.points for part in unit.parts)
        assert unit.score <= 90
        assert unit.rank == 1 + sum((other.score or 0) > unit.score for other in rated)
