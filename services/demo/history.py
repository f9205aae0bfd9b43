"""The demo city's past: its newest days at once, the older ones behind the running wall, newest first."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Event
from time import perf_counter

from sqlalchemy import Connection

from config.settings import Settings
from data_access import demo
from data_access.case_writer import NewCase, insert_cases
from data_access.store import Store
from domain.city import City
from domain.refusals import Refusal
from services.cartography.geography import Geography
from services.demo.days import arrivals
from services.demo.founding import found_city, numbers_of
from services.demo.geometry import build_geography
from services.demo.lives import write_life
from services.demo.plan import WorkPlan, load_plan, load_work
from services.demo.setting import Setting, make_setting
from services.demo.spots import Places, build_places
from services.demo.steps import done_by, new_case

FIRST_DAYS = 45  # what the first picture needs: this month and the one before (DECISIONS 25)
ONE_DAY = timedelta(days=1)
REST = 3.0  # the filler rests this many times as long as it worked


@lru_cache(maxsize=1)
def ground(seed: int) -> tuple[Geography, Places, WorkPlan]:
    """Map, places and work of this seed; made once per process."""
    geography = build_geography(load_plan(), seed)
    return geography, build_places(geography, seed), load_work()


def setting_of(connection: Connection, city: City, settings: Settings, city_id: int) -> Setting:
    """The setting of a city that has been founded."""
    _, places, work = ground(settings.demo_seed)
    numbers = numbers_of(connection, city_id)
    return make_setting(city, settings.demo_seed, settings.demo_cases_per_day, work, places, numbers)


def demo_city_ready(store: Store, city_id: str = "demo") -> bool:
    """Whether the demo city and its first days have been written."""
    with store.picture() as connection:
        return demo.demo_city(connection, city_id) is not None


def build_demo(store: Store, city: City, settings: Settings, now: datetime) -> None:
    """Founds the city and writes its newest days, in one transaction: a killed process leaves nothing behind.

    Does nothing if the city is there. Raises Refusal for a city that is not the demo.
    """
    require_demo(city)
    geography, _, work = ground(settings.demo_seed)
    today = city.day_of(now)
    count = max(1, min(FIRST_DAYS, settings.demo_history_days))
    days = [today - ONE_DAY * age for age in reversed(range(count))]
    with without_collector(), store.write.begin() as connection:
        if demo.demo_city(connection, city.id) is not None:
            return
        city_id = found_city(connection, city, geography, work, now)
        setting = setting_of(connection, city, settings, city_id)
        for day in days:  # one by one, so that the memory stays flat
            insert_cases(connection, city_id, cases_of(setting, day, now), now)
        if settings.demo_history_days > count:
            demo.set_history_since(connection, city_id, None, days[0])
    demo.free_page_cache(store)


def fill_history(store: Store, city: City, settings: Settings, now: datetime, stop: Event) -> None:
    """Writes the older days, newest first, one small transaction each, until all are there or `stop` is set.

    May be killed and called again at any time: a day and the mark that says it is written are one transaction.
    """
    require_demo(city)
    oldest = city.day_of(now) - ONE_DAY * (settings.demo_history_days - 1)
    setting: Setting | None = None
    while not stop.is_set():
        with store.picture() as connection:
            found = demo.demo_city(connection, city.id)
            if found is None or found.history_since is None:
                return
            setting = setting or setting_of(connection, city, settings, found.city_id)
        since = found.history_since
        begun = perf_counter()
        cases = cases_of(setting, since - ONE_DAY, now) if since > oldest else []
        with store.write.begin() as connection:
            mark = since - ONE_DAY if since > oldest else None
            if demo.set_history_since(connection, found.city_id, since, mark):
                insert_cases(connection, found.city_id, cases, now)
        stop.wait((perf_counter() - begun) * REST)


def cases_of(setting: Setting, day: date, now: datetime) -> list[NewCase]:
    """The cases of this day as they stand now; what lies in the future is left to the living job."""
    lives = ((write_life(setting, a), a.case_no) for a in arrivals(setting, day) if a.at <= now)
    return [new_case(script[: done_by(script, now)], case_no, setting.numbers) for script, case_no in lives]


def require_demo(city: City) -> None:
    if not city.demo:
        raise Refusal("模拟数据只能写入示范城市", city.id, "请使用 --city demo。")


@contextmanager
def without_collector() -> Iterator[None]:
    """Pauses the search for reference cycles: among half a million living rows it takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
