"""Blocks between the lines of an invented city, and whose they are: streets, communities, and how many grids each."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import shapely
from shapely import Polygon
from shapely.ops import polygonize

from domain.structure import Structure
from services.cartography.groups import grouped, neighbours, shared_side, spread
from services.cartography.pieces import cut
from services.invented.lines import Lines

SMALLEST = 0.22  # of the median block: smaller ones join a neighbour
SizeAt = Callable[[Polygon], float]


@dataclass(frozen=True)
class Owned:
    """Blocks with the number of their street, their community within it, and the grids of every street."""

    blocks: tuple[Polygon, ...]
    street_of: tuple[int, ...]
    community_of: tuple[int, ...]
    grids: tuple[int, ...]


def usual_size(lines: Lines, fringe: float) -> SizeAt:
    """How large a grid is at a place, against the heart: from 1 there to `fringe` at the outermost point."""
    reach = max(math.dist(lines.heart, point) for point in lines.outline.exterior.coords)

    def size_at(piece: Polygon) -> float:
        distance = math.dist(lines.heart, piece.centroid.coords[0])
        return float(1 + (fringe - 1) * (distance / reach) ** 1.6)

    return size_at


def own_blocks(structure: Structure, lines: Lines, size_at: SizeAt, rng: Random) -> Owned:
    """Every block to a street in one piece, every street's blocks to its communities."""
    blocks = _blocks(lines)
    least = sum(street.communities for street in structure.streets)
    blocks = [piece for _, _, piece in cut([(0, block) for block in blocks], max(least, len(blocks)), _area, rng)]
    street_of = _streets(structure, blocks, lines)
    grids = _grids(structure, blocks, street_of, size_at)
    final: list[Polygon] = []
    owners: list[int] = []
    communities: list[int] = []
    for number, street in enumerate(structure.streets):
        mine = [block for block, owner in zip(blocks, street_of, strict=True) if owner == number]
        enough = max(street.communities, len(mine))
        mine = [piece for _, _, piece in cut([(0, block) for block in mine], enough, _area, rng)]
        groups = _grouped_by_area(mine, street.communities)
        final += mine
        owners += [number] * len(mine)
        communities += groups
    return Owned(tuple(final), tuple(owners), tuple(communities), tuple(grids))


def _area(piece: Polygon) -> float:
    return float(piece.area)


def _blocks(lines: Lines) -> list[Polygon]:
    drawn = [line for _, line in lines.roads] + ([lines.river] if lines.river is not None else [])
    edges = [lines.outline.exterior, *(line.intersection(lines.outline) for line in drawn)]
    faces = [
        face for face in polygonize(shapely.unary_union(edges)) if lines.outline.contains(face.representative_point())
    ]
    faces.sort(key=lambda face: (round(face.centroid.y, 3), round(face.centroid.x, 3)))
    while True:
        usual = sorted(face.area for face in faces)[len(faces) // 2]
        smallest = min(range(len(faces)), key=lambda i: faces[i].area)
        if faces[smallest].area >= SMALLEST * usual:
            return faces
        near = neighbours(faces)[smallest]
        into = max(near, key=lambda i: (shared_side(faces[smallest], faces[i]), -i))
        joined = shapely.union(faces[smallest], faces[into])
        faces[into] = joined if isinstance(joined, Polygon) else faces[into]
        del faces[smallest]


def _streets(structure: Structure, blocks: Sequence[Polygon], lines: Lines) -> list[int]:
    """Streets that say where they lie are there; of the others those with little ground lie near the heart."""
    heart = shapely.Point(lines.heart)
    seeds = {n: _towards(s.towards, blocks, heart) for n, s in enumerate(structure.streets) if s.towards}
    taken = list(seeds.values()) or [min(range(len(blocks)), key=lambda i: blocks[i].distance(heart))]
    free = spread(blocks, taken, len(structure.streets))[len(seeds) :]
    free.sort(key=lambda i: blocks[i].centroid.distance(heart))
    unplaced = [n for n in range(len(structure.streets)) if n not in seeds]
    unplaced.sort(key=lambda n: (structure.streets[n].area, n))
    seeds |= dict(zip(unplaced, free, strict=True))
    sizes = [block.area for block in blocks]
    unit = sum(sizes) / sum(street.area for street in structure.streets)
    targets = [street.area * unit for street in structure.streets]
    return grouped(blocks, sizes, targets, [seeds[number] for number in range(len(structure.streets))])


COMPASS = {"north": (0, -1), "south": (0, 1), "east": (1, 0), "west": (-1, 0)}  # plan units: y to the south


def _towards(where: str, blocks: Sequence[Polygon], heart: shapely.Point) -> int:
    middles = [block.centroid for block in blocks]
    if where not in COMPASS:
        return min(range(len(blocks)), key=lambda i: (middles[i].distance(heart), i))
    x, y = COMPASS[where]
    return max(range(len(blocks)), key=lambda i: ((middles[i].x - heart.x) * x + (middles[i].y - heart.y) * y, i))


def _grouped_by_area(blocks: Sequence[Polygon], count: int) -> list[int]:
    if count == 1:
        return [0] * len(blocks)
    sizes = [block.area for block in blocks]
    seeds = spread(blocks, [0], count)
    return grouped(blocks, sizes, [sum(sizes) / count] * count, seeds)


def _grids(structure: Structure, blocks: Sequence[Polygon], street_of: Sequence[int], size_at: SizeAt) -> list[int]:
    """The grids of each street as stated; what is left goes to the others by how many usual ones fit."""
    stated = [street.grids for street in structure.streets]
    fits = [0.0] * len(stated)
    least = [0] * len(stated)
    for block, street in zip(blocks, street_of, strict=True):
        fits[street] += block.area / size_at(block)
        least[street] += 1
    open_streets = [i for i, grids in enumerate(stated) if grids is None]
    left = structure.grids - sum(grids or 0 for grids in stated)
    shares = shared_out(left, [fits[i] for i in open_streets])
    grids = [count or 0 for count in stated]
    for street, share in zip(open_streets, shares, strict=True):
        grids[street] = share
    return grids


def shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares of `total` by weight, at least 1 each; what is missing goes to the largest remainders."""
    spare, whole = total - len(weights), sum(weights)
    exact = [spare * weight / whole for weight in weights]
    shares = [math.floor(share) for share in exact]
    for number in sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))[: spare - sum(shares)]:
        shares[number] += 1
    return [share + 1 for share in shares]
