"""What units have on their hands at an instant: the wall's own figures, of one unit or of all."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from data_access import desk_queue
from data_access.desk_queue import UnitStocks
from domain.city import City
from domain.indicators import Counts, rework_rate
from domain.load import UnitLoad
from domain.periods import this_month
from domain.window import Window

NONE = UnitStocks(0, 0, 0)


def unit_loads(
    connection: Connection, city: City, city_number: int, as_of: datetime, unit: int | None = None
) -> Mapping[int, UnitLoad]:
    """By unit number; units without anything in the month and now are not in it."""
    month = this_month(city.zone, as_of)
    window = Window(month.start, month.end, as_of)
    stocks = desk_queue.unit_stocks(connection, city_number, window, unit)
    months = desk_queue.unit_month(connection, city_number, window, city.options, unit)
    return {
        number: _load(city, stocks.get(number, NONE), months.get(number, Counts()))
        for number in stocks.keys() | months.keys()
    }


def no_load(city: City) -> UnitLoad:
    return _load(city, NONE, Counts())


def _load(city: City, stocks: UnitStocks, month: Counts) -> UnitLoad:
    return UnitLoad(
        open=stocks.open,
        overdue=stocks.overdue,
        due_soon=stocks.due_soon,
        rework=rework_rate(month, city.options),
    )
