"""A year of a city's cases: one day of the demo city, with all that happens to its cases, written day after day.

Copying rows inside the database takes a minute where writing a million histories would take an hour. Only cases that a
question has to replay get their events: those under way at the end, or at the instant in the middle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, literal, select, update

from config.cities import load_city
from config.settings import Settings
from data_access import tables
from data_access.case_writer import NewEvent, event_rows, insert_cases
from data_access.hours import moved
from data_access.instants import Instant
from data_access.store import Store
from domain.events import CHAIN_START
from services.demo.days import arrivals
from services.demo.founding import found_city, numbers_of
from services.demo.history import ground
from services.demo.lives import write_life
from services.demo.setting import Setting, make_setting
from services.demo.steps import Script, new_case

ONE_DAY = timedelta(days=1)
FIRST_DAY = date(2025, 1, 7)  # a Tuesday
PER_DAY = 2600
STUCK, APPEALED = 300, 1000  # one case in so many stays with its unit for ever; one in so many is exempted
AT_ONCE = 500
MOVING = ("due", "soon", "at")  # times in an event's body


@dataclass(frozen=True)
class Year:
    """`middle` is noon of the day in its middle; both ends are the city's midnights."""

    city_number: int
    cases: int
    start: datetime
    middle: datetime
    end: datetime


def write_year(store: Store, count: int) -> Year:
    """About so many cases into a fresh database, and the planner's statistics."""
    city, seed = load_city("demo"), Settings().demo_seed
    geography, places, work = ground(seed)
    start = city.midnight(FIRST_DAY).astimezone(UTC)
    with store.write.begin() as connection:
        number = found_city(connection, city, geography, work, start)
        setting = make_setting(city, seed, PER_DAY, work, places, numbers_of(connection, number))
    writer = _Writer(store, number, setting, _one_day(setting))
    per_day = len(writer.scripts)
    days = max(1, round(count / per_day))
    year = Year(number, days * per_day, start, start + (days // 2 + 0.5) * ONE_DAY, start + days * ONE_DAY)
    writer.first_day(start)
    for day in range(1, days):
        writer.copy(day)
    writer.cut_at(year.end, year.cases)
    writer.tell_of_those_under_way_at(year.middle)
    with store.write.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            "ANALYZE" if store.is_sqlite else "VACUUM ANALYZE"
        )
    return year


def _one_day(setting: Setting) -> list[Script]:
    """The whole lives of the cases of one day; some end where their unit has received them."""
    scripts = [write_life(setting, arrival) for arrival in arrivals(setting, FIRST_DAY)]
    return [script if n % STUCK else _stuck(script) for n, script in enumerate(scripts, 1)]


def _stuck(script: Script) -> Script:
    received = next((n for n, event in enumerate(script, 1) if event.action == "receive"), len(script))
    return script[:received]


def _later(event: NewEvent, by: timedelta) -> NewEvent:
    body = {
        name: (datetime.fromisoformat(str(value)) + by).isoformat() if name in MOVING else value
        for name, value in event.body.items()
    }
    return NewEvent(event.action, event.at + by, event.actor, body)


@dataclass(frozen=True)
class _Writer:
    """Case n + k × (cases a day) is case n of the first day, k days later. One transaction a step: a server's time-outs
    are short."""

    store: Store
    number: int
    setting: Setting
    scripts: Sequence[Script]

    def first_day(self, start: datetime) -> None:
        new = [new_case(script, f"{n:06}", self.setting.numbers) for n, script in enumerate(self.scripts, 1)]
        work = tables.assignments
        here = (work.c.city_id == self.number, work.c.case_id % APPEALED == 0, work.c.closed_at.is_not(None))
        with self.store.write.begin() as connection:
            insert_cases(connection, self.number, new, start)
            connection.execute(update(work).where(*here).values(exempted_at=moved(work.c.closed_at, ONE_DAY)))

    def copy(self, day: int) -> None:
        with self.store.write.begin() as connection:
            for table in (tables.cases, tables.assignments):
                columns = [self._copied(column, day) for column in table.c]
                first = (table.c.city_id == self.number, table.c.case_id <= len(self.scripts))
                connection.execute(insert(table).from_select(table.c.keys(), select(*columns).where(*first)))

    def _copied(self, column: ColumnElement[Any], day: int) -> ColumnElement[Any]:
        if column.key == "case_id":
            return column + day * len(self.scripts)
        if column.key == "case_no":
            return column + literal(f"-{day:03}")
        return moved(column, day * ONE_DAY) if isinstance(column.type, Instant) else column

    def cut_at(self, end: datetime, count: int) -> None:
        """What lies after the end has not happened yet: those cases are written anew, with new numbers."""
        with self.store.write.begin() as connection:
            connection.execute(update(tables.cities).values(next_case_id=count + 1))
            for some in _in_parts(self._under_way(connection, end)):
                self._forget(connection, [number for number, _ in some])
                scripts = [([event for event in script if event.at <= end], f"C{n:07}") for n, script in some]
                new = [new_case(tuple(script), name, self.setting.numbers) for script, name in scripts]
                insert_cases(connection, self.number, new, end)

    def _forget(self, connection: Connection, numbers: Sequence[int]) -> None:
        for table in (tables.assignments, tables.case_events, tables.cases):
            connection.execute(delete(table).where(table.c.city_id == self.number, table.c.case_id.in_(numbers)))

    def tell_of_those_under_way_at(self, moment: datetime) -> None:
        with self.store.write.begin() as connection:
            for some in _in_parts(self._under_way(connection, moment)):
                rows: list[dict[str, Any]] = []
                for number, script in some:
                    rows += event_rows(
                        {"city_id": self.number, "case_id": number}, script, 0, CHAIN_START, script[-1].at
                    )
                connection.execute(insert(tables.case_events), rows)

    def _under_way(self, connection: Connection, moment: datetime) -> list[tuple[int, Script]]:
        """Copied cases that were reported by then and went on later, with their events."""
        c = tables.cases.c
        here = (c.city_id == self.number, c.reported_at <= moment, c.changed_at > moment)
        asked = select(c.case_id).where(*here, c.case_no.like("%-%"))  # the others have their events
        found = []
        for (number,) in connection.execute(asked):
            day, place = divmod(number - 1, len(self.scripts))
            found.append((number, tuple(_later(event, day * ONE_DAY) for event in self.scripts[place])))
        return found


def _in_parts(found: Sequence[tuple[int, Script]]) -> Iterator[Sequence[tuple[int, Script]]]:
    for first in range(0, len(found), AT_ONCE):
        yield found[first : first + AT_ONCE]
