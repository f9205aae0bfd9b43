"""Where cases happen: a handful of places in every grid, on dry land, most of them along its sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from services.cartography.geography import Cell, Geography
from services.cartography.lattice import METRES_PER_DEGREE

SPOTS_PER_GRID = 12
NEAR_ROAD = 110 / METRES_PER_DEGREE  # degrees: a place nearer than that takes the road's name
ROUGHLY = ("东段", "西段", "中段", "路口东侧", "路口西侧", "公交站旁", "菜场旁", "小区门前", "绿地旁", "停车场旁")


@dataclass(frozen=True)
class Spot:
    """`road` may be shown on a wall; `address`, with a house number, is for the desk."""

    grid_key: str
    street_key: str
    community_key: str
    lon: float
    lat: float
    road: str
    address: str


@dataclass(frozen=True)
class Places:
    """All spots, and the running weights of the grids they belong to."""

    by_grid: tuple[tuple[Spot, ...], ...]
    weights: tuple[float, ...]


def build_places(geography: Geography, seed: int) -> Places:
    """The same places for the same seed."""
    rng = Random(f"{seed}:places")
    roads = shapely.STRtree([line for _, line in geography.roads])
    shapely.prepare(geography.water)
    grids = [_spots(cell, geography, roads, rng) for cell in geography.cells]
    return Places(tuple(grids), tuple(accumulate(cell.weight for cell in geography.cells)))


def _spots(cell: Cell, geography: Geography, roads: shapely.STRtree, rng: Random) -> tuple[Spot, ...]:
    shapely.prepare(cell.polygon)
    points = _dry_points(cell, geography.water, rng)
    near, distances = roads.query_nearest(points, all_matches=False, return_distance=True)
    own = rng.sample(cell.street.lanes, 2)
    spots = []
    for point, road, distance in zip(points, near[1], distances, strict=True):
        name = geography.roads[road][0] if distance < NEAR_ROAD else rng.choice(own)
        rough = f"{name}{rng.choice(ROUGHLY)}"
        number = rng.randint(1, 398)
        address = f"{cell.street.name}{name}{number}号{rng.choice(('门前', '对面', '东侧', '西侧', '旁'))}"
        spots.append(
            Spot(cell.key, cell.street.key, cell.community_key, round(point.x, 6), round(point.y, 6), rough, address)
        )
    return tuple(spots)


def _dry_points(cell: Cell, water: BaseGeometry, rng: Random) -> Sequence[Point]:
    """Points a little inside the sides; where the river leaves nothing dry, whatever point the grid has."""
    ring, heart = cell.polygon.exterior, cell.polygon.representative_point()
    found: list[Point] = []
    for _ in range(SPOTS_PER_GRID * 6):
        side = ring.interpolate(rng.random(), normalized=True)
        inward = rng.uniform(0.08, 0.3) if rng.random() < 0.75 else rng.uniform(0.3, 0.95)
        point = Point(side.x + (heart.x - side.x) * inward, side.y + (heart.y - side.y) * inward)
        if cell.polygon.contains(point) and not water.contains(point):
            found.append(point)
            if len(found) == SPOTS_PER_GRID:
                break
    return found or [heart]
