"""GeoJSON files: features with their properties and geometry, and the coordinate system the file declares."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_access.sources.rows import UnreadableFile

LARGEST = 200 << 20  # bytes; a city's outline with its streets and grids is a few megabytes
BY_EPSG = {"4326": "wgs84", "4490": "cgcs2000"}


@dataclass(frozen=True)
class Feature:
    """`place` says where in the file it stands, for messages."""

    place: str
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any]


@dataclass(frozen=True)
class FeatureFile:
    file: str
    features: tuple[Feature, ...]
    crs: str | None  # as config/mappings writes it, or None when the file does not say


def read_features(path: Path) -> FeatureFile:
    """Every feature that has a geometry. Raises UnreadableFile."""
    content = _content(path)
    features = tuple(_features(content, path.name))
    if not features:
        raise UnreadableFile(
            "文件里没有图形", path.name, "需要 GeoJSON 的 Polygon、MultiPolygon 或 FeatureCollection。"
        )
    return FeatureFile(path.name, features, _declared_crs(content.get("crs"), path.name))


def _content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UnreadableFile("找不到文件", str(path), "请核对路径。")
    if path.stat().st_size > LARGEST:
        raise UnreadableFile(f"文件超过 {LARGEST >> 20} MB", path.name, "请先抽稀或只保留需要的图形。")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise UnreadableFile("文件不是 UTF-8 编码", path.name, "请另存为 UTF-8。") from None
    except RecursionError:
        raise UnreadableFile("不是合法的 GeoJSON：嵌套过深", path.name, "请重新导出。") from None
    except ValueError as error:
        raise UnreadableFile("不是合法的 JSON", f"{path.name}：{error}", "请重新导出为 GeoJSON。") from None
    if not isinstance(content, dict):
        raise UnreadableFile("不是 GeoJSON", path.name, "最外层应为 FeatureCollection、Feature 或图形。")
    return content


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} 不是坐标")


def _features(content: dict[str, Any], file: str) -> list[Feature]:
    kind = content.get("type")
    members = content.get("features") if kind == "FeatureCollection" else [content]
    if not isinstance(members, list):
        raise UnreadableFile("FeatureCollection 没有 features 列表", file, "请重新导出为 GeoJSON。")
    found = []
    for number, member in enumerate(members, start=1):
        is_feature = isinstance(member, dict) and member.get("type") == "Feature"
        geometry = member.get("geometry") if is_feature else member
        if geometry is None:
            continue
        if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
            raise UnreadableFile("不是 GeoJSON 图形", f"{file} 第 {number} 个", "请重新导出为 GeoJSON。")
        properties = member.get("properties") if is_feature else None
        found.append(Feature(f"{file} 第 {number} 个图形", properties or {}, geometry))
    return found


def _declared_crs(member: Any, file: str) -> str | None:
    """`"crs": "gcj02"`, or the older form with a name such as urn:ogc:def:crs:EPSG::4547."""
    if member is None:
        return None
    name = member.get("properties", {}).get("name") if isinstance(member, dict) else member
    text = str(name).lower()
    if text in ("wgs84", "cgcs2000", "gcj02", "bd09"):
        return text
    if text.endswith("crs84"):
        return "wgs84"
    code = re.search(r"epsg:{1,2}([0-9]{4,6})$", text)
    if code is None:
        raise UnreadableFile(
            f"不认识的坐标系“{name}”", file, "请用 --crs 写明：wgs84、cgcs2000、gcj02、bd09 或 epsg:编号。"
        )
    return BY_EPSG.get(code[1], f"epsg:{code[1]}")
