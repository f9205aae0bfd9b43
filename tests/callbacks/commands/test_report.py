"""`report`: which period, which files, and that nothing that was written is replaced."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from callbacks.commands.report import command
from config.cities import load_city
from config.settings import Settings
from domain.refusals import Refusal
from domain.reports import ReportKind
from services.parts import Parts
from services.reports.issue import report_span
from tests.worlds import a_world

NOON = datetime(2026, 6, 3, 4, 0, 0, 123456, tzinfo=UTC)
MAY = ("--city", "suning", "--period", "2026-05", "--as-of", "2026-06-03T10:00")


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    parts = Parts(Settings(data=tmp_path / "data"), lambda: NOON, lambda: NOON)
    store = parts.open_store("suning")
    a_world(store, 7, city="suning")
    store.close()
    return parts


def run(parts: Parts, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, obj=parts, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("kind", list(ReportKind))
def test_every_kind_is_a_paper_a_workbook_and_a_table(parts: Parts, tmp_path: Path, kind: ReportKind) -> None:
    period = ("--city", "suning", "--period", "2026-W21") if kind is ReportKind.WEEKLY else MAY
    said = json.loads(run(parts, "--kind", kind.value, *period, "--out", str(tmp_path / "out"), "--format", "json"))

    paper, book, table = (Path(name) for name in said["files"])
    assert paper.read_bytes().startswith(b"%PDF-")
    assert "肃宁" in book.name
    sheets = CalamineWorkbook.from_path(book).sheet_names
    assert sheets[-1] == "说明"
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_same_again_is_the_same_and_another_is_refused(parts: Parts, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        said = run(parts, "--kind", "monthly", *MAY, "--out", str(out))
    assert "第 1 版（数字未变，原有版本）" in said
    assert "未定稿" in said  # 3 June: fewer than five days after the month's end
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(before) == 3

    book = next(path for path in out.iterdir() if path.suffix == ".xlsx")
    book.write_bytes(b"somebody has worked on it")
    next(path for path in out.iterdir() if path.suffix == ".csv").unlink()
    with pytest.raises(Refusal, match="已有内容不同的同名文件"):
        run(parts, "--kind", "monthly", *MAY, "--out", str(out))
    assert book.read_bytes() == b"somebody has worked on it"
    assert len(list(out.iterdir())) == 2  # not even the one that was gone is written


def test_by_the_clock_it_is_seen_now(parts: Parts, tmp_path: Path) -> None:
    """A clock has parts of a second; the names have minutes."""
    run(parts, "--kind", "weekly", "--city", "suning", "--out", str(tmp_path / "out"))
    assert all("截至20260603-1200" in path.name for path in (tmp_path / "out").iterdir())


def test_a_settled_month_says_so(parts: Parts, tmp_path: Path) -> None:
    said = run(parts, "--kind", "circular", *MAY[:-1], "2026-06-06T00:00", "--out", str(tmp_path / "out"))
    assert "已定稿" in said
    assert all("未定稿" not in path.name for path in (tmp_path / "out").iterdir())


def test_what_is_in_the_way_leaves_nothing_behind(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder is asked for")
    with pytest.raises(Refusal, match="文件写不进去"):
        run(parts, "--kind", "monthly", *MAY, "--out", str(tmp_path / "out" / "deeper"))


@pytest.mark.parametrize(
    ("kind", "written", "first", "end"),
    [
        (ReportKind.WEEKLY, None, "2026-05-25", "2026-06-01"),  # the week that is over
        (ReportKind.WEEKLY, "2026-W20", "2026-05-11", "2026-05-18"),  # as on the pictures
        (ReportKind.WEEKLY, "2026-W01", "2025-12-29", "2026-01-05"),
        (ReportKind.MONTHLY, None, "2026-05-01", "2026-06-01"),
        (ReportKind.CIRCULAR, "2025-12", "2025-12-01", "2026-01-01"),
    ],
)
def test_periods(kind: ReportKind, written: str | None, first: str, end: str) -> None:
    span = report_span(kind, load_city("suning"), written, NOON)
    assert (span.first.isoformat(), span.end.isoformat()) == (first, end)


@pytest.mark.parametrize(
    ("kind", "written"), [("weekly", "2026-05"), ("monthly", "2026-13"), ("weekly", "2025-W53"), ("circular", "May")]
)
def test_what_is_no_period_is_refused(kind: str, written: str) -> None:
    with pytest.raises(Refusal, match="周期"):
        report_span(ReportKind(kind), load_city("suning"), written, NOON)


def test_a_period_that_has_not_begun_is_refused(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="还没有开始"):
        run(parts, "--kind", "monthly", "--city", "suning", "--period", "2026-07", "--out", str(tmp_path))
