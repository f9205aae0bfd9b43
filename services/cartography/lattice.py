"""From plan units to WGS-84 on a lattice of 1e-6 degrees, where neighbours share their vertices exactly."""

import math
from collections.abc import Iterable

from shapely import LineString, Polygon

from services.cartography.curves import Point

METRES_PER_DEGREE = 111_320.0
LATTICE = 1e-6  # degrees, about 0.1 m


class Lattice:
    """From plan units to WGS-84 on the lattice, by an equirectangular projection around the centre."""

    def __init__(self, centre: Point, origin: Point, scale: float) -> None:
        """`centre` is the longitude and latitude of the plan point `origin`; `scale` is metres in a plan unit."""
        self.lon, self.lat = centre
        self.x, self.y = origin
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
