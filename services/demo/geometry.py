"""The demo city's map, grown from its plan and a seed: streets, communities, grids, roads, water, cameras."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from services.demo.blocks import METRES_PER_DEGREE, Lattice, Pieces, blocks_of, cut, draw, noded
from services.demo.curves import sections
from services.demo.plan import Plan, StreetPlan


@dataclass(frozen=True)
class Cell:
    key: str
    street: StreetPlan
    community_key: str
    polygon: Polygon  # WGS-84, as everything below
    area_m2: float
    weight: float  # of the city's cases


@dataclass(frozen=True)
class Community:
    key: str
    name: str
    street: StreetPlan
    polygon: BaseGeometry


@dataclass(frozen=True)
class Camera:
    key: str
    name: str
    lon: float
    lat: float
    state: str


@dataclass(frozen=True)
class Geography:
    """The whole map. `features` are (kind, name, geometry) as table map_features lists them."""

    outline: BaseGeometry
    streets: tuple[tuple[StreetPlan, BaseGeometry, tuple[float, float]], ...]  # plan, polygon, label
    communities: tuple[Community, ...]
    cells: tuple[Cell, ...]
    features: tuple[tuple[str, str | None, BaseGeometry], ...]
    roads: tuple[tuple[str, BaseGeometry], ...]  # named sections inside the city
    water: BaseGeometry
    cameras: tuple[Camera, ...]


def build_geography(plan: Plan, seed: int) -> Geography:
    """The map of this seed; the same seed gives the same bytes."""
    rng = Random(f"{seed}:map")
    drawn = draw(plan, rng)
    scale = math.sqrt(plan.area_km2 * 1e6 / drawn.outline.area)
    lattice = Lattice(plan, scale)
    blocks = blocks_of(plan, drawn)
    pieces = cut(plan, blocks, rng)
    cells, communities = _coded(plan, noded(pieces, lattice), rng)
    streets = []
    for street in plan.streets:
        polygon = shapely.coverage_union_all([cell.polygon for cell in cells if cell.street is street])
        streets.append((street, polygon, lattice.point(street.label)))
    outline = shapely.coverage_union_all([polygon for _, polygon, _ in streets])
    named = [part for road, whole in drawn.roads for part in sections(whole, road.axis, road.names)]
    roads = [(name, lattice.line(line)) for name, line in named]
    water = [(name, lattice.ring(polygon)) for name, polygon in drawn.water]
    inside = tuple((name, part) for name, line in roads if not (part := line.intersection(outline)).is_empty)
    outside = tuple((name, part) for name, line in roads if not (part := line.difference(outline)).is_empty)
    features: list[tuple[str, str | None, BaseGeometry]] = [("outline", None, outline)]
    features += [("water", name, polygon) for name, polygon in water]
    features += [("context_road", name, part) for name, part in outside]
    features += [("road", name, part) for name, part in inside]
    everything_wet = shapely.union_all([polygon for _, polygon in water])
    cameras = _cameras(plan, inside, rng)
    return Geography(outline, tuple(streets), communities, cells, tuple(features), inside, everything_wet, cameras)


def _coded(plan: Plan, pieces: Pieces, rng: Random) -> tuple[tuple[Cell, ...], tuple[Community, ...]]:
    """Codes 6 + 3 + 3 + 3: blocks are communities, grids are numbered north to south and west to east in each."""
    cells: list[Cell] = []
    communities: list[Community] = []
    square_metres = METRES_PER_DEGREE**2 * math.cos(math.radians(plan.centre[1]))  # in a square degree
    for street in plan.streets:
        blocks = sorted({block for owner, block, _ in pieces if owner is street})
        raw = {}
        for number, block in enumerate(blocks, 1):
            mine = [piece for owner, b, piece in pieces if owner is street and b == block]
            mine.sort(key=lambda p: (-round(p.centroid.y, 3), p.centroid.x))
            community = f"{plan.code_prefix}{street.key}{number:03d}"
            name = f"{street.short_name}{'一二三四五六七八九'[number - 1]}社区"
            communities.append(Community(community, name, street, shapely.coverage_union_all(mine)))
            for serial, piece in enumerate(mine, 1):
                # Some grids are a market, some a park: a heavy-tailed factor, tempered by size.
                raw[f"{community}{serial:03d}"] = (community, piece, rng.gammavariate(2.4, 1.0) * piece.area**0.15)
        total = sum(weight for _, _, weight in raw.values())
        for key, (community, piece, weight) in raw.items():
            cells.append(
                Cell(key, street, community, piece, round(piece.area * square_metres, 1), street.share * weight / total)
            )
    return tuple(cells), tuple(communities)


def _cameras(plan: Plan, roads: Sequence[tuple[str, BaseGeometry]], rng: Random) -> tuple[Camera, ...]:
    """Evenly along the roads, never close together; which of them are dark is the seed's choice."""
    total = plan.cameras["total"]
    spacing = 420.0  # metres
    places: list[tuple[str, Any]] = []
    while len(places) < total:
        spacing *= 0.95
        places = _spaced(roads, spacing / METRES_PER_DEGREE)
    chosen = sorted(rng.sample(range(len(places)), total))
    states = ["offline"] * plan.cameras["offline"] + ["late"] * plan.cameras["late"]
    states += ["online"] * (total - len(states))
    rng.shuffle(states)
    counted: dict[str, int] = {}
    cameras = []
    for number, (index, state) in enumerate(zip(chosen, states, strict=True), 1):
        road, point = places[index]
        counted[road] = counted.get(road, 0) + 1
        name = f"{road}{counted[road]}号监控点"
        cameras.append(Camera(f"JK{number:03d}", name, round(point.x, 6), round(point.y, 6), state))
    return tuple(cameras)


def _spaced(roads: Sequence[tuple[str, BaseGeometry]], spacing: float) -> list[tuple[str, Any]]:
    places: list[tuple[str, Any]] = []
    for name, road in roads:
        steps = max(1, round(road.length / spacing))
        for step in range(steps):
            point = road.interpolate((step + 0.5) / steps, normalized=True)
            if all(point.distance(other) > spacing * 0.55 for _, other in places):
                places.append((name, point))
    return places
