"""City profiles: config/cities/<id>/city.yaml, read strictly into domain.city.City."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.calendars import CALENDAR_FOLDER
from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.replays import REPLAYS, read_replays
from config.scores import load_rule, opposed
from config.shares import Share
from config.strict import StrictModel, load_and_note
from config.structures import has_structure, read_structure
from domain.city import City, ExtensionLimits, ReportPlan, StatPeriod, UnitProfile, WorkPeriod
from domain.indicator_options import IndicatorOptions, largest
from domain.periods import NAMED
from domain.refusals import Refusal
from domain.score_rule import Rated, ScoreRule
from domain.structure import Structure

CITY_FOLDER = CONFIG_FOLDER / "cities"
SCORE_FOLDER = CONFIG_FOLDER / "scores"
FLOWS = ("reported", "registered", "dispatched", "handled", "closed")
MEASURES = ("registered_today", "open", "overdue_open")
TIERS = ("community", "street", "district", "city")
PROCEDURES = ("return", "extend", "suspend", "void", "simple", "self_handle", "transfer_slip")
CITY_ID = r"[a-z0-9][a-z0-9-]{0,39}"
YEAR = tuple((date(2000, 1, 1) + timedelta(days=n)).strftime("%m-%d") for n in range(366))
OPTIONS: Mapping[str, Any] = get_type_hints(IndicatorOptions)  # name -> StrEnum or int
Found = tuple[str, str]  # place in the file, reason
FILES = {"city.yaml", "structure.yaml", REPLAYS}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"没有“{name}”这个时区，请写成 Asia/Shanghai 这样的名称") from None
    return name


def _factor(value: Any) -> Fraction:
    """`1`, `1.5` or `2`: how many times."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", str(value)):
        raise ValueError("应为倍数，例如 1、1.5 或 2")
    return Fraction(str(value))


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


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
ClassKey = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,10}$")]


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


class ExtensionsFile(StrictModel):
    max_factor: Annotated[Fraction, BeforeValidator(_factor)] | None = None
    max_times: Annotated[int, Field(ge=1)] | None = None
    warn_share: Share | None = None


class StatPeriodFile(StrictModel):
    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Name
    named: str | None = None
    first: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "StatPeriodFile":
        if self.named is not None and self.named not in NAMED:
            raise ValueError(f"named 没有“{self.named}”；可选：{'、'.join(NAMED)}")
        if (self.named is None) == (self.first is None) or (self.first is None) != (self.end is None):
            raise ValueError("请写 named（如 month），或同时写 first 和 end（结束日不计入）")
        if self.first is not None and self.end is not None and self.first >= self.end:
            raise ValueError("end 应晚于 first")
        return self


class ReportsFile(StrictModel):
    weekly: bool = False
    monthly_day: Annotated[int, Field(ge=1, le=28)] | None = None
    circular_day: Annotated[int, Field(ge=1, le=28)] | None = None
    at: ClockTime = time(8)
    issuer: Annotated[str, Field(max_length=80)] = ""
    report_to: Annotated[str, Field(max_length=200)] = ""
    send_to: Annotated[str, Field(max_length=200)] = ""
    copies: Annotated[int, Field(ge=1, le=9999)] | None = None


class CityFile(StrictModel):
    """The fields of domain.city.City as they are written."""

    name: Name
    title: Name
    time_zone: Annotated[str, AfterValidator(_zone)]
    demo: bool = False
    calendar: str | None = None
    work_periods: Annotated[tuple[PeriodFile, ...], Field(strict=False)] = ()
    units: Annotated[tuple[UnitFile, ...], Field(strict=False)] = ()
    unit_classes: Mapping[ClassKey, Name] = Field(default_factory=dict)
    wall_unit_class: str | None = None
    not_recorded: Annotated[tuple[str, ...], Field(strict=False)] = ()
    options: Mapping[str, str | int] = Field(default_factory=dict)
    score: str | None = None
    on_time_target: Share | None = None
    alarm_unit_overdue: Annotated[int, Field(ge=1)] = 5
    due_soon_share: Share = Fraction(4, 5)
    urgent_receive_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    ack_hours: Annotated[int, Field(ge=1, le=72)] = 4
    heat_breaks: Mapping[str, Annotated[tuple[int, ...], Field(strict=False)]] = Field(default_factory=dict)
    stale_after_s: Annotated[float, Field(gt=0, strict=False)] | None = None
    street_noun: Name = "街道"
    grid_noun: Name = "单元网格"
    scores: Annotated[tuple[str, ...], Field(strict=False)] = ()
    grid_classes: Mapping[ClassKey, Name] = Field(default_factory=dict)
    grid_tiers: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    handling_tiers: Mapping[str, Name] = Field(default_factory=dict)
    procedures: Mapping[str, Name] = Field(default_factory=dict)
    extensions: ExtensionsFile = ExtensionsFile()
    verified_channels: Annotated[tuple[str, ...], Field(strict=False)] = ()
    ownerless_unit: str | None = None
    inform_street: bool = False
    paper_applications: bool = False
    periods: Annotated[tuple[StatPeriodFile, ...], Field(strict=False)] = ()
    settle_days: Annotated[int, Field(ge=0, le=60)] = 5
    reports: ReportsFile = ReportsFile()
    document_prefix: Annotated[str, Field(max_length=6)] = ""


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
    written, problems = _written(file)
    if problems or written is None:
        raise ConfigError(problems)
    return _city(city_id, written)


def load_structure(city: City, folder: Path = CITY_FOLDER) -> Structure | None:
    """The city's structure, None where its folder has none. Raises ConfigError with every problem of its file."""
    home = folder / city.id
    if not has_structure(home):
        return None
    structure, problems = read_structure(home, [unit.key for unit in city.units], city.grid_classes)
    problems += _wrong_channels(home, city.verified_channels, structure)
    if problems:
        raise ConfigError(problems)
    return structure


def check_city(city_id: str, folder: Path = CITY_FOLDER) -> tuple[Problem, ...]:
    """Everything that is wrong with the city's folder, in all of its files; empty = usable."""
    home = folder / city_id
    written, problems = _written(home / "city.yaml")
    if has_structure(home):
        units = [unit.key for unit in written.units or ()] if written else []
        structure, found = read_structure(home, units, (written.grid_classes or {}) if written else {})
        if written is None:  # without the profile every unit and class would seem to be missing
            found = [problem for problem in found if "city.yaml" not in problem.reason]
        channels = frozenset((written.verified_channels or ()) if written else ())
        problems += [*found, *_wrong_channels(home, channels, structure)]
    elif written is not None and written.verified_channels:
        problems.append(
            Problem(shown(home / "city.yaml"), "verified_channels", "没有 structure.yaml，也就没有渠道可核")
        )
    problems += read_replays(home)[1]
    for path in sorted(home.glob("*")):
        if path.suffix in (".yaml", ".yml") and path.name not in FILES and not (written is not None and written.demo):
            problems.append(
                Problem(shown(path), "", f"没有程序会读这个文件；城市文件夹里只有 {'、'.join(sorted(FILES))}")
            )
    return tuple(problems)


def _written(file: Path) -> tuple[CityFile | None, list[Problem]]:
    written, problems = load_and_note(file, CityFile)
    if written is not None:
        problems += [Problem(shown(file), path, reason) for path, reason in _contradictions(written)]
    return written, problems


def _wrong_channels(home: Path, verified: frozenset[str], structure: Structure | None) -> list[Problem]:
    known = {channel.key for channel in structure.channels} if structure else verified
    return [
        Problem(shown(home / "city.yaml"), "verified_channels", f"structure.yaml 的 channels 里没有“{key}”，请改正")
        for key in sorted(verified - known)
    ]


def _contradictions(written: CityFile) -> list[Found]:
    """What each value alone does not show. Values that could not be read are None or their defaults here."""
    found = [
        *_wrong_units(written),
        *_wrong_words(written),
        *_wrong_options(written.options),
        *_wrong_scores(written),
        *_wrong_hours(written),
    ]
    for measure, breaks in written.heat_breaks.items():
        found += [(f"heat_breaks.{measure}", reason) for reason in _wrong_breaks(measure, breaks)]
    keys = [period.key for period in written.periods]
    for number, key in enumerate(keys):
        if key is not None and key in keys[:number]:
            found.append((f"periods.{number}.key", f"“{key}”写了两次，请改正或删去一处"))
    return found


def _wrong_words(written: CityFile) -> list[Found]:
    """Words that must be known ones."""
    asked: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("not_recorded", written.not_recorded, FLOWS),
        ("handling_tiers", written.handling_tiers, TIERS),
        ("procedures", written.procedures, PROCEDURES),
    )
    return [
        (name, f"没有“{word}”这一项；可选：{'、'.join(known)}")
        for name, words, known in asked
        for word in words
        if word not in known
    ]


def _wrong_options(given: Mapping[str, str | int]) -> list[Found]:
    """Readings of the indicators that there are not."""
    found: list[Found] = []
    for name, value in given.items():
        kind = OPTIONS.get(name)
        if kind is None:
            found.append((f"options.{name}", f"没有“{name}”这个口径选项；可选：{'、'.join(OPTIONS)}"))
        elif kind is int and not (type(value) is int and 0 < value <= largest(name)):
            found.append((f"options.{name}", f"应为 1 到 {largest(name)} 的整数"))
        elif kind is not int and value not in list(kind):
            found.append((f"options.{name}", f"不能取“{value}”；可选：{'、'.join(kind)}"))
    return found


def _wrong_scores(written: CityFile) -> list[Found]:
    found: list[Found] = []
    for path, name in [("score", written.score), *(("scores", name) for name in written.scores)]:
        if name is not None and not (SCORE_FOLDER / f"{name}.yaml").is_file():
            found.append((path, f"config/scores 里没有 {name}.yaml，请改正名称或补上文件"))
    if written.score is not None and not _ranks_units(written.score):
        found.append(("score", f"大屏的单位榜不能用“{written.score}”：它不给单位打分；请只列进 scores，score 可不写"))
    if written.score is not None and written.scores and written.score not in written.scores:
        found.append(("scores", f"请把大屏所用的 {written.score} 也列进 scores"))
    found += [
        ("scores", f"{one} 与 {other} 同名，却把 {indicator} 一个当加分、一个当扣分：请改其中一个的 title")
        for one, other, indicator in opposed(_rankings(written.scores))
    ]
    return found


def _rankings(names: Iterable[str]) -> list[ScoreRule]:
    """The scores among them that can be read; the others are told elsewhere."""
    found = []
    for name in names:
        try:
            rule = load_rule(name)
        except ConfigError:
            continue
        if isinstance(rule, ScoreRule):
            found.append(rule)
    return found


def _ranks_units(name: str) -> bool:
    """Whether the score gives units points; True also for one that cannot be read, which is told elsewhere."""
    try:
        rule = load_rule(name)
    except ConfigError:
        return True
    return isinstance(rule, ScoreRule) and rule.rated is Rated.UNIT


def _wrong_hours(written: CityFile) -> list[Found]:
    found: list[Found] = []
    if written.calendar is not None and not (CALENDAR_FOLDER / f"{written.calendar}.csv").is_file():
        found.append(("calendar", f"config/calendar 里没有 {written.calendar}.csv，请改正名称或补上文件"))
    if written.calendar is not None and not written.work_periods:
        found.append(("work_periods", "有工作日历的城市要写明工作时段"))
    known = [period for period in written.work_periods if None not in (period.start, period.end)]
    for number, one in enumerate(known):
        if any(_overlap(one, other) for other in known[:number]):
            found.append((f"work_periods.{number}", "与前面的工作时段重叠，请改正时刻或季节"))
    return found


def _overlap(one: PeriodFile, other: PeriodFile) -> bool:
    same_hours = one.start < other.end and other.start < one.end
    return same_hours and any(_in_season(one, day) and _in_season(other, day) for day in YEAR)


def _in_season(period: PeriodFile, day: str) -> bool:
    """`valid_from` after `valid_to` is a season over the turn of the year."""
    first, last = period.valid_from, period.valid_to
    return first <= day <= last if first <= last else day >= first or day <= last


def _wrong_units(written: CityFile) -> list[Found]:
    found: list[Found] = []
    keys = [unit.key for unit in written.units]
    for number, unit in enumerate(written.units):
        if unit.key is not None and unit.key in keys[:number]:
            found.append((f"units.{number}.key", f"“{unit.key}”写了两次，请改正或删去一处"))
        if unit.unit_class is not None and unit.unit_class not in written.unit_classes:
            found.append((f"units.{number}.unit_class", f"“{unit.unit_class}”不在 unit_classes 里，请补上或改正"))
    if written.wall_unit_class is not None and written.wall_unit_class not in written.unit_classes:
        found.append(("wall_unit_class", f"“{written.wall_unit_class}”不在 unit_classes 里，请补上或改正"))
    if written.ownerless_unit is not None and written.ownerless_unit not in keys:
        found.append(("ownerless_unit", f"units 里没有“{written.ownerless_unit}”，请补上或改正"))
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
        options=IndicatorOptions(**{name: OPTIONS[name](value) for name, value in written.options.items()}),
        score=written.score,
        on_time_target=written.on_time_target,
        alarm_unit_overdue=written.alarm_unit_overdue,
        due_soon_share=written.due_soon_share,
        urgent_receive_minutes=written.urgent_receive_minutes,
        ack_hours=written.ack_hours,
        heat_breaks={measure: tuple(breaks) for measure, breaks in written.heat_breaks.items()},
        stale_after_s=written.stale_after_s,
        street_noun=written.street_noun,
        grid_noun=written.grid_noun,
        scores=tuple(written.scores) or ((written.score,) if written.score else ()),
        grid_classes=dict(written.grid_classes),
        grid_tiers=tuple(written.grid_tiers),
        handling_tiers=dict(written.handling_tiers),
        procedures=dict(written.procedures),
        extensions=ExtensionLimits(
            written.extensions.max_factor, written.extensions.max_times, written.extensions.warn_share
        ),
        verified_channels=frozenset(written.verified_channels),
        ownerless_unit=written.ownerless_unit,
        inform_street=written.inform_street,
        paper_applications=written.paper_applications,
        periods=tuple(StatPeriod(p.key, p.name, p.named, p.first, p.end) for p in written.periods),
        settle_days=written.settle_days,
        reports=ReportPlan(**dict(written.reports)),
        document_prefix=written.document_prefix,
    )
