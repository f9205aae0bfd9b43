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
class Row(Block):
    """Blocks side by side, equally wide."""

    kind = "row"
    blocks: tuple[Block, ...]


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
