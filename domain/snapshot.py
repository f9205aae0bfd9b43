"""One picture of a city at one instant: everything the wall shows, before any wording."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from domain.indicators import Rate


@dataclass(frozen=True)
class Flow:
    """How many cases took one step today and yesterday up to the same local time. None = not recorded by this city."""

    today: int | None
    yesterday: int | None


@dataclass(frozen=True)
class StreetStanding:
    key: str
    name: str
    short_name: str
    registered_today: int
    handling: Rate  # month to date
    rank: int | None  # by handling rate; None = nothing due, shown unranked
    label: tuple[float, float] | None  # lon, lat of the name on the map


@dataclass(frozen=True)
class UnitStanding:
    """A unit's month to date and its stocks now. Rank and movement are inside `unit_class` (or the city)."""

    key: str
    name: str
    short_name: str
    unit_class: str | None
    rank: int | None  # None = 本期无案件
    previous_rank: int | None  # in the previous month, to the same day
    score: Fraction | None
    on_time: Rate
    closed: int
    closure_due: int
    overdue_open: int
    longest_overdue_min: int | None
    due_soon: int
    closed_today: int
    closure_due_today: int


@dataclass(frozen=True)
class OverdueAlert:
    """A case that became overdue in the last 15 minutes and is still open. Street and road only: no house number."""

    case_no: str
    category: str
    unit: str
    street: str
    road: str
    due_at: datetime
    overdue_min: int
    position: tuple[float, float] | None  # lon, lat WGS-84; None when not fit for the map


SPOTLIGHT = timedelta(minutes=2)  # how long the desk shows a case on a wall


@dataclass(frozen=True)
class Spotlight:
    """A case that the desk shows on one wall for two minutes. Street and road only: no house number, no person."""

    wall: str
    case_no: str
    category: str
    unit: str
    street: str
    road: str
    overdue_min: int | None  # None = not overdue
    position: tuple[float, float] | None  # lon, lat WGS-84; None when not fit for the map


@dataclass(frozen=True)
class FeedItem:
    case_no: str
    at: datetime
    step: str  # registered, dispatched, handled or closed
    category: str
    road: str
    unit: str


@dataclass(frozen=True)
class HourFlow:
    start: datetime  # the hour's beginning, full hours only
    registered: int
    closed: int


@dataclass(frozen=True)
class KeyCount:
    """A channel or category of today, largest first."""

    key: str
    name: str
    count: int
    kind: str | None = None  # part or event, for categories


@dataclass(frozen=True)
class CameraPoint:
    key: str
    name: str
    state: str  # online, late (picture too old) or offline; late is a part of online on the overview
    position: tuple[float, float]


@dataclass(frozen=True)
class Snapshot:
    """Read in one transaction at one as-of. Whatever a panel shows comes from here and from nowhere else."""

    city_id: str
    as_of: datetime
    day: date  # the city's local day of as_of
    flows: Mapping[str, Flow]  # reported, registered, dispatched, handled, closed
    on_time: Rate  # month to date
    open: int
    overdue_open: int
    suspended: int
    new_overdue: int  # became overdue in the last 15 minutes, still open
    grid_keys: tuple[str, ...]  # the order of every grid_heat tuple
    grid_heat: Mapping[str, tuple[int, ...]]  # registered_today, open, overdue_open
    no_position_today: int  # registered today and in no grid
    streets: tuple[StreetStanding, ...]
    units: tuple[UnitStanding, ...]  # every unit of the city, ranked ones first
    alerts: tuple[OverdueAlert, ...]  # newest first
    feed: tuple[FeedItem, ...]  # newest first
    hours: tuple[HourFlow, ...]  # the last 24 full hours, oldest first
    channels: tuple[KeyCount, ...]
    categories: tuple[KeyCount, ...]
    cameras: tuple[CameraPoint, ...]
    failed_checks: tuple[str, ...] = ()  # figures that contradict each other; their panels show an error
    history_since: date | None = None  # the oldest day present while the demo still writes its history
    quarantined: int = 0
    co_dispatched: bool = False  # units closed more assignments than the city closed cases: their sums include 多派
    calendar_missing: int | None = None  # this year, where its holidays are not known: deadlines are provisional
    map_version: str = ""  # changes when grids or map features were replaced: screens then load the map anew
    spotlights: tuple[Spotlight, ...] = ()  # one a wall at most; see `on_wall`

    def on_wall(self, wall: str) -> "Snapshot":
        """The picture as that wall shows it: without what the desk shows on others."""
        return replace(self, spotlights=tuple(spot for spot in self.spotlights if spot.wall == wall))
