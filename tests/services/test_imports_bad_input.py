"""Bad input is refused with what, where and what next, and leaves the store as it was."""

import gzip
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from config.mappings import load_mapping
from data_access.store import Store
from domain.refusals import Refusal
from services.imports import store_staged
from services.imports.read import staged_file
from services.stores import open_store
from tests.conftest import FreshDatabase
from tests.services.import_files import CITY, NOW, a_file, a_row, everything, imported


def refusal(store: Store, path: Path, mapping: str = "generic") -> Refusal:
    """Imports a file that must be refused into a store that already holds a case; checks that nothing changed."""
    before = everything(store)
    with pytest.raises(Refusal) as caught:
        imported(store, path, mapping)
    assert everything(store) == before
    assert caught.value.then.endswith("。")
    return caught.value


@pytest.fixture
def used(store: Store, tmp_path: Path) -> Store:
    imported(store, a_file(tmp_path, a_row("B1"), a_row("B2", 上报时间=""), name="earlier.csv"))
    return store


def test_a_wrong_column_name(used: Store, tmp_path: Path) -> None:
    row = {("案件编号" if name == "案件号" else name): value for name, value in a_row().items()}

    found = refusal(used, a_file(tmp_path, row))

    assert found.what.startswith("缺少列：“案件号 或 任务号 或 case_no”（案件号），是不是“案件编号”？")
    assert found.where == "cases.csv 的表头"
    assert "文件里有：案件编号、上报时间" in found.then


def test_a_column_that_is_there_twice(used: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("案件号,上报时间,案件号\n1,2026-05-01,2\n", encoding="utf-8")

    assert refusal(used, tmp_path / "a.csv").what == "列名“案件号”出现了多次"


def test_a_truncated_gzip_after_thousands_of_good_rows(used: Store, tmp_path: Path) -> None:
    whole = gzip.compress(a_file(tmp_path, *(a_row(f"A{n}") for n in range(9_000))).read_bytes())
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-100])

    found = refusal(used, tmp_path / "cut.csv.gz")

    assert found.what == "压缩文件不完整或已损坏"
    assert found.where.startswith("cut.csv.gz")


def test_another_encoding(used: Store, tmp_path: Path) -> None:
    names = ",".join(name for source in load_mapping("sf-311").fields.values() for name in source.columns)
    (tmp_path / "sf.csv").write_bytes(f"{names}\n1,二〇二六\n".encode("gb18030"))

    found = refusal(used, tmp_path / "sf.csv", "sf-311")

    assert (found.what, found.where) == ("文件不是 UTF-8 编码", "sf.csv 第 2 行第 3 字节")


def test_a_line_of_a_hundred_megabytes(used: Store, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "long.csv.gz", "wb", compresslevel=1) as stream:
        stream.write("案件号,上报时间\nA1,2026-05-01\nA2,".encode())
        for _ in range(100):
            stream.write(b"x" * (1 << 20))

    found = refusal(used, tmp_path / "long.csv.gz")

    assert (found.what, found.where) == ("有一行超过 1 MB", "long.csv.gz 第 3 行")


def test_an_unknown_mapping_names_the_known_ones(used: Store, tmp_path: Path) -> None:
    assert "generic" in refusal(used, a_file(tmp_path, a_row()), "nowhere").then


@contextmanager
def writer_at_work(url: str) -> Iterator[None]:
    """Somebody else holds the write lock of an SQLite file."""
    other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database(fresh_sqlite: FreshDatabase, tmp_path: Path) -> None:
    store = open_store(fresh_sqlite(), busy_s=0.2)
    try:
        with writer_at_work(store.url):
            found = refusal(store, a_file(tmp_path, a_row()))
        assert found.what == "数据库正被别的程序占用"
        assert imported(store, a_file(tmp_path, a_row())).stored == 1
    finally:
        store.close()


def test_a_full_disk(sqlite_store: Store, tmp_path: Path) -> None:
    """The database may not grow by more than a few pages: the failure comes in the middle of the transaction."""

    def no_more_room(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 50}")

    sqlite_store.write.dispose()
    event.listen(sqlite_store.write, "connect", no_more_room)

    found = refusal(sqlite_store, a_file(tmp_path, *(a_row(f"A{n}") for n in range(5_000))))

    assert found.what == "磁盘或数据库已满"
    assert imported(sqlite_store, a_file(tmp_path, a_row())).stored == 1


def test_a_failure_between_two_batches_leaves_nothing(used: Store, tmp_path: Path) -> None:
    """Somebody takes a case number while the import runs: the second batch fails, and the first goes with it."""
    before = everything(used)
    path = a_file(tmp_path, *(a_row(f"A{n}") for n in range(2_500)))
    seen: list[str] = []

    def fail_late(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)
        if sum("INSERT INTO cases" in each for each in seen) == 2:
            raise RuntimeError("the power is gone")

    event.listen(used.write, "before_cursor_execute", fail_late)
    with staged_file(CITY, load_mapping("generic"), path) as staged, pytest.raises(RuntimeError):
        store_staged(used, staged, NOW)
    event.remove(used.write, "before_cursor_execute", fail_late)

    assert everything(used) == before


def test_two_imports_at_once_do_not_store_a_case_twice(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row("A0")))
    path = a_file(tmp_path, *(a_row(f"A{n}") for n in range(300)))
    found: list[int] = []

    def run() -> None:
        found.append(imported(store, path).stored)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [0, 299]
    assert len(everything(store)["cases"]) == 300
