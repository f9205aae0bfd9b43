"""The nightly seal: one for each local day that is over, chained to the one before, days that were missed included."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from data_access import seals
from data_access.desk_writer import forget_answers
from data_access.holds import forget_holds
from data_access.seals import LoggedHash, Seal
from data_access.store import Store
from domain.city import City
from domain.seals import FIRST, DayLog, event_line, leaf_of, seal_digest
from services.scheduler import Background

log = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)  # a long import begun before midnight has been committed by then
KEYS_KEPT = timedelta(days=7)  # nobody retries a click after that
EVERY_S = 600.0
CASES_AT_A_TIME = 5000  # read in one transaction: a longer one would keep SQLite from tidying its log


@dataclass(frozen=True)
class Sealer:
    """Seals one city's days. `clock` is the one by which the events are recorded."""

    store: Store
    city: City
    city_number: int
    clock: Callable[[], datetime]
    stopped: Callable[[], bool] = field(default=lambda: False)

    def seal(self) -> list[date]:
        """Seals every day that is over and not sealed yet; gives those days. Another process that has sealed one of
        them meanwhile is not disturbed."""
        with self.store.picture() as connection:
            last = seals.last_seal(connection, self.city_number)
            first = None if last else seals.first_recorded(connection, self.city_number)
        until = self.city.day_of(self.clock() - SETTLED)  # not sealed itself
        if last is None and first is None:
            return []
        begin = last.day + ONE_DAY if last else self.city.day_of(first) if first else until
        days = [begin + n * ONE_DAY for n in range((until - begin).days)]
        if not days:
            return []
        logs = self.read(days)
        return [] if logs is None else list(self._store(days, logs, last.digest if last else FIRST))

    def read(self, days: list[date]) -> dict[date, DayLog] | None:
        """The log of these days in one reading, a few thousand cases at a time; None when told to stop."""
        logs = {day: DayLog() for day in days}
        since, until = self.city.midnight(days[0]), self.city.midnight(days[-1] + ONE_DAY)
        for cases in case_ranges(self.store, self.city_number):
            if self.stopped():
                return None
            with self.store.picture() as connection:
                rows = seals.hashes_recorded(connection, self.city_number, cases, since, until)
                for case_id, of_case in groupby(rows, key=lambda row: row.case_id):
                    self._add(logs, case_id, list(of_case))
        return logs

    def _add(self, logs: dict[date, DayLog], case_id: int, rows: list[LoggedHash]) -> None:
        by_day: dict[date, list[tuple[int, bytes]]] = {}
        for row in rows:
            line = event_line(row.version, row.hash, row.recorded_at)
            by_day.setdefault(self.city.day_of(row.recorded_at), []).append((row.version, line))
        for day, lines in by_day.items():
            logs[day].add(leaf_of(case_id, lines))

    def _store(self, days: list[date], logs: dict[date, DayLog], previous: bytes) -> Iterator[date]:
        for day in days:
            with self.store.picture() as connection:
                entries, digest = seals.entries_between(connection, self.city_number, *day_of(self.city, day))
            made, leaves = logs[day], logs[day].leaves()
            previous = seal_digest(previous, day, made.events, leaves, entries, digest)
            seal = Seal(day, made.events, entries, leaves, previous)
            try:
                with self.store.write.begin() as connection:
                    seals.store_seal(connection, self.city_number, seal, self.clock())
            except IntegrityError:
                log.info("%s was sealed by another process", day)
                return
            yield day

    def tidy(self) -> None:
        """Lets go of the answers to clicks that nobody retries any more, and of holds that lapsed long ago: every
        reading of the queue asks for the holds there are."""
        with self.store.write.begin() as connection:
            forget_answers(connection, self.city_number, self.clock() - KEYS_KEPT)
            forget_holds(connection, self.city_number, self.clock() - KEYS_KEPT)


def case_ranges(store: Store, city_number: int) -> Iterator[range]:
    """All case numbers of the city, a few thousand at a time."""
    with store.picture() as connection:
        last = seals.last_case_id(connection, city_number)
    for start in range(0, last + 1, CASES_AT_A_TIME):
        yield range(start, start + CASES_AT_A_TIME)


def day_of(city: City, day: date) -> tuple[datetime, datetime]:
    """The first instant of a local day and that of the next."""
    return city.midnight(day), city.midnight(day + ONE_DAY)


def seal_beside(
    background: Background, store: Store, city: City, city_number: int, clock: Callable[[], datetime]
) -> None:
    """Seals while this process leads; most of the time there is nothing to do, which costs one small question."""
    sealer = Sealer(store, city, city_number, clock, background.stopping.is_set)
    sealed_until: list[date] = []

    def work() -> None:
        today = city.day_of(clock() - SETTLED)
        if not background.refresher.leading or (sealed_until and sealed_until[0] == today):
            return
        try:
            days = sealer.seal()
            sealer.tidy()
        except SQLAlchemyError:
            log.warning("the days could not be sealed; trying again", exc_info=True)
            return
        sealed_until[:] = [today]
        for day in days:
            log.info("%s is sealed", day)

    background.every("seal", EVERY_S, work)
