"""Reads what the demo city is made of (config/cities/demo): its plan and its categories, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import config
from domain.deadlines import Limit
from services.cartography.curves import Line, Point

DEMO_FOLDER = Path(config.__file__).parent / "cities" / "demo"


@dataclass(frozen=True)
class Water:
    """A river's middle line and width, or a lake's ring (width 0); plan units."""

    name: str
    line: Line
    width: float = 0.0


@dataclass(frozen=True)
class Road:
    """One long road. `axis` says along which coordinate its names change; `names` are (name, until)."""

    line: Line
    axis: int  # 0 = x, 1 = y
    names: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class StreetPlan:
    key: str
    name: str
    short_name: str
    share: float  # of the city's cases, relative
    label: Point
    anchors: Line  # one point in every block that belongs to the street
    lanes: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The city's shape in plan units (x to the east, y to the south)."""

    centre: Point  # lon, lat of `origin`
    origin: Point
    area_km2: float
    grids: int
    heart: Point
    shake: float
    outline: Line
    river: Water
    tributary: Water
    lake: Water
    roads: tuple[Road, ...]
    streets: tuple[StreetPlan, ...]
    cameras: Mapping[str, int]
    code_prefix: str


@dataclass(frozen=True)
class Condition:
    """立案条件: what was found, how often (relative), and the limit that belongs to it."""

    text: str
    limit: Limit
    weight: float
    urgent: bool


@dataclass(frozen=True)
class CategoryPlan:
    key: str
    kind: str
    major_code: str
    major_name: str
    minor_code: str
    name: str
    weight: float
    units: tuple[tuple[str, float], ...]  # key of the usual unit, weight
    night: bool  # happens at night as well
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class UnitPlan:
    """How a unit of the demo works: `late` = share of its cases handled late, `pace` = share of the limit it needs."""

    key: str
    late: float
    pace: float
    rework: float
    shifts: bool  # crews work evenings and weekends as well


@dataclass(frozen=True)
class WorkPlan:
    """What happens in the city and who deals with it."""

    categories: tuple[CategoryPlan, ...]
    units: Mapping[str, UnitPlan]
    channels: tuple[tuple[str, str, float], ...]  # key, name, weight


def load_plan(folder: Path = DEMO_FOLDER) -> Plan:
    """The city's shape. A slip in the file raises KeyError, TypeError or ValueError: it ships with the program."""
    raw = _read(folder / "plan.yaml")
    return Plan(
        centre=_point(raw["centre"]),
        origin=_point(raw["origin"]),
        area_km2=raw["area_km2"],
        grids=raw["grids"],
        heart=_point(raw["heart"]),
        shake=raw["shake"],
        outline=_line(raw["outline"]),
        river=Water(raw["river"]["name"], _line(raw["river"]["line"]), raw["river"]["width"]),
        tributary=Water(raw["tributary"]["name"], _line(raw["tributary"]["line"]), raw["tributary"]["width"]),
        lake=Water(raw["lake"]["name"], _line(raw["lake"]["ring"])),
        roads=tuple(_road(road) for road in raw["roads"]),
        streets=tuple(_street(street) for street in raw["streets"]),
        cameras=raw["cameras"],
        code_prefix=raw["code_prefix"],
    )


def load_work(folder: Path = DEMO_FOLDER) -> WorkPlan:
    """The categories with their filing conditions, the units' characters and the channels."""
    raw = _read(folder / "work.yaml")
    return WorkPlan(
        categories=tuple(_category(entry, major) for major in raw["majors"] for entry in major["minors"]),
        units={unit["key"]: UnitPlan(**unit) for unit in raw["units"]},
        channels=tuple((entry["key"], entry["name"], entry["weight"]) for entry in raw["channels"]),
    )


def _read(file: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with file.open(encoding="utf-8") as stream:
        found: dict[str, Any] = yaml.load(stream, loader)
    return found


def _point(pair: Sequence[float]) -> Point:
    x, y = pair
    return float(x), float(y)


def _line(pairs: Sequence[Sequence[float]]) -> Line:
    return tuple(_point(pair) for pair in pairs)


def _road(raw: Mapping[str, Any]) -> Road:
    names = tuple((name["name"], float(name["until"])) for name in raw["names"])
    return Road(_line(raw["line"]), "xy".index(raw["axis"]), names)


def _street(raw: Mapping[str, Any]) -> StreetPlan:
    moved = {"label": _point(raw["label"]), "anchors": _line(raw["anchors"]), "lanes": tuple(raw["lanes"])}
    return StreetPlan(**{**raw, **moved})


def _category(raw: Mapping[str, Any], major: Mapping[str, Any]) -> CategoryPlan:
    conditions = tuple(
        Condition(text, Limit.parse(limit), float(weight), "urgent" in limit)
        for text, limit, weight in raw["conditions"]
    )
    return CategoryPlan(
        key=f"{'C' if major['kind'] == 'part' else 'E'}{major['code']}{raw['code']}",
        kind=major["kind"],
        major_code=major["code"],
        major_name=major["name"],
        minor_code=raw["code"],
        name=raw["name"],
        weight=float(raw["weight"]),
        units=tuple(raw["units"].items()),
        night=raw.get("night", False),
        conditions=conditions,
    )
