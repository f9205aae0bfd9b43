import re
from fractions import Fraction
from pathlib import Path

import pytest

from config.cities import CITY_FOLDER, check_city, city_ids, load_city
from config.problems import ConfigError
from config.replays import load_replays
from domain.published import Statement
from domain.ranking import Rounding, rounded

HALF = """\
replays:
  half:
    title: 半年
    source: 年报
    statements:
      - {first: 2015-01-01, end: 2015-07-01, reported: 12, registered: 10, handled: 9, closed: 9, on_time: 8}
"""


def shipped() -> list[tuple[str, Statement]]:
    reports = [(city, report) for city in city_ids() for report in load_replays(load_city(city)).values()]
    return [(city, statement) for city, report in reports for statement in report.statements]


def a_city(folder: Path, text: str) -> Path:
    (folder / "qidong").mkdir()
    (folder / "qidong/replays.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_reports_of_two_cities_are_shipped() -> None:
    assert {city for city, _ in shipped()} == {"qidong", "shijingshan"}


@pytest.mark.parametrize(("city", "statement"), shipped(), ids=lambda it: it if isinstance(it, str) else str(it.first))
def test_printed_rates_follow_from_the_counts(city: str, statement: Statement) -> None:
    numerators = {"handling_rate": statement.handled, "on_time_closure_rate": statement.on_time}

    assert statement.printed
    for name, digits in statement.printed.items():
        exact = Fraction(100 * numerators[name], statement.registered)
        assert str(rounded(exact, 2, Rounding.HALF_UP)) == digits


def test_a_city_without_the_file_has_no_reports() -> None:
    assert load_replays(load_city("boston")) == {}


def test_the_report_of_the_how_to_can_be_replayed(tmp_path: Path) -> None:
    page = (CITY_FOLDER.parents[1] / "docs/how-to/replay-a-report.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.S)

    assert len(load_replays(load_city("qidong"), a_city(tmp_path, text))["half"].statements) == 2


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    reports = load_replays(load_city("qidong"), a_city(tmp_path, HALF))

    assert (reports["half"].key, reports["half"].statements[0].registered) == ("half", 10)


@pytest.mark.parametrize(
    ("wrong", "right", "path", "reason"),
    [
        ("registered: 10", "registered: ten", "replays.half.statements.0.registered", "应为整数"),
        ("closed: 9", "closd: 9", "replays.half.statements.0.closed", "缺少这一项"),
        ("closed: 9", "closed: 10", "replays.half", "没有一段历史能得出这些数"),
        ("end: 2015-07-01", "end: 2015-01-01", "replays.half.statements.0", "end 应晚于 first"),
        ("title: 半年", "title: 半年\n    people: {局长: 1}", "replays.half", "没有“局长”"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, wrong: str, right: str, path: str, reason: str) -> None:
    folder = a_city(tmp_path, HALF.replace(wrong, right))

    with pytest.raises(ConfigError) as refused:
        load_replays(load_city("qidong"), folder)

    assert any(p.path == path and reason in p.reason for p in refused.value.problems)


def test_check_reads_the_file_too(tmp_path: Path) -> None:
    folder = a_city(tmp_path, HALF.replace("closed: 9", "closed: 10"))
    for name in ("city.yaml", "structure.yaml"):
        (folder / "qidong" / name).write_bytes((CITY_FOLDER / "qidong" / name).read_bytes())

    assert [problem.path for problem in check_city("qidong", folder)] == ["replays.half"]
