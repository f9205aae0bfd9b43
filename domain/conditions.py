"""Conditions on a row's columns as data: asked of rows in memory here, turned into SQL in data_access/predicates.py.

As in SQL, a comparison with a missing value does not hold, and there is no negation.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any as Anything

Row = Mapping[str, Anything]
Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Compare:
    """A column against a value; `without` = none of the value's bits is set."""

    column: str
    sign: str  # one of SIGNS
    value: datetime | int | str | bool


@dataclass(frozen=True)
class Present:
    """The column has a value (or, with `present` False, has none)."""

    column: str
    present: bool = True


@dataclass(frozen=True)
class NotLater:
    """The first known of `moments` ≤ the first known of `than` + `allowed` (with `opposite`: later than that)."""

    moments: tuple[str, ...]
    than: tuple[str, ...]
    allowed: timedelta = timedelta()
    opposite: bool = False


class All:
    """Every part holds."""

    def __init__(self, *parts: "Condition") -> None:
        self.parts = parts


class Any:
    """At least one part holds."""

    def __init__(self, *parts: "Condition") -> None:
        self.parts = parts


Condition = Compare | Present | NotLater | All | Any
NEVER = Any()

SIGNS: Mapping[str, Callable[[Anything, Anything], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "without": lambda bits, mask: not bits & mask,
}  # fmt: skip


def holds(condition: Condition) -> Test:
    """A function that asks the condition of a row."""
    match condition:
        case Compare(column, sign, value):
            return _compared(column, SIGNS[sign], value)
        case Present(column, present):
            return lambda row: (row[column] is not None) == present
        case NotLater():
            return _not_later(condition)
        case All():
            tests = [holds(part) for part in condition.parts]
            return lambda row: all(test(row) for test in tests)
        case Any():
            tests = [holds(part) for part in condition.parts]
            return lambda row: any(test(row) for test in tests)


def _compared(column: str, sign: Callable[[Anything, Anything], bool], value: Anything) -> Test:
    def test(row: Row) -> bool:
        found = row[column]
        return found is not None and sign(found, value)

    return test


def _not_later(condition: NotLater) -> Test:
    def test(row: Row) -> bool:
        moment, limit = _first(row, condition.moments), _first(row, condition.than)
        return moment is not None and limit is not None and (moment > limit + condition.allowed) == condition.opposite

    return test


def _first(row: Row, columns: tuple[str, ...]) -> datetime | None:
    return next((row[column] for column in columns if row[column] is not None), None)
