"""The cost of one case: what the unit would gain, were that one case better, scored anew by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from domain.case_cost import case_cost
from domain.explanation import what_if
from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts
from domain.refusals import Refusal
from domain.score_rule import Part, RatedUnits
from domain.scoring import UnitFigures
from tests.domain.test_scoring import SUNING

OPTIONS = IndicatorOptions()
A = Counts(closed=8, on_time=6, late=2, closure_due=10, overdue_unclosed=2, rework=1)
B = Counts(closed=9, on_time=9, closure_due=10, overdue_unclosed=1)
FIELD = (UnitFigures("a", "1", A), UnitFigures("b", "1", B), UnitFigures("idle", "1", Counts()))
PLACES = replace(SUNING, parts=(Part("handling_rate", Fraction(100)),), pass_line=None, rated_units=RatedUnits.RATES)


def test_each_case_costs_its_shares_and_the_place_it_holds_back() -> None:
    cost = case_cost(SUNING, FIELD, OPTIONS, "a")
    assert cost.late == Fraction(40, 10)
    assert cost.rework == Fraction(10, 10)
    tie = Fraction(20 * 1, 2) - Fraction(20 * 1, 2)  # nine each: both share the lower place (reading e)
    assert cost.open == Fraction(40, 10) + Fraction(30, 10) + tie


def test_what_a_unit_has_none_of_costs_nothing() -> None:
    best = case_cost(SUNING, FIELD, OPTIONS, "b")
    assert (best.late, best.rework) == (None, None)
    assert best.open == Fraction(70, 10)
    idle = case_cost(SUNING, FIELD, OPTIONS, "idle")
    assert (idle.late, idle.open, idle.rework) == (None, None, None)


def test_a_score_without_the_part_counts_no_cost_of_it() -> None:
    street = (UnitFigures("s", None, Counts(handled=3, handling_due=4, overdue_pending=1, rework=2, late=2)),)
    cost = case_cost(PLACES, street, OPTIONS, "s")
    assert (cost.late, cost.open, cost.rework) == (None, Fraction(100, 4), None)


def test_who_is_not_there_has_no_cost() -> None:
    with pytest.raises(KeyError):
        case_cost(SUNING, FIELD, OPTIONS, "nobody")


def test_what_if_betters_one_unit_and_leaves_the_others() -> None:
    unit = what_if(SUNING, FIELD, OPTIONS, "a", 2, 2)
    assert unit.score == 40 + 30 + 20 * Fraction(2, 2) - 1
    assert unit.rank == 1
    assert what_if(SUNING, FIELD, OPTIONS, "idle", 0, 0).score is None


@pytest.mark.parametrize(
    ("late", "open_", "words"), [(3, 0, "没有 3 件超期办结"), (0, 3, "没有 3 件到期未结"), (-1, 0, "没有 -1 件")]
)
def test_no_more_can_go_better_than_there_are(late: int, open_: int, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        what_if(SUNING, FIELD, OPTIONS, "a", late, open_)
