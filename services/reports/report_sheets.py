"""The tables of the brief and of the circular as sheets."""

from collections.abc import Mapping
from fractions import Fraction

from domain.documents import day_words, long_moment
from domain.reports import UNSETTLED, Amount, BriefFacts, CategoryLine, CircularFacts, MainFigure, ReportHead
from services.reports.sheets import Cell, Column, Formula, Table

SHARE_MADE_OF: Mapping[str, tuple[str, str]] = {
    "closure_rate": ("结案数", "应结案数"),
    "on_time_closure_rate": ("按期结案数", "应结案数（有期限）"),
    "handling_rate": ("处置数", "应处置数或立案数"),
}
HOUR = 3600


def subtitle(head: ReportHead) -> str:
    version = f"，第 {head.edition} 版" if head.edition else ""
    mark = f"　{UNSETTLED}" if head.unsettled else ""
    return f"编制单位：{head.issuer}　{head.period}　数据时间：{long_moment(head.as_of)}{version}{mark}"


def main_figures(facts: BriefFacts) -> Table:
    """主要指标: of a rate the counts it is made of stand beside it, so that it is a formula."""
    periods = (("now", facts.period_name), ("before", facts.before_name), ("year", facts.last_year_name))
    columns = [Column("name", "指标"), Column("unit", "单位")]
    for key, name in periods:
        columns.append(Column(f"{key}_a", "件数或分子", "count", name))
        columns.append(Column(f"{key}_b", "分母", "count", name))
        columns.append(Column(key, "率", "share", name))
    columns += [Column("more", "环比", "difference"), Column("more_year", "同比", "difference")]
    columns.append(Column("remark", "说明"))
    rows = tuple(_main(figure) for figure in facts.main)
    return Table("主要指标", facts.head.title, subtitle(facts.head), tuple(columns), rows)


def _main(figure: MainFigure) -> Mapping[str, Cell]:
    cells: dict[str, Cell] = {"name": figure.name, "unit": "件" if figure.now.denominator is None else "%"}
    for key, amount in (("now", figure.now), ("before", figure.before), ("year", figure.last_year)):
        cells |= _amount(key, amount)
    cells["more"] = _change("before", figure, figure.before, figure.against_before)
    cells["more_year"] = _change("year", figure, figure.last_year, figure.against_last_year)
    above, below = SHARE_MADE_OF.get(figure.key, ("", ""))
    cells["remark"] = f"{above}÷{below}；环比、同比为百分点之差" if above else "环比、同比为增减百分比"
    return cells


def _amount(key: str, amount: Amount | None) -> dict[str, Cell]:
    if amount is None:
        return {f"{key}_a": "无数据"}
    cells: dict[str, Cell] = {f"{key}_a": amount.numerator}
    if amount.denominator is not None:
        cells[f"{key}_b"] = amount.denominator
        cells[key] = Formula(f'IF([{key}_b]=0,"—",[{key}_a]/[{key}_b])', amount.value)
    return cells


def _change(key: str, figure: MainFigure, other: Amount | None, value: Fraction | None) -> Cell:
    if other is None:
        return "—"
    if figure.now.denominator is None:
        return Formula(f'IF([{key}_a]=0,"—",[now_a]/[{key}_a]-1)', value)
    return Formula(f'IF(OR([now_b]=0,[{key}_b]=0),"—",[now]-[{key}])', value)


def day_figures(facts: BriefFacts) -> Table:
    columns = (
        Column("day", "日期"),
        Column("registered", "立案", "count"),
        Column("closed", "结案", "count"),
        Column("holiday", "假期"),
    )
    rows: list[Mapping[str, Cell]] = [
        {
            "day": day_words(day.day),
            "registered": day.registered if day.known else "",
            "closed": day.closed if day.known else "",
            "holiday": day.holiday,
        }
        for day in facts.days
    ]
    last = len(rows) - 1
    totals = {
        "registered": sum(day.registered for day in facts.days),
        "closed": sum(day.closed for day in facts.days),
    }
    rows.append({"day": "合计", **{key: Formula(f"SUM([{key}@0:{last}])", total) for key, total in totals.items()}})
    place = frozenset({len(rows) - 1})
    return Table("逐日", "逐日立案与结案（件）", subtitle(facts.head), columns, tuple(rows), place, frozen=1)


def category_lines(facts: BriefFacts) -> Table:
    total = facts.main[0].now.numerator
    columns = (
        Column("kind", "类型"),
        Column("name", "问题分类"),
        Column("registered", "立案", "count"),
        Column("total", "全部立案", "count"),
        Column("share", "占比", "share"),
    )
    rows = [
        row
        for kind, lines in (("全部", facts.categories), ("事件", facts.events), ("部件", facts.parts))
        for row in (_category(kind, line, total) for line in lines)
    ]
    return Table("高发问题", "高发问题（立案数）", subtitle(facts.head), columns, tuple(rows))


def _category(kind: str, line: CategoryLine, total: int) -> Mapping[str, Cell]:
    share = Formula('IF([total]=0,"—",[registered]/[total])', line.share)
    return {"kind": kind, "name": line.name, "registered": line.registered, "total": total, "share": share}


def crossings(facts: BriefFacts) -> Table:
    columns = (
        Column("name", "单位"),
        Column("indicator", "指标"),
        Column("above", "件数", "count"),
        Column("below", "分母", "count"),
        Column("rate", "率", "share"),
        Column("line", "警戒线", "share"),
    )
    rows: tuple[Mapping[str, Cell], ...] = tuple(
        {
            "name": one.name,
            "indicator": one.indicator,
            "above": one.rate.numerator,
            "below": one.rate.denominator,
            "rate": Formula('IF([below]=0,"—",[above]/[below])', one.rate.value),
            "line": one.above,
        }
        for one in facts.crossings or ()
    )
    return Table("超警戒线", "超过警戒线的单位", subtitle(facts.head), columns, rows)


def unfinished_units(facts: CircularFacts) -> Table:
    """Departments with the number of their cases, counted from the sheet 案件."""
    columns = (
        Column("name", "单位"),
        Column("class", "类别"),
        Column("open", "在办", "count"),
        Column("overdue", "超期未结", "count"),
        Column("longest", "最长超期（小时）", "points"),
    )
    rows: list[Mapping[str, Cell]] = [
        {
            "name": unit.name,
            "class": unit.class_name,
            "open": unit.open,
            "overdue": unit.overdue,
            "longest": Fraction(unit.longest_s, HOUR),
        }
        for unit in facts.units
    ]
    if rows:
        total = Formula(f"SUM([overdue@0:{len(rows) - 1}])", facts.overdue)
        rows.append({"name": "合计", "overdue": total})
    place = frozenset({len(rows) - 1}) if rows else frozenset()
    title = f"部门超期未结案件（截至{long_moment(facts.stock_at)}）"
    return Table("部门", title, subtitle(facts.head), columns, tuple(rows), place, frozen=1)


def unfinished_cases(facts: CircularFacts) -> Table:
    columns = (
        Column("unit", "单位"),
        Column("case_no", "案件编号"),
        Column("category", "问题分类"),
        Column("street", "街道"),
        Column("road", "道路"),
        Column("registered_at", "立案时间", "moment"),
        Column("due_at", "处置期限", "moment"),
        Column("late", "超期（小时）", "points"),
    )
    rows = tuple(
        {
            "unit": unit.name,
            "case_no": case.case_no,
            "category": case.category,
            "street": case.street,
            "road": case.road,
            "registered_at": case.registered_at,
            "due_at": case.due_at,
            "late": Fraction(case.late_s, HOUR),
        }
        for unit in facts.units
        for case in unit.cases
    )
    return Table("案件", "超期未结案件清单", subtitle(facts.head), columns, rows)
