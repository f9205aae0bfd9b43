"""What the desk's routes ask: one reading of the queue for all people, filtered for each of them; and single cases."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from config.texts import Texts
from data_access import desk_case, desk_queue
from data_access.frozen import FrozenReader
from data_access.store import Store
from domain.city import City
from domain.people import Person
from domain.queue import Filters
from services.desk_view.case import CaseQuestion, CaseView
from services.desk_view.pulse import DeskPulse
from services.desk_view.queue import QueueView
from services.desk_view.reading import QueueReader, Reading
from services.desk_view.words import Words
from services.dispatch.commands import NotAllowed, NotFound
from services.live import LivePicture
from services.parts import Clock

SAME_FOR = 10  # seconds after which a picture that says nothing new is read again: alerts come with time alone
Key = tuple[int, int, int]  # the desk's version, the picture's, and the ten seconds


class DeskView:
    """Reads for everybody who is at the desk. `frozen_at`: a replay, which shows that instant for ever."""

    def __init__(
        self,
        store: Store,
        city: City,
        city_number: int,
        live: LivePicture,
        clock: Clock,
        texts: Texts,
        walls: Sequence[str] = (),
        frozen_at: datetime | None = None,
    ) -> None:
        self.store, self.city, self.number, self.live, self.clock = store, city, city_number, live, clock
        self.words, self.walls = Words(texts, city), tuple(walls)
        self.pulse = DeskPulse(store, city_number, live)
        self._reader = QueueReader(city, city_number)
        self._frozen = FrozenReader(store, city_number, frozen_at) if frozen_at else None
        self._reading: tuple[Key, Reading] | None = None
        self._written: tuple[int, datetime] | None = None  # the desk's version, and when it was first seen here
        self._one_at_a_time = threading.Lock()

    def queue(self, person: Person, filters: Filters) -> tuple[str, dict[str, Any]]:
        """The queue and the tag it can be compared by. Raises SQLAlchemyError when the database does not answer."""
        key, reading = self._newest()
        now = self.clock()
        view = QueueView(reading, person, self.words, now)
        held = sum(user == person.user_id and until > now for user, until in reading.holds.values())
        running = sum(until > now for _, until in reading.holds.values())  # a hold ends by time alone
        return f"{'-'.join(map(str, key))}-{held}-{running}", view.answer(filters)

    def case(self, person: Person, case_no: str) -> tuple[str, dict[str, Any]]:
        """One case and the tag it can be compared by. Raises NotFound, NotAllowed (another unit's) and
        SQLAlchemyError."""
        with self._reading_alone(), self._picture() as connection:
            desk = desk_queue.desk_version(connection, self.number)
            as_of, now = self._as_of(desk), self.clock()
            row = desk_case.case_row(connection, self.number, case_no) if "\0" not in case_no else None
            if row is None:
                where = self.words("case.missing_where", case_no=case_no)
                raise NotFound(self.words("case.missing", case_no=case_no), where, self.words("case.missing_then"))
            if person.of_a_unit_only:
                self._require_own(connection, person, row)
            entry = self._reader.entry(connection, as_of, row["case_id"])
            asked = CaseQuestion(
                city=self.city,
                city_number=self.number,
                words=self.words,
                working=self._reader.working,
                person=person,
                as_of=as_of,
                now=now,
                walls=self.walls,
                frozen=self._frozen is not None,
            )
            answer = CaseView(connection, asked, row, entry).answer()
        held = answer["hold"]
        until = held["until"] if held else 0
        return f"{desk}-{entry.version}-{int(as_of.timestamp()) // SAME_FOR}-{until}", answer

    def _require_own(self, connection: Connection, person: Person, row: Mapping[str, Any]) -> None:
        if person.unit not in desk_case.served_units(connection, self.number, row["case_id"]):
            where = self.words("case.missing_where", case_no=row["case_no"])
            raise NotAllowed(self.words("case.denied"), where, self.words("case.denied_then"))

    def _newest(self) -> tuple[Key, Reading]:
        """One reading for all people: computed by whoever asks first after something has changed."""
        with self._one_at_a_time, self._picture() as connection:
            desk = desk_queue.desk_version(connection, self.number)
            as_of = self._as_of(desk)
            beat = self.live.beat
            key = (desk, beat.version if beat else 0, int(as_of.timestamp()) // SAME_FOR)
            if self._reading is None or self._reading[0] != key:
                self._reading = key, self._reader.read(connection, as_of)
            return self._reading

    def _as_of(self, desk: int) -> datetime:
        """The picture's instant, so that the desk and the walls say the same; or, where the desk has written since,
        the instant at which that was first seen."""
        now, beat = self.clock(), self.live.beat
        since = now if beat is None else beat.as_of
        if self._written is None:
            self._written = desk, since
        elif self._written[0] != desk:
            self._written = desk, now
        return max(since, self._written[1])

    def _reading_alone(self) -> AbstractContextManager[object]:
        """A replay has one connection for everybody."""
        return self._one_at_a_time if self._frozen else nullcontext()

    @contextmanager
    def _picture(self) -> Iterator[Connection]:
        """One read transaction on the cases: as they are, or in a replay as they stood."""
        with self._frozen.picture() if self._frozen else self.store.picture() as connection:
            yield connection
