"""Parquet, by polars, which is an extra: imported only where such a file is read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data_access.sources.cells import as_text
from data_access.sources.rows import Rows, UnreadableFile

BATCH = 20_000  # rows in memory at a time


def read_parquet(path: Path) -> Rows:
    try:
        import polars
    except ImportError:
        then = "请安装它（pip install 'gridwall[parquet]'），或另存为 CSV。"
        raise UnreadableFile("读 Parquet 需要 polars", path.name, then) from None
    try:
        table = polars.scan_parquet(path)
        names = tuple(table.collect_schema().names())
        count = int(table.select(polars.len()).collect().item())
    except (polars.exceptions.PolarsError, OSError) as error:
        raise UnreadableFile("Parquet 文件打不开", f"{path.name}：{str(error)[:120]}", "请重新导出后重试。") from None
    return Rows(path, names, _rows(table, count, path), "Parquet")


def _rows(table: Any, count: int, path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    from polars.exceptions import PolarsError

    number = 0
    try:
        for start in range(0, count, BATCH):
            for row in table.slice(start, BATCH).collect().iter_rows():
                number += 1
                yield number, [as_text(cell) for cell in row]
    except (PolarsError, OSError) as error:
        where = f"{path.name}，读完第 {number} 行之后：{str(error)[:120]}"
        raise UnreadableFile("Parquet 文件已损坏", where, "请重新导出后重试；没有写入任何数据。") from None
