"""Figures on request: counts and rates by any dimension over any period, and the cases behind each count."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from data_access import counts, directory, tables
from data_access.counts import DIMENSIONS, Selection, cases_behind, counts_by
from data_access.predicates import NAMES
from data_access.store import Store
from domain.city import City
from domain.indicators import ClosureDue, Counts, HandlingDenominator, IndicatorOptions, OnTimeDenominator, rates
from domain.refusals import Refusal
from domain.window import Window

BY = DIMENSIONS
WHICH = NAMES
OPTION_VALUES = {
    "closure_due_definition": ClosureDue,
    "on_time_denominator": OnTimeDenominator,
    "handling_rate_denominator": HandlingDenominator,
}
LISTS: Mapping[str, Table] = {
    "unit": tables.units,
    "grid": tables.grids,
    "category": tables.categories,
    "channel": tables.channels,
}
NOWHERE = {
    "unit": "未定单位",
    "street": "未定街道",
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
        values = OPTION_VALUES.get(name)
        if values is None:
            raise Refusal(f"没有“{name}”这个口径选项", "--option", f"可选：{'、'.join(OPTION_VALUES)}。")
        if value not in list(values):
            raise Refusal(f"选项 {name} 不能取“{value}”", "--option", f"可选：{'、'.join(values)}。")
        changed: dict[str, Any] = {name: values(value)}
        default = replace(default, **changed)
    return default


def indicator_table(store: Store, city: City, by: str, question: Question) -> dict[str, Any]:
    """The table behind `indicators`: a total of cases, and a row per key of the dimension."""
    with store.picture() as connection:
        number = city_number(connection, city)
        chosen = _selection(connection, number, question)
        total = counts_by(connection, number, "city", chosen)[None]
        rows = counts_by(connection, number, by, chosen) if by != "city" else {}
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
        "total": _row("total", city.name, total, question.options),
        "rows": [_row(*names.get(key, ("-", NOWHERE.get(by, "-"))), row, question.options) for key, row in ordered],
    }


def listed_cases(store: Store, city: City, which: str, question: Question) -> list[dict[str, Any]]:
    """The cases that a count counts, by number; instants in the city's zone."""
    with store.picture() as connection:
        number = city_number(connection, city)
        found = cases_behind(connection, number, which, _selection(connection, number, question))
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


def _selection(connection: Connection, number: int, question: Question) -> Selection:
    filters = {}
    for by, key in question.filters.items():
        known = (
            directory.area_keys(connection, number, "street")
            if by == "street"
            else directory.keys(connection, LISTS[by], number)
        )
        if key not in known:
            near = "、".join(sorted(known)[:8]) or "无"
            raise Refusal(f"没有“{key}”", f"--{by}", f"现有：{near}{' …' if len(known) > 8 else ''}。")
        filters[by] = known[key]
    return Selection(
        Window(question.start, question.end, question.as_of),
        question.cohort,
        question.options.closure_due_definition,
        question.unit_class,
        filters,
    )


def _names(connection: Connection, number: int, city: City, by: str) -> dict[Any, tuple[str, str]]:
    """Number (or class key) → (key, name)."""
    if by == "class":
        return {key: (key, name) for key, name in city.unit_classes.items()}
    return counts.names_of(connection, number, by)


def _row(key: str, name: str, row: Counts, options: IndicatorOptions) -> dict[str, Any]:
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
    }


def _listed(city: City, row: Mapping[str, Any], names: Mapping[str, Mapping[Any, tuple[str, str]]]) -> dict[str, Any]:
    listed: dict[str, Any] = {"case_no": row["case_no"], "stage": row["stage"]}
    for by in ("unit", "street", "grid", "category"):
        listed[by] = names[by].get(row[f"{by}_id"], ("-", ""))[0]
    for moment in ("registered_at", "handled_at", "closed_at", "effective_due_at"):
        listed[moment] = city.local(row[moment]).isoformat() if row[moment] else None
    return listed | {"road": row["road"], "marks": row["marks"]}
