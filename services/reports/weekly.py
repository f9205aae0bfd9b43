"""周统计表: every unit of every class, with letters from which anybody can recompute the rates.

Source: 启东's weekly statistic (domain research 2.3, item 9); definitions of the indicators: domain.indicators.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby

from sqlalchemy import Connection

from data_access.lists import Named
from domain.city import City
from domain.documents import long_moment, short_day
from domain.indicator_options import IndicatorOptions, OnTimeDenominator, ReworkDenominator, ReworkUnit
from domain.indicators import Counts, closure_rate, extension_share_of_registered, on_time_closure_rate, rework_rate
from domain.ranking_view import Span
from domain.reports import ColumnKind, ReportKind, WeeklyColumn, WeeklyFacts, WeeklyGroup, WeeklyRow
from services.reports.heads import report_head
from services.reports.picture import Picture

TITLE = "城市管理案件周统计表"
COUNT, RATE, CHANGE = ColumnKind.COUNT, ColumnKind.RATE, ColumnKind.CHANGE
Values = dict[str, int]


def facts(connection: Connection, city: City, number: int, span: Span, as_of: datetime) -> WeeklyFacts:
    """The table of one week as seen at as_of; 期末 is the week's end, or as_of while it is not over."""
    picture = Picture(connection, city, number, span, as_of)
    per_unit = _values(picture)
    nobody = per_unit.pop(None, {})
    made = columns(city.options, per_unit.values())
    before = _before(picture)
    groups = []
    for unit_class, members in groupby(picture.units.items(), key=lambda entry: entry[1].extra):
        units = list(members)
        rows = [_row(unit, per_unit[n], made, _of(before, n)) for n, unit in units]
        several = any(unit.extra != unit_class for unit in picture.units.values())
        name = picture.class_name(unit_class) if several or unit_class else ""
        subtotal = _sum("小计", [per_unit[n] for n, _ in units], made, rows) if several else None
        groups.append(WeeklyGroup(name, tuple(rows), subtotal))
    rows = [row for group in groups for row in group.rows]
    total = _sum("合计", list(per_unit.values()), made, rows)
    head = report_head(ReportKind.WEEKLY, city, span, as_of, TITLE)
    return WeeklyFacts(head, made, tuple(groups), total, _notes(picture, total, nobody))


def columns(options: IndicatorOptions, rows: Iterable[Mapping[str, int]]) -> tuple[WeeklyColumn, ...]:
    """The columns with their letters. What a rate divides by besides A to K is a column of its own at the end."""
    rows = list(rows)
    extra: dict[str, str] = {}

    def letter(key: str) -> str:
        return extra.setdefault(key, "LM"[len(extra)])

    def without(base: str, key: str) -> str:
        return f"({base}−{letter(key)})" if any(row[key] for row in rows) else base

    on_time = "A"
    if options.on_time_denominator is OnTimeDenominator.CLOSURE_DUE:
        on_time = without("B", "closure_due_without_deadline")
    elif options.on_time_denominator is OnTimeDenominator.CLOSED:
        on_time = without("C", "closed_without_deadline")
    rework = "B" if options.rework_denominator is ReworkDenominator.CLOSURE_DUE else letter("handled")
    times = options.rework_unit is ReworkUnit.TIMES
    made = [
        WeeklyColumn("registered", "", "立案", "A", COUNT),
        WeeklyColumn("closure_due", "", "应结案", "B", COUNT),
        WeeklyColumn("closed", "结案", "件", "C", COUNT),
        WeeklyColumn("closure_rate", "结案", "率%", "C÷B", RATE),
        WeeklyColumn("on_time", "结案", "按期", "D", COUNT),
        WeeklyColumn("on_time_closure_rate", "结案", "按期率%", f"D÷{on_time}", RATE),
        WeeklyColumn("unclosed", "", "应结未结", "B−C", COUNT),
        WeeklyColumn("overdue_open", "", "期末超期", "E", COUNT),
        WeeklyColumn("rework", "返工", "次" if times else "件", "F", COUNT),
        WeeklyColumn("rework_rate", "返工", "率%", f"F÷{rework}", RATE),
        WeeklyColumn("asked", "延期", "申请", "G", COUNT),
        WeeklyColumn("granted", "延期", "批准", "H", COUNT),
        WeeklyColumn("extension_share_of_registered", "延期", "率%", "G÷A", RATE),
        WeeklyColumn("suspended", "", "在挂账", "J", COUNT),
        WeeklyColumn("returned", "", "回退", "K", COUNT),
        WeeklyColumn("change", "", "立案环比%", "", CHANGE),
    ]
    heads = {"handled": "处置", "closure_due_without_deadline": "无期限", "closed_without_deadline": "无期限"}
    return (*made[:-1], *(WeeklyColumn(key, "", heads[key], by, COUNT) for key, by in extra.items()), made[-1])


def _values(picture: Picture) -> dict[int | None, Values]:
    figures = picture.figures(wanted=FLOWS)
    stock = picture.stock(wanted=frozenset({"overdue_open", "suspended"})).by("unit")
    counts, extended = figures.by("unit"), figures.extended()
    options = picture.city.options
    found = {}
    for number in (*picture.units, *([None] if None in counts else [])):
        mine, at_end = counts.get(number, Counts()), stock.get(number, Counts())
        rates = (
            closure_rate(mine, options),
            on_time_closure_rate(mine, options),
            rework_rate(mine, options),
            extension_share_of_registered(mine, options),
        )
        found[number] = {
            "registered": mine.registered,
            "closure_due": mine.closure_due,
            "closed": mine.closed,
            "on_time": mine.on_time,
            "unclosed": mine.closure_due - mine.closed,
            "overdue_open": at_end.overdue_open,
            "rework": rates[2].numerator,
            "asked": mine.registered_extension_asked,
            "granted": extended.get(number, Counts()).registered,
            "suspended": at_end.suspended,
            "returned": mine.returned,
            "handled": mine.handled,
            "closure_due_without_deadline": mine.closure_due_without_deadline,
            "closed_without_deadline": mine.closed_without_deadline,
        } | {f"{rate.name}/": rate.denominator for rate in rates}
    return found


FLOWS = frozenset({
    "registered", "closure_due", "closed", "on_time", "rework", "rework_times", "handled", "handled_rework",
    "handled_rework_times", "registered_extension_asked", "returned", "closure_due_without_deadline",
    "closed_without_deadline",
})  # fmt: skip
FILED = frozenset({"registered"})
NUMERATORS = {
    "closure_rate": "closed",
    "on_time_closure_rate": "on_time",
    "rework_rate": "rework",
    "extension_share_of_registered": "asked",
}


def _before(picture: Picture) -> Mapping[int | None, Counts] | None:
    """Counts of the week before, or None where its data are missing."""
    before = picture.before()
    return None if picture.missing(before, "上周") else picture.figures(before, wanted=FILED).by("unit")


def _of(before: Mapping[int | None, Counts] | None, number: int) -> int | None:
    return None if before is None else before.get(number, Counts()).registered


def _row(unit: Named, values: Values, made: Sequence[WeeklyColumn], before: int | None) -> WeeklyRow:
    return WeeklyRow(unit.name, unit.short_name, {c.key: _cell(c, values, before) for c in made}, before)


def _cell(column: WeeklyColumn, values: Values, before: int | None) -> Fraction | None:
    if column.kind is CHANGE:
        return Fraction(values["registered"] - before, before) if before else None
    if column.kind is RATE:
        below = values[f"{column.key}/"]
        return Fraction(values[NUMERATORS[column.key]], below) if below else None
    return Fraction(values[column.key])


def _sum(name: str, parts: list[Values], made: Sequence[WeeklyColumn], rows: Sequence[WeeklyRow]) -> WeeklyRow:
    keys = parts[0] if parts else dict.fromkeys([*(c.key for c in made), *(f"{key}/" for key in NUMERATORS)], 0)
    values = {key: sum(part[key] for part in parts) for key in keys}
    earlier = [row.before for row in rows if row.before is not None]
    before = sum(earlier) if len(earlier) == len(rows) else None
    return WeeklyRow(name, name, {c.key: _cell(c, values, before) for c in made}, before)


def _notes(picture: Picture, total: WeeklyRow, nobody: Mapping[str, int]) -> tuple[str, ...]:
    notes = ["率均由件数计算，两位小数，四舍五入；分母为零的记「—」，不作 0%"]
    notes.append(f"期末超期、在挂账为{long_moment(picture.city.local(picture.stock_at))}的存量")
    notes.append("延期申请、批准均为本周立案中的案件数；返工、回退为应结案中的案件数")
    lost = nobody.get("registered", 0)
    of_city, of_units = picture.figures(wanted=FILED).by("city")[None].registered, total.values["registered"]
    if of_units is not None and of_units > of_city - lost:
        notes.append(f"单位合计含多派，立案合计比全市案件数 {of_city:,} 件多 {int(of_units) - (of_city - lost):,} 件")
    if lost:
        notes.append(f"另有 {lost:,} 件立案未定单位，不在表内")
    before = picture.before()
    if missing := picture.missing(before, "上周"):
        notes.append(f"{missing}，环比不列")
    elif picture.as_of < picture.question.end:
        last = picture.city.day_of(before.end - timedelta(microseconds=1))
        first = picture.city.day_of(before.start)
        notes.append(f"本周未结束，环比与{short_day(first)}至{short_day(last)}比较")
    return tuple(notes)
