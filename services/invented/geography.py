"""A whole invented map from a structure: true counts, made-up lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from domain.structure import Structure
from services.cartography.cameras import cameras_along
from services.cartography.geography import SCHEMATIC, Cell, Community, Geography, PatrolArea
from services.cartography.groups import grouped, spread
from services.cartography.lattice import METRES_PER_DEGREE, Lattice
from services.cartography.pieces import Pieces, cut, noded
from services.invented.blocks import own_blocks, shared_out, usual_size
from services.invented.lines import Lines, draw_lines

LANES = ("东街", "西街", "南街", "北街", "中街")


@dataclass(frozen=True)
class InventedStreet:
    """A real street's name on made-up ground; its lanes have made-up names."""

    key: str
    name: str
    short_name: str
    cases: float
    lanes: tuple[str, ...]


def invent_geography(structure: Structure) -> Geography:
    """The map of this structure and its seed; the same structure gives the same bytes."""
    rng = Random(f"{structure.city_id}:{structure.ground.seed}:map")
    lines = draw_lines(structure.ground, rng)
    lattice = Lattice(structure.ground.centre, lines.heart, _scale(structure, lines))
    size_at = usual_size(lines, structure.ground.fringe)
    owned = own_blocks(structure, lines, size_at, rng)
    streets = [InventedStreet(s.key, s.name, s.short_name, s.cases, _lanes(s.short_name)) for s in structure.streets]
    pieces: Pieces[tuple[int, int]] = []
    for number in range(len(streets)):
        mine = [i for i, street in enumerate(owned.street_of) if street == number]
        named = [((number, owned.community_of[i]), owned.blocks[i]) for i in mine]
        pieces += cut(named, owned.grids[number], lambda piece: piece.area / size_at(piece), rng)
    cells, communities = _coded(structure, streets, noded(pieces, lattice), rng)
    cells = _classed(structure, cells)
    cells, patrols = _patrolled(structure, cells)
    return _whole(structure, lines, lattice, streets, cells, communities, patrols, rng)


def _scale(structure: Structure, lines: Lines) -> float:
    return math.sqrt(structure.ground.area_km2 * 1e6 / lines.outline.area)


def _lanes(short_name: str) -> tuple[str, ...]:
    return tuple(f"{short_name}{lane}" for lane in LANES)


def _coded(
    structure: Structure, streets: Sequence[InventedStreet], pieces: Pieces[tuple[int, int]], rng: Random
) -> tuple[list[Cell], tuple[Community, ...]]:
    """Codes 6 + 3 + 3 + 3, numbered north to south and west to east in each community."""
    square_metres = METRES_PER_DEGREE**2 * math.cos(math.radians(structure.ground.centre[1]))  # in a square degree
    cells: list[Cell] = []
    communities: list[Community] = []
    for number, street in enumerate(streets):
        found: list[Cell] = []
        groups = sorted({owner[1] for owner, _, _ in pieces if owner[0] == number})
        for serial, group in enumerate(groups, 1):
            mine = [piece for owner, _, piece in pieces if owner == (number, group)]
            mine.sort(key=lambda p: (-round(p.centroid.y, 3), p.centroid.x))
            key = f"{structure.code_prefix}{street.key}{serial:03d}"
            name = f"{street.short_name}第{serial}社区"
            communities.append(Community(key, name, street, shapely.coverage_union_all(mine)))
            for place, piece in enumerate(mine, 1):
                weight = rng.gammavariate(2.4, 1.0) * piece.area**0.15
                area = round(piece.area * square_metres, 1)
                found.append(Cell(f"{key}{place:03d}", street, key, piece, area, weight))
        whole = sum(cell.weight for cell in found)
        cells += [replace(cell, weight=street.cases * cell.weight / whole) for cell in found]
    return cells, tuple(communities)


def _classed(structure: Structure, cells: list[Cell]) -> list[Cell]:
    """Classes from the heart outwards, each with its true number of grids."""
    if not structure.grid_classes:
        return cells
    lon, lat = structure.ground.centre
    east = math.cos(math.radians(lat))

    def out(cell: Cell) -> float:
        middle = cell.polygon.centroid
        return float(math.hypot((middle.x - lon) * east, middle.y - lat) * cell.area_m2**0.35)

    classes = [key for key, count in structure.grid_classes.items() for _ in range(count)]
    ordered = sorted(range(len(cells)), key=lambda i: (out(cells[i]), i))
    class_of = dict(zip(ordered, classes, strict=True))
    return [replace(cell, grid_class=class_of[i]) for i, cell in enumerate(cells)]


def _patrolled(structure: Structure, cells: list[Cell]) -> tuple[list[Cell], tuple[PatrolArea, ...]]:
    """Patrol areas of about equally many grids, none of them across a street's border."""
    if not structure.patrol_areas:
        return cells, ()
    keys = [street.key for street in structure.streets]
    counts = [sum(cell.street.key == key for cell in cells) for key in keys]
    done: list[Cell] = []
    areas: list[PatrolArea] = []
    for key, share in zip(keys, shared_out(structure.patrol_areas, counts), strict=True):
        mine = [cell for cell in cells if cell.street.key == key]
        shapes = [cell.polygon for cell in mine]
        groups = grouped(shapes, [1.0] * len(mine), [len(mine) / share] * share, spread(shapes, [0], share))
        first = len(areas)
        for group in range(share):
            number = first + group + 1
            together = shapely.coverage_union_all([s for s, its in zip(shapes, groups, strict=True) if its == group])
            areas.append(PatrolArea(f"ZR{number:02d}", f"{number}号{structure.patrol_noun}", together))
        done += [replace(c, patrol_key=areas[first + g].key) for c, g in zip(mine, groups, strict=True)]
    return done, tuple(areas)


def _whole(
    structure: Structure,
    lines: Lines,
    lattice: Lattice,
    streets: Sequence[InventedStreet],
    cells: Sequence[Cell],
    communities: tuple[Community, ...],
    patrols: tuple[PatrolArea, ...],
    rng: Random,
) -> Geography:
    drawn = []
    for street in streets:
        polygon = shapely.coverage_union_all([cell.polygon for cell in cells if cell.street is street])
        drawn.append((street, polygon, _label(polygon)))
    outline = shapely.coverage_union_all([polygon for _, polygon, _ in drawn])
    roads = [(name, lattice.line(line.coords)) for name, line in lines.roads]
    inside = tuple((name, part) for name, line in roads if not (part := line.intersection(outline)).is_empty)
    outside = tuple((name, part) for name, line in roads if not (part := line.difference(outline)).is_empty)
    water = _water(lines, lattice)
    features: list[tuple[str, str | None, BaseGeometry]] = [("outline", SCHEMATIC, outline)]
    features += [("water", None, polygon) for polygon in water]
    features += [("context_road", name, part) for name, part in outside]
    features += [("road", name, part) for name, part in inside]
    counts = {"offline": 0, "late": 0, **structure.cameras}
    cameras = cameras_along(inside, counts, rng) if counts["total"] else ()
    wet = shapely.union_all(water) if water else Polygon()
    return Geography(outline, tuple(drawn), communities, tuple(cells), tuple(features), inside, wet, cameras, patrols)


def _water(lines: Lines, lattice: Lattice) -> list[Polygon]:
    if lines.river is None:
        return []
    river: LineString = lines.river
    return [lattice.ring(river.buffer(lines.river_width / 2, cap_style="flat", quad_segs=3))]


def _label(polygon: BaseGeometry) -> tuple[float, float]:
    """The centre of the largest circle inside: a name there lies well within its street, also in a bent one."""
    largest = max(shapely.get_parts(polygon), key=lambda part: part.area)
    place = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1e-4), 0)
    return round(place.x, 6), round(place.y, 6)
