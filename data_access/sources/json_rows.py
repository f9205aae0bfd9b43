"""JSON: an array of objects, or one object a line; plain or gzipped, read as it comes."""

import codecs
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data_access.sources.cells import as_text
from data_access.sources.lines import BROKEN_GZIP, CHUNK, broken_gzip, open_bytes, text_lines
from data_access.sources.rows import LONGEST_LINE, Rows, UnreadableFile

# Numbers stay as they are written: a case number of twenty digits must not become a rounded one.
DECODER = json.JSONDecoder(parse_float=str, parse_int=str)
BLANK = " \t\r\n"


def read_json(path: Path) -> Rows:
    """Sources leave out empty members, so the headings are those of all objects together: the file is read twice."""
    is_array = _first_character(path) == "["
    headings: dict[str, None] = {}
    for record in _records(path, is_array):
        headings.update(dict.fromkeys(record))
    if not headings:
        raise UnreadableFile("文件里没有对象", path.name, "需要对象的数组，或每行一个对象。")
    names = tuple(headings)
    return Rows(path, names, _rows(_records(path, is_array), names), "JSON 数组" if is_array else "JSON，每行一个对象")


def _rows(records: Iterator[dict[str, Any]], names: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    return ((number, [as_text(record.get(name)) for name in names]) for number, record in enumerate(records, start=1))


def _first_character(path: Path) -> str:
    with open_bytes(path) as stream:
        try:
            start = stream.read(CHUNK).removeprefix(codecs.BOM_UTF8).lstrip()
        except BROKEN_GZIP as error:
            raise broken_gzip(path, 0, error) from None
    if start[:1] not in (b"[", b"{"):
        raise UnreadableFile("不是 JSON", path.name, "需要对象的数组，或每行一个对象。")
    return start[:1].decode()


def _records(path: Path, is_array: bool) -> Iterator[dict[str, Any]]:
    number = 0
    for number, record in enumerate(_array(path) if is_array else _lines(path), start=1):
        if not isinstance(record, dict):
            raise UnreadableFile("不是对象", f"{path.name} 第 {number} 个", "数组里应当都是对象。")
        yield record


def _lines(path: Path) -> Iterator[Any]:
    for number, line in enumerate(text_lines(path, "utf-8"), start=1):
        if line.strip():
            try:
                yield DECODER.decode(line)
            except ValueError as error:
                raise _broken(path, f"第 {number} 行：{error}") from None


def _array(path: Path) -> Iterator[Any]:
    """The array's members, decoded as soon as each is complete; at most one member is held."""
    chunks = _chunks(path)
    text, at, number = next(chunks, "").lstrip(BLANK), 1, 0  # 1: behind the bracket
    while True:
        try:
            at = _skip(text, at)
            if text[at : at + 1] == "]":
                return
            member, at = DECODER.raw_decode(text, at)
            if at == len(text):
                raise ValueError("the member may go on")  # a number or a word cut by the chunk's end
            number += 1
        except ValueError as error:
            more = next(chunks, "")
            if not more:
                raise _broken(path, f"第 {number} 个对象之后：{error}") from None
            text, at = text[at:] + more, 0
            if len(text) > LONGEST_LINE + CHUNK:
                what = f"有一个对象超过 {LONGEST_LINE >> 20} MB"
                raise UnreadableFile(what, f"{path.name} 第 {number + 1} 个", "请核对文件，或重新导出。") from None
            continue
        yield member


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANK + ",":
        at += 1
    return at


def _chunks(path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(CHUNK):
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise UnreadableFile("文件不是 UTF-8 编码", path.name, "JSON 应为 UTF-8，请重新导出。") from None
        except BROKEN_GZIP as error:
            raise broken_gzip(path, 0, error) from None


def _broken(path: Path, where: str) -> UnreadableFile:
    return UnreadableFile("不是合法的 JSON", f"{path.name} {where}", "请重新导出后重试；没有写入任何数据。")
