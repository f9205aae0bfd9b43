"""The work behind the walls: refresh every tick, and for the demo city its history and its life."""

import logging
import os
import socket
import threading
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from services.refresh import Refresher

log = logging.getLogger(__name__)

Work = Callable[[threading.Event], None]


class Background:
    """Runs the refresher, and before it whatever the city needs first. Start once per process."""

    def __init__(self, refresher: Refresher, tick_s: float) -> None:
        self.refresher, self.tick_s = refresher, tick_s
        self.stopping = threading.Event()
        self._first: list[Work] = []
        self._repeated: list[tuple[str, float, Callable[[], None]]] = []
        self._beside: list[tuple[str, Work]] = []
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": 30},
        )
        self._starter: threading.Thread | None = None

    def first(self, work: Work) -> None:
        """Done once before the first refresh, e.g. building the demo city."""
        self._first.append(work)

    def every(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        self._repeated.append((name, seconds, work))

    def beside(self, name: str, work: Work) -> None:
        """Long work in its own thread; it watches the event and stops when it is set."""
        self._beside.append((name, work))

    def start(self) -> None:
        """Returns at once: the web answers while the first picture is being made. Call it after forking."""
        self.refresher.owner = f"{socket.gethostname()}:{os.getpid()}:{self.refresher.owner}"[:60]
        self._starter = threading.Thread(target=self._run, name="background", daemon=True)
        self._starter.start()

    def stop(self) -> None:
        """Ends all work and frees the lease; waits for a running refresh."""
        self.stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self.refresher.stop()

    def _run(self) -> None:
        try:
            for work in self._first:
                work(self.stopping)
        except Exception:  # the web stays up and says that there is no picture; the log says why
            log.exception("the city could not be prepared")
            return
        if self.stopping.is_set():
            return
        self.refresher.tick()
        self._scheduler.add_job(self.refresher.tick, "interval", seconds=self.tick_s, id="refresh")
        for name, seconds, repeated in self._repeated:
            self._scheduler.add_job(repeated, "interval", seconds=seconds, id=name)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped tick is counted, not logged every second
        self._scheduler.start()
        for name, beside in self._beside:
            threading.Thread(target=beside, args=(self.stopping,), name=name, daemon=True).start()
