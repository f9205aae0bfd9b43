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
        frame = _Frame([point for line in outline for point in line])
        water = _lines(shape for kind, _, shape in features if kind == "water")
        return CityLines(WIDTH, frame.height, frame.path(outline), frame.path(_lines(streets)), frame.path(water))


class _Frame:
    """Longitude and latitude into the box: north is up, and a metre is as long in both directions."""

    def __init__(self, points: Line) -> None:
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        self.west, self.north = west, max(p[1] for p in points)
        south = min(p[1] for p in points)
        self.narrow = cos(radians((self.north + south) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / max((east - west) * self.narrow, 1e-9)
        self.height = round((self.north - south) * self.scale) + 2 * MARGIN

    def path(self, lines: Iterable[Line]) -> str:
        return "".join(self._one(line) for line in lines)

    def _one(self, line: Line) -> str:
        kept: list[tuple[float, float]] = []
        for place, (lon, lat, *_) in enumerate(line):
            x = MARGIN + (lon - self.west) * self.narrow * self.scale
            y = MARGIN + (self.north - lat) * self.scale
            last = place == len(line) - 1
            if not kept or last or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= STEP:
                kept.append((x, y))
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def _lines(shapes: Iterable[str]) -> Iterator[Line]:
    """Every ring and line of GeoJSON geometries."""
    for shape in shapes:
        yield from _rings(json.loads(shape)["coordinates"])


def _rings(coordinates: Any) -> Iterator[Line]:
    if coordinates and isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _rings(part)
