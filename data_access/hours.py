"""One portable expression the two databases write differently: whole hours between an instant and a column."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam
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
