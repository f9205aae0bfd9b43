"""From a source's row to a case's fields: one plain function, compiled once per file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from config import mappings
from domain.events import canonical
from domain.marks import Mark
from services.imports.cells import LABELS, BadValue, Cell, Notes, converter
from services.imports.times import time_reader

Fields = dict[str, Any]  # field → text, number, or microseconds since 1970; absent = no value

STATUS_TIMES = {"closed": "closed_at", "suspended": "suspended_at", "void": "voided_at", "rejected": "rejected_at"}


class UnreadableRow(Exception):
    """A row that cannot become a case: the source's column, the reason in Chinese, and its kind for counting."""

    def __init__(self, column: str | None, reason: str, kind: str | None = None) -> None:
        super().__init__(reason)
        self.column, self.reason, self.kind = column, reason, kind or reason


@dataclass(frozen=True)
class RowReader:
    """Turns a row's cells into a case's fields; made once per file."""

    headings: tuple[str, ...]
    constants: Fields
    cells: tuple[tuple[str, int, Cell, bool], ...]  # field, place in the row, conversion, whether it is a time
    copies: tuple[tuple[str, str], ...]  # field, the field it is the same as
    required: tuple[tuple[str, str | None], ...]  # field, its heading
    empty: frozenset[str]
    judge: Callable[[Fields], int]

    def __call__(self, row: Sequence[str]) -> Fields:
        """The row's fields. Raises UnreadableRow."""
        if len(row) != len(self.headings):
            reason = f"应有 {len(self.headings)} 列，实有 {len(row)} 列"
            raise UnreadableRow(None, reason, "列数与表头不符")
        fields, marks = self._cells(row)
        for name, column in self.required:
            if name not in fields:
                raise UnreadableRow(column, f"没有{LABELS[name]}")
        for name, other in self.copies:
            if other in fields:
                fields[name] = fields[other]
        marks |= self.judge(fields)
        if marks:
            fields["marks"] = marks
        return fields

    def _cells(self, row: Sequence[str]) -> tuple[Fields, int]:
        fields, marks, empty = dict(self.constants), 0, self.empty
        for name, position, convert, is_time in self.cells:
            text = row[position].strip()
            if text in empty:
                continue
            try:
                value = convert(text)
            except BadValue as bad:
                kind = f"{LABELS[name]}{bad.wrong}"
                raise UnreadableRow(self.headings[position], f"{LABELS[name]}{bad}", kind) from None
            if is_time:
                fields[name], mark = value
                marks |= mark
            elif value is not None:
                fields[name] = value
        return fields, marks


def row_reader(
    mapping: mappings.Mapping, headings: tuple[str, ...], places: Mapping[str, int], zone: ZoneInfo, notes: Notes
) -> RowReader:
    """`places` gives the place in the row of the heading chosen for each field that has one."""
    read_time = time_reader(mapping.zone or zone, mapping.time_formats, mapping.ignore_offset)
    constants: Fields = {}
    cells = []
    for name, source in mapping.fields.items():
        convert = converter(name, source, mapping, read_time, notes)
        if source.constant is not None:
            constants[name] = convert(source.constant)
        elif name in places:
            cells.append((name, places[name], convert, name in mappings.TIMES))
    return RowReader(
        headings=headings,
        constants=constants,
        cells=tuple(cells),
        copies=tuple((name, source.same_as) for name, source in mapping.fields.items() if source.same_as is not None),
        required=tuple((name, headings[places[name]] if name in places else None) for name in mapping.required),
        empty=mapping.empty,
        judge=_marks(mapping),
    )


def as_body(fields: Fields) -> str:
    """The canonical text of a row: equal rows have equal bodies, whatever file they came in."""
    return canonical(fields)


def _marks(mapping: mappings.Mapping) -> Callable[[Fields], int]:
    """The marks that follow from a row's own fields; its place is judged when the city's outline is at hand."""
    status_of = {word: kind for kind, words in mapping.status.items() for word in words}
    knows_closed = bool(mapping.status.get("closed"))

    def judge(fields: Fields) -> int:
        marks = 0
        closed = fields.get("closed_at")
        if closed is not None and closed < fields["reported_at"]:
            marks |= Mark.CLOSED_BEFORE_OPENED
        word = fields.get("status")
        kind = status_of.get(word) if word is not None else None
        without_time = kind is not None and STATUS_TIMES[kind] not in fields
        time_alone = word is not None and knows_closed and closed is not None and kind != "closed"
        return int(marks | Mark.STATUS_WITHOUT_TIME) if without_time or time_alone else int(marks)

    return judge
