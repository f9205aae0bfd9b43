"""Figures on request: counts and rates by any dimension over any period, and the cases behind each count."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, get_type_hints

from sqlalchemy import Connection, Table

from config.calendars import working_time
from data_access import counts, directory, tables
from data_access.counts import DIMENSIONS, Figures, Selection
from data_access.store import Store
from domain.city import City
from domain.counting import NAMES, RECURRENCE
from domain.durations import SPANS, Durations, WorkedTime, durations
from domain.indicator_options import IndicatorOptions, largest
from domain.indicators import Counts, rates
from domain.refusals import Refusal
from domain.window import Window

BY = DIMENSIONS
NO_DURATIONS = Durations(0, None, None, None, None)
NO_TIMES: Mapping[str, Durations] = {}
WHICH = (*NAMES, RECURRENCE)
OPTION_KINDS: Mapping[str, Any] = get_type_hints(IndicatorOptions)  # name -> StrEnum or int
LISTS: Mapping[str, Table] = {
    "unit": tables.units,
    "grid": tables.grids,
    "category": tables.categories,
    "channel": tables.channels,
}
NOWHERE = {
    "unit": "未定单位",
    "street": "未定街道",
    "community": "未定社区",
    "patrol": "无责任网格",
    "grid": "无坐标",
    "class": "未分类单位",
    "category": "未分类",
    "channel": "未知渠道",
}


@dataclass(frozen=True)
class Question:
    """[start, end) seen at as_of. `filters` maps a dimension to the key of one of its entries."""

    start: datetime
    end: datetime
    as_of: datetime
    cohort: bool
    options: IndicatorOptions
    unit_class: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise Refusal("起止时间颠倒", f"{self.start:%F %T} 至 {self.end:%F %T}", "--from 应早于 --to。")


def chosen_options(default: IndicatorOptions, given: Sequence[str]) -> IndicatorOptions:
    """The city's readings with those replaced that are given as name=value. Raises Refusal for an unknown one."""
    for text in given:
        name, _, value = text.partition("=")
        kind = OPTION_KINDS.get(name)
        if kind is None:
            raise Refusal(f"没有“{name}”这个口径选项", "--option", f"可选：{'、'.join(OPTION_KINDS)}。")
        if kind is int and not (re.fullmatch(r"[1-9][0-9]{0,5}", value) and int(value) <= largest(name)):
            unit = "天" if name.endswith("_days") else "分钟"
            raise Refusal(f"选项 {name} 不能取“{value}”", "--option", f"应为 1 到 {largest(name)} 的整数（{unit}）。")
        if kind is not int and value not in list(kind):
            raise Refusal(f"选项 {name} 不能取“{value}”", "--option", f"可选：{'、'.join(kind)}。")
        changed: dict[str, Any] = {name: kind(value)}
        default = replace(default, **changed)
    return default


def indicator_table(store: Store, city: City, by: str, question: Question) -> dict[str, Any]:
    """The table behind `indicators`: a total of cases, and a row per key of the dimension."""
    with store.picture() as connection:
        return table_of(connection, city, by, question)


def table_of(connection: Connection, city: City, by: str, question: Question) -> dict[str, Any]:
    """`indicator_table` inside a picture that more is asked of."""
    number = city_number(connection, city)
    figures = Figures(connection, number, _selection(connection, city, number, question))
    total = figures.by("city")[None]
    rows = figures.by(by) if by != "city" else {}
    total_times = _durations(figures, city, "city")
    times = _durations(figures, city, by) if by != "city" else {}
    names = _names(connection, number, city, by)
    ordered = sorted(rows.items(), key=lambda row: (row[0] is None, -row[1].registered, str(row[0])))
    return {
        "city": city.id,
        "from": city.local(question.start).isoformat(),
        "to": city.local(question.end).isoformat(),
        "as_of": city.local(question.as_of).isoformat(),
        "by": by,
        "basis": "cohort" if question.cohort else "flow",
        "options": {name: str(value) for name, value in asdict(question.options).items()},
        "total": figure_row("total", city.name, total, question.options, total_times.get(None, {})),
        "rows": [
            figure_row(*names.get(key, ("-", NOWHERE.get(by, "-"))), row, question.options, times.get(key, {}))
            for key, row in ordered
        ],
    }


def listed_cases(store: Store, city: City, which: str, question: Question) -> list[dict[str, Any]]:
    """The cases that a count counts, by number; instants in the city's zone."""
    with store.picture() as connection:
        number = city_number(connection, city)
        found = Figures(connection, number, _selection(connection, city, number, question)).behind(which)
        names = {by: _names(connection, number, city, by) for by in ("unit", "grid", "street", "category")}
    return [_listed(city, row, names) for row in found]


def city_number(connection: Connection, city: City) -> int:
    """The city's number in this database. Raises Refusal when nothing was ever stored for it."""
    number = directory.city_number(connection, city.id)
    if number is None:
        raise Refusal(
            f"数据库里没有城市“{city.id}”的案件", "--city", "请先导入（python app.py import …）或核对 --database。"
        )
    return number


def _selection(connection: Connection, city: City, number: int, question: Question) -> Selection:
    filters = {}
    for by, key in question.filters.items():
        known = (
            directory.keys(connection, LISTS[by], number)
            if by in LISTS
            else directory.area_keys(connection, number, by)
        )
        if key not in known:
            near = "、".join(sorted(known)[:8]) or "无"
            raise Refusal(f"没有“{key}”", f"--{by}", f"现有：{near}{' …' if len(known) > 8 else ''}。")
        filters[by] = known[key]
    return Selection(
        Window(question.start, question.end, question.as_of),
        question.cohort,
        question.options,
        question.unit_class,
        filters,
        city.not_recorded,
    )


def _names(connection: Connection, number: int, city: City, by: str) -> dict[Any, tuple[str, str]]:
    """Number (or class key) → (key, name)."""
    if by == "class":
        return {key: (key, name) for key, name in city.unit_classes.items()}
    return counts.names_of(connection, number, by)


def _durations(figures: Figures, city: City, by: str) -> dict[Any, dict[str, Durations]]:
    """How long each measured step took, by the dimension."""
    spans = {name: figures.spans(start, end, by) for name, (start, end) in SPANS.items()}
    moments = [moment for groups in spans.values() for group in groups.values() for pair in group for moment in pair]
    working = working_time(city)
    worked = WorkedTime(working, min(moments), max(moments)) if working and moments else None
    keys = {key for groups in spans.values() for key in groups}
    return {key: {name: durations(groups.get(key, ()), worked) for name, groups in spans.items()} for key in keys}


def figure_row(
    key: str, name: str, row: Counts, options: IndicatorOptions, times: Mapping[str, Durations] = NO_TIMES
) -> dict[str, Any]:
    """One line of the table: counts, rates and durations; without `times` nothing was measured."""
    made = rates(row, options)
    return {
        "key": key,
        "name": name,
        **asdict(row),
        "rates": {
            rate.name: {
                "numerator": rate.numerator,
                "denominator": rate.denominator,
                "value": None if rate.value is None else float(rate.value),
                "definition": rate.definition,
            }
            for rate in made.values()
        },
        "durations": {span: _seconds(times.get(span, NO_DURATIONS)) for span in SPANS},
    }


def _seconds(times: Durations) -> dict[str, int | None]:
    """Whole seconds, cut; None where nothing was measured or no working calendar is known."""
    plain = {name: value for name, value in vars(times).items() if name != "count"}
    cut = {f"{name}_s": None if value is None else value // timedelta(seconds=1) for name, value in plain.items()}
    return {"count": times.count, **cut}


def _listed(city: City, row: Mapping[str, Any], names: Mapping[str, Mapping[Any, tuple[str, str]]]) -> dict[str, Any]:
    listed: dict[str, Any] = {"case_no": row["case_no"], "stage": row["stage"]}
    for by in ("unit", "street", "grid", "category"):
        listed[by] = names[by].get(row[f"{by}_id"], ("-", ""))[0]
    for moment in ("registered_at", "handled_at", "closed_at", "effective_due_at"):
        listed[moment] = city.local(row[moment]).isoformat() if row[moment] else None
    return listed | {"road": row["road"], "marks": row["marks"]}
