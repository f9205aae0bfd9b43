"""Case files of every kind give the same table, and broken ones say what is wrong with them."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import polars
import pytest
import xlsxwriter

from data_access.sources.files import open_rows
from data_access.sources.rows import LONGEST_LINE, Form, UnreadableFile
from data_access.sources.staging import SetAside, StagedRow, Staging

HEADINGS = ("case_no", "opened", "count")
TABLE = [("A1", "2026-05-01T08:30:00", "3"), ("路,灯\n“二”", "", "12345678901234567")]
CSV = 'case_no,opened,count\nA1,2026-05-01T08:30:00,3\n"路,灯\n“二”",,12345678901234567\n'


def read(path: Path, form: Form | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    table = open_rows(path, form or Form())
    return table.headings, [tuple(row) for _number, row in table.rows]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def refusal(path: Path, form: Form | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(path, form)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv(tmp_path: Path, name: str, encoding: str) -> None:
    assert read(written(tmp_path / name, CSV.encode(encoding))) == (HEADINGS, TABLE)


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_a_json_array(tmp_path: Path, name: str) -> None:
    rows = [{"case_no": "A1", "opened": TABLE[0][1], "count": 3}, {"case_no": TABLE[1][0], "count": 12345678901234567}]

    assert read(written(tmp_path / name, json.dumps(rows, indent=1).encode())) == (HEADINGS, TABLE)


def test_json_lines(tmp_path: Path) -> None:
    lines = '{"case_no":"A1","opened":"2026-05-01T08:30:00","count":3}\n\n{"case_no":"B","count":1.50}\n'

    assert read(written(tmp_path / "a.jsonl", lines.encode()))[1] == [TABLE[0], ("B", "", "1.50")]


def test_a_large_json_array_is_read_across_chunks(tmp_path: Path) -> None:
    rows = [{"n": n, "text": "网" * (n % 50)} for n in range(5000)]

    _headings, found = read(written(tmp_path / "a.json", json.dumps(rows, ensure_ascii=False).encode()))

    assert found == [(str(row["n"]), row["text"]) for row in rows]


def test_excel(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("案件")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["A1", datetime(2026, 5, 1, 8, 30), 3])  # noqa: DTZ001  Excel knows no zones
        sheet.write_row(3, 0, ["B", "", 1.5])

    table = open_rows(tmp_path / "a.xlsx", Form(sheet="案件"))

    assert table.headings == HEADINGS
    assert [(number, tuple(row)) for number, row in table.rows] == [(1, TABLE[0]), (3, ("B", "", "1.5"))]
    assert "没有工作表“别的”" in refusal(tmp_path / "a.xlsx", Form(sheet="别的"))


def test_parquet(tmp_path: Path) -> None:
    columns = {"case_no": ["A1", TABLE[1][0]], "opened": [TABLE[0][1], None], "count": [3, 12345678901234567]}
    polars.DataFrame(columns).write_parquet(tmp_path / "a.parquet")

    assert read(tmp_path / "a.parquet") == (HEADINGS, TABLE)


def test_the_first_encoding_that_reads_the_whole_file_is_taken(tmp_path: Path) -> None:
    form = Form(encodings=("utf-8-sig", "gb18030"))

    assert read(written(tmp_path / "a.csv", CSV.encode("gb18030")), form) == (HEADINGS, TABLE)
    assert read(written(tmp_path / "b.csv", CSV.encode()), form) == (HEADINGS, TABLE)


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path / "a.csv", b"a;b\n\n1;2\n\n"), Form(delimiter=";"))[1] == [("1", "2")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "文件是空的（a.csv）"),
        ("a.csv", CSV.encode("gb18030"), "文件不是 UTF-8 编码（a.csv 第 3 行"),
        ("a.csv", CSV.encode("utf-16"), "编码是 UTF-16"),
        ("a.csv", gzip.compress(CSV.encode()), "内容是 gzip 压缩"),
        ("a.csv", b"PK\x03\x04....", "内容是 Excel 工作簿"),
        ("a.csv", b'a,b\n1,"2\n' + b"x,y\n" * 60_000, "CSV 格式有误，可能是引号没有闭合"),
        ("a.json", b"case_no,opened\n", "不是 JSON"),
        ("a.json", b'[{"a":1},{"a"', "不是合法的 JSON（a.json 第 1 个对象之后"),
        ("a.json", b"[1,2]", "不是对象（a.json 第 1 个）"),
        ("a.jsonl", b'{"a":1}\n{"a":\n', "不是合法的 JSON（a.jsonl 第 2 行"),
        ("a.xlsx", b"not a workbook", "工作簿打不开"),
        ("a.parquet", b"PAR1 not really", "Parquet 文件打不开"),
        ("a.pdf", b"%PDF", "不认识的文件类型（a.pdf）。可以导入：.csv"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path).startswith(expected)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").startswith("找不到文件")


@pytest.mark.parametrize("name", ["a.csv.gz", "a.json.gz"])
def test_a_truncated_archive_is_refused(tmp_path: Path, name: str) -> None:
    content = CSV * 20_000 if "csv" in name else json.dumps([{"case_no": f"A{n}"} for n in range(50_000)])
    whole = gzip.compress(content.encode())
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])

    assert refusal(tmp_path / name).startswith("压缩文件不完整或已损坏")


def test_what_is_called_gz_and_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(CSV.encode())

    assert refusal(tmp_path / "a.csv.gz").startswith("不是 gzip 文件")


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_an_endless_line_is_refused(tmp_path: Path, name: str) -> None:
    start = {"a.csv": b"case_no\nA1\n", "a.json": b'[{"a":"', "a.jsonl": b'{"a":1}\n{"a":"'}[name]
    (tmp_path / name).write_bytes(start + b"x" * (3 * LONGEST_LINE))

    assert "超过 1 MB" in refusal(tmp_path / name)


def test_staging_keeps_the_last_row_of_a_number_in_the_files_order() -> None:
    with Staging() as staging:
        for number, case_no in enumerate(["a", "b", "a", "c"], start=1):
            replaced = staging.add(number, case_no, f"{case_no}{number}")
            assert replaced == (StagedRow(1, "a1") if number == 3 else None)

        assert [row.body for batch in staging.batches(2) for row in batch] == ["b2", "a3", "c4"]


def test_staging_counts_equal_rows_that_were_set_aside() -> None:
    with Staging() as staging:
        for number, raw in enumerate(["x", "y", "x"], start=1):
            staging.set_aside(SetAside(number, None, "why", raw))

        assert [(row.number, row.raw, row.times) for row in staging.set_aside_rows()] == [
            (1, "x", 0),
            (2, "y", 0),
            (3, "x", 1),
        ]
