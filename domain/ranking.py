"""Ranks with ties, and figures rounded for the eye so that parts still add up to their total."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class Ties(StrEnum):
    """Which of the places that equal values occupy each of them gets (肃宁 Art. 26, reading e)."""

    MIN = "min"
    AVERAGE = "average"
    MAX = "max"


class RankDisplay(StrEnum):
    COMPETITION = "competition"  # 1, 1, 3
    DENSE = "dense"  # 1, 1, 2


class Rounding(StrEnum):
    HALF_UP = "half_up"  # paper, public pages, exports (DECISIONS 12)
    TRUNCATED = "truncated"  # wall and desk


def ranks(values: Mapping[Key, Fraction], display: RankDisplay = RankDisplay.COMPETITION) -> dict[Key, int]:
    """Places from the largest value down; equal values share a place."""
    places: dict[Fraction, int] = {}
    place = 1
    for value, how_many in sorted(Counter(values.values()).items(), reverse=True):
        places[value] = place
        place += how_many if display is RankDisplay.COMPETITION else 1
    return {key: places[value] for key, value in values.items()}


def inverse_ranks(counts: Mapping[Key, int], ties: Ties) -> dict[Key, Fraction]:
    """倒排名次: the smallest count has place 1 and the largest the number of all (肃宁 Art. 26, reading d)."""
    places: dict[int, Fraction] = {}
    before = 0
    for count, how_many in sorted(Counter(counts.values()).items()):
        first, last = before + 1, before + how_many
        places[count] = {
            Ties.MIN: Fraction(first),
            Ties.AVERAGE: Fraction(first + last, 2),
            Ties.MAX: Fraction(last),
        }[ties]
        before = last
    return {key: places[count] for key, count in counts.items()}


def rounded(value: Fraction, places: int, rounding: Rounding) -> Decimal:
    """The value with so many decimals; halves go away from zero, truncation goes towards it."""
    size = abs(value) * 10**places
    whole = math.floor(size + Fraction(1, 2)) if rounding is Rounding.HALF_UP else math.floor(size)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def rounded_share(share: Fraction) -> Decimal:
    """Per cent with two decimals, halves up. What falls short of all never reads 100.00, what exists never 0.00.

    Source: DECISIONS 12.
    """
    shown = rounded(share * 100, 2, Rounding.HALF_UP)
    if share < 1 and shown >= 100:
        return Decimal("99.99")
    return Decimal("0.01") if share > 0 and not shown else shown


def rounded_parts(parts: Sequence[Fraction], places: int, rounding: Rounding) -> tuple[Decimal, ...]:
    """The parts rounded so that they add up to `rounded(sum)`: what is missing goes to the largest remainders."""
    shown = rounded(sum(parts, Fraction()), places, rounding)
    scaled = [part * 10**places for part in parts]
    whole = [math.floor(part) for part in scaled]
    missing = int(shown.scaleb(places)) - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda number: (whole[number] - scaled[number], number))
    for number in by_remainder[:missing]:
        whole[number] += 1
    return tuple(Decimal(units).scaleb(-places) for units in whole)
