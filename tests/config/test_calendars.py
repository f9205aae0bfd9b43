import json
import os
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from config.calendars import CALENDAR_FOLDER, load_calendar
from config.problems import ConfigError

YEARS = range(2014, 2027)
DAYS = [date(2014, 1, 1) + timedelta(days=number) for number in range((date(2027, 1, 1) - date(2014, 1, 1)).days)]
GOOD = "# covered_years: 2026-2026\ndate,is_working,name,source\n2026-01-01,false,元旦,国务院办公厅\n"


def test_every_working_day_equals_the_first_independent_calendar() -> None:
    ours = load_calendar("china")

    different = [day for day in DAYS if ours.is_workday(day) != chinese_calendar.is_workday(day)]

    assert different == []
    assert ours.covered_years == frozenset(YEARS)


def test_every_working_day_equals_the_second_independent_calendar() -> None:
    ours = load_calendar("china")
    theirs = holidays.country_holidays("CN", years=YEARS)

    different = [day for day in DAYS if ours.is_workday(day) != theirs.is_working_day(day)]

    assert different == []


def test_the_shipped_file_lists_exceptions_only() -> None:
    ours = load_calendar("china")

    assert [day for day, is_working in ours.days.items() if is_working == (day.weekday() < 5)] == []


def written(folder: Path, text: str | bytes) -> Path:
    (folder / "town.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    calendar = load_calendar("town", written(tmp_path, "\ufeff" + GOOD + "\n2026-01-04, true ,调休,国务院办公厅\n"))

    assert calendar.days == {date(2026, 1, 1): False, date(2026, 1, 4): True}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (GOOD + "2026-13-01,false,x,y\n", "第 4 行", "没有 2026-13-01 这一天"),
        (GOOD + "1/2/2026,false,x,y\n", "第 4 行", "YYYY-MM-DD"),
        (GOOD + "2026-01-02,no,x,y\n", "第 4 行", "true 或 false"),
        (GOOD + "2026-01-02,false,x\n", "第 4 行", "应有 4 列，实际 3 列"),
        (GOOD + "2026-01-02,false,,y\n", "第 4 行", "不能为空"),
        (GOOD + "2027-01-01,false,x,y\n", "第 4 行", "不在 covered_years 之内"),
        (GOOD + "2026-01-01,true,x,y\n", "第 4 行", "写了两次"),
        (GOOD.replace("is_working", "working"), "第 2 行", "表头应为"),
        (GOOD.replace("# covered", "# known"), "", "covered_years"),
        (GOOD.replace("2026-2026", "2027-2026"), "", "covered_years"),
        ("# covered_years: 2026-2026\n", "", "没有表头"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, text: str, line: str, reason: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_calendar("town", written(tmp_path, text))

    problem = refused.value.problems[0]
    assert (problem.file, problem.path) == ("town.csv", line)
    assert reason in problem.reason


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load_calendar("town", written(tmp_path, GOOD + "2026-01-02,no,x,y\n2026-02-30,true,x,y\n"))

    assert [problem.path for problem in refused.value.problems] == ["第 4 行", "第 5 行"]
    assert "town.csv: 第 5 行: 没有 2026-02-30 这一天" in str(refused.value)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="UTF-8"):
        load_calendar("town", written(tmp_path, GOOD.encode("gb18030")))


@pytest.mark.parametrize("name", ["atlantis", "../china", "China", ""])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match=r"config/calendar/.*\.csv: 没有名为.*china"):
        load_calendar(name)


def test_the_folder_of_calendars_is_named_without_the_machines_path() -> None:
    with pytest.raises(ConfigError) as refused:
        load_calendar("atlantis")

    assert str(CALENDAR_FOLDER) not in str(refused.value)
    assert os.sep not in json.dumps([problem.file for problem in refused.value.problems]).replace(
        "config/calendar/", ""
    )
