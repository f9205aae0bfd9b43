"""The routes a wall lives on: the stream of versions, views by difference, figures by address, health, access."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from app import Running, create_app
from config.settings import Settings
from data_access import tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from services.stores import open_store
from tests.worlds import World, a_world

NOW = datetime(2026, 5, 9, 14, 32, 5, tzinfo=ZoneInfo("America/New_York"))


class Wall:
    """An application on a small world; time moves by hand, the refresh and the watcher run when told to."""

    def __init__(self, url: str, data: Path, **settings: Any) -> None:
        store = open_store(url)
        self.world: World = a_world(store, 31, size=60, city="boston")
        store.close()
        self.now = NOW
        chosen = Settings(database=url, data=data, city="boston", **settings)
        self.app = create_app(chosen, clock=lambda: self.now, real_clock=lambda: self.now)
        self.running: Running = self.app.server.gridwall
        self.client: FlaskClient = self.app.server.test_client()

    def refresh(self, after: timedelta = timedelta(seconds=1)) -> None:
        self.now += after
        assert self.running.background is not None
        self.running.background.refresher.tick()
        self.running.serving.live.look()

    def register_case(self) -> None:
        store = self.running.serving.live.store
        case = {"case_no": f"X{self.now:%H%M%S}", "source": "t", "stage": "registered", "reported_at": self.now}
        with store.write.begin() as connection:
            new = NewCase({**case, "registered_at": self.now}, [NewEvent("report", self.now, "t")])
            insert_cases(connection, self.world.city_number, [new], self.now)

    def json(self, path: str, **headers: str) -> Any:
        answer = self.client.get(path, headers={"Accept-Encoding": "gzip", **headers})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body = answer.get_data()
        return json.loads(gzip.decompress(body) if answer.content_encoding == "gzip" else body)


@pytest.fixture
def wall(store_url: str, tmp_path: Path) -> Iterator[Wall]:
    made = Wall(store_url, tmp_path)
    yield made
    made.running.stop()


@pytest.fixture
def sqlite_wall(fresh_sqlite: Any, tmp_path: Path) -> Iterator[Wall]:
    made = Wall(fresh_sqlite(), tmp_path, wall_token="open sesame")
    yield made
    made.running.stop()


def test_before_the_first_picture_nothing_is_invented(wall: Wall) -> None:
    assert wall.client.get("/healthz").status_code == 200
    assert wall.client.get("/readyz").status_code == 503
    assert "还没有第一幅画面" in wall.client.get("/readyz").get_data(as_text=True)
    assert "--role refresher" in wall.client.get("/freshz").get_json(force=True)["failure"]
    assert wall.client.get("/api/view/main").status_code == 204
    assert wall.client.get("/api/v1/snapshot").status_code == 503


def test_a_view_is_whole_at_first_then_only_what_changed(wall: Wall) -> None:
    wall.refresh()
    first = wall.json("/api/view/main")
    wall.register_case()
    wall.refresh()

    second = wall.json(f"/api/view/main?have={first['v']}")

    assert first["whole"] is True
    assert second["whole"] is False
    assert set(second["panels"]) < set(first["panels"])
    assert "kpi" in second["panels"]
    whole = wall.json("/api/view/main")["panels"]
    assert first["panels"] | second["panels"] == whole


def test_an_unchanged_view_is_answered_with_304(wall: Wall) -> None:
    wall.refresh()
    etag = wall.client.get("/api/view/main").headers["ETag"]
    wall.refresh()

    assert wall.client.get("/api/view/main", headers={"If-None-Match": etag}).status_code == 304
    wall.register_case()
    wall.refresh()
    assert wall.client.get("/api/view/main", headers={"If-None-Match": etag}).status_code == 200


def test_the_stream_says_version_and_time_in_under_200_bytes(wall: Wall) -> None:
    wall.refresh()
    stream = wall.client.get("/api/events?wall=main", buffered=False)
    lines = iter(stream.response)
    assert next(lines) == b"retry: 2000\n\n"

    tick = next(lines)
    assert isinstance(tick, bytes)
    stream.close()

    data = json.loads(tick.decode().split("data: ")[1])
    assert set(data) == {"v", "as_of", "now", "boot"}
    assert data["as_of"] == int(wall.now.timestamp() * 1000)
    assert len(tick) <= 200


def test_streams_are_bounded_and_a_closed_one_makes_room(fresh_sqlite: Any, tmp_path: Path) -> None:
    wall = Wall(fresh_sqlite(), tmp_path, live_screens=1)
    wall.refresh()
    one = wall.client.get("/api/events", buffered=False)
    next(iter(one.response))

    assert wall.client.get("/api/events").status_code == 503
    one.close()
    again = wall.client.get("/api/events", buffered=False)
    assert again.status_code == 200
    again.close()
    wall.running.stop()


def test_a_failing_refresh_is_told_with_its_cause(sqlite_wall: Wall) -> None:
    sqlite_wall.refresh()
    with sqlite_wall.running.serving.live.store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")
    sqlite_wall.refresh(timedelta(seconds=30))

    view = sqlite_wall.json("/api/view/main")

    assert "监控点读取失败" in view["failure"]["text"]
    assert view["as_of"] < sqlite_wall.now.timestamp() * 1000 - 29_000
    fresh = sqlite_wall.client.get("/freshz")
    assert fresh.status_code == 503
    assert "监控点" in fresh.get_data(as_text=True)


def test_every_address_in_a_view_is_a_figure_of_the_api(wall: Wall) -> None:
    wall.refresh()
    figures = wall.json("/api/v1/snapshot?city=boston")["figures"]

    used = set(addresses_in(wall.json("/api/view/main")["panels"]))

    assert len(used) > 30
    assert used - set(figures) == set()


def addresses_in(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if tree.get("address"):
            yield tree["address"]
        for branch in tree.values():
            yield from addresses_in(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from addresses_in(branch)


def test_rates_carry_numerator_and_denominator(wall: Wall) -> None:
    wall.refresh()

    rate = wall.json("/api/v1/snapshot?city=boston")["figures"]["city/-/on_time_closure_rate/month"]

    assert set(rate) == {"value", "numerator", "denominator", "definition"}
    assert rate["value"] == rate["numerator"] / rate["denominator"]


def test_unknown_walls_cities_and_maps_name_what_exists(wall: Wall) -> None:
    wall.refresh()
    paths = ("/api/view/nowhere", "/api/v1/snapshot?city=nowhere", "/geo/boston/x.json", "/geo/nowhere/map.json")
    for path in paths:
        answer = wall.client.get(path)
        assert answer.status_code == 404
        assert answer.get_json()["known"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/view/main/more"])
def test_unknown_interfaces_name_those_that_exist(wall: Wall, path: str) -> None:
    answer = wall.client.get(path)

    assert answer.status_code == 404
    assert "/api/v1/snapshot" in answer.get_json()["known"]
    assert "Content-Security-Policy" in answer.headers


def test_a_view_names_its_map_and_a_new_map_is_no_new_build(wall: Wall) -> None:
    wall.refresh()
    first = wall.json("/api/view/main")
    with wall.running.serving.live.store.write.begin() as connection:
        connection.execute(tables.grids.update().values(area_m2=tables.grids.c.area_m2 + 1000))
    wall.refresh()

    second = wall.json("/api/view/main")

    assert second["map"] != first["map"]
    assert second["build"] == first["build"]
    lasting = wall.client.get(f"/geo/boston/grids.json?v={second['map']}").headers["Cache-Control"]
    assert "immutable" in lasting
    assert "no-cache" in wall.client.get(f"/geo/boston/grids.json?v={first['map']}").headers["Cache-Control"]


def test_a_refresher_that_died_is_told_by_the_age_of_its_picture(wall: Wall) -> None:
    wall.refresh()
    limit = wall.running.serving.stale_after_s
    shown = wall.json("/api/view/main")["as_of"]

    wall.now += timedelta(seconds=limit)
    assert "failure" not in wall.json("/api/view/main")
    wall.now += timedelta(seconds=1)

    assert wall.json("/api/view/main")["failure"] == {"since": shown, "text": "刷新进程没有响应"}
    assert wall.client.get("/freshz").get_json(force=True)["failure"] == "刷新进程没有响应"
    wall.refresh()
    assert "failure" not in wall.json("/api/view/main")


def test_map_files_hold_every_grid_in_the_order_of_the_heat_values(wall: Wall) -> None:
    wall.refresh()

    cells = wall.json("/geo/boston/grids.json")["features"]

    assert [cell["properties"]["i"] for cell in cells] == list(range(9))
    assert [cell["properties"]["key"] for cell in cells] == [f"g{n}" for n in range(9)]
    assert wall.json("/geo/boston/map.json")["type"] == "FeatureCollection"


def test_only_this_machine_reads_without_the_token(sqlite_wall: Wall) -> None:
    sqlite_wall.refresh()
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    client = sqlite_wall.client

    assert client.get("/api/view/main").status_code == 200
    assert client.get("/api/view/main", environ_base=elsewhere).status_code == 403
    assert client.get("/api/view/main", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert client.get("/wall/main?token=wrong", environ_base=elsewhere).status_code == 403
    assert client.get("/wall/main?token=open sesame", environ_base=elsewhere).status_code == 200
    assert client.get("/api/view/main", environ_base=elsewhere).status_code == 200  # by the cookie it was given


def test_answers_carry_a_policy_without_eval(wall: Wall) -> None:
    policy = wall.client.get("/wall/main").headers["Content-Security-Policy"]

    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy
    assert "form-action 'self'" in policy


def test_an_old_version_is_answered_with_todays_clock(wall: Wall) -> None:
    wall.refresh()
    first = wall.json("/api/view/main")
    wall.refresh(timedelta(seconds=40))

    later = wall.json("/api/view/main")

    assert later["v"] == first["v"]
    assert later["as_of"] - first["as_of"] == 40_000
    assert later["now"] - first["now"] == 40_000


def test_a_refresher_that_cannot_write_still_tells_its_cause(sqlite_wall: Wall) -> None:
    sqlite_wall.refresh()
    store = sqlite_wall.running.serving.live.store
    with store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE snapshot_clocks RENAME TO gone")
        connection.exec_driver_sql("ALTER TABLE leases RENAME TO gone_too")

    sqlite_wall.refresh()

    assert "快照写入失败" in sqlite_wall.json("/api/view/main")["failure"]["text"]
