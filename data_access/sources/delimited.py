"""CSV, plain or gzipped."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from data_access.sources.lines import choose_encoding, text_lines
from data_access.sources.rows import Form, Rows, UnreadableFile

LONGEST_FIELD = 1 << 17  # characters; an opened and never closed quote runs into this


def read_delimited(path: Path, form: Form) -> Rows:
    encoding = choose_encoding(path, form.encodings)
    records = _records(path, encoding, form.delimiter)
    headings = next(records, None)
    if headings is None:
        raise UnreadableFile("文件是空的", path.name, "第一行应为列名。")
    names = tuple(name.strip() for name in headings)
    return Rows(path, names, _numbered(records), f"CSV，{encoding}")


def _numbered(records: Iterator[list[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    return enumerate(records, start=1)


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Records without blank lines; a quoted cell may span lines."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text_lines(path, encoding), delimiter=delimiter)
    try:
        for record in reader:
            if record:
                yield record
    except csv.Error as error:
        where = f"{path.name} 第 {reader.line_num} 行附近：{error}"
        raise UnreadableFile("CSV 格式有误，可能是引号没有闭合", where, "请核对该行的引号和分隔符。") from None
