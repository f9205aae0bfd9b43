"""What web processes serve: the newest picture, watched in the database and held ready as bytes."""

import gzip
import hashlib
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from data_access import snapshot_store
from data_access.snapshot_store import PictureClock
from data_access.store import Store
from services.causes import cause_in_words
from services.parts import Clock

log = logging.getLogger(__name__)

REMEMBERED = 64  # versions a screen may still ask a difference against
UNREADABLE_AFTER = timedelta(seconds=3)  # shorter stumbles are not worth a word on the wall
UNREADABLE = "数据库读取失败"
SLOW_S = 0.5  # between two looks at a database that cannot be read
View = Mapping[str, Any]


@dataclass(frozen=True)
class Beat:
    """What the live stream says about the picture. `failure` = since when and why it is not getting newer."""

    version: int
    as_of: datetime
    failure: tuple[datetime, str] | None


class LivePicture:
    """Follows one named picture of one city. Threads wait on it; none of them asks the database."""

    def __init__(self, store: Store, city_number: int, name: str, real_clock: Clock, every_s: float = 0.1) -> None:
        self.store, self.city_number, self.name = store, city_number, name
        self.real_clock, self.every_s = real_clock, every_s
        self.beat: Beat | None = None
        self.figures: bytes = b""  # gzip JSON
        self.map_version = ""
        self._walls: Mapping[str, Mapping[str, View]] = {}
        self._digests: OrderedDict[int, Mapping[tuple[str, str], bytes]] = OrderedDict()
        self._changed = threading.Condition()
        self._looking = threading.Lock()  # the watcher and the refresher look one after the other
        self._stop = threading.Event()
        self._unreadable_since: datetime | None = None
        self._seen: object = None

    def start(self) -> None:
        threading.Thread(target=self._watch, name=f"live-{self.name}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with self._changed:
            self._changed.notify_all()

    def wait(self, last: Beat | None, timeout_s: float) -> Beat | None:
        """The newest beat, at once if it is not `last`, else when it changes or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.beat is not last or self._stop.is_set(), timeout_s)
            return self.beat

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def panels(self, wall: str, have: int | None) -> tuple[Mapping[str, View], bool]:
        """The wall's panels, and whether they are all of them: only those changed since `have` where that is known.

        Raises KeyError for a wall that was not rendered.
        """
        with self._changed:
            panels = self._walls[wall]
            known = self._digests.get(have) if have is not None else None
            newest = next(reversed(self._digests.values()), {})
        if known is None:
            return panels, True
        return {n: v for n, v in panels.items() if known.get((wall, n)) != newest.get((wall, n))}, False

    def look(self) -> None:
        """One look at the database. Never raises: what cannot be read leaves the last picture, with the cause."""
        with self._looking:
            try:
                self._look()
                self._unreadable_since = None
            except (SQLAlchemyError, OSError) as error:
                self._unreadable(error)

    def _watch(self) -> None:
        while not self._stop.wait(self.every_s if self._unreadable_since is None else SLOW_S):
            try:
                self.look()
            except Exception:  # a watcher that dies would freeze every screen without a word
                log.exception("the watcher of %s stumbled", self.name)

    def _look(self) -> None:
        self.store.require_file()
        with self.store.read.connect() as connection:
            clock = snapshot_store.read_clock(connection, self.city_number, self.name)
            if clock is None or clock == self._seen:
                return
            if self.beat is None or clock.version != self.beat.version:
                picture = snapshot_store.read_picture(connection, self.city_number, self.name)
                if picture is None or picture.version != clock.version:
                    return  # the refresher is between two writes of another transaction: look again
                self._take(picture.version, picture.figures, picture.views)
        self._seen = clock
        self._announce(clock)

    def _take(self, version: int, figures: bytes, views: bytes) -> None:
        stored = json.loads(gzip.decompress(views))
        walls = stored["walls"]
        digests = {
            (wall, name): hashlib.blake2b(json.dumps(view, sort_keys=True).encode(), digest_size=8).digest()
            for wall, panels in walls.items()
            for name, view in panels.items()
        }
        with self._changed:
            self.figures, self._walls, self.map_version = figures, walls, stored["map_version"]
            self._digests[version] = digests
            while len(self._digests) > REMEMBERED:
                self._digests.popitem(last=False)

    def _announce(self, clock: PictureClock) -> None:
        failing = clock.failing_since is not None
        failure = (clock.failing_since, clock.failure or "") if failing and clock.failing_since else None
        with self._changed:
            self.beat = Beat(clock.version, clock.as_of, failure)
            self._changed.notify_all()

    def _unreadable(self, error: Exception) -> None:
        """The database cannot be read: the last picture stays, with the cause."""
        now = self.real_clock()
        if self._unreadable_since is None:
            self._unreadable_since = now
            log.error("the picture %s cannot be read: %s", self.name, error)
        told = (self.beat.failure or ("", ""))[1].startswith(UNREADABLE) if self.beat else False
        if self.beat and not told and now - self._unreadable_since >= UNREADABLE_AFTER:
            reason = f"{UNREADABLE}：{cause_in_words(error)}"
            with self._changed:
                self.beat = Beat(self.beat.version, self.beat.as_of, (self._unreadable_since, reason))
                self._seen = None
                self._changed.notify_all()
