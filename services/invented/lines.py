"""The lines of an invented city, in plan units: outline, roads, ring and river. The seed decides all of them."""

import math
from dataclasses import dataclass
from random import Random

from shapely import LineString, Polygon
from shapely.affinity import rotate, scale

from domain.structure import Ground
from services.cartography.curves import Line, Point, shaken, smooth

RADIUS = 500.0  # plan units, before the city is stretched
REACH = 2.1  # how far roads and river run on beyond the city, in radii
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Lines:
    """`roads` are (name, line); they run on beyond the outline. `spacing` is the usual distance between two."""

    outline: Polygon
    heart: Point
    roads: tuple[tuple[str, LineString], ...]
    river: LineString | None
    river_width: float


def draw_lines(ground: Ground, rng: Random) -> Lines:
    outline = _outline(ground, rng)
    heart = (outline.centroid.x + rng.uniform(-40, 40), outline.centroid.y + rng.uniform(-40, 40))
    turn = rng.uniform(-14, 14)
    roads = [
        *((f"纬{_numeral(n)}路", line) for n, line in enumerate(_family(ground.roads, heart, turn, rng), 1)),
        *((f"经{_numeral(n)}路", line) for n, line in enumerate(_family(ground.roads, heart, turn + 90, rng), 1)),
        ("环城路", _ring(outline, heart, rng)),
    ]
    river = _river(heart, turn + rng.choice((-32, 35)), rng) if ground.river else None
    return Lines(outline, heart, tuple(roads), river, 15.0)


def _numeral(number: int) -> str:
    """1 … 19 in words."""
    if number <= len(NUMERALS):
        return NUMERALS[number - 1]
    return f"十{NUMERALS[number - len(NUMERALS) - 1]}"


def _outline(ground: Ground, rng: Random) -> Polygon:
    """A closed curve whose radius swings a few times around the city."""
    waves = [(k, rng.gauss(0, 0.17 / k), rng.uniform(0, math.tau)) for k in range(2, 8)]
    points = []
    for step in range(44):
        angle = math.tau * step / 44
        radius = RADIUS * (1 + sum(size * math.cos(k * angle + phase) for k, size, phase in waves))
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    curve = Polygon(smooth(shaken(tuple(points), RADIUS * 0.028, rng), 3, closed=True))
    wide = math.sqrt(ground.stretch)
    stretched = scale(curve, wide, 1 / wide, origin=(0, 0))
    tilted = rotate(stretched, rng.uniform(-12, 12), origin=(0, 0))
    rounded = tilted.buffer(-8, quad_segs=3).buffer(8, quad_segs=3).simplify(1.2)
    return rounded if isinstance(rounded, Polygon) else max(rounded.geoms, key=lambda part: part.area)


def _family(count: int, heart: Point, turn: float, rng: Random) -> list[LineString]:
    """Roads that run the same way, closer together near the heart, none of them quite straight."""
    roads = []
    gap = 2.1 * RADIUS / count
    for number in range(count):
        place = 2 * (number + 0.5) / count - 1  # -1 … 1
        offset = math.copysign(abs(place) ** 1.25, place) * RADIUS * 1.12 + rng.uniform(-0.12, 0.12) * gap
        bend, phase = rng.uniform(0.05, 0.16) * gap, rng.uniform(0, math.tau)
        points = []
        for step in range(13):
            along = RADIUS * REACH * (step / 6 - 1)
            sway = bend * math.sin(along / RADIUS * 2.2 + phase) + rng.uniform(-0.07, 0.07) * gap
            points.append((along, offset + sway))
        roads.append(_placed(smooth(tuple(points), 4), turn, heart))
    return roads


def _placed(line: Line, turn: float, heart: Point) -> LineString:
    turned = rotate(LineString(line), turn, origin=(0, 0))
    return LineString([(x + heart[0], y + heart[1]) for x, y in turned.coords])


def _ring(outline: Polygon, heart: Point, rng: Random) -> LineString:
    """A ring road about half way out."""
    points = []
    for step in range(16):
        angle = math.tau * step / 16
        ray = LineString([heart, (heart[0] + 4 * RADIUS * math.cos(angle), heart[1] + 4 * RADIUS * math.sin(angle))])
        inside = ray.intersection(outline)
        reach = inside.length * rng.uniform(0.55, 0.6)
        points.append((heart[0] + reach * math.cos(angle), heart[1] + reach * math.sin(angle)))
    curve = smooth(tuple(points), 4, closed=True)
    return LineString([*curve, curve[0]])


def _river(heart: Point, turn: float, rng: Random) -> LineString:
    side = rng.choice((-1, 1)) * RADIUS * rng.uniform(0.3, 0.45)
    swing, phase = RADIUS * rng.uniform(0.1, 0.16), rng.uniform(0, math.tau)
    points = []
    for step in range(19):
        along = RADIUS * REACH * (step / 9 - 1)
        sway = swing * math.sin(along / RADIUS * 2.6 + phase) + rng.uniform(-0.02, 0.02) * RADIUS
        points.append((along, side + sway))
    return _placed(smooth(tuple(points), 5), turn, heart)
