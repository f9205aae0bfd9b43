"""Coordinate systems of mainland China: WGS-84, GCJ-02 (shifted by regulation) and BD-09 (shifted once more).

Everything is stored as WGS-84 longitude and latitude in degrees; CGCS2000 is taken as equal to it. Each source is
converted once on the way in: the pair of conversions is not idempotent. Test point: domain research section 4.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

Position = tuple[float, float]  # longitude, latitude
Conversion = Callable[[float, float], Position]

# Krasovsky 1940, the ellipsoid behind the published shift.
SEMI_MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_TURN = pi * 3000 / 180
BAIDU_EAST, BAIDU_NORTH = 0.0065, 0.006
CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north: the shift is defined inside only
CLOSE_ENOUGH = 1e-11  # degrees; a millionth of a metre


def in_china(lon: float, lat: float) -> bool:
    """Whether the shift applies: the published rule uses a box, not a border."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def wgs84_to_gcj02(lon: float, lat: float) -> Position:
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> Position:
    """The inverse by iteration; it returns to the same point within a millionth of a metre."""
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Position:
    if not in_china(lon, lat):
        return lon, lat
    radius = hypot(lon, lat) + 2e-5 * sin(lat * BAIDU_TURN)
    angle = atan2(lat, lon) + 3e-6 * cos(lon * BAIDU_TURN)
    return radius * cos(angle) + BAIDU_EAST, radius * sin(angle) + BAIDU_NORTH


def bd09_to_gcj02(lon: float, lat: float) -> Position:
    return _inverse(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Position:
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Position:
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def unchanged(lon: float, lat: float) -> Position:
    return lon, lat


TO_WGS84: dict[str, Conversion] = {  # every system that needs no projection library
    "wgs84": unchanged,
    "cgcs2000": unchanged,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}


def _shift(lon: float, lat: float) -> Position:
    """The shift of GCJ-02 at a WGS-84 position, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(pi * y) + 40.0 * sin(pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * sin(pi * y / 12.0) + 320.0 * sin(pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(pi * x) + 40.0 * sin(pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * sin(pi * x / 12.0) + 300.0 * sin(pi * x / 30.0)) * 2.0 / 3.0
    latitude = lat / 180.0 * pi
    flattening = 1.0 - ECCENTRICITY_SQUARED * sin(latitude) ** 2
    metres_north = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening)) * pi / 180.0
    metres_east = SEMI_MAJOR_AXIS / sqrt(flattening) * cos(latitude) * pi / 180.0
    return east / metres_east, north / metres_north


def _inverse(forward: Conversion, lon: float, lat: float) -> Position:
    """Where `forward` has to start to arrive at this point. Steps shrink about a thousandfold each round."""
    if not in_china(lon, lat):
        return lon, lat
    start_lon, start_lat = lon, lat
    for _ in range(20):
        there_lon, there_lat = forward(start_lon, start_lat)
        off_lon, off_lat = there_lon - lon, there_lat - lat
        start_lon, start_lat = start_lon - off_lon, start_lat - off_lat
        if abs(off_lon) < CLOSE_ENOUGH and abs(off_lat) < CLOSE_ENOUGH:
            break
    return start_lon, start_lat
