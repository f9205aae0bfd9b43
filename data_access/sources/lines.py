"""Lines of a text file, plain or gzipped: decoded strictly, bounded in length, read as they come."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from data_access.sources.rows import LONGEST_LINE, UnreadableFile

CHUNK = 1 << 16
BROKEN_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
FOREIGN_STARTS = {
    b"\x1f\x8b": ("内容是 gzip 压缩", "请把文件名改成以 .gz 结尾。"),
    b"PK\x03\x04": ("内容是 Excel 工作簿或 zip 压缩包", "工作簿请用 .xlsx 结尾；压缩包请先解开。"),
    b"\xff\xfe": ("编码是 UTF-16", "请另存为 UTF-8 后重试。"),
    b"\xfe\xff": ("编码是 UTF-16", "请另存为 UTF-8 后重试。"),
    b"PAR1": ("内容是 Parquet", "请把文件名改成以 .parquet 结尾。"),
}


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked when its name ends in .gz."""
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, io.BufferedReader(gzip.open(path, "rb"), CHUNK))
    return path.open("rb")


def broken_gzip(path: Path, lines: int, error: Exception) -> UnreadableFile:
    where = f"{path.name}，读完第 {lines} 行之后" if lines else path.name
    if isinstance(error, gzip.BadGzipFile) and not lines:
        return UnreadableFile("不是 gzip 文件", where, "请核对文件；没有压缩的文件请去掉 .gz 结尾。")
    return UnreadableFile("压缩文件不完整或已损坏", where, "请重新下载或导出整个文件后重试；没有写入任何数据。")


def choose_encoding(path: Path, encodings: tuple[str, ...]) -> str:
    """The first encoding that reads the whole file. With one candidate nothing is tried: reading will tell."""
    for encoding in encodings[:-1]:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with open_bytes(path) as stream:
                while chunk := stream.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
        except BROKEN_GZIP as error:
            raise broken_gzip(path, 0, error) from None
    return encodings[-1]


def refuse_foreign(path: Path, start: bytes) -> None:
    for magic, (what, then) in FOREIGN_STARTS.items():
        if start.startswith(magic):
            raise UnreadableFile(what, path.name, then)


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """Every line with its ending. Raises UnreadableFile at a broken, foreign or overlong line."""
    number = 0
    with open_bytes(path) as stream:
        try:
            for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), start=1):
                if number == 1:
                    refuse_foreign(path, line)
                    line = line.removeprefix(codecs.BOM_UTF8)
                if len(line) > LONGEST_LINE:
                    what = f"有一行超过 {LONGEST_LINE >> 20} MB"
                    raise UnreadableFile(what, f"{path.name} 第 {number} 行", "请核对换行符和分隔符，或重新导出。")
                yield line.decode(encoding)
        except UnicodeDecodeError as error:
            where = f"{path.name} 第 {number} 行第 {error.start + 1} 字节"
            then = "请在映射的 encoding 里写明真实编码（例如 gb18030），或把文件另存为 UTF-8。"
            shown = "UTF-8" if encoding.startswith("utf-8") else encoding
            raise UnreadableFile(f"文件不是 {shown} 编码", where, then) from None
        except BROKEN_GZIP as error:
            raise broken_gzip(path, number, error) from None
