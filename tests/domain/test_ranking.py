from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ranking import RankDisplay, Rounding, Ties, inverse_ranks, ranks, rounded, rounded_parts

FRACTIONS = st.fractions(-100, 100, max_denominator=10_000)


def test_equal_values_share_a_rank_and_the_next_is_skipped() -> None:
    values = {"a": Fraction(1), "b": Fraction(3), "c": Fraction(3), "d": Fraction(2)}

    assert ranks(values) == {"b": 1, "c": 1, "d": 3, "a": 4}
    assert ranks(values, RankDisplay.DENSE) == {"b": 1, "c": 1, "d": 2, "a": 3}


@pytest.mark.parametrize(
    ("ties", "places"),
    [
        (Ties.MIN, {"a": 5, "b": 4, "c": 2, "d": 2, "e": 1}),
        (Ties.AVERAGE, {"a": 5, "b": 4, "c": Fraction(5, 2), "d": Fraction(5, 2), "e": 1}),
        (Ties.MAX, {"a": 5, "b": 4, "c": 3, "d": 3, "e": 1}),
    ],
)
def test_inverse_ranks_count_from_the_smallest(ties: Ties, places: dict[str, Fraction]) -> None:
    assert inverse_ranks({"a": 118, "b": 80, "c": 10, "d": 10, "e": 2}, ties) == places


@pytest.mark.parametrize(
    ("value", "half_up", "truncated"),
    [
        (Fraction(96_1608, 10_000), "96.16", "96.16"),
        (Fraction(12081 * 100, 12414), "97.32", "97.31"),  # 启东's report rounds half up
        (Fraction(5, 1000), "0.01", "0.00"),
        (Fraction(-5, 1000), "-0.01", "0.00"),
        (Fraction(3), "3.00", "3.00"),
    ],
)
def test_a_value_is_rounded_for_the_eye(value: Fraction, half_up: str, truncated: str) -> None:
    assert rounded(value, 2, Rounding.HALF_UP) == Decimal(half_up)
    assert rounded(value, 2, Rounding.TRUNCATED) == Decimal(truncated)
    assert str(rounded(abs(value), 2, Rounding.HALF_UP)).partition(".")[2] != ""


@given(st.lists(FRACTIONS, max_size=6), st.integers(0, 3), st.sampled_from(Rounding))
def test_rounded_parts_add_up_to_the_rounded_total(parts: list[Fraction], places: int, rounding: Rounding) -> None:
    shown = rounded_parts(parts, places, rounding)

    assert sum(shown) == rounded(sum(parts, Fraction()), places, rounding)
    assert all(abs(Fraction(near) - exact) < Fraction(1, 10**places) for near, exact in zip(shown, parts, strict=True))


def test_a_part_that_needs_no_rounding_stays_as_it_is() -> None:
    assert rounded_parts([Fraction(40), Fraction(1, 3), Fraction(2, 3)], 1, Rounding.HALF_UP) == (
        Decimal("40.0"),
        Decimal("0.3"),
        Decimal("0.7"),
    )
