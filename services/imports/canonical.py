"""From a source's row to a case's fields: one plain function, compiled once per file."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from config import mappings
from config.mappings import FieldSource
from domain.marks import Mark
from services.imports.times import TimeReader, time_reader

Fields = dict[str, Any]  # field → text, number, or microseconds since 1970; absent = no value
Cell = Callable[[str], Any]
MOST_NOTES = 60

# How much the store holds. What identifies is never cut; a long address is, and the cut is reported.
WIDTHS = {
    "case_no": 40, "unit": 120, "category": 120, "category_key": 120, "category_major": 80, "channel": 80,
    "street": 80, "community": 80, "grid": 40, "limit_unit": 14, "kind": 5, "status": 120,
}  # fmt: skip
CUT = {"road": 120, "address": 300}
LABELS = {
    "case_no": "案件号", "status": "状态", "kind": "部件/事件", "category": "类别", "category_key": "类别代码",
    "category_major": "大类", "unit": "责任单位", "channel": "来源渠道", "street": "街道", "community": "社区",
    "grid": "网格编码", "road": "道路", "address": "地址", "urgent": "紧急", "limit_unit": "时限单位", "lon": "经度",
    "lat": "纬度", "limit_value": "时限", "rework_count": "返工次数", "return_count": "回退次数",
    "extension_count": "延期次数", "reported_at": "上报时间", "accepted_at": "受理时间", "registered_at": "立案时间",
    "dispatched_at": "派遣时间", "received_at": "签收时间", "handled_at": "处置时间", "rechecked_at": "核查时间",
    "closed_at": "结案时间", "suspended_at": "挂账时间", "voided_at": "作废时间", "rejected_at": "不予立案时间",
    "due_at": "截止时间", "effective_due_at": "顺延后截止时间",
}  # fmt: skip
STATUS_TIMES = {"closed": "closed_at", "suspended": "suspended_at", "void": "voided_at", "rejected": "rejected_at"}


class UnreadableRow(Exception):
    """A row that cannot become a case: the source's column, the reason in Chinese, and its kind for counting."""

    def __init__(self, column: str | None, reason: str, kind: str | None = None) -> None:
        super().__init__(reason)
        self.column, self.reason, self.kind = column, reason, kind or reason


class BadValue(ValueError):
    """A value that makes its row unreadable: the beginning of its text, and what is wrong with it."""

    def __init__(self, text: str, wrong: str) -> None:
        super().__init__(f"“{text[:40]}”{wrong}")
        self.wrong = wrong


@dataclass
class Notes:
    """What was odd without making a row unreadable: sentence → how many values. Few kinds are kept apart."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, sentence: str) -> None:
        known = sentence in self.counts or len(self.counts) < MOST_NOTES
        self.counts[sentence if known else "其他提示"] += 1


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
        convert = _converter(name, source, mapping, read_time, notes)
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
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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


def _converter(name: str, source: FieldSource, mapping: mappings.Mapping, read_time: TimeReader, notes: Notes) -> Cell:
    if name in mappings.TIMES:
        convert: Cell = _time(read_time)
    elif name in ("lon", "lat"):
        convert = _coordinate(name, notes)
    elif name in mappings.COUNTS:
        convert = _count
    elif name == "limit_value":
        convert = _limit
    else:
        convert = _text(name, notes)
    return convert if source.values is None and name not in mappings.CHOICES else _word(name, source, convert, notes)


def _time(read_time: TimeReader) -> Cell:
    def convert(text: str) -> tuple[int, int]:
        try:
            return read_time(text)
        except ValueError:
            raise BadValue(text, "读不懂") from None

    return convert


def _coordinate(name: str, notes: Notes) -> Cell:
    def convert(text: str) -> float | None:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if math.isfinite(number) and abs(number) < 1e9:
            return number
        notes.add(f"{LABELS[name]}不是数字，按无坐标处理")
        return None

    return convert


def _count(text: str) -> int:
    number = float(text) if text.replace(".", "", 1).isdigit() else -1.0
    if not number.is_integer() or not 0 <= number < 32768:
        raise BadValue(text, "不是次数")
    return int(number)


def _limit(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < 100_000:
        raise BadValue(text, "不是时限")
    return round(number, 2)


def _text(name: str, notes: Notes) -> Cell:
    width, cut = WIDTHS.get(name, 120), CUT.get(name)

    def convert(text: str) -> str:
        if "\x00" in text:
            text = text.replace("\x00", "")
        if cut is not None and len(text) > cut:
            notes.add(f"{LABELS[name]}超过 {cut} 字，已截短")
            return text[:cut]
        if cut is None and len(text) > width:
            raise BadValue(text, f"超过 {width} 字")
        return text

    return convert


def _word(name: str, source: FieldSource, convert: Cell, notes: Notes) -> Cell:
    """Translates the source's words by the mapping's `values`; an unknown word is kept, left out or refused."""
    values, choices = source.values or {}, mappings.CHOICES.get(name)

    def translate(text: str) -> Any:
        word = values.get(text)
        if word is None and (choices is None or text in choices) and (source.unknown == "keep" or not values):
            word = text
        if word is not None:
            return convert(word)
        if source.unknown == "blank":
            notes.add(f"{LABELS[name]}“{text[:20]}”不认识，按空值处理")
            return None
        raise BadValue(text, "不认识")

    return translate
