from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from domain.published import PublishedReport, Statement, stretches
from domain.ranking import Rounding, rounded
from domain.refusals import Refusal

LONG = Statement(date(2014, 8, 1), date(2015, 5, 8), 30550, 27844, 26775, 26751, 17260)
SHORT = Statement(date(2015, 1, 1), date(2015, 5, 8), 13560, 12414, 12081, 12073, 11104)
QIDONG = PublishedReport("report", "启东", "报告", (LONG, SHORT), carried=316)


def test_the_fates_of_both_stretches_add_up_to_both_statements() -> None:
    first, second = stretches(QIDONG)

    assert first.end == second.first == date(2015, 1, 1)
    assert first.closed == 14678
    assert first.closed + first.awaiting == 26775 - 12081
    assert first.closed + first.awaiting + first.carried + first.never == first.registered == 27844 - 12414
    assert first.awaiting + first.carried + second.closed == 12073
    assert first.carried + second.closed + second.awaiting == 12081
    assert second.closed + second.awaiting + second.never == second.registered == 12414
    assert first.never + second.never == 27844 - 26775
    assert second.awaiting == 26775 - 26751
    assert first.on_time + (first.awaiting + second.on_time) == 17260


def test_one_statement_is_one_stretch() -> None:
    (only,) = stretches(replace(QIDONG, statements=(SHORT,)))

    assert (only.closed, only.awaiting, only.carried, only.never, only.on_time) == (12073, 8, 0, 333, 11104)


@pytest.mark.parametrize(
    "statement",
    [
        replace(SHORT, reported=12413),
        replace(SHORT, on_time=12074),
        replace(SHORT, handled=12072),
        replace(SHORT, handled=12415),
    ],
)
def test_figures_that_no_history_gives_are_refused(statement: Statement) -> None:
    with pytest.raises(Refusal, match="没有一段历史能得出这些数"):
        stretches(replace(QIDONG, statements=(statement,)))


@pytest.mark.parametrize("statements", [(SHORT, LONG), (LONG, replace(SHORT, end=date(2015, 5, 9)))])
def test_statements_run_from_the_longest_to_the_shortest(statements: tuple[Statement, ...]) -> None:
    with pytest.raises(Refusal, match="同日结束"):
        stretches(replace(QIDONG, statements=statements))


@pytest.mark.parametrize(
    ("numerators", "denominator", "printed"),
    [
        (range(17260, 17262), 27844, "61.99"),
        (range(11104, 11105), 12414, "89.45"),
        (range(16582, 16585), 26751, "61.99"),
        (range(10799, 10800), 12073, "89.45"),
        (range(16597, 16600), 26775, "61.99"),
        (range(10806, 10808), 12081, "89.45"),
    ],
)
def test_the_integers_behind_a_printed_rate_are_these_and_no_others(
    numerators: range, denominator: int, printed: str
) -> None:
    """Domain research section 2.3: three denominators are possible; the report does not say which."""
    possible = [
        numerator
        for numerator in range(denominator)
        if str(rounded(Fraction(100 * numerator, denominator), 2, Rounding.HALF_UP)) == printed
    ]

    assert possible == list(numerators)
