"""From the plan's lines to irregular grids: blocks between roads and river, each split until there are enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import polygonize

from services.cartography.curves import Line, shaken, smooth
from services.cartography.pieces import Pieces, cut
from services.demo.plan import Plan, Road, StreetPlan

FRAME = shapely.box(-420, -260, 1440, 930)  # plan units: how far roads and river run on beyond the city


@dataclass(frozen=True)
class Drawn:
    """The plan's lines, smoothed and shaken, in plan units."""

    outline: Polygon
    river: LineString
    water: tuple[tuple[str, Polygon], ...]
    roads: tuple[tuple[Road, Line], ...]


def draw(plan: Plan, rng: Random) -> Drawn:
    outline = Polygon(shaken(plan.outline, plan.shake, rng)).buffer(-6, quad_segs=2).buffer(6, quad_segs=2)
    river = LineString(smooth(shaken(plan.river.line, plan.shake / 2, rng), 6))
    tributary = LineString(smooth(shaken(plan.tributary.line, plan.shake / 2, rng), 6))
    lake = Polygon(smooth(shaken(plan.lake.line, plan.shake / 2, rng), 4, closed=True))
    water = (
        (plan.river.name, river.buffer(plan.river.width / 2, cap_style="flat", quad_segs=3)),
        (plan.tributary.name, tributary.buffer(plan.tributary.width / 2, cap_style="flat", quad_segs=3)),
        (plan.lake.name, lake),
    )
    roads = tuple((road, smooth(shaken(road.line, plan.shake, rng), 5)) for road in plan.roads)
    framed = tuple((name, polygon.intersection(FRAME)) for name, polygon in water)
    return Drawn(outline, river, framed, tuple((road, _framed(line)) for road, line in roads))


def _framed(line: Line) -> Line:
    """The part of a road inside the frame; roads run from one side of it to another."""
    inside = LineString(line).intersection(FRAME)
    return tuple((x, y) for x, y in inside.coords)


def blocks_of(plan: Plan, drawn: Drawn) -> list[tuple[StreetPlan, Polygon]]:
    """The faces between outline, roads and river's middle, each given to the street whose anchor it holds."""
    lines = [drawn.outline.exterior, drawn.river, *(LineString(line) for _, line in drawn.roads)]
    inside = drawn.outline
    faces = [f for f in polygonize(shapely.unary_union(lines)) if inside.contains(f.representative_point())]
    owned: list[tuple[StreetPlan, Polygon]] = []
    loose: list[Polygon] = []
    for face in faces:
        owner = next((s for s in plan.streets if any(face.contains(Point(a)) for a in s.anchors)), None)
        if owner:
            owned.append((owner, face))
        else:
            loose.append(face)
    while loose:  # a face without an anchor joins the block it shares its longest side with
        sides = [
            (face.intersection(block).length, -f, -b)
            for f, face in enumerate(loose)
            for b, (_, block) in enumerate(owned)
        ]
        _, f, b = max(sides)
        street, block = owned[-b]
        owned[-b] = (street, shapely.union_all([block, loose.pop(-f)]))
    return owned


def cut_blocks(plan: Plan, blocks: Sequence[tuple[StreetPlan, Polygon]], rng: Random) -> Pieces[StreetPlan]:
    """Splits the largest piece, measured by what is usual at its place, until the number of grids is reached."""

    def rank(piece: Polygon) -> float:
        x, y = piece.centroid.coords[0]
        distance = math.hypot(x - plan.heart[0], (y - plan.heart[1]) * 1.25)
        return float(piece.area / (1 + (distance / 215) ** 1.7))

    return cut(blocks, plan.grids, rank, rng)
