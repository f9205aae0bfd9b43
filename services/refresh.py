"""The refresh: one tick reads one picture, renders it once for every viewer and stores it. Exactly one refresher."""

import gzip
import json
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from data_access import leases, snapshot_store
from data_access.frozen import FrozenReader
from data_access.snapshot_store import Picture
from data_access.store import Store
from domain.city import City
from domain.figures import figures_of
from domain.snapshot import Snapshot
from services.causes import cause_in_words
from services.parts import Clock
from services.snapshots import QuestionFailed, SnapshotReader

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=6)
Views = Mapping[str, Mapping[str, object]]  # wall -> panel -> view
Render = Callable[[Snapshot], Views]


@dataclass
class Refresher:
    """Keeps one named picture of one city fresh while it holds the lease.

    `clock` is the city's time (it stands still in a frozen replay); `real_clock` runs always and times the lease.
    """

    store: Store
    city: City
    city_number: int
    name: str  # live, or replay:<as-of>
    clock: Clock
    real_clock: Clock
    render: Render
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    on_picture: Callable[[], None] = lambda: None  # told at once what the watcher would find a little later
    failure: tuple[datetime, str] | None = None  # since when and why; here too, as the store may be what fails
    leading: bool = False  # this process holds the lease
    frozen: FrozenReader | None = None  # in a replay: the case tables as they stood then
    _version: int | None = None
    _digest: tuple[bytes, bytes] | None = None
    _reader: SnapshotReader = field(init=False)

    def __post_init__(self) -> None:
        self._reader = SnapshotReader(self.city, self.city_number)

    def tick(self) -> bool:
        """One refresh; False when another process holds the lease. Never raises: a failure is kept and shown."""
        try:
            self.store.require_file()
            if not self.lead():
                self._version = self._digest = None  # the other one may store a newer picture
                return False
            self._refresh()
        except QuestionFailed as error:
            self._failed(str(error), error)
        except (SQLAlchemyError, OSError) as error:
            self._failed(f"快照写入失败：{cause_in_words(error)}", error)
        else:
            self._recovered()
        return True

    def stop(self) -> None:
        """Frees the lease; called once at an orderly stop."""
        if self.frozen:
            self.frozen.close()
        try:
            with self.store.write.begin() as connection:
                leases.give_up(connection, self._lease, self.owner)
        except SQLAlchemyError:
            log.warning("the refresher's lease could not be freed; it runs out by itself")

    def replay(self, as_of: datetime | None) -> None:
        """In a frozen replay the cases are read as they stood at as_of."""
        self.frozen = FrozenReader(self.store, self.city_number, as_of) if as_of else None

    def picture(self) -> AbstractContextManager[Connection]:
        """One read transaction on the cases: as they are, or in a replay as they stood."""
        return self.frozen.picture() if self.frozen else self.store.picture()

    @property
    def _lease(self) -> str:
        return f"refresher:{self.city.id}:{self.name}"[:60]

    def lead(self, ttl: timedelta = LEASE) -> bool:
        """Takes or renews the lease; longer for work that comes before the first refresh."""
        with self.store.write.begin() as connection:
            self.leading = leases.take(connection, self._lease, self.owner, self.real_clock(), ttl)
        return self.leading

    def _refresh(self) -> None:
        as_of = self.clock()
        with self.picture() as connection:
            snapshot = self._reader.read(connection, as_of)
        figures = _packed({a: figure.as_json() for a, figure in figures_of(snapshot, self.city.zone).items()})
        views = _packed({"map_version": snapshot.map_version, "walls": self.render(snapshot)})
        with self.store.write.begin() as connection:
            if not leases.take(connection, self._lease, self.owner, self.real_clock(), LEASE):
                return
            if self._version is None:
                self._adopt(snapshot_store.read_picture(connection, self.city_number, self.name))
            if self._version is None or (figures, views) != self._digest:
                self._version = self._next_version()
                self._digest = (figures, views)
                picture = Picture(self._version, gzip.compress(figures, 6), gzip.compress(views, 6))
                snapshot_store.save_picture(connection, self.city_number, self.name, picture)
            snapshot_store.beat(connection, self.city_number, self.name, self._version, as_of)
        self.on_picture()

    def _adopt(self, stored: Picture | None) -> None:
        if stored is not None:
            self._version = stored.version
            self._digest = (gzip.decompress(stored.figures), gzip.decompress(stored.views))

    def _next_version(self) -> int:
        """Grows for ever, also across a wiped database: milliseconds of real time, or one more than the last."""
        now = int(self.real_clock().timestamp() * 1000)
        return max(now, (self._version or 0) + 1)

    def _failed(self, reason: str, error: Exception) -> None:
        since = self.failure[0] if self.failure else self.real_clock()
        if self.failure is None:  # said once when it breaks, once when it heals
            log.error("the refresh of %s fails: %s", self.city.id, reason, exc_info=error)
        self.failure = (since, reason)
        try:
            with self.store.write.begin() as connection:
                snapshot_store.report_failure(connection, self.city_number, self.name, since, reason)
        except SQLAlchemyError:
            log.debug("the failure could not be stored either")

    def _recovered(self) -> None:
        if self.failure is not None:
            log.warning("the refresh of %s works again (failed since %s)", self.city.id, self.failure[0])
            self.failure = None


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
