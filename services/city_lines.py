"""Outline, streets and water of a city as SVG path data, made once per map: the picture beside the sign-in form."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from math import cos, radians
from typing import Any

from data_access import map_data
from data_access.store import Store
from domain.outline import CityLines

WIDTH, MARGIN, STEP = 1000, 60, 1.5  # STEP: points nearer than this to the last one are left out

Line = Sequence[Sequence[float]]
Point = tuple[float, float]


class CityPicture:
    """Kept until the map changes; None while the city has no outline."""

    def __init__(self, store: Store, city_number: int) -> None:
        self.store, self.city_number = store, city_number
        self._kept: tuple[str, CityLines | None] | None = None
        self._lock = threading.Lock()

    def lines(self, version: str) -> CityLines | None:
        with self._lock:
            if self._kept is None or self._kept[0] != version:
                self._kept = (version, self._drawn())
            return self._kept[1]

    def _drawn(self) -> CityLines | None:
        with self.store.picture() as connection:
            features = map_data.features(connection, self.city_number)
            streets = [shape for _, _, shape in map_data.street_shapes(connection, self.city_number)]
        outline = list(_lines(shape for kind, _, shape in features if kind == "outline"))
        if not outline:
            return None
        frame = Frame([point for line in outline for point in line])
        water = _lines(shape for kind, _, shape in features if kind == "water")
        return CityLines(WIDTH, frame.height, frame.path(outline), frame.path(_lines(streets)), frame.path(water))


class Frame:
    """Longitude and latitude into the box: north is up, and a metre is as long in both directions."""

    def __init__(self, points: Line, margin: int = MARGIN) -> None:
        self.margin = margin
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        self.west, self.north = west, max(p[1] for p in points)
        south = min(p[1] for p in points)
        self.narrow = cos(radians((self.north + south) / 2))
        self.scale = (WIDTH - 2 * margin) / max((east - west) * self.narrow, 1e-9)
        self.height = round((self.north - south) * self.scale) + 2 * margin

    def path(self, lines: Iterable[Line]) -> str:
        return "".join(self._one(line) for line in lines)

    def placed(self, point: Sequence[float]) -> Point:
        x = self.margin + (point[0] - self.west) * self.narrow * self.scale
        return x, self.margin + (self.north - point[1]) * self.scale

    def thinned(self, line: Line) -> list[Point]:
        """The line in the box, without points that nobody could tell from the one before."""
        kept: list[Point] = []
        for place, point in enumerate(line):
            x, y = self.placed(point)
            if not kept or place == len(line) - 1 or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= STEP:
                kept.append((x, y))
        return kept

    def _one(self, line: Line) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.thinned(line))


def _lines(shapes: Iterable[str]) -> Iterator[Line]:
    """Every ring and line of GeoJSON geometries."""
    for shape in shapes:
        yield from rings(json.loads(shape)["coordinates"])


def rings(coordinates: Any) -> Iterator[Line]:
    """Every ring or line of a geometry's coordinates, however deep."""
    if coordinates and isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from rings(part)
