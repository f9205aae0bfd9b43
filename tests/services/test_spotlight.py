"""上大屏 on both databases: on one wall for two minutes, without house number or person, audited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data_access.store import Store
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import NotAllowed, NotFound
from services.snapshots import SnapshotReader
from services.spotlight import Spotlights
from tests.desks import AT, World, a_desk


@pytest.fixture
def world(store: Store) -> World:
    made = a_desk(store)
    made.a_case("C1", road="学府街", address="学府街 114 号", lon=116.2, lat=33.6)
    made.a_case("C2")
    made.a_case("C3", Action.CLOSE)
    return made


@pytest.fixture
def spotlights(world: World) -> Spotlights:
    return Spotlights(world.desk, ("main", "main-en"))


def shown(world: World) -> list[tuple[str, str]]:
    city = replace(world.city, score="suning")
    with world.store.picture() as connection:
        snapshot = SnapshotReader(city, world.number).read(connection, world.clock())
    return [(spot.wall, spot.case_no) for spot in snapshot.spotlights]


def test_the_next_picture_shows_it_and_after_two_minutes_it_ends_by_itself(
    world: World, spotlights: Spotlights
) -> None:
    assert shown(world) == []
    sentence = spotlights.show(world.people["派遣员01"], "C1", "main")

    assert sentence == "案件 C1 已上大屏，14:34:00 自动结束"
    assert shown(world) == [("main", "C1")]
    world.clock.move(seconds=119)
    assert shown(world) == [("main", "C1")]
    world.clock.move(seconds=1)
    assert shown(world) == []


def test_it_tells_class_unit_and_road_only(world: World, spotlights: Spotlights) -> None:
    spotlights.show(world.people["派遣员01"], "C1", "main")
    world.clock.move(minutes=1)
    with world.store.picture() as connection:
        city = replace(world.city, score="suning")
        (spot,) = SnapshotReader(city, world.number).read(connection, AT + timedelta(minutes=1)).spotlights
    assert (spot.category, spot.unit, spot.street, spot.road) == ("暴露垃圾", "单位0", "街道1", "学府街")
    assert spot.position == (116.2, 33.6)
    assert spot.overdue_min is None


def test_another_case_takes_its_place_and_each_wall_has_its_own(world: World, spotlights: Spotlights) -> None:
    for case_no, wall in (("C1", "main"), ("C1", "main-en"), ("C2", "main")):
        spotlights.show(world.people["值班长01"], case_no, wall)
    assert shown(world) == [("main", "C2"), ("main-en", "C1")]


def test_who_showed_what_is_in_the_audit_log_and_nowhere_on_the_case(world: World, spotlights: Spotlights) -> None:
    spotlights.show(world.people["派遣员02"], "C1", "main")
    (entry,) = world.rows("audit")
    assert (entry["actor"], entry["action"], entry["object"]) == ("dispatcher#2", "spotlight", "C1")
    assert '"wall":"main"' in entry["detail"]
    assert world.version("C1") == 4


@pytest.mark.parametrize(
    ("name", "case_no", "wall", "refusal"),
    [
        ("领导01", "C1", "main", NotAllowed),
        ("u0终端", "C1", "main", NotAllowed),
        ("采集员01", "C1", "main", NotAllowed),
        ("派遣员01", "C9", "main", NotFound),
        ("派遣员01", "C1", "other", NotFound),
        ("派遣员01", "C3", "main", Refusal),
    ],
)
def test_what_may_not_be_shown_is_refused_and_shows_nothing(
    world: World, spotlights: Spotlights, name: str, case_no: str, wall: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        spotlights.show(world.people[name], case_no, wall)
    assert shown(world) == []
    assert not world.rows("audit")
