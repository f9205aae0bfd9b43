"""Views that are being made or have just been made: asked for twice they are made once, and a slow one tells how far
it is instead of keeping a request waiting."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from data_access import history
from domain.ranking_view import RankingAsk, RankingTable, Trend, WatchTable
from domain.refusals import Refusal
from services.parts import Clock

AT_ONCE = 2
PATIENCE_S = 0.8  # an answer that takes longer is told as progress
LIVE = timedelta(seconds=10)  # a live view serves those who ask for it so soon after it was made
KEPT = timedelta(minutes=1)  # late corrections reach a view of the past after so long
MOST = 64  # views kept or being made
View = TypeVar("View", RankingTable, WatchTable, Trend)
Make = Callable[[RankingAsk, history.Progress], View]


@dataclass(frozen=True)
class Progress:
    """The view is being made; `share` of it is done. Ask again."""

    share: float


@dataclass
class _Job:
    future: "Future[Any]" = field(default_factory=Future)
    share: float = 0.0
    ended_at: datetime | None = None  # made, or failed


class Answers:
    """Tables, watch lists and trends of one city. An ask with an as_of is answered by that instant; a live one, which
    every second would be another, also by a live view being made or made in the last ten seconds: the table then says
    of which instant it is. A failure reaches whoever asks, and is forgotten. `close` ends the threads."""

    def __init__(
        self,
        table: "Make[RankingTable]",
        watch: "Make[WatchTable]",
        trend: "Make[Trend]",
        clock: Clock,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._make_table, self._make_watch, self._make_trend = table, watch, trend
        self.clock, self.patience_s = clock, patience_s
        self._pool = ThreadPoolExecutor(AT_ONCE, "rankings")
        self._lock = threading.Lock()
        self._jobs: OrderedDict[object, _Job] = OrderedDict()
        self._live: dict[object, object] = {}  # a view without its instant -> the newest of its kind in _jobs
        self._closing = threading.Event()

    def table(self, ask: RankingAsk) -> RankingTable | Progress:
        """The ranking, or how far it is. Raises what making it raised."""
        found = self._answer("table", ask, self._make_table)
        return replace(found, ask=ask) if isinstance(found, RankingTable) and ask.pinned else found

    def watch(self, ask: RankingAsk) -> WatchTable | Progress:
        """The watch list, or how far it is. Raises what making it raised."""
        found = self._answer("watch", ask, self._make_watch)
        return replace(found, ask=ask) if isinstance(found, WatchTable) and ask.pinned else found

    def trend(self, ask: RankingAsk) -> Trend | Progress:
        """The trend, or how many of its periods are there. Raises what making it raised."""
        return self._answer("trend", ask, self._make_trend)

    def close(self) -> None:
        """Ends what is being made at its next step; those who wait for it get CancelledError."""
        self._closing.set()
        self._pool.shutdown(cancel_futures=True)

    def _answer(self, kind: str, ask: RankingAsk, make: "Make[View]") -> View | Progress:
        with self._lock:
            key, job = self._found(kind, ask) or self._begun(kind, ask, make)
        try:
            return cast(View, job.future.result(self.patience_s))
        except Exception:
            if not job.future.done():
                return Progress(job.share)
            with self._lock:
                if self._jobs.get(key) is job:
                    del self._jobs[key]
            raise

    def _found(self, kind: str, ask: RankingAsk) -> tuple[object, _Job] | None:
        now = self.clock()
        key = _key(kind, ask, ask.as_of)
        if (job := self._jobs.get(key)) is not None and _serves(job, now, KEPT):
            return key, job
        key = self._live.get(_key(kind, ask, None))
        if not ask.pinned and (job := self._jobs.get(key)) is not None and _serves(job, now, LIVE):
            return key, job
        return None

    def _begun(self, kind: str, ask: RankingAsk, make: "Make[View]") -> tuple[object, _Job]:
        self._make_room()
        key, job = _key(kind, ask, ask.as_of), _Job()
        job.future = self._pool.submit(self._made, job, ask, make)
        self._jobs[key] = job
        self._jobs.move_to_end(key)
        if not ask.pinned:
            self._live[_key(kind, ask, None)] = key
        return key, job

    def _made(self, job: _Job, ask: RankingAsk, make: "Make[View]") -> View:
        def progress(share: float) -> None:
            if self._closing.is_set():
                raise CancelledError
            job.share = share

        try:
            return make(ask, progress)
        finally:
            job.ended_at = self.clock()

    def _make_room(self) -> None:
        """Forgets the oldest finished views. Raises Refusal when everything is still being made."""
        while len(self._jobs) >= MOST:
            oldest = next((key for key, job in self._jobs.items() if job.future.done()), None)
            if oldest is None:
                raise Refusal("正在计算的排名太多", f"{MOST} 个周期还没有算完", "请稍候一分钟再看。")
            del self._jobs[oldest]
        self._live = {key: newest for key, newest in self._live.items() if newest in self._jobs}


def _serves(job: _Job, now: datetime, within: timedelta) -> bool:
    """Still being made, just made, or just failed without anybody having been told."""
    return job.ended_at is None or now - job.ended_at <= within


def _key(kind: str, ask: RankingAsk, as_of: datetime | None) -> object:
    return kind, ask.span, as_of, ask.ranked, ask.score, ask.unit_class, tuple(sorted(ask.filters.items()))
