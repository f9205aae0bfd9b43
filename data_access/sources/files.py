"""Opening a case file by the ending of its name. Libraries of a format are imported only when it is used."""

from pathlib import Path

from data_access.sources.delimited import read_delimited
from data_access.sources.json_rows import read_json
from data_access.sources.parquet import read_parquet
from data_access.sources.rows import Form, Rows, UnreadableFile
from data_access.sources.sheets import read_sheet

ENDINGS = ".csv、.json、.jsonl（都可以再加 .gz）、.xlsx、.parquet"


def open_rows(path: Path, form: Form) -> Rows:
    """The file's table. Raises UnreadableFile, saying what, where and what next."""
    if not path.is_file():
        raise UnreadableFile("找不到文件", str(path), "请核对路径。")
    try:
        return _open(path, form)
    except PermissionError:
        raise UnreadableFile("没有读这个文件的权限", str(path), "请改权限，或换一个账户。") from None


def _open(path: Path, form: Form) -> Rows:
    endings = [ending.lower() for ending in path.suffixes]
    packed = endings[-1:] == [".gz"]
    kind = next(iter(endings[-2:-1] if packed else endings[-1:]), "")
    if kind in (".csv", ".tsv", ".txt"):
        return read_delimited(path, form)
    if kind in (".json", ".jsonl", ".ndjson"):
        return read_json(path)
    if kind in (".xlsx", ".xlsm", ".xls", ".ods") and not packed:
        return read_sheet(path, form)
    if kind == ".parquet" and not packed:
        return read_parquet(path)
    raise UnreadableFile("不认识的文件类型", path.name, f"可以导入：{ENDINGS}。")
