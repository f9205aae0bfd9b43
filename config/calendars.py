"""Reads a working calendar (config/calendar/<name>.csv), strictly."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from domain.calendar import WorkCalendar, WorkingTime
from domain.city import City

CALENDAR_FOLDER = CONFIG_FOLDER / "calendar"
HEADING = ["date", "is_working", "name", "source"]
ANSWERS = {"true": True, "false": False}
COVERED = re.compile(r"#\s*covered_years:\s*([0-9]{4})-([0-9]{4})\s*")


def load_calendar(name: str, folder: Path = CALENDAR_FOLDER) -> WorkCalendar:
    """The calendar of that name. Raises ConfigError with every problem of the file, each with its line."""
    file = folder / f"{name}.csv"
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not file.is_file():
        known = "、".join(sorted(path.stem for path in folder.glob("*.csv"))) or "无"
        raise ConfigError([Problem(shown(file), "", f"没有名为“{name}”的工作日历；现有：{known}")])
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConfigError([Problem(shown(file), "", "不是 UTF-8 编码，请另存为 UTF-8")]) from None
    return _read(lines, shown(file))


def working_time(city: City) -> WorkingTime | None:
    """The city's working time, made of its calendar and its periods; None for a city without a calendar."""
    return WorkingTime(load_calendar(city.calendar), city.work_periods, city.zone) if city.calendar else None


def _read(lines: list[str], file: str) -> WorkCalendar:
    years, problems = _covered_years(lines, file)
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    heading_seen = False
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if not heading_seen:
            heading_seen = True
            if cells != HEADING:
                problems.append(Problem(file, f"第 {number} 行", f"表头应为 {','.join(HEADING)}"))
            continue
        try:
            day, is_working = _day(cells, years, days)
            days[day], names[day] = is_working, cells[2]
        except ValueError as reason:
            problems.append(Problem(file, f"第 {number} 行", str(reason)))
    if not heading_seen:
        problems.append(Problem(file, "", f"没有表头 {','.join(HEADING)}"))
    if problems:
        raise ConfigError(problems)
    return WorkCalendar(days, years, names)


def _covered_years(lines: Iterable[str], file: str) -> tuple[frozenset[int], list[Problem]]:
    found = [match for line in lines if (match := COVERED.fullmatch(line))]
    if len(found) != 1 or int(found[0][1]) > int(found[0][2]):
        return frozenset(), [Problem(file, "", "应有且只有一行 # covered_years: 起始年-结束年，例如 2014-2026")]
    return frozenset(range(int(found[0][1]), int(found[0][2]) + 1)), []


def _day(cells: list[str], years: frozenset[int], days: dict[date, bool]) -> tuple[date, bool]:
    """One row; raises ValueError with the reason in Chinese."""
    if len(cells) != len(HEADING):
        raise ValueError(f"应有 {len(HEADING)} 列，实际 {len(cells)} 列")
    written, answer, name, source = cells
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise ValueError(f"日期“{written}”应写成 YYYY-MM-DD")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"没有 {written} 这一天") from None
    if answer not in ANSWERS:
        raise ValueError(f"is_working 应为 true 或 false，不能是“{answer}”")
    if not name or not source:
        raise ValueError("name 和 source 不能为空：请写明是什么日子、依据是什么")
    if years and day.year not in years:
        raise ValueError(f"{written} 不在 covered_years 之内；请补齐那一年并改 covered_years")
    if day in days:
        raise ValueError(f"{written} 写了两次")
    return day, ANSWERS[answer]
