"""One cell of a source: its text as the value of a case's field, or a reason why it has none."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from config import mappings
from config.mappings import FieldSource
from domain.roads import without_house_number
from services.imports.times import TimeReader

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


def converter(name: str, source: FieldSource, mapping: mappings.Mapping, read_time: TimeReader, notes: Notes) -> Cell:
    """The function that reads one field; it raises BadValue where the row cannot be used."""
    if name in mappings.TIMES:
        convert: Cell = _time(read_time)
    elif name in ("lon", "lat"):
        convert = _coordinate(name, notes)
    elif name in mappings.COUNTS:
        convert = _count
    elif name == "limit_value":
        convert = _limit
    elif name == "road":
        convert = _road(notes)
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


def _road(notes: Notes) -> Cell:
    """What a wall shows of the place; the whole address stays in its own field."""
    read = _text("road", notes)
    return lambda text: without_house_number(read(text)) or None


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
