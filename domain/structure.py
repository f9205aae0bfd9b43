"""What a city is made of besides its rules: streets, grids, cameras, channels, classes of problems, and who does what.

Five kinds of grid must not be mixed (domain research section 1.2): the cells here are the smallest the city counts;
communities and patrol areas (责任区域, 监督网格) are unions of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.deadlines import Limit


@dataclass(frozen=True)
class StreetStructure:
    """A street or town. `grids` None = its share of what is left; `area` is its share of the ground, relative."""

    key: str
    name: str
    short_name: str
    grids: int | None
    area: float
    cases: float  # its share of the cases, relative
    communities: int
    towards: str | None = None  # north | south | east | west | centre of the city; None = wherever there is room


@dataclass(frozen=True)
class Ground:
    """From what an outline is invented: only the centre and the area may be facts."""

    centre: tuple[float, float]  # longitude, latitude (WGS-84)
    area_km2: float
    seed: int
    stretch: float  # east-west extent over north-south extent
    roads: int  # long roads each way
    river: bool
    fringe: float  # how many times larger a grid is at the fringe than in the heart


@dataclass(frozen=True)
class Channel:
    key: str
    name: str
    weight: float  # how often, relative


@dataclass(frozen=True)
class FilingCondition:
    """立案条件: what was found, how often (relative), and the limit that belongs to it."""

    text: str
    limit: Limit
    weight: float


@dataclass(frozen=True)
class MinorClass:
    """小类 of a part or an event. `trades` says whose work it usually is, with weights."""

    key: str
    kind: str  # part | event
    major_code: str
    major_name: str
    minor_code: str
    name: str
    weight: float
    trades: Mapping[str, float]
    night: bool  # happens at night as well
    conditions: tuple[FilingCondition, ...]


@dataclass(frozen=True)
class ClassTable:
    """A versioned table of classes: the same number means different things in different tables."""

    id: str
    name: str
    version: str
    source: str
    classes: tuple[MinorClass, ...]

    @property
    def trades(self) -> frozenset[str]:
        return frozenset(trade for entry in self.classes for trade in entry.trades)


@dataclass(frozen=True)
class Structure:
    """One city's structure. `duties` maps a trade to the units that do it, with weights."""

    city_id: str
    code_prefix: str  # six digits of GB/T 2260
    ground: Ground
    streets: tuple[StreetStructure, ...]
    grids: int
    grid_classes: Mapping[str, int]  # class key -> how many grids, from the heart outwards
    patrol_areas: int
    patrol_noun: str  # 责任区域, 监督网格
    cameras: Mapping[str, int]  # total, offline, late
    channels: tuple[Channel, ...]
    classes: ClassTable
    duties: Mapping[str, Mapping[str, float]]

    def units_of(self, entry: MinorClass) -> dict[str, float]:
        """Unit → how likely a problem of this class is its work, relative."""
        shares: dict[str, float] = {}
        for trade, weight in entry.trades.items():
            units = self.duties[trade]
            whole = sum(units.values())
            for unit, part in units.items():
                shares[unit] = shares.get(unit, 0.0) + weight * part / whole
        return shares
