"""What a mapping would make of a file, column by column. Nothing is written."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from config.mappings import TIMES, FieldSource, Mapping
from data_access.sources.rows import UnreadableFile
from domain.city import City
from domain.refusals import Refusal
from services.imports.canonical import RowReader, UnreadableRow, row_reader
from services.imports.cells import LABELS, BadValue, Cell, Notes
from services.imports.columns import find_columns
from services.imports.read import open_table
from services.imports.times import instant_of

SAMPLES = 3  # distinct values shown of each column


@dataclass
class ColumnReport:
    """One field: where it comes from and what its values became. `samples` are (as written, as stored)."""

    field: str
    label: str
    column: str | None
    source: str  # column, constant, same_as or absent
    form: str
    filled: int = 0
    empty: int = 0
    unreadable: int = 0
    samples: list[tuple[str, str]] = dataclasses.field(default_factory=list)


@dataclass
class DryRun:
    file: str
    form: str
    mapping: str
    city: str
    time_zone: str
    crs: str
    read: int
    readable: int
    set_aside: int
    reasons: dict[str, int]
    notes: dict[str, int]
    columns: list[ColumnReport]
    unused: list[str]  # columns of the file that the mapping does not use


def dry_run(city: City, mapping: Mapping, path: Path) -> DryRun:
    """Reads the whole file by the mapping. Raises Refusal as an import would."""
    table = open_table(mapping, path)
    places = find_columns(mapping, table.headings, path.name)
    notes, zone = Notes(), mapping.zone or city.zone
    reader = row_reader(mapping, table.headings, places, city.zone, notes)
    silent = row_reader(mapping, table.headings, places, city.zone, Notes())
    columns = {name: _column(name, source, places, table.headings) for name, source in mapping.fields.items()}
    reasons: Counter[str] = Counter()
    read = 0
    try:
        for _number, row in table.rows:
            read += 1
            try:
                reader(row)
            except UnreadableRow as problem:
                reasons[problem.kind] += 1
            _look(silent, row, columns, zone)
    except UnreadableFile as error:
        raise Refusal(error.what, error.where, error.then) from error
    used = {table.headings[place] for place in places.values()}
    aside = sum(reasons.values())
    return DryRun(
        file=path.name,
        form=table.form,
        mapping=mapping.name,
        city=city.id,
        time_zone=zone.key + ("，忽略文件里写的时差" if mapping.ignore_offset else ""),
        crs=mapping.crs,
        read=read,
        readable=read - aside,
        set_aside=aside,
        reasons=dict(reasons.most_common()),
        notes=dict(notes.counts.most_common()),
        columns=list(columns.values()),
        unused=[heading for heading in table.headings if heading not in used],
    )


def _column(name: str, source: FieldSource, places: dict[str, int], headings: Sequence[str]) -> ColumnReport:
    if source.same_as is not None:
        return ColumnReport(name, LABELS[name], None, "same_as", f"同{LABELS[source.same_as]}")
    if source.constant is not None:
        return ColumnReport(name, LABELS[name], None, "constant", f"固定为“{source.constant}”")
    if name not in places:
        return ColumnReport(name, LABELS[name], None, "absent", "文件里没有这一列")
    return ColumnReport(name, LABELS[name], headings[places[name]], "column", "")


def _look(reader: RowReader, row: Sequence[str], columns: dict[str, ColumnReport], zone: ZoneInfo) -> None:
    for name, position, convert, is_time in reader.cells:
        report = columns[name]
        text = row[position].strip() if position < len(row) else ""
        if text in reader.empty:
            report.empty += 1
            continue
        try:
            after = _shown(convert, text, is_time, zone)
        except BadValue:
            report.unreadable += 1
            continue
        report.filled += 1
        if len(report.samples) < SAMPLES and all(text != before for before, _after in report.samples):
            report.samples.append((text, after))
            report.form = report.form or _form(name, text)


def _shown(convert: Cell, text: str, is_time: bool, zone: ZoneInfo) -> str:
    value = convert(text)
    return instant_of(value[0]).astimezone(zone).isoformat() if is_time else str(value if value is not None else "")


def _form(name: str, text: str) -> str:
    if name not in TIMES:
        return "经纬度" if name in ("lon", "lat") else "文字"
    return "ISO 8601" if text[4:5] == "-" and text[7:8] == "-" else "映射写明的格式"
