"""`import`, `grids` and `check` as they are called: what they print, and their exit status."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from callbacks.commands import check, grids, import_cases
from config import checks
from config.mappings import load_mapping
from config.settings import Settings
from domain.refusals import Refusal
from services.parts import Parts
from services.stores import open_store
from tests.services.import_files import a_file, a_row, rows_of
from tests.services.test_grids import FIGURE_OF_EIGHT, TOWN, a_geojson
from tests.shared_data import shared_file

NOW = datetime(2026, 8, 18, tzinfo=UTC)


def run(folder: Path, command: click.Command, *arguments: str) -> Result:
    parts = Parts(Settings(data=folder / "var"), lambda: NOW, lambda: NOW)
    return CliRunner().invoke(command, arguments, obj=parts, catch_exceptions=False)


def import_into(folder: Path, file: Path, *more: str, city: str = "boston", mapping: str = "generic") -> Result:
    return run(folder, import_cases.command, str(file), "--city", city, "--mapping", mapping, *more)


def test_boston_prints_its_counts_and_again_that_nothing_changed(tmp_path: Path) -> None:
    file = shared_file("boston-311-2026/cases.csv.gz")

    first = import_into(tmp_path, file, mapping="boston-311")
    second = import_into(tmp_path, file, "--format", "json", mapping="boston-311")

    assert (first.exit_code, second.exit_code) == (1, 1)
    assert "读入 38,971 行：新存 38,738，更新 0，未变 0，重复 0，搁置 233" in first.stdout
    assert "  没有上报时间：233 行" in first.stdout
    assert "  第 4573 条 open_date：没有上报时间" in first.stdout
    document = json.loads(second.stdout)
    assert {name: document[name] for name in ("read", "stored", "updated", "unchanged", "set_aside")} == {
        "read": 38_971, "stored": 0, "updated": 0, "unchanged": 38_738, "set_aside": 233,
    }  # fmt: skip


def test_a_clean_file_is_done(tmp_path: Path) -> None:
    assert import_into(tmp_path, a_file(tmp_path, a_row())).exit_code == 0


def test_a_refused_file_creates_no_database(tmp_path: Path) -> None:
    whole = gzip.compress(a_file(tmp_path, a_row()).read_bytes())
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-20])

    with pytest.raises(Refusal, match="压缩文件不完整或已损坏"):
        import_into(tmp_path, tmp_path / "cut.csv.gz")

    assert not (tmp_path / "var").exists()


def test_a_dry_run_shows_each_column_and_writes_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row("A1"), a_row("A2", 上报时间="昨天", 经度="东") | {"备注": "x"})

    shown = import_into(tmp_path, file, "--dry-run")
    document = json.loads(import_into(tmp_path, file, "--dry-run", "--format", "json").stdout)

    assert shown.exit_code == 1
    assert "2 行：可读 1，将搁置 1。没有写入任何数据。" in shown.stdout
    assert "上报时间 → 上报时间（reported_at）：ISO 8601，有值 1，空 0，读不懂 1" in shown.stdout
    assert "    2026-05-01 08:30 → 2026-05-01T08:30:00-04:00" in shown.stdout
    assert "没有用到的列：备注" in shown.stdout
    assert document["reasons"] == {"上报时间读不懂": 1}
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(("city", "mapping"), [("nowhere", "generic"), ("boston", "nowhere")])
def test_an_unknown_city_or_mapping_is_refused(tmp_path: Path, city: str, mapping: str) -> None:
    with pytest.raises(Refusal, match="没有“nowhere”"):
        import_into(tmp_path, a_file(tmp_path, a_row()), city=city, mapping=mapping)


def test_grids_are_cut_and_counted(tmp_path: Path) -> None:
    import_into(tmp_path, a_file(tmp_path, a_row("A1", 经度="116.21", 纬度="39.91"), a_row("A2", 经度="", 纬度="")))
    arguments = ("--city", "boston", "--outline", str(a_geojson(tmp_path, ({}, TOWN))), "--cell", "500")

    shown = run(tmp_path, grids.command, *arguments)
    document = json.loads(run(tmp_path, grids.command, *arguments, "--format", "json").stdout)

    assert shown.exit_code == 0
    assert "案件 2 件：在网格内 1，无坐标 1，坐标不可用 0，在市外 0，在网格之间 0" in shown.stdout
    assert (document["grids"], document["in_grid"], document["moved"]) == (20, 1, 0)


def test_a_repaired_outline_is_said_by_the_exit_status(tmp_path: Path) -> None:
    file = shared_file("us-boundaries/boston_neighborhoods.geojson")

    shown = run(tmp_path, grids.command, "--city", "boston", "--outline", str(file), "--cell", "1000")

    assert shown.exit_code == 1
    assert "已修复：boston_neighborhoods.geojson 第 20 个图形" in shown.stdout


def test_an_outline_that_crosses_itself_is_refused_and_creates_no_database(tmp_path: Path) -> None:
    eight = str(a_geojson(tmp_path, ({}, [[x, y] for x, y in FIGURE_OF_EIGHT])))

    with pytest.raises(Refusal, match="自相交"):
        run(tmp_path, grids.command, "--city", "boston", "--outline", eight, "--cell", "500")

    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "arguments",
    [(), ("--outline", "auto"), ("--grids", "g.geojson"), ("--grids", "g", "--key", "k", "--outline", "auto")],
)
def test_half_a_request_for_grids_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(Refusal):
        run(tmp_path, grids.command, "--city", "boston", *arguments)


def test_check_says_where_each_value_came_from(tmp_path: Path) -> None:
    shown = run(tmp_path, check.command)
    document = json.loads(run(tmp_path, check.command, "boston", "--format", "json").stdout)

    assert shown.exit_code == 0
    assert f"data = {tmp_path / 'var'}（选项）" in shown.stdout
    assert "0 处问题" in shown.stdout
    assert document["problems"] == []
    assert document["settings"]["port"] == {"value": "8050", "from": "default"}


def test_check_lists_every_problem_of_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.yaml").write_text("description: [\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("columns: {case_no: 号, colour: 色}\n", encoding="utf-8")
    monkeypatch.setattr(checks, "mapping_names", lambda: ("one", "two"))
    monkeypatch.setattr(checks, "load_mapping", lambda name: load_mapping(name, tmp_path))

    shown = run(tmp_path, check.command)

    assert shown.exit_code == 2
    assert "one.yaml: 第 2 行第 1 列: 不是合法的 YAML" in shown.stderr
    assert "two.yaml: description: 缺少这一项" in shown.stderr


def test_a_password_in_the_address_is_not_shown(tmp_path: Path) -> None:
    parts = Parts(Settings(database="postgresql://gridwall:sesame@localhost/db"), lambda: NOW, lambda: NOW)

    shown = CliRunner().invoke(check.command, [], obj=parts, catch_exceptions=False)

    assert "database = postgresql://gridwall@localhost/db（选项）" in shown.stdout
    assert "sesame" not in shown.output


def test_what_was_imported_by_command_is_in_the_store(tmp_path: Path) -> None:
    import_into(tmp_path, a_file(tmp_path, a_row("A7")))

    store = open_store(f"sqlite:///{tmp_path / 'var' / 'gridwall.sqlite'}")
    assert [row["case_no"] for row in rows_of(store, "cases")] == ["A7"]
    store.close()
