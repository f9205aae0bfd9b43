"""How soon the figures of the rankings answer over a million cases, on SQLite and PostgreSQL."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine

from bench.rows import Row
from bench.year import ONE_DAY, Year, write_year
from config.cities import load_city
from config.scores import load_rule
from data_access import schema
from data_access.counts import Figures, Selection
from data_access.store import Store
from domain.window import Window
from services.rankings.gather import needed
from services.stores import open_store
from tests import postgres

FULL, QUICK = 1_000_000, 100_000
MONTH_S, YEAR_S, PAST_S = 1.0, 3.0, 10.0
T = TypeVar("T")
TIMES = 3  # the middle one of so many is told


@dataclass(frozen=True)
class Asked:
    """A view of the page as its questions: everybody's counts, what appeals take out, and the city's total, each of the
    period and of the one before it."""

    by: str
    window: Window
    before: Window
    budget_s: float
    filters: Mapping[str, int]

    def answer(self, store: Store, number: int, wanted: frozenset[str]) -> None:
        with store.picture() as connection:
            chosen = Selection(self.window, filters=self.filters, wanted=wanted)
            now = Figures(connection, number, chosen)
            now.by("city")
            for figures in (now, now.over(self.before)):
                figures.by(self.by)
                if self.by == "unit":
                    figures.exempted()


def measure(folder: Path, quick: bool) -> Iterator[Row]:
    """On SQLite and on PostgreSQL the same cases, the same questions and the same budgets."""
    count = QUICK if quick else FULL
    store = open_store(f"sqlite:///{folder}/rankings.sqlite")
    yield from _rows("SQLite", store, count)
    store.close()
    try:
        with postgres.server() as server:
            name = f"gridwall_{uuid.uuid4().hex[:12]}"
            server.run(f"CREATE DATABASE {name}")
            engine = create_engine(server.url(name))
            schema.migrate(engine)
            engine.dispose()
            store = open_store(server.url(name))
            yield from _rows("PostgreSQL", store, count)
            store.close()
    except postgres.NoServer as error:
        yield Row("rankings on PostgreSQL", None, "s", note=str(error))


def _rows(name: str, store: Store, count: int) -> Iterator[Row]:
    year, took = _timed(lambda: write_year(store, count))
    yield Row(f"{name}: {year.cases:,} cases written", took, "s", note="a day's cases copied: not an import")
    city = load_city("demo")
    rule = load_rule(city.score or "suning")
    wanted = needed(rule, city.options)
    for what, asked in _questions(year).items():
        times = sorted(_timed(partial(asked.answer, store, year.city_number, wanted))[1] for _ in range(TIMES))
        yield Row(f"{name}: {what}", times[TIMES // 2], "s", asked.budget_s, note=f"the slowest {times[-1]:.2f} s")


def _questions(year: Year) -> dict[str, Asked]:
    month = Window(year.end - 60 * ONE_DAY, year.end - 30 * ONE_DAY, year.end)
    past = Window(year.middle - 15 * ONE_DAY, year.middle + 15 * ONE_DAY, year.middle)
    whole = Window(year.end - min(365 * ONE_DAY, year.end - year.start), year.end, year.end)

    def of(by: str, window: Window, budget_s: float, **filters: int) -> Asked:
        return Asked(by, window, _before(window), budget_s, filters)

    return {
        "a month by unit": of("unit", month, MONTH_S),
        "this month by unit": of("unit", _moved(month, 45 * ONE_DAY, year), MONTH_S),
        "a month by unit, one class of cases": of("unit", month, MONTH_S, category=3),
        "a month by unit, one street": of("unit", month, MONTH_S, street=5),
        "a month by street": of("street", month, MONTH_S),
        "a month by grid": of("grid", month, MONTH_S),
        "a year by unit": of("unit", whole, YEAR_S),
        "a year by unit, one street": of("unit", whole, YEAR_S, street=5),
        "a year by grid": of("grid", whole, YEAR_S),
        "a month as seen half a year ago, by unit": of("unit", past, PAST_S),
        "the same by street": of("street", past, PAST_S),
    }


def _moved(window: Window, by: timedelta, year: Year) -> Window:
    return Window(window.start + by, window.end + by, year.end)


def _before(window: Window) -> Window:
    return replace(window, start=window.start - (window.end - window.start), end=window.start)


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = do()
    return found, time.perf_counter() - began
