"""The desk's pulse: tells open desks at once that somebody has written, and every tick how old the picture is."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from data_access import desk_queue
from data_access.store import Store
from services.live import Beat, LivePicture

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeskBeat:
    """The desk's version and the picture's beat; either may have changed."""

    desk: int
    picture: Beat | None


class DeskPulse:
    """Looks at the desk's version as long as somebody listens. Threads wait on it; none of them asks the database."""

    def __init__(self, store: Store, city_number: int, live: LivePicture, every_s: float = 0.1) -> None:
        self.store, self.city_number, self.live, self.every_s = store, city_number, live, every_s
        self._changed = threading.Condition()
        self._beat: DeskBeat | None = None
        self._listeners = 0
        self._watcher: threading.Thread | None = None

    def listening(self) -> Callable[[], None]:
        """Somebody listens from now on, until the function given back is called."""
        with self._changed:
            self._listeners += 1
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="desk-pulse", daemon=True)
                self._watcher.start()
        return self._leave

    def wait(self, last: DeskBeat | None, timeout_s: float) -> DeskBeat | None:
        """The newest beat, at once if it is not `last`, else when it changes or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._beat is not last or self.live.stopped, timeout_s)
            return self._beat

    def look(self) -> int:
        """The desk's version at this moment. Raises SQLAlchemyError when the database does not answer."""
        with self.store.read.connect() as connection:
            return desk_queue.desk_version(connection, self.city_number)

    def _leave(self) -> None:
        with self._changed:
            self._listeners -= 1

    def _watch(self) -> None:
        waiting = threading.Event()
        while not self.live.stopped:
            self._take(self._known_version())
            waiting.wait(self.every_s)
            with self._changed:
                if self._listeners <= 0:
                    self._watcher = None
                    return
        with self._changed:
            self._changed.notify_all()  # the server stops: nobody waits for a beat that will not come

    def _known_version(self) -> int:
        """While the database cannot be read the last one stays: the picture's own beat says what is wrong."""
        try:
            return self.look()
        except (SQLAlchemyError, OSError) as error:
            log.debug("the desk's version cannot be read: %s", error)
            return self._beat.desk if self._beat else 0

    def _take(self, version: int) -> None:
        beat, known = self.live.beat, self._beat
        if known is None or known.desk != version or known.picture is not beat:
            with self._changed:
                self._beat = DeskBeat(version, beat)
                self._changed.notify_all()
