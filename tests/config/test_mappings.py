"""Mappings of sources."""

from pathlib import Path

import pytest

from config.mappings import MAPPING_FOLDER, load_mapping, mapping_names
from config.problems import ConfigError, Problem
from domain.refusals import Refusal

GOOD = "description: 例\ncolumns:\n  case_no: 号\n  reported_at: 时间\n"


def check_mapping(name: str, folder: Path = MAPPING_FOLDER) -> tuple[Problem, ...]:
    """Everything that is wrong with the mapping; empty = usable."""
    try:
        load_mapping(name, folder)
    except ConfigError as error:
        return error.problems
    return ()


def problems_of(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "here.yaml").write_text(text, encoding="utf-8")
    return [f"{problem.path}: {problem.reason}" for problem in check_mapping("here", tmp_path)]


@pytest.mark.parametrize("name", mapping_names())
def test_every_shipped_mapping_loads(name: str) -> None:
    assert check_mapping(name) == ()


def test_the_mappings_of_the_issue_are_shipped() -> None:
    assert {"boston-311", "sf-311", "nyc-311", "generic"} <= set(mapping_names())


def test_boston_calls_its_offset_a_lie() -> None:
    mapping = load_mapping("boston-311")

    assert mapping.ignore_offset
    assert mapping.fields["registered_at"].same_as == "reported_at"
    assert not mapping.writable


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("  colour: 颜色\n", "columns.colour: 案件没有“colour”这一项"),
        ("  lon: 经度\n", "columns: lon 和 lat 要么都写，要么都不写"),
        ("  closed_at: {same_as: handled_at}\n", "columns.closed_at: same_as 指向的 handled_at 没有自己的来源"),
        ("  closed_at: {column: 结, constant: x}\n", "columns.closed_at: column、constant、same_as 三者写且只写一个"),
        ("  kind: {column: 类, values: {部件: thing}}\n", "columns.kind: values 的右边只能是 part、event"),
        ("crs: mercator\n", "crs: 坐标系只能是"),
        ("encoding: utf-9\n", "encoding.0: 编码只能是"),
        ("times: {formats: '%d.%m'}\n", "times.formats.0: 时间写法应为 iso"),
        ("times: {zone: Mars/North}\n", "times.zone: 没有“Mars/North”这个时区"),
        ("bounds: [10, 10, 5, 20]\n", "bounds: 应为 [西, 南, 东, 北]"),
        ("status: {closed: 完}\n", "status: 写了状态词，却没有 columns.status"),
        ("required: [unit]\n", "columns: 缺少必需的 unit"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, more: str, expected: str) -> None:
    (problem,) = problems_of(tmp_path, GOOD + more)

    assert problem.startswith(expected)


def test_a_mapping_without_a_case_number_is_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "description: 例\ncolumns: {reported_at: 时间}\n") == ["columns: 缺少必需的 case_no"]


def test_an_unknown_mapping_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="generic"):
        load_mapping("nowhere")
