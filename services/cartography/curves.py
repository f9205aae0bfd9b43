"""Smooth lines through control points, and the little irregularity that makes them look grown."""

from collections.abc import Sequence
from math import dist
from random import Random

Point = tuple[float, float]
Line = tuple[Point, ...]


def shaken(points: Line, amount: float, rng: Random) -> Line:
    """Every point moved by up to `amount` in x and y."""
    return tuple((x + rng.uniform(-amount, amount), y + rng.uniform(-amount, amount)) for x, y in points)


def smooth(points: Line, steps: int, *, closed: bool = False) -> Line:
    """A cubic curve through the points, `steps` pieces between two of them."""
    count = len(points)
    slopes = [_slope(points, i, closed) for i in range(count)]
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        j = (i + 1) % count
        length = dist(points[i], points[j])
        for step in range(steps):
            t = step / steps
            x = _cubic(points[i][0], slopes[i][0] * length, points[j][0], slopes[j][0] * length, t)
            y = _cubic(points[i][1], slopes[i][1] * length, points[j][1], slopes[j][1] * length, t)
            curve.append((x, y))
    return tuple(curve) if closed else (*curve, points[-1])


def _slope(points: Line, i: int, closed: bool) -> Point:
    """The direction at a point, per unit of length: scaled by the chords, so that near points make no loops."""
    before = points[i - 1] if closed or i else points[i]
    after = points[(i + 1) % len(points)] if closed or i + 1 < len(points) else points[i]
    length = dist(before, points[i]) + dist(points[i], after)
    return (after[0] - before[0]) / length, (after[1] - before[1]) / length


def _cubic(start: float, slope: float, end: float, end_slope: float, t: float) -> float:
    """Hermite's cubic between two values with given slopes."""
    t2, t3 = t * t, t * t * t
    return (2 * t3 - 3 * t2 + 1) * start + (t3 - 2 * t2 + t) * slope + (3 * t2 - 2 * t3) * end + (t3 - t2) * end_slope


def sections(line: Line, axis: int, names: Sequence[tuple[str, float]]) -> list[tuple[str, Line]]:
    """The line cut where its name changes: `names` are (name, until) along coordinate `axis`, in rising order."""
    parts: list[tuple[str, Line]] = []
    rest = list(line)
    for name, until in names:
        cut = next((i for i, point in enumerate(rest) if point[axis] >= until), len(rest) - 1)
        piece = rest[: cut + 1]
        if len(piece) > 1:
            parts.append((name, tuple(piece)))
        rest = rest[cut:]
    return parts
