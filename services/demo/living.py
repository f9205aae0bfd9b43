"""The job that keeps the demo city living: every case takes its next step when its script says so."""

import heapq
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from zlib import crc32

from sqlalchemy import Connection

from config.settings import Settings
from data_access import demo
from data_access.case_writer import StaleVersion, change_case, insert_cases
from data_access.store import Store
from domain.city import City
from domain.refusals import Refusal
from services.cartography.rows import geojson
from services.demo.cameras import new_states
from services.demo.days import Arrival, arrivals
from services.demo.founding import Numbers
from services.demo.history import ONE_DAY, ground, require_demo, setting_of
from services.demo.lives import write_life
from services.demo.setting import Setting
from services.demo.standing import Living, stand
from services.demo.steps import SOURCE, Script, as_one_change, done_by, new_case, rows_after

log = logging.getLogger(__name__)

AT_ONCE = 150  # cases in one transaction: some 50 ms
GAP = timedelta(seconds=15)  # after a longer silence another process may have led: look again
CAMERA_ROUND = timedelta(seconds=60)
# If more of the open cases than this do not follow their scripts, the settings are not those of the stored city.
MANY, STRANGERS = 10, 0.5


class Simulator:
    """Plays the demo's scripts. `speed` multiplies the flow of new cases; 0 = everything stands still.

    One at a time: whoever holds the refresher's lease steps it. A case that somebody at the desk has acted on is
    theirs from then on. Raises Refusal for a city that is not marked demo.
    """

    def __init__(self, store: Store, city: City, settings: Settings, clock: Callable[[], datetime]) -> None:
        require_demo(city)
        self.store, self.city, self.settings, self.clock = store, city, settings, clock
        self.speed = settings.demo_speed
        self._setting: Setting | None = None
        self._last: datetime | None = None  # the last step that went well
        self._pending: list[tuple[datetime, int, Living]] = []
        self._births: list[Arrival] = []  # of today, the next one last
        self._born_with = self.speed
        self._day: date | None = None
        self._handed_over: set[str] = set()
        self._cameras_at: datetime | None = None

    def prepare(self) -> None:
        """Finds where every open case stands in its script and catches up with the clock, at the scripts' times."""
        self._prepare(self.clock())

    def step(self, now: datetime) -> None:
        """Everything due by `now`, in short transactions. Times in the rows are the scripts', not `now`."""
        if self.speed <= 0:
            return
        try:
            if self._last is None or not timedelta(0) <= now - self._last < GAP:
                self._prepare(now)
            else:
                self._advance(now)
            self._look_at_cameras(now)
        except BaseException:
            self._last = None  # what was half done is read from the store again
            raise

    # Finding the thread again

    def _prepare(self, now: datetime) -> None:
        with self.store.picture() as connection:
            city = demo.demo_city(connection, self.city.id)
            if city is None or not city.demo:
                then = "请换一个数据库，或不带 --database 启动。"
                raise Refusal("模拟数据只能写入示范城市的数据库", self.city.id, then)
            self._require_same_ground(connection, city.city_id)
            setting = self._setting = setting_of(connection, self.city, self.settings, city.city_id)
            newest = demo.newest_report(connection, city.city_id, SOURCE)
            horizon = newest or self.city.midnight(self.city.day_of(now)).astimezone(UTC)
            known = demo.numbers_reported_since(connection, city.city_id, horizon)
            cases = demo.living_cases(connection, city.city_id, SOURCE, horizon - ONE_DAY)
        following, strangers = stand(setting, cases)
        if len(strangers) > MANY and len(strangers) > STRANGERS * len(cases):
            raise self._other_settings()
        for case_no in strangers:
            self._hand_over(case_no)
        self._pending = [(living.next_at, living.case_id, living) for living in following]
        heapq.heapify(self._pending)
        self._day = self.city.day_of(horizon)
        since = horizon - timedelta(microseconds=1)
        self._births = [birth for birth in self._coming(self._day, since) if birth.case_no not in known]
        self._born_with = self.speed
        if self.speed > 0:
            self._advance(now)

    def _require_same_ground(self, connection: Connection, city_id: int) -> None:
        cells = ground(self.settings.demo_seed)[0].cells[::60]
        stored = demo.some_shapes(connection, city_id, [cell.key for cell in cells])
        if any(stored.get(cell.key) != geojson(cell.polygon) for cell in cells):
            raise self._other_settings()

    def _other_settings(self) -> Refusal:
        then = "请改回原来的 demo_seed 和 demo_cases_per_day，或删除示范库文件后重新启动。"
        return Refusal("示范库是用另一套设置生成的", f"demo_seed={self.settings.demo_seed}", then)

    def _hand_over(self, case_no: str) -> None:
        if case_no not in self._handed_over:
            self._handed_over.add(case_no)
            log.info("case %s is not where its script left it: it belongs to the desk now", case_no)

    # Going on

    def _advance(self, now: datetime) -> None:
        assert self._setting is not None
        assert self._day is not None
        if self.speed != self._born_with and self._last is not None:
            self._births = self._coming(self._day, self._last)
            self._born_with = self.speed
        while self._day < self.city.day_of(now):
            self._write_due(self._setting, now)
            self._day += ONE_DAY
            self._births = self._coming(self._day, None)
        self._write_due(self._setting, now)
        self._last = now

    def _coming(self, day: date, after: datetime | None) -> list[Arrival]:
        """The day's births after an instant, all layers, the next one last."""
        assert self._setting is not None
        layers = range(max(1, ceil(self.speed)))
        everything = (arrival for layer in layers for arrival in arrivals(self._setting, day, layer))
        coming = [a for a in everything if (after is None or a.at > after) and self._wanted(a)]
        return sorted(coming, key=lambda a: (a.at, a.layer, a.number), reverse=True)

    def _wanted(self, arrival: Arrival) -> bool:
        """Part of a layer is thinned by number, so that the same speed brings the same cases."""
        return crc32(arrival.case_no.encode()) / 2**32 < self.speed - arrival.layer

    def _write_due(self, setting: Setting, now: datetime) -> None:
        while True:
            births: list[Arrival] = []
            while self._births and self._births[-1].at <= now and len(births) < AT_ONCE:
                births.append(self._births.pop())
            due: list[Living] = []
            while self._pending and self._pending[0][0] <= now and len(due) < AT_ONCE:
                due.append(heapq.heappop(self._pending)[2])
            if not births and not due:
                return
            scripts = [write_life(setting, birth) for birth in births]
            with self.store.write.begin() as connection:
                moved = [self._move(connection, setting.numbers, living, now) for living in due]
                born = self._bear(connection, setting.numbers, births, scripts, now)
            for living in (*moved, *born):
                if living and living.done < len(living.script):
                    heapq.heappush(self._pending, (living.next_at, living.case_id, living))

    def _bear(
        self,
        connection: Connection,
        numbers: Numbers,
        births: Sequence[Arrival],
        scripts: Sequence[Script],
        now: datetime,
    ) -> list[Living]:
        done = [done_by(script, now) for script in scripts]
        together = list(zip(births, scripts, done, strict=True))
        new = [new_case(script[:count], birth.case_no, numbers) for birth, script, count in together]
        ids = insert_cases(connection, numbers.city_id, new, now)
        pairs = zip(ids, together, strict=True)
        return [Living(case_id, birth.case_no, script, count) for case_id, (birth, script, count) in pairs]

    def _move(self, connection: Connection, numbers: Numbers, living: Living, now: datetime) -> Living | None:
        """The case after all its steps up to `now`; None if somebody else has changed it."""
        script, before = living.script, living.done
        done = done_by(script, now)
        rows = [rows_after(script[:count], living.case_no, numbers) for count in (before, done)]
        changes, work, new = as_one_change(*rows)
        try:
            change_case(
                connection, numbers.city_id, living.case_id, before, changes, script[before:done], now, work, new
            )  # fmt: skip
        except StaleVersion:
            self._hand_over(living.case_no)
            return None
        return Living(living.case_id, living.case_no, script, done)

    def _look_at_cameras(self, now: datetime) -> None:
        """Once a minute; now and then one fails or comes back."""
        if self._setting is None or (self._cameras_at is not None and now - self._cameras_at < CAMERA_ROUND):
            return
        self._cameras_at = now
        city_id = self._setting.numbers.city_id
        rng = Random(f"{self.settings.demo_seed}:cameras:{int(now.timestamp()) // 60}")
        with self.store.write.begin() as connection:
            changed = new_states(demo.camera_states(connection, city_id), rng)
            demo.look_at_cameras(connection, city_id, changed, now)
