"""The plain shapes a work sheet is made of. Python decides every word; the sheet script only places them.

`kind` names the drawer in assets/js/desk/sheet.js. Fields carry `name`: their values are posted back by it, and the
whole sheet is computed anew from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

Tone = Literal["", "alarm", "warn", "strong", "muted", "done"]


@dataclass(frozen=True)
class Block:
    kind: ClassVar[str]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    line: str = ""  # the consequence, on cards
    why_not: str = ""  # said where it cannot be chosen; it stays visible


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
class Row(Block):
    """Blocks side by side, equally wide."""

    kind = "row"
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Quote(Block):
    """Somebody's words, on a quiet surface."""

    kind = "quote"
    head: str
    text: str
    strong: str = ""  # a last word in bold


@dataclass(frozen=True)
class Warning(Block):
    kind = "warning"
    text: str
    strong: str = ""  # its first words in bold
    tone: Tone = "warn"


@dataclass(frozen=True)
class Note(Block):
    kind = "note"
    head: str
    text: str


@dataclass(frozen=True)
class Effect:
    label: str
    new: str
    old: str = ""
    tone: Tone = "strong"


@dataclass(frozen=True)
class Effects(Block):
    """What it will cause: label, old → new."""

    kind = "effects"
    title: str
    rows: tuple[Effect, ...]
    note: str = ""


@dataclass(frozen=True)
class LimitLine:
    """A rule in words with its value; `share` and `tick` (0…1) draw a bar where the rule is a ratio."""

    ok: bool
    label: str
    value: str
    line: str = ""
    share: float | None = None
    tick: float | None = None


@dataclass(frozen=True)
class Limits(Block):
    kind = "limits"
    title: str
    rows: tuple[LimitLine, ...]
    note: str = ""


@dataclass(frozen=True)
class Sum:
    """A line of a deadline's arithmetic; `ruled` closes a sum."""

    text: str
    hours: str
    total: str
    ruled: bool = False


@dataclass(frozen=True)
class Arithmetic(Block):
    kind = "arithmetic"
    title: str
    rows: tuple[Sum, ...]
    note: str = ""


@dataclass(frozen=True)
class ChainLine:
    label: str
    value: str
    tone: Tone = ""


@dataclass(frozen=True)
class Chain(Block):
    """审批链: who has signed and who has to."""

    kind = "chain"
    title: str
    rows: tuple[ChainLine, ...]
    note: str = ""


@dataclass(frozen=True)
class Table(Block):
    """Lines to read; a cell is its words and tone. `link` opens a case."""

    kind = "table"
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, Tone], ...], ...]
    note: str = ""
    links: tuple[str, ...] = ()  # a case number a row
    empty: str = ""


@dataclass(frozen=True)
class Numbers(Block):
    """A strip of large numbers with labels."""

    kind = "numbers"
    items: tuple[tuple[str, str, Tone, str], ...]  # label, number, tone, small words after it


@dataclass(frozen=True)
class Found(Block):
    """Possible duplicates, or other things with a button each (`act` is posted as the field of that name)."""

    kind = "found"
    title: str
    rows: tuple[Mapping[str, str], ...]  # head, mark, line, act, value, label
    note: str = ""


@dataclass(frozen=True)
class Timeline(Block):
    """Bars on a time axis: (label, from, to, tone), shares of the width; `now` a dotted line with its words."""

    kind = "timeline"
    title: str
    bars: tuple[tuple[str, float, float, Tone], ...]
    now: float
    now_text: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Paper(Block):
    """The document itself, scaled: the same HTML that is printed."""

    kind = "paper"
    html: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Spot(Block):
    """A map to click: the chosen place, grids and open cases around it are drawn by the desk's map script."""

    kind = "spot"
    name: str  # the field that receives "lon,lat"
    value: str = ""
    hint: str = ""
    cases: tuple[tuple[float, float, bool], ...] = ()  # open ones nearby: lon, lat, overdue


@dataclass(frozen=True)
class Button:
    """`name` is what pressing it does: submit, refuse, draft, print, close, or another action's name."""

    name: str
    label: str
    keys: str = ""
    primary: bool = False
    why_not: str = ""  # disabled, and why


@dataclass(frozen=True)
class SheetView:
    """A whole sheet. `size`: work covers detail and side, full covers the queue too."""

    kind: str
    title: str
    lines: tuple[str, str]
    left: tuple[Block, ...]
    right: tuple[Block, ...]
    foot: str
    buttons: tuple[Button, ...]
    case_no: str = ""
    version: int = 0
    action: str = ""  # what submit does
    post: str = ""  # where it goes when it is no act on one case: {key, button, fields} to /api/desk/entry, …/handover
    given: Mapping[str, str] = field(default_factory=dict)  # what an act is told besides the fields
    right_wide: bool = False  # an A4 page stands there
    size: Literal["work", "full"] = "work"
    middle: tuple[Block, ...] = ()  # of a full sheet with three columns


def plain(view: Any) -> Any:
    """The sheet as JSON can hold it, each block with its kind."""
    if isinstance(view, Block):
        return {"kind": view.kind} | {name: plain(getattr(view, name)) for name in view.__dataclass_fields__}
    if hasattr(view, "__dataclass_fields__"):
        return {name: plain(getattr(view, name)) for name in view.__dataclass_fields__}
    if isinstance(view, Mapping):
        return dict(view)
    if isinstance(view, Sequence) and not isinstance(view, str):
        return [plain(one) for one in view]
    return view
