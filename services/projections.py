"""From a declared coordinate system to WGS-84, and to metres around a city."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from domain.coordinates import TO_WGS84, Conversion
from domain.refusals import Refusal

Array = npt.NDArray[np.float64]
DECIMALS = 6  # of a stored degree: a tenth of a metre


def to_wgs84(crs: str) -> Conversion:
    """A function from one position of that system to WGS-84. Raises Refusal for a system that is not known."""
    known = TO_WGS84.get(crs)
    if known is not None:
        return known
    transform = _transformer(crs, "epsg:4326").transform

    def convert(x: float, y: float) -> tuple[float, float]:
        lon, lat = transform(x, y)
        return float(lon), float(lat)

    return convert


def shape_to_wgs84(shape: Any, crs: str) -> Any:
    """A shapely geometry, converted vertex by vertex."""
    if crs in ("wgs84", "cgcs2000"):
        return shape
    convert = to_wgs84(crs)
    return shapely.transform(shape, lambda points: np.array([convert(x, y) for x, y in points]))


class LocalMetres:
    """An equal-area plane in metres around one position: areas are true, lengths good to a thousandth in a city."""

    def __init__(self, lon: float, lat: float) -> None:
        plane = f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f} +ellps=WGS84 +units=m"
        self._there = _transformer("epsg:4326", plane)
        self._back = _transformer(plane, "epsg:4326")

    def metres(self, shape: Any) -> Any:
        return shapely.transform(shape, _pairs(self._there.transform))

    def degrees(self, shape: Any) -> Any:
        return shapely.transform(shape, _pairs(self._back.transform))


def _pairs(transform: Callable[..., Any]) -> Callable[[Array], Array]:
    return lambda points: np.column_stack(transform(points[:, 0], points[:, 1]))


def _transformer(source: str, target: str) -> Any:
    # Imported here: pyproj loads its own database, and a city in WGS-84 without grids never needs it.
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except ProjError:
        raise Refusal(f"不认识的坐标系“{source}”", "crs", "可用 wgs84、cgcs2000、gcj02、bd09 或 epsg:编号。") from None
