"""Explanations against brute force: every combination of bettered cases, scored anew."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.explanation import Exemptions, Gap, Goal, bettered, explain, median, most_bettered
from domain.indicator_options import HandlingDenominator, IndicatorOptions, OnTimeDenominator
from domain.indicators import Counts
from domain.ranking import RankDisplay, Rounding, Ties
from domain.score_rule import NATIONAL_GRADES, Part, RatedUnits, Scope, ScoreRule, WorkValueOrder
from domain.scoring import UnitFigures, score_units
from tests.domain.test_scoring import EXAMPLE, SUNING

STREETS = replace(SUNING, parts=(Part("handling_rate", Fraction(100)),), pass_line=None, rated_units=RatedUnits.RATES)
JINNIU = replace(
    STREETS,
    parts=(
        Part("handling_rate", Fraction(30)),
        Part("on_time_handling_rate", Fraction(20)),
        Part("rework_rate", Fraction(20), complement=True),
        Part("overdue_pending_rate", Fraction(20), complement=True),
        Part("extension_rate", Fraction(10), complement=True),
    ),
    grades=NATIONAL_GRADES,
)
FOUR_RATES = replace(
    STREETS,
    parts=tuple(
        Part(name, Fraction(25))
        for name in ("handling_rate", "closure_rate", "on_time_closure_rate", "on_time_handling_rate")
    ),
)
REGISTERED = IndicatorOptions(handling_rate_denominator=HandlingDenominator.REGISTERED)


def brute_force(
    rule: ScoreRule, figures: Sequence[UnitFigures], options: IndicatorOptions, key: str, goal: Goal
) -> int | None:
    """The smallest number of cases by trying all of them, written apart from the search."""
    own = next(unit for unit in figures if unit.key == key)
    now = next(unit for unit in score_units(rule, figures, options) if unit.key == key)
    assert now.score is not None
    assert now.rank is not None
    most_late, most_open = most_bettered(rule, own.counts, options)
    found = []
    for late in range(most_late + 1):
        for open_ in range(most_open + 1):
            better = replace(own, counts=bettered(own.counts, late, open_, options))
            then = score_units(rule, [better if unit.key == key else unit for unit in figures], options)
            mine = next(unit for unit in then if unit.key == key)
            assert mine.score is not None
            assert mine.rank is not None
            names = [grade.name for grade in rule.grades]
            reached = {
                Goal.RANK: mine.rank < now.rank,
                Goal.GRADE: bool(names) and names.index(str(mine.grade)) < names.index(str(now.grade)),
                Goal.PASS_LINE: rule.pass_line is not None and mine.score >= rule.pass_line,
            }[goal]
            if reached:
                found.append(late + open_)
    return min(found, default=None)


@st.composite
def figures(draw: st.DrawFn) -> list[UnitFigures]:
    units = []
    for number in range(draw(st.integers(1, 6))):
        on_time, late, open_ = (draw(st.integers(0, 5)) for _ in range(3))
        extra = draw(st.integers(0, 3))
        closed = on_time + late
        counts = Counts(
            registered=closed + open_ + extra,
            handled=closed + draw(st.integers(0, open_)),
            handling_due=closed + open_,
            handled_on_time=draw(st.integers(0, on_time)),
            overdue_pending=draw(st.integers(0, open_)),
            handling_due_extended=draw(st.integers(0, closed)),
            closed=closed,
            on_time=on_time,
            late=late,
            overdue_open=open_,
            open=open_ + extra,
            closure_due=closed + open_,
            rework=draw(st.integers(0, closed + open_)),
            suspended=draw(st.integers(0, 3)),
        )
        units.append(UnitFigures(f"u{number}", draw(st.sampled_from(["a", "b"])), counts))
    return units


RULES = st.builds(
    lambda ties, order, work, rank, display, grades: replace(
        SUNING, ties=ties, work_value_order=order, work_value_scope=work, rank_scope=rank, rank_display=display,
        grades=grades,
    ),
    st.sampled_from(Ties), st.sampled_from(WorkValueOrder), st.sampled_from(Scope), st.sampled_from(Scope),
    st.sampled_from(RankDisplay), st.sampled_from([(), NATIONAL_GRADES]),
)  # fmt: skip
OPTIONS = st.builds(
    IndicatorOptions, on_time_denominator=st.sampled_from(OnTimeDenominator),
    handling_rate_denominator=st.sampled_from(HandlingDenominator),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(RULES, st.sampled_from([STREETS, JINNIU, FOUR_RATES])), figures(), OPTIONS)
def test_the_cases_that_are_missing_are_the_fewest_there_are(
    rule: ScoreRule, units: list[UnitFigures], options: IndicatorOptions
) -> None:
    for unit in score_units(rule, units, options):
        explained = explain(rule, units, options, unit.key)
        if unit.score is None:
            assert explained.next_rank is explained.next_grade is None
            continue
        for gap in (explained.next_rank, explained.next_grade):
            if gap is not None:
                assert gap.cases == brute_force(rule, units, options, unit.key, gap.goal)
                assert gap.cases is None or gap.cases == gap.late + gap.open > 0
                assert gap.points >= 0
        assert (explained.next_rank is None) == (unit.rank == 1)


@settings(max_examples=200, deadline=None)
@given(RULES, figures(), st.integers(0, 3), st.sampled_from(Rounding))
def test_the_parts_add_up_exactly_and_as_shown(
    rule: ScoreRule, units: list[UnitFigures], places: int, rounding: Rounding
) -> None:
    for unit in units:
        explained = explain(rule, units, IndicatorOptions(), unit.key, (), places, rounding)
        if explained.unit.score is None:
            assert explained.shown_score is None
            assert not explained.unit.parts
        else:
            assert sum(part.points for part in explained.unit.parts) == explained.unit.score
            assert sum(explained.shown) == explained.shown_score


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=9))
def test_as_many_lie_above_the_median_as_below(values: list[Fraction]) -> None:
    middle = median(values)

    assert middle is not None
    above, below = sum(value > middle for value in values), sum(value < middle for value in values)
    assert max(above, below) <= len(values) / 2


def test_the_worked_example_says_what_e_is_missing() -> None:
    units = [
        replace(unit, counts=replace(unit.counts, late=unit.counts.closed - unit.counts.on_time)) for unit in EXAMPLE
    ]

    explained = explain(SUNING, units, IndicatorOptions(), "E")

    # E: due 4, closed 2, on time 1, rework 1 = 26.5. The two open ones closed on time: 30 + 30 + 4 − 2.5 = 61.5;
    # with the late one on time as well 71.5, which is less than C's 73.
    assert explained.next_grade == Gap(Goal.PASS_LINE, "60", Fraction("33.5"), 2, late=0, open=2)
    assert explained.next_rank == Gap(Goal.RANK, "4", Fraction("46.5"), None)
    assert explained.median == 78
    assert explained.peers == 5


def test_a_street_is_so_many_handled_cases_short_of_the_next() -> None:
    units = [
        UnitFigures("鲁谷", None, Counts(registered=1000, handled=990, closed=990)),
        UnitFigures("古城", None, Counts(registered=500, handled=480, closed=480)),
        UnitFigures("老山", None, Counts()),
    ]

    explained = explain(STREETS, units, REGISTERED, "古城")

    assert explained.next_rank == Gap(Goal.RANK, "1", Fraction(3), 15, open=15)
    assert explain(STREETS, units, REGISTERED, "老山").unit.score is None


@pytest.mark.parametrize(("handled", "shown"), [(164_083, "99.99"), (164_095, "99.99"), (164_096, "100.00")])
def test_nothing_shows_the_maximum_while_a_case_is_open(handled: int, shown: str) -> None:
    units = [UnitFigures("石景山", None, Counts(registered=164_096, handled=handled))]

    explained = explain(STREETS, units, REGISTERED, "石景山")

    assert str(explained.shown_score) == shown
    assert sum(explained.shown) == explained.shown_score


def test_exemptions_and_movement_are_told() -> None:
    counts = replace(EXAMPLE[0].counts, suspended=4, extended=7, marked=2)
    units = [replace(EXAMPLE[0], counts=counts, exempted=Counts(closure_due=3)), *EXAMPLE[1:]]
    before = [replace(EXAMPLE[0], counts=EXAMPLE[4].counts), *EXAMPLE[1:4]]

    explained = explain(SUNING, units, IndicatorOptions(), "A", before)

    assert explained.exemptions == Exemptions(suspended=4, without_deadline=0, extended=7, marked=2, appealed=3)
    assert explained.unit.rank == 2
    assert explained.movement.rank == 2
    assert explain(SUNING, units, IndicatorOptions(), "F", before).movement.rank is None


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain(SUNING, EXAMPLE, IndicatorOptions(), "Z")
