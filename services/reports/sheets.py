"""Tables whose cells may be formulas, written as a workbook (XlsxWriter) or, by their values, as CSV.

A formula is written with names of columns in place of cells, and with the value it has, so that a reader that does not
recalculate shows the same. Text is always written as text: what begins like a formula never becomes one.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from domain.ranking import Rounding, rounded
from domain.reports import NOTHING_DUE

REFERENCE = re.compile(r"\[(\w+)(?:(:all|:weight|:above)|@(\d+)(?::(\d+))?)?\]")
RISKY = tuple("=+-@\t\r\n")
WIDE = "⺀"  # from here on a character takes the room of two
LONGEST_NAME = 31  # of a sheet, by the format
FORMATS: Mapping[str, str] = {
    "count": "#,##0",
    "share": "0.00%",
    "change": "+0.0%;-0.0%;0.0%",
    "difference": "+0.00%;-0.00%;0.00%",
    "points": "0.00",
    "exact": "0.0000000000",
    "moment": "yyyy-mm-dd hh:mm",
}
DECIMALS: Mapping[str, int] = {"share": 2, "change": 1, "difference": 2, "points": 2, "exact": 10}


@dataclass(frozen=True)
class Formula:
    """`text` without =, over names: [closed] is the cell of this row, [closed:all] the whole column, [closed:weight]
    the cell below the head, [closed:above] the row before, [closed@2:5] rows 2 to 5 of the table (from 0)."""

    text: str
    value: Fraction | int | str | None  # None = —


Cell = str | int | Fraction | datetime | Formula | None  # None = an empty cell; datetimes are local


@dataclass(frozen=True)
class Column:
    """`kind` is text, or one of FORMATS. `below` stands under the head: a letter, or the weight of a part."""

    key: str
    head: str
    kind: str = "text"
    group: str = ""
    below: str | Fraction | None = None


@dataclass(frozen=True)
class Table:
    """One sheet. `strong` are the places of subtotals; `frozen` columns stay in sight."""

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    strong: frozenset[int] = frozenset()
    frozen: int = 2


def workbook(tables: Sequence[Table], notes: Sequence[tuple[str, str]], made: datetime) -> bytes:
    """The workbook; the last sheet 说明 holds `notes` as name and text. The same content gives the same bytes."""
    import xlsxwriter  # only when used: it costs memory that a wall never needs

    file = io.BytesIO()
    switches = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
    with xlsxwriter.Workbook(file, {"in_memory": True, **switches}) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        book.set_calc_mode("auto")
        for table in tables:
            _Sheet(book, table).write()
        _write_notes(book, notes)
    return file.getvalue()


def csv_file(table: Table) -> bytes:
    """The same columns as values: UTF-8 with BOM, as Excel reads it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([_harmless(f"{c.group}：{c.head}" if c.group else c.head) for c in table.columns])
    for row in table.rows:
        lines.writerow([_as_text(row.get(c.key), c.kind) for c in table.columns])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A cell of a CSV file that a spreadsheet would take for a formula gets a quote before it."""
    return f"'{text}" if text.startswith(RISKY) else text


def _as_text(cell: Cell, kind: str) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    if value is None:
        return NOTHING_DUE if isinstance(cell, Formula) else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return value if value == NOTHING_DUE else _harmless(value)
    if kind in ("share", "change", "difference"):
        return f"{rounded(Fraction(value) * 100, DECIMALS[kind], Rounding.HALF_UP)}%"
    return str(rounded(Fraction(value), DECIMALS.get(kind, 0), Rounding.HALF_UP))


class _Sheet:
    """One table on its sheet: title, subtitle, heads, letters or weights, rows."""

    def __init__(self, book: Any, table: Table) -> None:
        self.table, self.book = table, book
        self.sheet = book.add_worksheet(table.name[:LONGEST_NAME])
        self.places = {column.key: number for number, column in enumerate(table.columns)}
        grouped = any(column.group for column in table.columns)
        self.head = 3 if grouped else 2
        self.below = self.head + 1 if any(column.below is not None for column in table.columns) else None
        self.first = self.head + (2 if self.below else 1)
        self._formats: dict[tuple[Any, ...], Any] = {}

    def write(self) -> None:
        self._set_up()
        sheet, table = self.sheet, self.table
        sheet.write_string(0, 0, table.title, self._format(bold=True, font_size=14))
        sheet.write_string(1, 0, table.subtitle, self._format(font_color="#555555"))
        self._heads()
        for number, row in enumerate(table.rows):
            for column in table.columns:
                self._cell(number, column, row.get(column.key))

    def _set_up(self) -> None:
        sheet, table = self.sheet, self.table
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.head - (1 if self.head == 3 else 0), self.first - 1)
        sheet.freeze_panes(self.first, table.frozen)
        sheet.set_footer("&C&P / &N")
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, _width(column, table.rows))

    def _heads(self) -> None:
        head = self._format(bold=True, bottom=1, text_wrap=True, align="center", valign="vcenter")
        groups: dict[str, list[int]] = {}
        for number, column in enumerate(self.table.columns):
            self.sheet.write_string(self.head, number, column.head, head)
            if column.group:
                groups.setdefault(column.group, []).append(number)
            if isinstance(column.below, Fraction):
                self.sheet.write_number(self.below, number, float(column.below), self._format(num_format="General"))
            elif column.below is not None:
                self.sheet.write_string(self.below, number, column.below, self._format(align="right", italic=True))
        for name, members in groups.items():
            if len(members) > 1:
                self.sheet.merge_range(self.head - 1, members[0], self.head - 1, members[-1], name, head)
            else:
                self.sheet.write_string(self.head - 1, members[0], name, head)

    def _cell(self, number: int, column: Column, cell: Cell) -> None:
        at = self.first + number, self.places[column.key]
        looks: dict[str, Any] = {"bold": True, "top": 1} if number in self.table.strong else {}
        if column.kind in FORMATS:
            looks |= {"num_format": FORMATS[column.kind], "align": "right"}
        if isinstance(cell, Formula):
            value = NOTHING_DUE if cell.value is None else cell.value
            shown = value if isinstance(value, str) else float(value)
            self.sheet.write_formula(*at, f"={self._resolved(cell.text, number)}", self._format(**looks), shown)
        elif cell is None:
            self.sheet.write_blank(*at, None, self._format(**looks))
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(*at, cell.replace(tzinfo=None), self._format(**looks))
        elif isinstance(cell, str):
            risky = {"quote_prefix": True} if cell.startswith(RISKY) else {}
            self.sheet.write_string(*at, cell, self._format(**looks, **risky))
        else:
            self.sheet.write_number(*at, float(cell), self._format(**looks))

    def _resolved(self, text: str, number: int) -> str:
        last = max(len(self.table.rows) - 1, 0)

        def address(match: re.Match[str]) -> str:
            key, how, start, end = match.groups()
            column = self.places[key]

            def cell(row: int, fixed: bool = False) -> str:
                sign = "$" if fixed else ""
                return f"{sign}{_letters(column)}{sign}{row + 1}"

            if how == ":weight":
                return cell(self.first - 1, fixed=True)
            if how == ":all":
                return f"{cell(self.first, fixed=True)}:{cell(self.first + last, fixed=True)}"
            if start is not None:
                begin = cell(self.first + int(start))
                return f"{begin}:{cell(self.first + int(end))}" if end is not None else begin
            return cell(self.first + number - (1 if how == ":above" else 0))

        return REFERENCE.sub(address, text)

    def _format(self, **looks: Any) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "宋体", "font_size": 11, **looks})
        return self._formats[key]


def _write_notes(book: Any, notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_paper(9)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    wrapped = book.add_format({"font_name": "宋体", "text_wrap": True, "valign": "top"})
    name = book.add_format({"font_name": "宋体", "bold": True, "valign": "top"})
    for number, (title, text) in enumerate(notes):
        sheet.write_string(number, 0, title, name)
        sheet.write_string(number, 1, text, wrapped)


def _letters(column: int) -> str:
    """A, B … Z, AA …: how a spreadsheet counts its columns, from 0."""
    before, last = divmod(column, 26)
    return f"{_letters(before - 1) if before else ''}{chr(ord('A') + last)}"


def _width(column: Column, rows: Sequence[Mapping[str, Cell]]) -> float:
    if column.kind == "moment":
        return 17
    texts = [cell for row in rows if isinstance(cell := row.get(column.key), str)]
    longest = max([_room(column.head), *map(_room, texts)], default=0)
    return min(max(longest + 2, 14 if column.kind == "exact" else 9), 40)


def _room(text: str) -> int:
    return sum(2 if character >= WIDE else 1 for character in text)
