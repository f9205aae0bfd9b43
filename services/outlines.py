"""Polygons from GeoJSON: converted to WGS-84, repaired where the damage is small, refused where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry
from shapely.errors import ShapelyError

from data_access.sources.geojson import Feature, FeatureFile, read_features
from data_access.sources.rows import UnreadableFile
from domain.refusals import Refusal
from services.projections import shape_to_wgs84

# A repair that changes a polygon's area by more than this share has guessed what the polygon is.
LARGEST_REPAIR = 0.01


@dataclass(frozen=True)
class Shape:
    """A valid polygon or multipolygon in WGS-84, with the properties of its feature."""

    place: str
    properties: dict[str, Any]
    geometry: Any


@dataclass(frozen=True)
class Shapes:
    """`repairs` says in Chinese what was repaired where."""

    shapes: tuple[Shape, ...]
    repairs: tuple[str, ...]


def load_shapes(path: Path, crs: str | None) -> Shapes:
    """The polygons of a file; `crs` (an option) wins over what the file declares, and wgs84 is the default.

    Raises Refusal for a file without polygons, a system that does not fit, or a polygon that cannot be repaired.
    """
    try:
        found = read_features(path)
    except UnreadableFile as error:
        raise Refusal(error.what, error.where, error.then) from error
    repairs: list[str] = []
    shapes = [_shape(feature, crs or found.crs or "wgs84", repairs) for feature in _polygons(found)]
    return Shapes(tuple(shapes), tuple(repairs))


def dissolve(shapes: Sequence[Shape]) -> Any:
    """One polygon or multipolygon of all of them."""
    return polygonal(shapely.union_all([shape.geometry for shape in shapes]))


def polygonal(geometry: Any) -> Any:
    """Only the areas of a geometry: the points and lines that an intersection may leave are dropped."""
    parts = shapely.get_parts(shapely.get_parts(geometry))  # twice: a collection may hold multipolygons
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _polygons(found: FeatureFile) -> list[Feature]:
    areas = [f for f in found.features if f.geometry["type"] in ("Polygon", "MultiPolygon")]
    if not areas:
        kinds = "、".join(sorted({str(f.geometry["type"]) for f in found.features}))
        raise Refusal(
            "文件里没有面（Polygon 或 MultiPolygon）", f"{found.file}，只有 {kinds}", "请导出面状边界后重试。"
        )
    return areas


def _shape(feature: Feature, crs: str, repairs: list[str]) -> Shape:
    try:
        geometry = shapely.geometry.shape(feature.geometry)
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError) as error:
        raise Refusal(
            "图形的坐标读不懂", f"{feature.place}：{error}", "每个环至少要有 4 个 [经度, 纬度] 点。"
        ) from None
    if geometry.is_empty:
        raise Refusal("图形是空的", feature.place, "请删去它或补上坐标。")
    geometry = shapely.force_2d(shape_to_wgs84(geometry, crs))
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        where = f"{feature.place}，范围 {west:.0f}…{east:.0f}，{south:.0f}…{north:.0f}"
        raise Refusal(f"坐标按 {crs} 不是经纬度", where, "请用 --crs 写明真实的坐标系，例如 --crs epsg:4549。")
    if not geometry.is_valid:
        geometry = _repaired(geometry, feature.place, repairs)
    return Shape(feature.place, dict(feature.properties), geometry)


def _repaired(geometry: Any, place: str, repairs: list[str]) -> Any:
    """A crossing that only loses or gains a sliver is repaired; a figure of eight could mean anything."""
    reason = shapely.is_valid_reason(geometry)
    repaired = polygonal(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    drawn = geometry.area
    if repaired.is_empty or abs(repaired.area - drawn) > LARGEST_REPAIR * max(repaired.area, drawn):
        raise Refusal("多边形自相交，无法可靠地修复", f"{place}：{reason}", "请在制图软件里改正边界后重试。")
    repairs.append(f"{place}：{reason}，已修复")
    return repaired
