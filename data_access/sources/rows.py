"""A table of text, whatever file it lies in: headings, then numbered rows, one at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_LINE = 1 << 20  # bytes; a longer line is not a table row, and must not fill the memory


class UnreadableFile(Exception):
    """The file as a whole cannot be read: `what` is wrong, `where` in the file, and what to do `then` (Chinese)."""

    def __init__(self, what: str, where: str, then: str) -> None:
        super().__init__(f"{what}（{where}）。{then}")
        self.what, self.where, self.then = what, where, then


@dataclass(frozen=True)
class Form:
    """How a file is written, as far as its mapping has to say so. Encodings are tried in order."""

    encodings: tuple[str, ...] = ("utf-8-sig",)
    delimiter: str = ","
    sheet: str | None = None  # of a workbook; None = the first


@dataclass(frozen=True)
class Rows:
    """`rows` yields (row number, cells); 1 is the first row after the heading. May raise UnreadableFile midway."""

    file: Path
    headings: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    form: str  # what the file turned out to be, for the dry run
