"""The fields of a work sheet: what a person decides. Each carries the `name` by which its value is posted back."""

from dataclasses import dataclass

from layouts.sheets.blocks import Block, Choice, Tone


@dataclass(frozen=True)
class Text(Block):
    """One line, or with rows > 1 a text area with its counter."""

    kind = "text"
    name: str
    label: str
    value: str = ""
    hint: str = ""
    rows: int = 1
    longest: int = 0  # 0 = no counter
    required: bool = False
    error: str = ""
    placeholder: str = ""
    note: str = ""  # inside the field at its right: 主办, 今日 …
    read_only: bool = False


@dataclass(frozen=True)
class Chips(Block):
    """At most five short values, chosen by number keys."""

    kind = "chips"
    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True)
class Cards(Block):
    """Consequences: a radio card each."""

    kind = "cards"
    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True)
class Select(Block):
    """A list to choose one (or, with `many`, several: the value is then comma-separated) from, with type-ahead."""

    kind = "select"
    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    note: str = ""
    many: bool = False
    error: str = ""


@dataclass(frozen=True)
class Moment(Block):
    """A local date and time (YYYY-MM-DDTHH:MM), or a date alone."""

    kind = "moment"
    name: str
    label: str
    value: str = ""
    hint: str = ""
    note: str = ""
    date_only: bool = False
    error: str = ""


@dataclass(frozen=True)
class Check(Block):
    kind = "check"
    name: str
    label: str
    value: bool = False
    line: str = ""


@dataclass(frozen=True)
class Tabs(Block):
    kind = "tabs"
    name: str
    choices: tuple[Choice, ...]
    value: str = ""


@dataclass(frozen=True)
class PickRow:
    value: str
    name: str
    note: str
    cells: tuple[tuple[str, Tone], ...]
    why_not: str = ""


@dataclass(frozen=True)
class Pick(Block):
    """A table whose rows can be chosen: units with their load."""

    kind = "pick"
    name: str
    heads: tuple[str, ...]
    rows: tuple[PickRow, ...]
    value: str = ""
    many: bool = False
    error: str = ""


@dataclass(frozen=True)
class Spot(Block):
    """A map to click: the chosen place, grids and open cases around it are drawn by the desk's map script."""

    kind = "spot"
    name: str  # the field that receives "lon,lat"
    value: str = ""
    hint: str = ""
    cases: tuple[tuple[float, float, bool], ...] = ()  # open ones nearby: lon, lat, overdue
