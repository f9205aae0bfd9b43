"""Arithmetic with instants, which the two databases write differently."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from data_access.instants import Instant


class HoursSince(FunctionElement[int]):
    """Full hours from the second argument to the first; only right for moments not before it."""

    type = Integer()
    inherit_cache = True


def hours_since(column: ColumnElement[Any], start: datetime) -> HoursSince:
    return HoursSince(column, bindparam("hours_from", start, Instant(), unique=True))


@compiles(HoursSince, "sqlite")
def _on_sqlite(element: HoursSince, compiler: Any, **kwargs: Any) -> str:
    later, earlier = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(({later} - {earlier}) / 3600000000)"


@compiles(HoursSince)
def _elsewhere(element: HoursSince, compiler: Any, **kwargs: Any) -> str:
    later, earlier = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"CAST(floor(extract(epoch FROM {later} - {earlier}) / 3600) AS INTEGER)"


class Moved(FunctionElement[datetime]):
    """An instant so many microseconds later."""

    type = Instant()
    inherit_cache = True


def moved(moment: ColumnElement[Any], by: timedelta) -> ColumnElement[Any]:
    """The instant `by` later."""
    return Moved(moment, literal(by // timedelta(microseconds=1), BigInteger())) if by else moment


@compiles(Moved, "sqlite")
def _moved_on_sqlite(element: Moved, compiler: Any, **kwargs: Any) -> str:
    moment, by = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {by})"


@compiles(Moved)
def _moved_elsewhere(element: Moved, compiler: Any, **kwargs: Any) -> str:
    moment, by = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {by} * INTERVAL '1 microsecond')"
