"""A whole map as plain data, whoever drew it: the demo from its plan, another city from its structure."""

from dataclasses import dataclass
from typing import Protocol

from shapely import Polygon
from shapely.geometry.base import BaseGeometry

SCHEMATIC = "示意"  # the name of an outline that is invented for a real city


class Street(Protocol):
    """What a map needs to know of a street; `lanes` are the small roads inside it."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def short_name(self) -> str: ...

    @property
    def lanes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Cell:
    key: str
    street: Street
    community_key: str
    polygon: Polygon  # WGS-84, as everything below
    area_m2: float
    weight: float  # of the city's cases
    grid_class: str | None = None
    patrol_key: str | None = None  # 责任区域: the area one collector walks


@dataclass(frozen=True)
class Community:
    key: str
    name: str
    street: Street
    polygon: BaseGeometry


@dataclass(frozen=True)
class PatrolArea:
    key: str
    name: str
    polygon: BaseGeometry


@dataclass(frozen=True)
class Camera:
    key: str
    name: str
    lon: float
    lat: float
    state: str


@dataclass(frozen=True)
class Geography:
    """The whole map. `features` are (kind, name, geometry) as table map_features lists them."""

    outline: BaseGeometry
    streets: tuple[tuple[Street, BaseGeometry, tuple[float, float]], ...]  # plan, polygon, label
    communities: tuple[Community, ...]
    cells: tuple[Cell, ...]
    features: tuple[tuple[str, str | None, BaseGeometry], ...]
    roads: tuple[tuple[str, BaseGeometry], ...]  # named sections inside the city
    water: BaseGeometry
    cameras: tuple[Camera, ...]
    patrol_areas: tuple[PatrolArea, ...] = ()
