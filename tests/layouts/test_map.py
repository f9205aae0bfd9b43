"""The map: classes, legend, names, cameras, alarms."""

import pytest

from config.texts import Texts
from domain.city import City
from domain.snapshot import CameraPoint, Snapshot
from layouts.panels.map import MEASURES, heat_class, render
from layouts.views import Map
from tests.builders import a_city, a_snapshot, a_street, an_alert, an_empty_snapshot


def map_of(snapshot: Snapshot, city: City, texts: Texts) -> Map:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Map)
    return body


@pytest.mark.parametrize(
    ("number", "expected"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (8, 4), (9, 5), (500, 5)]
)
def test_a_class_begins_at_its_lower_bound(number: int, expected: int) -> None:
    assert heat_class(number, (1, 2, 4, 6, 9)) == expected


def test_each_cell_is_painted_in_the_snapshots_order(city: City, texts: Texts) -> None:
    heat = {"registered_today": (0, 1, 3, 5, 8, 12), "open": (0,) * 6, "overdue_open": (0,) * 6}
    keys = tuple("ABCDEF")

    registered = map_of(a_snapshot(grid_keys=keys, grid_heat=heat), city, texts).measures[0]

    assert registered.classes == "012345"
    assert registered.legend == ("0", "1", "2–3", "4–5", "6–8", "≥9")


def test_a_measure_that_does_not_fit_the_cells_is_not_painted(city: City, texts: Texts) -> None:
    view = render(a_snapshot(grid_heat={"registered_today": (1, 2)}), city, texts)

    assert view.state == "error"
    assert isinstance(view.body, Map)
    assert view.body.measures[0].classes == ""


def test_only_todays_cases_have_their_counts_beside_the_names(snapshot: Snapshot, city: City, texts: Texts) -> None:
    measures = map_of(snapshot, city, texts).measures

    assert {measure.name: measure.counts for measure in measures} == {
        "registered_today": True,
        "open": False,
        "overdue_open": False,
    }


def test_street_names_carry_todays_count_and_address(snapshot: Snapshot, city: City, texts: Texts) -> None:
    label = map_of(snapshot, city, texts).streets[0]

    assert (label.name, label.figure.text, label.figure.address) == ("柳荫", "89", "street/S01/registered/today")


def test_a_street_without_a_place_has_no_name_on_the_map(city: City, texts: Texts) -> None:
    streets = (a_street(1), a_street(2, label=None))

    assert [label.key for label in map_of(a_snapshot(streets=streets), city, texts).streets] == ["S01"]


def test_cases_without_position_are_said_beside_the_coverage(city: City, texts: Texts) -> None:
    missing = map_of(a_snapshot(no_position_today=17), city, texts).no_position

    assert missing is not None
    assert (missing.before, missing.text, missing.address) == ("无坐标 ", "17", "city/-/no_position/today")
    assert map_of(a_snapshot(no_position_today=0), city, texts).no_position is None


def test_a_late_picture_is_a_part_of_online(city: City, texts: Texts) -> None:
    states = ("online", "online", "late", "offline")
    cameras = tuple(CameraPoint(f"V{i}", f"V{i}", state, (113.1, 30.6)) for i, state in enumerate(states))

    points = map_of(a_snapshot(cameras=cameras), city, texts).points

    assert [(point.mark, point.figure.text) for point in points] == [
        ("alarm", "4"),
        ("online", "3"),
        ("late", "1"),
        ("offline", "1"),
    ]


def test_a_city_without_cameras_has_no_camera_legend_and_a_quiet_one_no_coral(texts: Texts) -> None:
    points = map_of(an_empty_snapshot(cameras=()), a_city(), texts).points

    assert [point.mark for point in points] == ["quiet"]


def test_areas_have_the_citys_nouns_in_chinese_and_the_products_in_english(
    snapshot: Snapshot, texts: Texts, english: Texts
) -> None:
    boston = a_city(street_noun="街区")

    assert map_of(snapshot, boston, texts).coverage == "12 个街区 315 个单元网格"
    assert map_of(snapshot, boston, english).coverage == "12 districts, 315 cells"
    assert map_of(a_snapshot(streets=()), boston, texts).coverage == "315 个单元网格"


def test_alarms_carry_the_numbers_of_the_cards_and_need_a_position(city: City, texts: Texts) -> None:
    alerts = (an_alert(1), an_alert(2, position=None), an_alert(3))

    alarms = map_of(a_snapshot(alerts=alerts), city, texts).alarms

    assert [alarm.number for alarm in alarms] == [1, 3]


def test_at_most_five_alarms_stand_on_the_map(city: City, texts: Texts) -> None:
    alerts = tuple(an_alert(minutes) for minutes in range(9))

    assert len(map_of(a_snapshot(alerts=alerts), city, texts).alarms) == 5


def test_a_city_without_grids_is_told_what_to_run(city: City, texts: Texts) -> None:
    view = render(a_snapshot(grid_keys=(), grid_heat={name: () for name in MEASURES}), city, texts)

    assert view.state == "empty"
    assert view.message is not None
    assert view.message.head == "尚无网格"
    assert "app.py grids" in view.message.line


def test_a_day_without_cases_says_so(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(), city, texts)

    assert view.state == "empty"
    assert view.message is not None
    assert view.message.head == "今日尚无立案"
