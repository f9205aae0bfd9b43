"""The plain shapes a panel is rendered to. Every number, word and class is decided here, in Python."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

State = Literal["ok", "empty", "error", "loading"]


@dataclass(frozen=True)
class Figure:
    """A number as drawn. `value` is its exact form ("1286", "1043/1142", minutes); before and after are words."""

    text: str
    address: str = ""
    value: str = ""
    before: str = ""
    after: str = ""
    tone: str = ""  # alarm, muted, failed


@dataclass(frozen=True)
class Message:
    """What stands in place of a body that is empty or in error."""

    head: str
    line: str = ""


@dataclass(frozen=True)
class Stale:
    """Templates of the panel's note while the data are late; `{time}` is filled in the browser."""

    today: str
    dated: str


@dataclass(frozen=True)
class Tile:
    """Shares of bar and tick run from 0 to 1; None = no bar, no tick."""

    key: str
    label: str
    figure: Figure
    note: Figure | None = None
    bar: float | None = None
    tick: float | None = None
    tone: str = ""
    group: bool = False  # begins a new group: a dividing line at its left
    state: State = "ok"


@dataclass(frozen=True)
class Tiles:
    """`dense` sets the figures smaller, where a large city's numbers would not fit the strip."""

    tiles: tuple[Tile, ...]
    dense: bool = False


@dataclass(frozen=True)
class Segment:
    share: float
    tone: str


@dataclass(frozen=True)
class Cell:
    kind: str  # rank, move, name, number, strong or bar
    figure: Figure | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Row:
    key: str
    cells: tuple[Cell, ...]
    tone: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    kind: str


@dataclass(frozen=True)
class Board:
    """Rows keep their height when fewer than `places` are there."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    places: int


@dataclass(frozen=True)
class Bar:
    key: str
    name: str
    figure: Figure
    share: float
    kind: str = ""


@dataclass(frozen=True)
class Bars:
    rows: tuple[Bar, ...]
    places: int


@dataclass(frozen=True)
class Card:
    """`spot`: the desk shows it; it has no number and keeps its place while the others step."""

    key: str
    number: int | None
    title: str
    figure: Figure
    line: str
    spot: bool = False


@dataclass(frozen=True)
class Cards:
    """`places` cards are in view; with more, they step by whole cards."""

    head: Figure
    sub: str
    cards: tuple[Card, ...]
    places: int


@dataclass(frozen=True)
class FeedRow:
    key: str
    time: str
    step: str
    text: str
    unit: str
    tone: str


@dataclass(frozen=True)
class Feed:
    rows: tuple[FeedRow, ...]
    places: int


@dataclass(frozen=True)
class Series:
    """`label_at` is the height of the label's middle, 0 at the axis and 1 at the top of the scale."""

    key: str
    name: str
    values: tuple[int, ...]
    figure: Figure
    label_at: float


@dataclass(frozen=True)
class Tick:
    at: int  # index of the hour
    text: str


@dataclass(frozen=True)
class Chart:
    """`day` names the scale's day: within it the top of the scale only grows."""

    series: tuple[Series, ...]
    ticks: tuple[Tick, ...]
    midnight: int | None
    top: int
    day: str


@dataclass(frozen=True)
class HeatMeasure:
    """`classes` has one digit 0…5 for each cell in the snapshot's order; empty = not available."""

    name: str
    title: str
    classes: str
    legend_title: str
    legend: tuple[str, ...]
    counts: bool  # whether the street counts beside the names belong to this measure


@dataclass(frozen=True)
class PointCount:
    mark: str  # alarm, quiet (no alarm now), online, late or offline
    name: str
    figure: Figure


@dataclass(frozen=True)
class StreetLabel:
    key: str
    name: str
    position: tuple[float, float]  # lon, lat
    figure: Figure
    weight: int


@dataclass(frozen=True)
class CameraMark:
    key: str
    state: str
    position: tuple[float, float]


@dataclass(frozen=True)
class AlarmMark:
    key: str
    number: int
    position: tuple[float, float]
    due_at: int  # milliseconds since 1970: the ring pulses for 60 s from here


@dataclass(frozen=True)
class Map:
    measures: tuple[HeatMeasure, ...]
    coverage: str
    no_position: Figure | None
    points: tuple[PointCount, ...]
    streets: tuple[StreetLabel, ...]
    cameras: tuple[CameraMark, ...]
    alarms: tuple[AlarmMark, ...]
    spot: tuple[float, float] | None = None  # lon, lat of the case that the desk shows


@dataclass(frozen=True)
class Notes:
    """Short sentences in the title row, the most important first. `warning` stands before them, in the warn colour."""

    notes: tuple[str, ...]
    warning: str = ""


Body = Tiles | Board | Bars | Cards | Feed | Chart | Map | Notes


@dataclass(frozen=True)
class PanelView:
    """One panel, ready to be placed. A body may be there beside a message (the axes of an empty chart)."""

    title: str
    stale: Stale
    body: Body | None = None
    note: str = ""
    note_figure: Figure | None = None
    state: State = "ok"
    message: Message | None = None


def plain(shape: object) -> object:
    """The view as plain JSON values; what is empty or None is left out to keep the wire short."""
    if is_dataclass(shape):
        pairs = ((field.name, plain(getattr(shape, field.name))) for field in fields(shape))
        return {name: value for name, value in pairs if value not in (None, "")}
    if isinstance(shape, Mapping):
        return {key: plain(value) for key, value in shape.items()}
    if isinstance(shape, tuple | list):
        return [plain(item) for item in shape]
    return shape
