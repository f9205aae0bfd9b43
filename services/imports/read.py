"""First half of an import: the whole file is read and checked before the store is touched."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Error as StagingError

from config.mappings import Mapping
from data_access.sources.files import open_rows
from data_access.sources.rows import Form, Rows, UnreadableFile
from data_access.sources.staging import SetAside, StagedRow, Staging
from domain.city import City
from domain.refusals import Refusal
from services.imports.canonical import Fields, UnreadableRow, as_body, row_reader
from services.imports.cells import Notes
from services.imports.columns import find_columns

Progress = Callable[[int], None]
REPORT_EVERY = 10_000  # rows between two progress reports


@dataclass
class StagedFile:
    """A file that has been read: its rows wait in a temporary file."""

    path: Path
    city: City
    mapping: Mapping
    staging: Staging
    form: str
    read: int
    repeated: int
    set_aside: int
    reasons: Counter[str]
    notes: Notes


def open_table(mapping: Mapping, path: Path) -> Rows:
    """The file's table by the mapping's form. Raises Refusal."""
    try:
        return open_rows(path, Form(mapping.encodings, mapping.delimiter, mapping.sheet))
    except UnreadableFile as error:
        raise Refusal(error.what, error.where, error.then) from error


@contextmanager
def staged_file(city: City, mapping: Mapping, path: Path, on_progress: Progress | None = None) -> Iterator[StagedFile]:
    """Reads and checks the whole file; the rows live until the context ends. Raises Refusal; writes no store."""
    table = open_table(mapping, path)
    with Staging() as staging:
        staged = StagedFile(path, city, mapping, staging, table.form, 0, 0, 0, Counter(), Notes())
        places = find_columns(mapping, table.headings, path.name)
        convert = row_reader(mapping, table.headings, places, city.zone, staged.notes)
        try:
            _read_all(staged, table, convert, on_progress)
        except UnreadableFile as error:
            raise Refusal(error.what, error.where, error.then) from error
        except StagingError as error:
            raise Refusal(
                "临时文件写不下去", str(error), "请检查临时目录的空间（TMPDIR）后重试；没有写入任何数据。"
            ) from error
        yield staged


def _read_all(
    staged: StagedFile, table: Rows, convert: Callable[[Sequence[str]], Fields], on_progress: Progress | None
) -> None:
    add, headings = staged.staging.add, table.headings
    for number, row in table.rows:
        staged.read += 1
        try:
            fields = convert(row)
        except UnreadableRow as problem:
            _set_aside(staged, SetAside(number, problem.column, problem.reason, _raw(headings, row)), problem.kind)
            continue
        body = as_body(fields)
        earlier = add(number, fields["case_no"], body)
        if earlier is not None:
            _repeat(staged, earlier, StagedRow(number, body))
        if on_progress is not None and staged.read % REPORT_EVERY == 0:
            on_progress(staged.read)


def _repeat(staged: StagedFile, earlier: StagedRow, later: StagedRow) -> None:
    """The last row of a case number counts; an earlier one that said something else is set aside, not lost."""
    if earlier.body == later.body:
        staged.repeated += 1
        return
    reason = f"同一案件号在第 {later.number} 行又出现，以后一行为准"
    _set_aside(staged, SetAside(earlier.number, None, reason, earlier.body), "同一案件号又出现，以后一行为准")


def _set_aside(staged: StagedFile, row: SetAside, kind: str) -> None:
    staged.staging.set_aside(row)
    staged.set_aside += 1
    staged.reasons[kind] += 1


def _raw(headings: Sequence[str], row: Sequence[str]) -> str:
    cells: object = dict(zip(headings, row, strict=True)) if len(row) == len(headings) else list(row)
    return json.dumps(cells, ensure_ascii=False)
