"""The demo city's map, grown from its plan and a seed: streets, communities, grids, roads, water, cameras."""

import math
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from services.cartography.cameras import cameras_along
from services.cartography.curves import sections
from services.cartography.geography import Cell, Community, Geography
from services.cartography.lattice import METRES_PER_DEGREE, Lattice
from services.cartography.pieces import Pieces, noded
from services.demo.blocks import blocks_of, cut_blocks, draw
from services.demo.plan import Plan, StreetPlan


def build_geography(plan: Plan, seed: int) -> Geography:
    """The map of this seed; the same seed gives the same bytes."""
    rng = Random(f"{seed}:map")
    drawn = draw(plan, rng)
    scale = math.sqrt(plan.area_km2 * 1e6 / drawn.outline.area)
    lattice = Lattice(plan.centre, plan.origin, scale)
    blocks = blocks_of(plan, drawn)
    pieces = cut_blocks(plan, blocks, rng)
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
    cameras = cameras_along(inside, plan.cameras, rng)
    return Geography(outline, tuple(streets), communities, cells, tuple(features), inside, everything_wet, cameras)


def _coded(plan: Plan, pieces: Pieces[StreetPlan], rng: Random) -> tuple[tuple[Cell, ...], tuple[Community, ...]]:
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
