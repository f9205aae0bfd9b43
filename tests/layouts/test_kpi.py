"""The KPI strip."""

from dataclasses import replace

from config.texts import Texts
from domain.city import City
from domain.indicators import Rate
from domain.snapshot import Flow, Snapshot
from layouts.panels.kpi import render
from layouts.views import Tile, Tiles
from tests.builders import a_city, a_snapshot, an_empty_snapshot


def tiles_of(snapshot: Snapshot, city: City, texts: Texts) -> dict[str, Tile]:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Tiles)
    return {tile.key: tile for tile in body.tiles}


def test_nine_tiles_stand_in_the_order_of_the_work(snapshot: Snapshot, city: City, texts: Texts) -> None:
    tiles = tiles_of(snapshot, city, texts)

    assert list(tiles) == [
        "reported",
        "registered",
        "dispatched",
        "handled",
        "closed",
        "on_time_closure_rate",
        "open",
        "overdue_open",
        "suspended",
    ]
    assert [tile.figure.text for tile in tiles.values()] == [
        "1,286",
        "1,142",
        "1,118",
        "958",
        "917",
        "91.3",
        "486",
        "37",
        "12",
    ]


def test_every_figure_carries_its_address(snapshot: Snapshot, city: City, texts: Texts) -> None:
    tiles = tiles_of(snapshot, city, texts)

    assert tiles["reported"].figure.address == "city/-/reported/today"
    assert tiles["reported"].note is not None
    assert tiles["reported"].note.address == "city/-/reported/today/vs_yesterday"
    assert tiles["on_time_closure_rate"].figure.address == "city/-/on_time_closure_rate/month"
    assert tiles["on_time_closure_rate"].figure.value == "20898/22889"
    assert tiles["suspended"].figure.address == "city/-/suspended/now"


def test_the_bar_of_a_flow_is_its_share_of_todays_reports(snapshot: Snapshot, city: City, texts: Texts) -> None:
    tiles = tiles_of(snapshot, city, texts)

    assert tiles["reported"].bar == 1.0
    assert tiles["closed"].bar == round(917 / 1286, 4)


def test_a_flow_of_yesterdays_reports_does_not_run_past_its_track(city: City, texts: Texts) -> None:
    flows = {**a_snapshot().flows, "closed": Flow(2000, 10)}

    assert tiles_of(a_snapshot(flows=flows), city, texts)["closed"].bar == 1.0


def test_a_step_the_source_does_not_record_says_so(city: City, texts: Texts) -> None:
    flows = {**a_snapshot().flows, "dispatched": Flow(None, None)}

    tile = tiles_of(a_snapshot(flows=flows), city, texts)["dispatched"]

    assert tile.figure.text == "—"
    assert tile.note is not None
    assert tile.note.text == "来源未记录"


def test_a_rate_of_nothing_is_a_dash_never_zero(city: City, texts: Texts) -> None:
    tile = tiles_of(an_empty_snapshot(), city, texts)["on_time_closure_rate"]

    assert tile.figure.text == "—"
    assert tile.note is not None
    assert tile.note.text == "尚无应结案件"


def test_a_rate_with_something_late_never_reads_one_hundred(city: City, texts: Texts) -> None:
    nearly = Rate("on_time_closure_rate", 99_999, 100_000, "on_time / closure_due")

    assert tiles_of(a_snapshot(on_time=nearly), city, texts)["on_time_closure_rate"].figure.text == "99.9"


def test_overdue_is_coral_only_when_something_is_overdue(city: City, texts: Texts) -> None:
    assert tiles_of(a_snapshot(), city, texts)["overdue_open"].tone == "alarm"
    assert tiles_of(a_snapshot(overdue_open=0), city, texts)["overdue_open"].tone == ""


def test_a_figure_that_failed_its_check_shows_no_number(city: City, texts: Texts) -> None:
    snapshot = a_snapshot(failed_checks=("city/-/on_time_closure_rate/month",))

    tiles = tiles_of(snapshot, city, texts)

    assert tiles["on_time_closure_rate"].state == "error"
    assert tiles["on_time_closure_rate"].figure.text == "—"
    assert tiles["open"].state == "ok"


def test_without_a_target_the_rate_says_its_period(texts: Texts) -> None:
    tile = tiles_of(a_snapshot(), a_city(on_time_target=None), texts)["on_time_closure_rate"]

    assert tile.note is not None
    assert tile.note.text == "本月至今"
    assert tile.tick is None


def test_a_large_citys_figures_are_set_smaller(snapshot: Snapshot, city: City, texts: Texts) -> None:
    flows = {name: Flow(12_345, 12_000) for name in snapshot.flows}
    large = replace(snapshot, flows=flows, open=45_678, overdue_open=12_345)

    bodies = [render(one, city, texts).body for one in (snapshot, large)]

    assert [isinstance(body, Tiles) and body.dense for body in bodies] == [False, True]
