"""汝州's watch list, and the scores of 金牛区 and 五华 worked out by hand."""

from fractions import Fraction

import pytest

from config.scores import load_rule, load_score
from domain.indicator_options import ExtensionDenominator, HandlingDenominator, IndicatorOptions
from domain.indicators import Counts
from domain.score_rule import WatchList
from domain.scoring import UnitFigures, score_units
from domain.watching import watch

RUZHOU = IndicatorOptions(extension_rate_denominator=ExtensionDenominator.DISPATCHED)


def dispatched(key: str, extended: int, suspended: int, returned: int, total: int = 100) -> UnitFigures:
    counts = Counts(
        dispatched=total,
        dispatched_extended=extended,
        dispatched_suspended=suspended,
        dispatched_returned=returned,
    )
    return UnitFigures(key, None, counts)


def the_list() -> WatchList:
    rule = load_rule("ruzhou-watch")
    assert isinstance(rule, WatchList)
    return rule


def test_units_stand_by_the_lines_they_cross() -> None:
    units = [
        dispatched("quiet", 10, 5, 10),  # exactly on every line
        dispatched("one", 0, 6, 0),
        dispatched("two", 11, 0, 30),
        dispatched("all", 11, 6, 11),
        dispatched("nothing", 0, 0, 0, total=0),
        dispatched("other", 0, 7, 0),
    ]

    listed = watch(the_list(), units, RUZHOU)

    assert [(unit.key, len(unit.crossed)) for unit in listed] == [
        ("all", 3), ("two", 2), ("other", 1), ("one", 1), ("quiet", 0), ("nothing", 0),
    ]  # fmt: skip
    assert listed[1].crossed == ("extension_rate", "return_rate")
    assert listed[-1].rates["return_rate"].value is None


def test_jinniu_adds_up_to_a_hundred() -> None:
    counts = Counts(
        handled=180, handling_due=200, handled_on_time=150, overdue_pending=20, handling_due_extended=10,
        rework=9, closure_due=180,
    )  # fmt: skip
    best = Counts(handled=50, handling_due=50, handled_on_time=50, closure_due=50)

    scored = {unit.key: unit for unit in score_units(
        load_score("jinniu"),
        [UnitFigures("a", None, counts), UnitFigures("best", None, best), UnitFigures("none", None, Counts())],
        IndicatorOptions(),
    )}  # fmt: skip

    # 30 × 180/200 + 20 × 150/200 + 20 × (1 − 9/180) + 20 × (1 − 20/200) + 10 × (1 − 10/200)
    assert scored["a"].score == Fraction("27") + 15 + 19 + 18 + Fraction("9.5")
    assert (scored["best"].score, scored["best"].rank) == (Fraction(100), 1)
    assert (scored["none"].score, scored["none"].rank) == (None, None)


@pytest.mark.parametrize(("reported", "score"), [(50, Fraction(92)), (0, None)])
def test_four_rates_of_a_quarter_each(reported: int, score: Fraction | None) -> None:
    counts = Counts(
        reported=reported, registered=46, handled=45, handling_due=50, closed=48, closure_due=50, on_time=45
    )

    (street,) = score_units(load_score("wuhua"), [UnitFigures("s", None, counts)], IndicatorOptions())

    # 25 × (46/50 + 45/50 + 48/50 + 45/50) = 92
    assert street.score == score


def test_a_street_with_open_cases_and_nothing_closed_is_ranked_by_what_it_handled() -> None:
    options = IndicatorOptions(handling_rate_denominator=HandlingDenominator.REGISTERED)
    streets = [UnitFigures("a", None, Counts(registered=10, handled=9)), UnitFigures("b", None, Counts())]

    scored = score_units(load_score("shijingshan-streets"), streets, options)

    assert [(unit.key, unit.score, unit.rank) for unit in scored] == [("a", Fraction(90), 1), ("b", None, None)]
