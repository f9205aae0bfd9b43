"""One reading of the queue for all people: the open cases at one instant, with their alerts, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from config.calendars import working_time
from data_access import desk_queue, lists
from data_access.application_measures import extension_shares
from data_access.desk_queue import OpenCases
from data_access.lists import Named, Street
from domain.alerts import Acknowledgement, Alert, Attention, CaseFacts, alerts_of, standing, too_many_extensions
from domain.applications import Kind, State
from domain.calendar import WorkingTime
from domain.city import City
from domain.countdown import Countdowns
from domain.life_cycle import Action, Stage
from domain.periods import this_month
from domain.queue import NO_UNIT, Entry, Waiting, plain_words
from domain.window import Window

Holds = Mapping[int, tuple[int, datetime]]  # case → user, until
MONTH_LASTS = timedelta(minutes=1)  # figures of the month that only an alert of a unit needs
UNCLASSIFIED = Named("-", "未分类", "未分类")


@dataclass(frozen=True)
class Reading:
    """Everything a queue shows, before any wording and for nobody in particular."""

    as_of: datetime
    entries: tuple[Entry, ...]
    holds: Holds
    people: Mapping[int, tuple[str, tuple[str, ...]]]  # user → name, posts
    units: Mapping[str, Named]
    streets: Mapping[str, str]  # key → short name
    extended_too_often: Mapping[str, tuple[int, int]]  # unit → asked, registered
    countdowns: Countdowns


class QueueReader:
    """Reads queues of one city. Keeps the working calendar, and for a minute the units' months."""

    def __init__(self, city: City, city_number: int) -> None:
        self.city, self.number = city, city_number
        self.working: WorkingTime | None = working_time(city)
        self._month: tuple[datetime, Mapping[int, tuple[int, int]]] | None = None

    def read(self, connection: Connection, as_of: datetime) -> Reading:
        """The queue at as_of. Raises SQLAlchemyError when the database does not answer."""
        window = Window(self.city.midnight(self.city.day_of(as_of)), as_of, as_of)
        names = self._names(connection)
        found = desk_queue.open_cases(connection, self.number, window)
        entries = tuple(self._entries(found, names, as_of))
        last = max((e.facts.due for e in entries if e.facts.due is not None), default=None)
        return Reading(
            as_of=as_of,
            entries=entries,
            holds=desk_queue.holds(connection, self.number),
            people=desk_queue.people(connection, self.number),
            units={unit.key: unit for unit in names.units.values()},
            streets={street.key: street.short_name for street in names.streets.values()},
            extended_too_often=self._extended_too_often(connection, as_of, names.units),
            countdowns=Countdowns(self.working, as_of, last),
        )

    def entry(self, connection: Connection, as_of: datetime, case_id: int) -> Entry:
        """One case as the queue would show it, whether or not it is in the queue."""
        window = Window(self.city.midnight(self.city.day_of(as_of)), as_of, as_of)
        found = desk_queue.one_case(connection, self.number, window, case_id)
        return next(self._entries(found, self._names(connection), as_of))

    def _names(self, connection: Connection) -> "_Names":
        units, streets = lists.units(connection, self.number), lists.streets(connection, self.number)
        return _Names(units, streets, lists.categories(connection, self.number))

    def _entries(self, found: OpenCases, names: "_Names", as_of: datetime) -> Iterator[Entry]:
        within, keeps = timedelta(minutes=self.city.urgent_receive_minutes), timedelta(hours=self.city.ack_hours)
        for row in found.rows:
            facts = _facts(row, found)
            alerts = alerts_of(facts, as_of, within)
            yield names.entry(row, found, facts, alerts, standing(facts, alerts, as_of, keeps))

    def _extended_too_often(
        self, connection: Connection, as_of: datetime, units: Mapping[int, Named]
    ) -> dict[str, tuple[int, int]]:
        """Units above the ceiling: cases for which 延期 was asked this month, and cases registered to the unit."""
        if self._month is None or not timedelta() <= as_of - self._month[0] < MONTH_LASTS:
            month = this_month(self.city.zone, as_of)
            window = Window(month.start, month.end, as_of)
            self._month = as_of, extension_shares(connection, self.number, window)
        ceiling = self.city.extensions.warn_share
        return {
            units[number].key: (asked, registered)
            for number, (asked, registered) in self._month[1].items()
            if number in units and too_many_extensions(asked, registered, ceiling)
        }


def _facts(row: Mapping[str, Any], found: OpenCases) -> CaseFacts:
    case_id = row["case_id"]
    acknowledged = tuple(
        Acknowledgement(Alert(one.alert), one.at, one.owner_id, one.note, one.promised_at)
        for one in found.acknowledged.get(case_id, ())
    )
    return CaseFacts(
        running=bool(row["running"]),
        due=row["effective_due_at"],
        due_soon=row["due_soon_at"],
        urgent=row["urgent"],
        dispatched_at=row["dispatched_at"],
        received=row["received_at"] is not None or row["handled_at"] is not None,
        returns=found.happened.get((case_id, Action.RETURN.value), ()),
        reworks=found.happened.get((case_id, Action.RECHECK_FAIL.value), ()),
        supervised_until=found.supervised_until.get(case_id, ()),
        acknowledged=acknowledged,
        changed_at=row["changed_at"],
    )


@dataclass(frozen=True)
class _Names:
    """The city's lists by number."""

    units: Mapping[int, Named]
    streets: Mapping[int, Street]
    categories: Mapping[int, Named]

    def entry(
        self,
        row: Mapping[str, Any],
        found: OpenCases,
        facts: CaseFacts,
        alerts: Mapping[Alert, datetime],
        calls: tuple[Attention, datetime | None],
    ) -> Entry:
        unit, street = self.units.get(row["unit_id"]), self.streets.get(row["street_id"])
        category = self.categories.get(row["category_id"], UNCLASSIFIED).name
        assisting = (self.units[number].key for number in found.assisting.get(row["case_id"], ()))
        place = " ".join(part for part in (street.short_name if street else "", row["road"] or "") if part)
        address = row["address"] or place
        searched = (row["case_no"], category, address, place, *((unit.short_name, unit.name) if unit else ()))
        return Entry(
            case_id=row["case_id"],
            case_no=row["case_no"],
            version=row["version"] or 0,  # a replayed row has none
            stage=Stage(row["stage"]),
            facts=facts,
            alerts=alerts,
            attention=calls[0],
            calls_since=calls[1],
            unit=unit.key if unit else NO_UNIT,
            units=frozenset((*assisting, *((unit.key,) if unit else ()))),
            street=street.key if street else "",
            category=category,
            address=address,
            place=place,
            limit_unit=row["limit_unit"],
            suspended_at=row["suspended_at"] if row["is_suspended"] else None,
            provisional=row["due_provisional"],
            urges=len(found.happened.get((row["case_id"], Action.URGE.value), ())),
            supervised=bool(facts.supervised_until),
            waiting=_waiting(found.waiting.get(row["case_id"], ())),
            words=plain_words("\n".join(searched)),
        )


def _waiting(pairs: Sequence[tuple[str, str]]) -> tuple[Waiting, ...]:
    return tuple(Waiting(Kind(kind), State(state)) for kind, state in pairs)
