"""City profiles: config/cities/<id>/city.yaml, read strictly into domain.city.City."""

import re
from collections.abc import Mapping
from datetime import time
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.calendars import CALENDAR_FOLDER
from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.strict import StrictModel, load_strict
from domain.city import City, UnitProfile, WorkPeriod
from domain.indicators import ClosureDue, HandlingDenominator, IndicatorOptions, OnTimeDenominator
from domain.refusals import Refusal

CITY_FOLDER = CONFIG_FOLDER / "cities"
SCORE_FOLDER = CONFIG_FOLDER / "scores"
FLOWS = ("reported", "registered", "dispatched", "handled", "closed")
MEASURES = ("registered_today", "open", "overdue_open")
CITY_ID = r"[a-z0-9][a-z0-9-]{0,39}"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"没有“{name}”这个时区，请写成 Asia/Shanghai 这样的名称") from None
    return name


def _share(value: Any) -> Fraction:
    """`0.8`, `4/5` or `80 %`, exactly."""
    text = str(value).strip()
    try:
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError("应为 0 到 1 之间的份额，例如 0.8、4/5 或 80 %") from None
    if not 0 <= share <= 1:
        raise ValueError("应为 0 到 1 之间的份额，例如 0.8、4/5 或 80 %")
    return share


def _clock_time(value: Any) -> time:
    """`'08:30'`. YAML reads an unquoted 08:30 as a number of minutes or as text, depending on its digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", value):
        hour, minute = map(int, value.split(":"))
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ValueError("应为一天中的时刻，请加引号，例如 '08:30'")


def _month_day(value: str) -> str:
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", value):
        raise ValueError("应为 MM-DD，例如 '05-01'")
    return value


Share = Annotated[Fraction, BeforeValidator(_share)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class UnitFile(StrictModel):
    key: Annotated[str, Field(min_length=1, max_length=120)]
    name: Annotated[str, Field(min_length=1, max_length=120)] = ""
    short_name: Annotated[str, Field(min_length=1, max_length=40)]
    unit_class: str | None = None


class PeriodFile(StrictModel):
    start: ClockTime
    end: ClockTime
    valid_from: MonthDay = "01-01"
    valid_to: MonthDay = "12-31"

    @model_validator(mode="after")
    def _forward(self) -> "PeriodFile":
        if self.start >= self.end:
            raise ValueError("end 应晚于 start；跨夜的班次请写成两段")
        return self


class OptionsFile(StrictModel):
    closure_due_definition: Annotated[ClosureDue, Field(strict=False)] = ClosureDue.CLOSED_PLUS_OVERDUE
    on_time_denominator: Annotated[OnTimeDenominator, Field(strict=False)] = OnTimeDenominator.CLOSURE_DUE
    handling_rate_denominator: Annotated[HandlingDenominator, Field(strict=False)] = HandlingDenominator.HANDLING_DUE


class CityFile(StrictModel):
    """The fields of domain.city.City as they are written."""

    name: Name
    title: Name
    time_zone: Annotated[str, AfterValidator(_zone)]
    demo: bool = False
    calendar: str | None = None
    work_periods: Annotated[tuple[PeriodFile, ...], Field(strict=False)] = ()
    units: Annotated[tuple[UnitFile, ...], Field(strict=False)] = ()
    unit_classes: Mapping[str, Name] = Field(default_factory=dict)
    wall_unit_class: str | None = None
    not_recorded: Annotated[tuple[str, ...], Field(strict=False)] = ()
    options: OptionsFile = OptionsFile()
    score: str | None = None
    on_time_target: Share | None = None
    alarm_unit_overdue: Annotated[int, Field(ge=1)] = 5
    due_soon_share: Share = Fraction(4, 5)
    heat_breaks: Mapping[str, Annotated[tuple[int, ...], Field(strict=False)]] = Field(default_factory=dict)
    stale_after_s: Annotated[float, Field(gt=0, strict=False)] | None = None
    street_noun: Name = "街道"
    grid_noun: Name = "单元网格"


def city_ids(folder: Path = CITY_FOLDER) -> tuple[str, ...]:
    """Every city that has a profile."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/city.yaml")))


def load_city(city_id: str, folder: Path = CITY_FOLDER) -> City:
    """The city's profile. Raises Refusal for an unknown city and ConfigError with every problem of its file."""
    file = folder / city_id / "city.yaml"
    if not re.fullmatch(CITY_ID, city_id) or not file.is_file():
        known = "、".join(city_ids(folder)) or "无"
        raise Refusal(
            f"没有“{city_id}”这个城市", "--city", f"现有：{known}。新城市请在 config/cities/ 下建一个文件夹。"
        )
    written = load_strict(file, CityFile)
    problems = [Problem(shown(file), path, reason) for path, reason in _contradictions(written)]
    if problems:
        raise ConfigError(problems)
    return _city(city_id, written)


def check_city(city_id: str, folder: Path = CITY_FOLDER) -> tuple[Problem, ...]:
    """Everything that is wrong with the city's folder; empty = usable."""
    try:
        load_city(city_id, folder)
    except ConfigError as error:
        return error.problems
    return ()


def _contradictions(written: CityFile) -> list[tuple[str, str]]:
    """What each value alone does not show: (path, reason)."""
    found = _wrong_units(written)
    for flow in written.not_recorded:
        if flow not in FLOWS:
            found.append(("not_recorded", f"没有“{flow}”这一项；可选：{'、'.join(FLOWS)}"))
    for measure, breaks in written.heat_breaks.items():
        found += [(f"heat_breaks.{measure}", reason) for reason in _wrong_breaks(measure, breaks)]
    if written.calendar is not None and not (CALENDAR_FOLDER / f"{written.calendar}.csv").is_file():
        found.append(("calendar", f"config/calendar 里没有 {written.calendar}.csv"))
    if written.calendar is not None and not written.work_periods:
        found.append(("work_periods", "有工作日历的城市要写明工作时段"))
    if written.score is not None and not (SCORE_FOLDER / f"{written.score}.yaml").is_file():
        found.append(("score", f"config/scores 里没有 {written.score}.yaml"))
    return found


def _wrong_units(written: CityFile) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    keys = [unit.key for unit in written.units]
    for number, unit in enumerate(written.units):
        if unit.key in keys[:number]:
            found.append((f"units.{number}.key", f"“{unit.key}”写了两次"))
        if unit.unit_class is not None and unit.unit_class not in written.unit_classes:
            found.append((f"units.{number}.unit_class", f"“{unit.unit_class}”不在 unit_classes 里"))
    if written.wall_unit_class is not None and written.wall_unit_class not in written.unit_classes:
        found.append(("wall_unit_class", f"“{written.wall_unit_class}”不在 unit_classes 里"))
    return found


def _wrong_breaks(measure: str, breaks: tuple[int, ...]) -> list[str]:
    reasons = []
    if measure not in MEASURES:
        reasons.append(f"没有“{measure}”这一热度；可选：{'、'.join(MEASURES)}")
    if len(breaks) != 5 or sorted(set(breaks)) != list(breaks) or breaks[0] < 1:
        reasons.append("应为五个由小到大、不小于 1 的下限，例如 [1, 2, 3, 5, 8]")
    return reasons


def _city(city_id: str, written: CityFile) -> City:
    return City(
        id=city_id,
        name=written.name,
        title=written.title,
        zone=ZoneInfo(written.time_zone),
        demo=written.demo,
        calendar=written.calendar,
        work_periods=tuple(WorkPeriod(p.start, p.end, p.valid_from, p.valid_to) for p in written.work_periods),
        units=tuple(UnitProfile(u.key, u.name or u.key, u.short_name, u.unit_class) for u in written.units),
        unit_classes=dict(written.unit_classes),
        wall_unit_class=written.wall_unit_class,
        not_recorded=frozenset(written.not_recorded),
        options=IndicatorOptions(**written.options.model_dump()),
        score=written.score,
        on_time_target=written.on_time_target,
        alarm_unit_overdue=written.alarm_unit_overdue,
        due_soon_share=written.due_soon_share,
        heat_breaks={measure: tuple(breaks) for measure, breaks in written.heat_breaks.items()},
        stale_after_s=written.stale_after_s,
        street_noun=written.street_noun,
        grid_noun=written.grid_noun,
    )
