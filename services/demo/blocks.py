"""From the plan's lines to irregular grids: blocks between roads and river, each split until there are enough.

Everything is worked out in plan units, turned into longitude and latitude, and only then noded on a lattice of 1e-6
degrees, so that neighbouring cells share their vertices exactly: no gap and no overlap survives the rounding.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.ops import polygonize, split

from services.demo.curves import shaken, smooth
from services.demo.plan import Line, Plan, Road, StreetPlan

METRES_PER_DEGREE = 111_320.0
LATTICE = 1e-6  # degrees, about 0.1 m
FRAME = shapely.box(-420, -260, 1440, 930)  # plan units: how far roads and river run on beyond the city
SMALLEST_HALF = 0.22  # of the piece that is cut
Pieces = list[tuple[StreetPlan, int, Polygon]]  # street, block, polygon


@dataclass(frozen=True)
class Drawn:
    """The plan's lines, smoothed and shaken, in plan units."""

    outline: Polygon
    river: LineString
    water: tuple[tuple[str, Polygon], ...]
    roads: tuple[tuple[Road, Line], ...]


class Lattice:
    """From plan units to WGS-84 on the lattice, by an equirectangular projection around the centre."""

    def __init__(self, plan: Plan, scale: float) -> None:
        self.lon, self.lat = plan.centre
        self.x, self.y = plan.origin
        self.per_y = scale / METRES_PER_DEGREE
        self.per_x = self.per_y / math.cos(math.radians(self.lat))

    def point(self, point: tuple[float, float]) -> tuple[float, float]:
        lon = self.lon + (point[0] - self.x) * self.per_x
        lat = self.lat - (point[1] - self.y) * self.per_y
        return round(lon, 6), round(lat, 6)

    def line(self, points: Iterable[tuple[float, float]]) -> LineString:
        return LineString([self.point(point) for point in points])

    def ring(self, polygon: Polygon) -> Polygon:
        return Polygon([self.point(point) for point in polygon.exterior.coords])


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


def cut(plan: Plan, blocks: Sequence[tuple[StreetPlan, Polygon]], rng: Random) -> Pieces:
    """Splits the largest piece, measured by what is usual at its place, until the number of grids is reached."""

    def rank(piece: Polygon) -> float:
        x, y = piece.centroid.coords[0]
        distance = math.hypot(x - plan.heart[0], (y - plan.heart[1]) * 1.25)
        return float(piece.area / (1 + (distance / 215) ** 1.7))

    heap = [(-rank(block), number, street, number, block) for number, (street, block) in enumerate(blocks)]
    heapq.heapify(heap)
    done: Pieces = []
    serial = len(heap)
    while len(heap) + len(done) < plan.grids:
        _, _, street, block, piece = heapq.heappop(heap)
        halves = _halves(piece, rng)
        if halves is None:
            done.append((street, block, piece))
            continue
        for half in halves:
            serial += 1
            heapq.heappush(heap, (-rank(half), serial, street, block, half))
    return done + [(street, block, piece) for _, _, street, block, piece in sorted(heap)]


def _halves(piece: Polygon, rng: Random) -> tuple[Polygon, Polygon] | None:
    """Cut across the longer side, a little off the middle and askew; None if the piece will not part in two."""
    corners = list(piece.minimum_rotated_rectangle.exterior.coords)
    sides = [(math.dist(corners[i], corners[i + 1]), i) for i in (0, 1)]
    length, i = max(sides)
    across = min(sides)[0]
    (ax, ay), (bx, by) = corners[i], corners[i + 1]
    ux, uy = (bx - ax) / length, (by - ay) / length
    middle = piece.centroid
    for _ in range(6):
        shift = length * rng.uniform(-0.07, 0.07)
        tilt = rng.gauss(0, 0.07)
        cx, cy = middle.x + ux * shift, middle.y + uy * shift
        vx, vy = -uy + ux * tilt, ux + uy * tilt
        reach = across + length
        cutter = LineString([(cx - vx * reach, cy - vy * reach), (cx + vx * reach, cy + vy * reach)])
        parts = [part for part in split(piece, cutter).geoms if isinstance(part, Polygon)]
        if len(parts) == 2 and min(part.area for part in parts) > SMALLEST_HALF * piece.area:
            return parts[0], parts[1]
    return None


def noded(pieces: Pieces, lattice: Lattice) -> Pieces:
    """The same pieces in WGS-84 with shared vertices, made again from their noded edges."""
    placed = [(street, block, lattice.ring(piece)) for street, block, piece in pieces]
    edges = shapely.unary_union([piece.exterior for _, _, piece in placed], grid_size=LATTICE)
    tree = shapely.STRtree([piece for _, _, piece in placed])
    largest: dict[int, Polygon] = {}
    for face in polygonize(edges):
        point = face.representative_point()
        found = tree.query(point, predicate="within")
        if len(found) == 0:  # a crumb of the rounding, between pieces
            found = tree.query_nearest(point)
        number = int(found[0])
        largest[number] = face if number not in largest else _joined(largest[number], face)
    return [(street, block, largest[number]) for number, (street, block, _) in enumerate(placed)]


def _joined(one: Polygon, other: Polygon) -> Polygon:
    both = shapely.coverage_union(one, other)
    if isinstance(both, MultiPolygon):  # the crumb touches at a corner only: it is some square centimetres
        return max(both.geoms, key=lambda part: part.area)
    return both
