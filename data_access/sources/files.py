"""Opening a case file by the ending of its name. Libraries of a format are imported only when it is used."""

from pathlib import Path

from data_access.sources.delimited import read_delimited
from data_access.sources.rows import Form, Rows, UnreadableFile

ENDINGS = ".csv、.csv.gz、.xlsx、.json、.jsonl（可再加 .gz）、.parquet"


def open_rows(path: Path, form: Form) -> Rows:
    """The file's table. Raises UnreadableFile, saying what, where and what next."""
    if not path.is_file():
        raise UnreadableFile("找不到文件", str(path), "请核对路径。")
    endings = [ending.lower() for ending in path.suffixes]
    kind = next((e for e in reversed(endings) if e != ".gz"), "")
    try:
        if kind in (".csv", ".txt", ".tsv"):
            return read_delimited(path, form)
    except PermissionError:
        raise UnreadableFile("没有读这个文件的权限", str(path), "请改权限或换一个账户。") from None
    raise UnreadableFile("不认识的文件类型", path.name, f"可以导入：{ENDINGS}。")
