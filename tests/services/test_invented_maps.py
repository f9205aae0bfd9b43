"""Invented maps of real cities: true counts, no gap, one piece each, and gone when a real outline comes."""

import json
import math
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from callbacks.commands.grids import command
from config.cities import load_city, load_structure
from config.settings import Settings
from data_access import directory, tables
from data_access.store import Store
from domain.structure import Structure
from services.cartography.geography import SCHEMATIC, Geography
from services.cartography.groups import grouped, spread
from services.cartography.rows import geojson
from services.invented.geography import invent_geography
from services.parts import Parts

FIVE = {"wuhua": 196, "ruzhou": 200, "qidong": 583, "suning": 420, "shijingshan": 360}
NOON = datetime(2026, 5, 19, 4, tzinfo=UTC)


def a_structure(city_id: str) -> Structure:
    structure = load_structure(load_city(city_id))
    assert structure is not None
    return structure


@cache
def a_map(city_id: str) -> Geography:
    return invent_geography(a_structure(city_id))


def everything(shapes: Geography) -> list[str]:
    cells = [f"{c.key}{c.grid_class}{c.patrol_key}{geojson(c.polygon)}" for c in shapes.cells]
    return cells + [geojson(shape) for _, _, shape in shapes.features] + [str(shapes.cameras)]


@pytest.mark.parametrize("city_id", FIVE)
def test_the_grids_tile_the_streets_and_the_streets_the_city(city_id: str) -> None:
    shapes, structure = a_map(city_id), a_structure(city_id)
    cells = [cell.polygon for cell in shapes.cells]

    assert len(cells) == structure.grids == FIVE[city_id]
    assert shapely.coverage_is_valid(cells)
    assert {cell.geom_type for cell in cells} == {"Polygon"}
    assert {polygon.geom_type for _, polygon, _ in shapes.streets} == {"Polygon"}  # every street in one piece
    assert shapes.outline.geom_type == "Polygon"
    assert sum(cell.area for cell in cells) == pytest.approx(shapes.outline.area, rel=1e-9)
    assert sum(cell.area_m2 for cell in shapes.cells) == pytest.approx(structure.ground.area_km2 * 1e6, rel=0.01)
    assert all(polygon.contains(shapely.Point(label)) for _, polygon, label in shapes.streets)


@pytest.mark.parametrize("city_id", FIVE)
def test_the_counts_are_the_citys(city_id: str) -> None:
    shapes, structure = a_map(city_id), a_structure(city_id)
    per_street = Counter(cell.street.key for cell in shapes.cells)

    assert all(per_street[s.key] == s.grids for s in structure.streets if s.grids is not None)
    assert set(per_street) == {street.key for street in structure.streets}
    communities = Counter(community.street.key for community in shapes.communities)
    assert communities == {street.key: street.communities for street in structure.streets}
    assert Counter(c.grid_class for c in shapes.cells if c.grid_class) == structure.grid_classes
    assert len(shapes.patrol_areas) == structure.patrol_areas
    assert len(shapes.cameras) == structure.cameras["total"]
    keys = [cell.key for cell in shapes.cells]
    assert len(set(keys)) == len(keys)
    assert all(
        k == f"{structure.code_prefix}{c.street.key}{k[9:]}" and len(k) == 15
        for k, c in zip(keys, shapes.cells, strict=True)
    )


@pytest.mark.parametrize("city_id", ["qidong", "suning"])
def test_a_patrol_area_is_one_piece_of_one_street_and_about_as_large_as_the_others(city_id: str) -> None:
    shapes = a_map(city_id)
    of = {area.key: [cell for cell in shapes.cells if cell.patrol_key == area.key] for area in shapes.patrol_areas}
    usual = len(shapes.cells) / len(of)

    assert {area.polygon.geom_type for area in shapes.patrol_areas} == {"Polygon"}
    assert all(len({cell.street.key for cell in cells}) == 1 for cells in of.values())
    assert all(0.6 * usual <= len(cells) <= 1.4 * usual for cells in of.values())


@pytest.mark.parametrize("city_id", FIVE)
def test_a_map_is_no_checkerboard_and_lies_at_the_city(city_id: str) -> None:
    shapes, ground = a_map(city_id), a_structure(city_id).ground
    sizes = [cell.area_m2 for cell in shapes.cells]
    mean = sum(sizes) / len(sizes)
    spread_of_sizes = math.sqrt(sum((size - mean) ** 2 for size in sizes) / len(sizes)) / mean
    boxes = sum(c.polygon.area / c.polygon.minimum_rotated_rectangle.area > 0.995 for c in shapes.cells)
    middle = shapes.outline.centroid

    assert spread_of_sizes > 0.2
    assert boxes < len(sizes) / 20
    assert math.hypot(middle.x - ground.centre[0], middle.y - ground.centre[1]) < 0.02
    assert ("outline", SCHEMATIC) in {(kind, name) for kind, name, _ in shapes.features}


def test_the_same_structure_gives_the_same_bytes() -> None:
    assert everything(invent_geography(a_structure("qidong"))) == everything(a_map("qidong"))


def test_first_class_grids_are_in_the_core_and_small() -> None:
    of = {key: [c.area_m2 for c in a_map("wuhua").cells if c.grid_class == key] for key in ("one", "two", "three")}
    mean = {key: sum(sizes) / len(sizes) for key, sizes in of.items()}

    assert mean["one"] < mean["two"] < mean["three"]


def test_north_is_north() -> None:
    middle = {street.short_name: polygon.centroid.y for street, polygon, _ in a_map("qidong").streets}

    assert middle["北街道"] > middle["南街道"]


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(2, 7), st.data())
def test_groups_hang_together_and_none_is_empty(columns: int, rows: int, data: st.DataObject) -> None:
    shapes = [shapely.box(x, y, x + 1, y + 1) for x in range(columns) for y in range(rows)]
    count = data.draw(st.integers(1, len(shapes)))
    targets = data.draw(st.lists(st.floats(0.2, 5), min_size=count, max_size=count))

    groups = grouped(shapes, [1.0] * len(shapes), targets, spread(shapes, [0], count))

    assert set(groups) == set(range(count))
    for group in range(count):
        together = shapely.union_all([s for s, its in zip(shapes, groups, strict=True) if its == group])
        assert together.geom_type == "Polygon"


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(Settings(data=tmp_path), lambda: NOON, lambda: NOON)


def run(parts: Parts, *arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(command, [*arguments, "--format", "json"], obj=parts, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.stdout)
    return report


def sizes(store: Store, city_id: str) -> dict[str, int]:
    lists = (
        tables.areas, tables.grids, tables.map_features, tables.units, tables.categories, tables.channels,
        tables.cameras,
    )  # fmt: skip
    with store.picture() as connection:
        number = directory.city_number(connection, city_id)
        return {
            table.name: connection.scalar(select(func.count()).select_from(table).where(table.c.city_id == number)) or 0
            for table in lists
        }


def test_the_command_writes_everything_once_however_often_it_runs(parts: Parts) -> None:
    first = run(parts, "--city", "qidong", "--outline", "invented")
    store = parts.open_store("qidong", create=False)
    once = sizes(store, "qidong")
    again = run(parts, "--city", "qidong", "--outline", "invented")

    assert again == first
    assert sizes(store, "qidong") == once
    with store.picture() as connection:
        by_area = select(tables.grids.c.patrol_area_id, func.count()).group_by(tables.grids.c.patrol_area_id)
        per_area = {area: count for area, count in connection.execute(by_area)}
    store.close()
    assert None not in per_area
    assert (len(per_area), sum(per_area.values())) == (25, 583)
    wanted = {"grids": 583, "streets": 2, "patrol_areas": 25, "cameras": 31, "units": 41, "channels": 5}
    assert {name: first[name] for name in wanted} == wanted
    assert once["areas"] == 2 + 18 + 25
    assert (once["grids"], once["cameras"], once["units"]) == (583, 31, 41)


def test_a_real_outline_takes_everything_invented_with_it(parts: Parts, tmp_path: Path) -> None:
    run(parts, "--city", "qidong", "--outline", "invented")
    square = {
        "type": "Polygon",
        "coordinates": [[[121.6, 31.8], [121.7, 31.8], [121.7, 31.9], [121.6, 31.9], [121.6, 31.8]]],
    }
    (tmp_path / "real.geojson").write_text(json.dumps(square), encoding="utf-8")

    run(parts, "--city", "qidong", "--outline", str(tmp_path / "real.geojson"), "--cell", "1000")

    store = parts.open_store("qidong", create=False)
    with store.picture() as connection:
        features = connection.execute(select(tables.map_features.c.kind, tables.map_features.c.name)).all()
        shaped = select(func.count()).select_from(tables.areas).where(tables.areas.c.geometry.is_not(None))
        assert [tuple(row) for row in features] == [("outline", "启东市")]
        assert connection.scalar(shaped) == 0
    left = sizes(store, "qidong")
    store.close()
    assert (left["cameras"], left["units"], left["areas"]) == (0, 41, 45)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--city", "boston", "--outline", "invented"), "没有写明结构"),
        (("--city", "qidong", "--outline", "invented", "--cell", "500"), "自带网格"),
    ],
)
def test_what_cannot_be_invented_is_refused_and_creates_nothing(
    parts: Parts, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(command, list(arguments), obj=parts)

    assert said in str(result.exception)
    assert list(tmp_path.iterdir()) == []
