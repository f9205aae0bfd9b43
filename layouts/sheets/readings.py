"""What a work sheet gives to read: words said, limits, arithmetic, signatures, and what a click will cause."""

from collections.abc import Mapping
from dataclasses import dataclass

from layouts.sheets.blocks import Block, Tone


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
