"""Which known cases may be the problem that is being reported once more.

The same grid or at most 300 metres apart, the same class or at least the same major class, at most ten days old; 极可能
when at most 50 metres apart, of the same minor class and still open (the desk's design language, section 13).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

NEAR_M = 300.0
VERY_NEAR_M = 50.0
OLDEST = timedelta(days=10)
MOST = 5  # more are a list to search, not a hint
METRES_PER_DEGREE = 111_320.0  # of latitude

Position = tuple[float, float]  # longitude, latitude (WGS-84)


@dataclass(frozen=True)
class Report:
    """What is being reported. `major` names kind and major class together; None where the city's classes have none."""

    at: datetime
    category: str
    major: str | None
    position: Position | None
    grid: str | None


@dataclass(frozen=True)
class KnownCase:
    """A case of the last days. `open` = neither closed nor rejected: a report can still be added to it."""

    case_no: str
    version: int
    at: datetime
    category: str
    category_name: str
    major: str | None
    position: Position | None
    grid: str | None
    unit: str  # short name, or empty
    stage: str  # domain.life_cycle.Stage
    overdue: bool
    open: bool


@dataclass(frozen=True)
class Likeness:
    """`metres` None = one of the two has no position: they share the grid."""

    case: KnownCase
    metres: float | None
    age: timedelta
    very_likely: bool


def metres_between(one: Position, other: Position) -> float:
    """Distance on the ground; exact to a few centimetres within a city."""
    middle = math.radians((one[1] + other[1]) / 2)
    east, north = (one[0] - other[0]) * math.cos(middle), one[1] - other[1]
    return math.hypot(east, north) * METRES_PER_DEGREE


def degrees_of(metres: float, latitude: float) -> Position:
    """So many metres as degrees of longitude and latitude there: half the sides of a box to search in."""
    return metres / METRES_PER_DEGREE / max(math.cos(math.radians(latitude)), 0.01), metres / METRES_PER_DEGREE


def likeness(report: Report, known: KnownCase) -> Likeness | None:
    """How the known case is like the report; None when it is not."""
    age = report.at - known.at
    metres = metres_between(report.position, known.position) if report.position and known.position else None
    near = (metres is not None and metres <= NEAR_M) or (report.grid is not None and report.grid == known.grid)
    same_class = report.category == known.category
    alike = same_class or (report.major is not None and report.major == known.major)
    if not (near and alike and age <= OLDEST):
        return None
    very_likely = same_class and known.open and metres is not None and metres <= VERY_NEAR_M
    return Likeness(known, metres, max(age, timedelta()), very_likely)


def duplicates(report: Report, known: Iterable[KnownCase]) -> tuple[Likeness, ...]:
    """The likeliest first: very likely, then of the same class, then open, then by distance and age."""
    found = [like for case in known if (like := likeness(report, case)) is not None]
    found.sort(
        key=lambda like: (
            not like.very_likely,
            like.case.category != report.category,
            not like.case.open,
            math.inf if like.metres is None else like.metres,
            like.age,
            like.case.case_no,
        )
    )
    return tuple(found[:MOST])
