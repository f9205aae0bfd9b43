"""What a score is made of: a city's rule, as data. Every reading of 肃宁's Article 26 is a named option.

The letters are those of the domain research, section 2.4.3; defaults are the readings recommended there.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.ranking import RankDisplay, Ties


class Scope(StrEnum):
    """Among whom a unit is compared."""

    CLASS = "class"
    CITY = "city"


class RatesAs(StrEnum):
    """Reading a: 0.93 or 93. Only fractions keep 百分制 meaningful."""

    FRACTION = "fraction"
    PERCENT = "percent"


class Rated(StrEnum):
    """What is compared: handling units by their assignments, or streets by the cases that happened there."""

    UNIT = "unit"
    STREET = "street"


class Ranked(StrEnum):
    """The evaluation objects (评价对象) a page may put in order. Areas share the scores that rate streets."""

    UNIT = "unit"
    STREET = "street"
    COMMUNITY = "community"
    PATROL = "patrol"  # 责任网格: the area one collector walks
    GRID = "grid"

    @property
    def rated(self) -> Rated:
        """Which scores apply to it."""
        return Rated.UNIT if self is Ranked.UNIT else Rated.STREET


class RatedUnits(StrEnum):
    """Reading f, 参评单位: those with cases to close, those whose every rate has a denominator, or every unit."""

    CLOSURE_DUE = "closure_due"
    RATES = "rates"
    ALL = "all"


class WithoutCases(StrEnum):
    """Reading g: what a rate without a denominator does to a unit."""

    UNRANKED = "unranked"  # 本期无案件
    ZERO = "zero"
    FULL = "full"  # the best the part can give


class WorkValueOrder(StrEnum):
    """Reading d of 倒排名次: more closed cases give more (ascending), or fewer do."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True)
class Part:
    """weight × indicator, or weight × (1 − indicator) for a `complement`."""

    indicator: str
    weight: Fraction
    complement: bool = False


@dataclass(frozen=True)
class Grade:
    """`at_least` is the exact score from which the grade is given; None = all the rest."""

    name: str
    at_least: Fraction | None


# The evaluation standard's informative grades, green to black (domain research section 1.8).
NATIONAL_GRADES = (
    Grade("A", Fraction(90)),
    Grade("B", Fraction(75)),
    Grade("C", Fraction(60)),
    Grade("D", Fraction(40)),
    Grade("E", None),
)


@dataclass(frozen=True)
class ScoreRule:
    """A score as its city wrote it. Defaults are the recommended readings of 肃宁 Art. 26."""

    name: str
    title: str
    version: str
    effective_from: date
    source: str
    parts: tuple[Part, ...]
    rated: Rated = Rated.UNIT
    cohort: bool = False  # of the cases registered in the period, whenever they end; else what happened in the period
    base_points: Fraction = Fraction()  # reading b
    scaled_to: Fraction | None = None  # reading b: the maximum stretched to this
    rates_as: RatesAs = RatesAs.FRACTION
    ties: Ties = Ties.MIN  # reading e
    work_value_order: WorkValueOrder = WorkValueOrder.ASCENDING
    work_value_scope: Scope = Scope.CITY
    rated_units: RatedUnits = RatedUnits.CLOSURE_DUE
    without_cases: WithoutCases = WithoutCases.UNRANKED
    rank_scope: Scope = Scope.CITY
    rank_display: RankDisplay = RankDisplay.COMPETITION
    minimum_sample: int = 0  # with fewer cases to close: scored and counted among 参评单位, listed unranked (样本不足)
    close_cases: int = 2  # 差距不显著: the gap is worth at most so many on-time cases of the smaller unit
    pass_line: Fraction | None = None
    consequence: str | None = None  # what follows below the pass line
    grades: tuple[Grade, ...] = ()  # best first

    @property
    def maximum(self) -> Fraction:
        """满分, to be printed beside every score."""
        return self._attainable if self.scaled_to is None else self.scaled_to

    @property
    def scale(self) -> Fraction:
        return Fraction(1) if self.scaled_to is None else self.scaled_to / self._attainable

    @property
    def _attainable(self) -> Fraction:
        return self.base_points + self.rate_scale * sum(
            (max(part.weight, Fraction()) for part in self.parts), Fraction()
        )

    @property
    def rate_scale(self) -> int:
        return 100 if self.rates_as is RatesAs.PERCENT else 1


@dataclass(frozen=True)
class WatchLine:
    """A rate that is worth a talk when it is above this."""

    indicator: str
    above: Fraction


@dataclass(frozen=True)
class WatchList:
    """汝州's way: no score and no rank, only rates with the lines they cross (DECISIONS 13)."""

    name: str
    title: str
    version: str
    effective_from: date
    source: str
    lines: tuple[WatchLine, ...]
