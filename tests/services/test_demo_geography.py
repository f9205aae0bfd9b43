"""The demo city's map: the same for the same seed, whole, and placed so that it can be read."""

from itertools import combinations
from math import cos, dist, radians

import pytest
import shapely
from shapely import Point

from services.cartography.geography import Geography
from services.cartography.lattice import METRES_PER_DEGREE
from services.cartography.rows import geojson
from services.demo.geometry import build_geography
from services.demo.plan import load_plan
from services.demo.spots import build_places
from tests.services.demo_city import SEED, geography

SEEDS = (SEED, 1, 2, 77)


def everything(shapes: Geography) -> list[str]:
    return [geojson(shape) for _, _, shape in shapes.features] + [f"{c.key}{geojson(c.polygon)}" for c in shapes.cells]


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = METRES_PER_DEGREE * cos(radians(a[1]))
    return dist((a[0] * east, a[1] * METRES_PER_DEGREE), (b[0] * east, b[1] * METRES_PER_DEGREE))


def test_the_same_seed_draws_the_same_city_to_the_byte() -> None:
    again = build_geography(load_plan(), SEED)

    assert everything(again) == everything(geography())
    assert again.cameras == geography().cameras
    assert build_places(again, SEED) == build_places(geography(), SEED)
    assert everything(build_geography(load_plan(), SEED + 1)) != everything(geography())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_grids_tile_the_streets_and_the_streets_the_city(seed: int) -> None:
    shapes = build_geography(load_plan(), seed)
    cells = [cell.polygon for cell in shapes.cells]

    assert len(cells) == 315
    assert shapely.coverage_is_valid(cells)
    assert all(polygon.is_valid and polygon.geom_type == "Polygon" for polygon in cells)
    for street, polygon, _ in shapes.streets:
        mine = [cell.polygon for cell in shapes.cells if cell.street is street]
        assert shapely.union_all(mine).symmetric_difference(polygon).area == pytest.approx(0, abs=1e-15)
        assert polygon.geom_type == "Polygon"
    assert sum(polygon.area for polygon in cells) == pytest.approx(shapes.outline.area, rel=1e-9)
    assert shapes.outline.geom_type == "Polygon"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_city_has_what_the_wall_names(seed: int) -> None:
    shapes = build_geography(load_plan(), seed)
    states = [camera.state for camera in shapes.cameras]
    kinds = {kind for kind, _, _ in shapes.features}

    assert [street.short_name for street, _, _ in shapes.streets] == (
        ["北塔", "学府", "柳荫", "东湖", "文昌", "钟楼", "望江", "青石", "南浦", "高新", "槐岭", "新桥"]
    )
    assert (len(states), states.count("offline"), states.count("late")) == (46, 5, 3)
    assert 17 <= len({name for name, _ in shapes.roads}) <= 24
    assert kinds == {"outline", "water", "road", "context_road"}
    assert 25e6 < sum(cell.area_m2 for cell in shapes.cells) < 30e6
    assert len({cell.key for cell in shapes.cells}) == 315
    assert all(len(cell.key) == 15 and cell.key.startswith(f"990100{cell.street.key}") for cell in shapes.cells)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_name_stands_in_its_street_off_the_water_and_apart_from_the_others(seed: int) -> None:
    shapes = build_geography(load_plan(), seed)

    for _, polygon, label in shapes.streets:
        point = Point(label)
        assert polygon.contains(point)
        assert point.distance(shapes.water) * METRES_PER_DEGREE > 120
    labels = [label for _, _, label in shapes.streets]
    assert min(metres(a, b) for a, b in combinations(labels, 2)) > 600


def test_grids_grow_towards_the_fringe() -> None:
    by_street = {street.short_name: polygon for street, polygon, _ in geography().streets}
    mean = {
        name: by_street[name].area / sum(cell.street.short_name == name for cell in geography().cells)
        for name in ("文昌", "望江", "槐岭")
    }

    assert mean["文昌"] * 1.8 < min(mean["望江"], mean["槐岭"])


def test_places_lie_in_their_grid_on_dry_land_and_are_named_without_a_house_number() -> None:
    cells = {cell.key: cell for cell in geography().cells}
    spots = [spot for grid in build_places(geography(), SEED).by_grid for spot in grid]
    wet = [spot for spot in spots if geography().water.contains(Point(spot.lon, spot.lat))]

    assert {spot.grid_key for spot in spots} == set(cells)
    assert all(cells[spot.grid_key].polygon.contains(Point(spot.lon, spot.lat)) for spot in spots)
    assert len(wet) < len(spots) / 200
    assert not [spot.road for spot in spots if any(letter.isdigit() for letter in spot.road)]
    assert all(any(letter.isdigit() for letter in spot.address) for spot in spots)
