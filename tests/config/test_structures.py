"""Structures of cities, and every mistake of a folder told at once."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from callbacks.commands.check import command
from config import checks, cities
from config.cities import check_city
from config.problems import CONFIG_FOLDER
from config.settings import Settings
from services.parts import Parts

NOON = datetime(2026, 5, 19, 4, tzinfo=UTC)
GOOD = CONFIG_FOLDER / "cities" / "qidong"
# File, what is written, what is written instead, and the place where the problem must be told.
TEN = (
    ("city.yaml", "title: 启东市数字化城市管理监督指挥中心\n", "", "title"),
    ("city.yaml", "time_zone: Asia/Shanghai", "time_zone: Asia/Shangai", "time_zone"),
    ("city.yaml", "end: '12:00'", "end: '15:00'", "work_periods.1"),
    ("city.yaml", "on_time_target: 90 %", "on_time_target: 190 %", "on_time_target"),
    ("city.yaml", "grid_noun: 单元网格", "grid_noum: 单元网格", "grid_noum"),
    ("city.yaml", "{key: jiaotong,", "{key: gongan,", "units.3.key"),
    (
        "city.yaml",
        "short_name: 环保局, unit_class: first",
        "short_name: 环保局, unit_class: fist",
        "units.6.unit_class",
    ),
    ("structure.yaml", "grids: 583", "grids: many", "grids"),
    ("structure.yaml", "  lighting: {ludeng: 1}", "  lighting: {ludeng-suo: 1}", "duties.lighting.ludeng-suo"),
    ("structure.yaml", "classes: common", "classes: general", "general.yaml"),
)


def a_copy(folder: Path, mistakes: tuple[tuple[str, str, str, str], ...]) -> Path:
    shutil.copytree(GOOD, folder / "qidong")
    for file, before, after, _place in mistakes:
        path = folder / "qidong" / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def test_ten_different_mistakes_of_a_folder_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_copy(tmp_path, TEN)
    for module in (checks, cities):
        monkeypatch.setattr(module, "CITY_FOLDER", folder)
    monkeypatch.setattr(checks, "check_city", lambda city_id: check_city(city_id, folder))
    monkeypatch.setattr(checks, "city_ids", lambda: cities.city_ids(folder))

    parts = Parts(Settings(data=tmp_path), lambda: NOON, lambda: NOON)

    told = CliRunner().invoke(command, ["qidong"], obj=parts)

    assert told.exit_code == 2
    lines = told.stderr.splitlines()
    assert len(lines) == len(TEN) + 1  # the unit whose key is wrong is missing from its duties, too
    for file, _before, _after, place in TEN:
        expected = f"{place}: " if place.endswith(".yaml") else f"{file}: {place}: "
        (line,) = [line for line in lines if expected in line]
        assert line.rsplit(": ", 1)[1]  # what is wrong and what to do
    assert "写了两次" in told.stderr


@pytest.mark.parametrize(
    ("file", "before", "after", "place", "reason"),
    [
        ("structure.yaml", 'key: "002", name: 北街道', 'key: "001", name: 北街道', "streets.1.key", "写了两次"),
        ("structure.yaml", "patrol_areas: 25", "patrol_areas: 2500", "patrol_areas", "比网格还多"),
        ("structure.yaml", "{total: 31}", "{total: 31, offline: 32}", "cameras", "超过总数"),
        ("structure.yaml", "[121.66, 31.81]", "[31.81, 121.66]", "centre", "经度, 纬度"),
        ("structure.yaml", "grids: 583", "grids: 583\ngrid_classes: {one: 583}", "grid_classes.one", "grid_classes"),
        ("structure.yaml", "  gas: {ranqi: 1}\n", "", "duties", "gas"),
        (
            "structure.yaml",
            "  gas: {ranqi: 1}",
            "  gas: {ranqi: 1}\n  gardens: {ranqi: 1}",
            "duties.gardens",
            "gardens",
        ),
        ("structure.yaml", "- {key: media,", "- {key: video,", "channels.3.key", "写了两次"),
        ("structure.yaml", "seed: 320681", "seed: 320681\nseed: 1", "第 ", "写了两次"),
        (
            "city.yaml",
            "handling_rate_denominator: registered",
            "handling_rate_denominator: all",
            "options.handling_rate_denominator",
            "可选：handling_due、registered",
        ),
        ("city.yaml", "handling_rate_denominator: registered", "handled_by: registered", "options.handled_by", "可选"),
        ("city.yaml", "calendar: china", "calendar: china\nscore: ruzhou-watch", "score", "不给单位打分"),
        ("city.yaml", "calendar: china", "calendar: china\nscore: wuhua", "score", "不给单位打分"),
        ("city.yaml", "void: 作废", "forget: 忘记", "procedures", "forget"),
        ("city.yaml", "calendar: china", "calendar: china\nverified_channels: [pigeon]", "verified_channels", "pigeon"),
        ("city.yaml", "calendar: china", "calendar: china\nownerless_unit: nobody", "ownerless_unit", "nobody"),
        ("city.yaml", "end: 2015-05-08}", "end: 2014-05-08}", "periods.3", "end 应晚于 first"),
        ("city.yaml", "named: week", "named: weak", "periods.0", "weak"),
        ("city.yaml", "{key: report-2015,", "{key: report,", "periods.4.key", "写了两次"),
        (
            "city.yaml",
            "unit_classes: {first:",
            "unit_classes: {the_first_class:",
            "unit_classes.the_first_class",
            "写法",
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_and_place(
    tmp_path: Path, file: str, before: str, after: str, place: str, reason: str
) -> None:
    problems = check_city("qidong", a_copy(tmp_path, ((file, before, after, place),)))

    here = [problem for problem in problems if problem.path.startswith(place) and problem.file.endswith(file)]
    assert any(reason in problem.reason for problem in here), problems


def test_streets_whose_grids_do_not_add_up_are_told(tmp_path: Path) -> None:
    shutil.copytree(CONFIG_FOLDER / "cities" / "ruzhou", tmp_path / "ruzhou")
    path = tmp_path / "ruzhou" / "structure.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("grids: 123,", "grids: 124,"), encoding="utf-8")

    (problem,) = check_city("ruzhou", tmp_path)

    assert (problem.file, problem.path) == ("structure.yaml", "grids")
    assert "201" in problem.reason


def test_a_file_that_nothing_reads_is_told(tmp_path: Path) -> None:
    folder = a_copy(tmp_path, ())
    (folder / "qidong" / "unit.yaml").write_text("a: 1\n", encoding="utf-8")

    assert [problem.file for problem in check_city("qidong", folder)] == ["unit.yaml"]


def test_a_file_that_is_no_yaml_hides_no_mistake_of_the_other(tmp_path: Path) -> None:
    folder = a_copy(tmp_path, (("structure.yaml", "grids: 583", "grids: many", ""),))
    (folder / "qidong" / "city.yaml").write_text("name: [", encoding="utf-8")

    assert {problem.file for problem in check_city("qidong", folder)} == {"city.yaml", "structure.yaml"}
    assert not [problem for problem in check_city("qidong", folder) if problem.path.startswith("duties")]
