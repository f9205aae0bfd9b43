"""The refresh: one leader, versions that change with content only, the last good picture kept on failure."""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select

from data_access import snapshot_store, tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.store import Store
from domain.city import City
from domain.snapshot import Snapshot
from services.live import LivePicture
from services.refresh import LEASE, Refresher, Views
from tests.conftest import FreshDatabase
from tests.worlds import a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY = City(id="random", name="任意市", title="任意市", zone=SHANGHAI)


class SteppingClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 9, 14, 0, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


def render(snapshot: Snapshot) -> Views:
    return {"main": {"kpi": {"open": snapshot.open}, "feed": {"cases": [item.case_no for item in snapshot.feed]}}}


def a_refresher(store: Store, number: int, clock: SteppingClock, owner: str = "one") -> Refresher:
    return Refresher(store, CITY, number, "live", clock, clock, render, owner)


def add_case(store: Store, number: int, at: datetime) -> None:
    case = {
        "case_no": f"new-{at:%H%M%S}",
        "source": "test",
        "stage": "registered",
        "reported_at": at,
        "registered_at": at,
    }
    with store.write.begin() as connection:
        insert_cases(connection, number, [NewCase(case, [NewEvent("report", at, "test")])], at)


def stored(store: Store, number: int) -> tuple[int, datetime, str | None]:
    with store.picture() as connection:
        clock = snapshot_store.read_clock(connection, number, "live")
    assert clock is not None
    return clock.version, clock.as_of, clock.failure


def test_the_version_changes_with_the_content_and_only_then(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 21, size=20).city_number
    refresher = a_refresher(store, number, clock)

    assert refresher.tick()
    first = stored(store, number)
    clock.forward(timedelta(seconds=1))
    refresher.tick()
    idle = stored(store, number)
    add_case(store, number, clock())
    clock.forward(timedelta(seconds=1))
    refresher.tick()
    changed = stored(store, number)

    assert idle[0] == first[0]
    assert idle[1] - first[1] == timedelta(seconds=1)
    assert changed[0] > first[0]


def test_only_the_holder_of_the_lease_refreshes_and_another_takes_over_when_it_dies(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 22, size=20).city_number
    one, two = a_refresher(store, number, clock, "one"), a_refresher(store, number, clock, "two")

    assert (one.tick(), two.tick()) == (True, False)
    clock.forward(timedelta(seconds=3))
    assert two.tick() is False
    clock.forward(LEASE)
    assert (two.tick(), one.tick()) == (True, False)


def test_an_orderly_stop_frees_the_lease_at_once(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 23, size=20).city_number
    one, two = a_refresher(store, number, clock, "one"), a_refresher(store, number, clock, "two")
    one.tick()

    one.stop()

    assert two.tick() is True


def test_a_new_refresher_keeps_the_version_of_an_unchanged_picture(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 24, size=20).city_number
    one = a_refresher(store, number, clock, "one")
    one.tick()
    before = stored(store, number)[0]
    one.stop()

    a_refresher(store, number, clock, "two").tick()

    assert stored(store, number)[0] == before


def test_a_failed_question_keeps_the_last_picture_with_its_age_and_the_cause(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 25, size=20).city_number
    refresher = a_refresher(store, number, clock)
    refresher.tick()
    good = stored(store, number)
    with store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")

    clock.forward(timedelta(seconds=30))
    refresher.tick()
    failed = stored(store, number)
    with store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras_gone RENAME TO cameras")
    clock.forward(timedelta(seconds=1))
    refresher.tick()

    assert failed[:2] == good[:2]
    assert failed[2] is not None
    assert failed[2].startswith("监控点读取失败")
    assert stored(store, number)[1:] == (clock(), None)


def test_a_process_that_lost_the_lease_during_a_refresh_does_not_write(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 26, size=20).city_number
    one = a_refresher(store, number, clock, "one")
    one.tick()
    good = stored(store, number)

    def slow_render(snapshot: Snapshot) -> Views:
        clock.forward(LEASE * 2)
        a_refresher(store, number, clock, "two").tick()
        return {"main": {"kpi": {"open": -1}}}

    one.render = slow_render
    one.tick()

    with store.picture() as connection:
        picture = snapshot_store.read_picture(connection, number, "live")
    assert picture is not None
    assert json.loads(gzip.decompress(picture.views))["walls"]["main"]["kpi"] != {"open": -1}
    assert stored(store, number)[1] > good[1]


def a_live_picture(store: Store, number: int, clock: SteppingClock) -> LivePicture:
    return LivePicture(store, number, "live", clock, every_s=0.01)


def test_a_screen_gets_only_the_panels_that_changed(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 27, size=20).city_number
    refresher, live = a_refresher(store, number, clock), a_live_picture(store, number, clock)
    refresher.tick()
    live.look()
    first = live.beat
    add_case(store, number, clock())
    clock.forward(timedelta(minutes=1))
    refresher.tick()
    live.look()

    assert first is not None
    assert set(live.panels("main", None)[0]) == {"kpi", "feed"}
    assert live.panels("main", first.version)[1] is False
    assert live.panels("main", 12345)[1] is True
    with pytest.raises(KeyError):
        live.panels("unknown", None)


def test_an_unreadable_database_keeps_the_picture_and_says_so(sqlite_store: Store, tmp_path: Path) -> None:
    clock, number = SteppingClock(), a_world(sqlite_store, 28, size=20).city_number
    a_refresher(sqlite_store, number, clock).tick()
    live = a_live_picture(sqlite_store, number, clock)
    live.look()
    before = live.beat
    with sqlite_store.write.begin() as connection:
        connection.execute(delete(tables.snapshots))
        connection.exec_driver_sql("ALTER TABLE snapshot_clocks RENAME TO gone")

    live.look()
    clock.forward(timedelta(seconds=4))
    live.look()

    assert before is not None
    assert live.beat is not None
    assert (live.beat.version, live.beat.as_of) == (before.version, before.as_of)
    assert live.beat.failure is not None
    assert live.beat.failure[1] == "数据库读取失败：数据库结构不符"


def test_a_file_replaced_under_a_running_server_is_noticed(sqlite_store: Store, fresh_sqlite: FreshDatabase) -> None:
    clock, number = SteppingClock(), a_world(sqlite_store, 30, size=20).city_number
    refresher, live = a_refresher(sqlite_store, number, clock), a_live_picture(sqlite_store, number, clock)
    refresher.tick()
    live.look()
    other = Path(fresh_sqlite().removeprefix("sqlite:///"))

    other.replace(Path(sqlite_store.url.removeprefix("sqlite:///")))
    for _ in range(3):
        clock.forward(timedelta(seconds=4))
        refresher.tick()
        live.look()

    assert live.beat is not None
    assert live.beat.as_of == clock.now - timedelta(seconds=12)
    assert live.beat.failure is not None
    assert "已被替换" in live.beat.failure[1]
    assert refresher.failure is not None


def test_a_lease_row_of_another_name_does_not_matter(store: Store) -> None:
    clock, number = SteppingClock(), a_world(store, 29, size=5).city_number
    with store.write.begin() as connection:
        row = {"name": "refresher:other:live", "owner": "x", "until": clock() + timedelta(hours=1)}
        connection.execute(insert(tables.leases).values(row))

    assert a_refresher(store, number, clock).tick() is True
    with store.picture() as connection:
        assert len(connection.execute(select(tables.leases)).all()) == 2
