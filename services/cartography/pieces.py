"""Irregular grids: blocks split until there are enough, without a gap or an overlap.

Everything is worked out in plan units, turned into longitude and latitude, and only then noded on the lattice, so that
no gap and no overlap survives the rounding.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.ops import polygonize, split

from services.cartography.lattice import LATTICE, Lattice

SMALLEST_HALF = 0.22  # of the piece that is cut
Street = TypeVar("Street")
Pieces = list[tuple[Street, int, Polygon]]  # street, block, polygon


def cut(
    blocks: Sequence[tuple[Street, Polygon]], total: int, rank: Callable[[Polygon], float], rng: Random
) -> Pieces[Street]:
    """Splits the piece of the highest rank until there are `total`; which block a piece came from is kept."""
    heap = [(-rank(block), number, street, number, block) for number, (street, block) in enumerate(blocks)]
    heapq.heapify(heap)
    done: Pieces[Street] = []
    serial = len(heap)
    while len(heap) + len(done) < total:
        _, _, street, block, piece = heapq.heappop(heap)
        parts = halves(piece, rng)
        if parts is None:
            done.append((street, block, piece))
            continue
        for half in parts:
            serial += 1
            heapq.heappush(heap, (-rank(half), serial, street, block, half))
    return done + [(street, block, piece) for _, _, street, block, piece in sorted(heap)]


def halves(piece: Polygon, rng: Random) -> tuple[Polygon, Polygon] | None:
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


def noded(pieces: Pieces[Street], lattice: Lattice) -> Pieces[Street]:
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
