"""The reports as workbooks: counts, and formulas over them that give every rate, subtotal and change again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from domain.city import City
from domain.documents import day_words, long_moment
from domain.reports import (
    UNSETTLED,
    BriefFacts,
    CircularFacts,
    ColumnKind,
    ReportHead,
    WeeklyColumn,
    WeeklyFacts,
    WeeklyRow,
)
from services.reports.ranking_book import ranking_sheet
from services.reports.report_sheets import (
    category_lines,
    crossings,
    day_figures,
    main_figures,
    subtitle,
    unfinished_cases,
    unfinished_units,
)
from services.reports.sheets import Cell, Column, Formula, Table, csv_file, workbook

LETTER = re.compile(r"[A-Z]")
KINDS: Mapping[ColumnKind, str] = {
    ColumnKind.COUNT: "count", ColumnKind.RATE: "share", ColumnKind.CHANGE: "change",
}  # fmt: skip


def weekly_book(facts: WeeklyFacts) -> bytes:
    return workbook([weekly_sheet(facts)], head_notes(facts.head, facts.notes), facts.head.as_of)


def weekly_csv(facts: WeeklyFacts) -> bytes:
    return csv_file(weekly_sheet(facts))


def brief_book(facts: BriefFacts, city: City) -> bytes:
    """The tables of the brief, and the whole rankings of units and streets behind them."""
    tables = [main_figures(facts), day_figures(facts), category_lines(facts)]
    for name, table in ((city.street_noun, facts.street_table), ("单位得分", facts.unit_table)):
        if table is not None:
            tables.append(replace(ranking_sheet(table, city), name=name))
    if facts.crossings is not None:
        tables.append(crossings(facts))
    said = facts.sentences
    texts = (*said.overall, *said.days, *said.categories, *said.streets, *said.units, *said.supervision)
    reasons = dict.fromkeys(reason for reason in (facts.before_missing, facts.last_year_missing) if reason)
    return workbook(tables, head_notes(facts.head, (*texts, *reasons)), facts.head.as_of)


def circular_book(facts: CircularFacts, city: City) -> bytes:
    tables = [unfinished_units(facts), unfinished_cases(facts)]
    if facts.street_table is not None:
        tables.insert(0, replace(ranking_sheet(facts.street_table, city), name=city.street_noun))
    return workbook(tables, head_notes(facts.head, facts.sentences), facts.head.as_of)


def circular_csv(facts: CircularFacts) -> bytes:
    return csv_file(unfinished_cases(facts))


def brief_csv(facts: BriefFacts) -> bytes:
    return csv_file(main_figures(facts))


def head_notes(head: ReportHead, more: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The sheet 说明 of a report."""
    notes = [
        ("名称", head.title),
        ("编制单位", head.issuer),
        ("周期", head.period),
        ("数据时间", long_moment(head.as_of)),
    ]
    if head.edition:
        notes.append(("版次", f"第 {head.edition} 版"))
    if head.unsettled:
        notes.append((UNSETTLED, f"数据尚未定稿，{day_words(head.settles_on)}定稿"))
    for score in head.scores:
        notes += [(score.title, score.formula), ("版本", score.version), ("依据", score.source)]
    return notes + [("口径", text) for text in head.definitions] + [("注", text) for text in more]


# Weekly statistics


def weekly_sheet(facts: WeeklyFacts) -> Table:
    columns = (
        Column("class", "类别"),
        Column("name", "单位"),
        *(Column(c.key, _head(c), KINDS[c.kind], c.group, c.letter) for c in facts.columns),
        Column("before", "上周立案", "count"),
    )
    maker = _Weekly(facts)
    rows: list[Mapping[str, Cell]] = []
    strong = set()
    sums: list[int] = []
    for group in facts.groups:
        begin = len(rows)
        rows += [{"class": group.name, **maker.cells(row)} for row in group.rows]
        if group.subtotal is not None and group.rows:
            sums.append(len(rows))
            strong.add(len(rows))
            text = f"SUM([{{}}@{begin}:{len(rows) - 1}])"
            rows.append({"class": group.name, **maker.cells(group.subtotal, text)})
    strong.add(len(rows))
    everything = f"SUM([{{}}@0:{len(rows) - 1}])" if rows else "0"
    total = "+".join(f"[{{0}}@{place}]" for place in sums) if sums else everything
    rows.append(maker.cells(facts.total, total))
    return Table("周统计", facts.head.title, subtitle(facts.head), columns, tuple(rows), frozenset(strong))


def _head(column: WeeklyColumn) -> str:
    """Cells of shares carry their own %."""
    return column.head.removesuffix("%")


class _Weekly:
    """Rows of the weekly table: letters of the paper become cells."""

    def __init__(self, facts: WeeklyFacts) -> None:
        self.columns = facts.columns
        self.by_letter = {c.letter: c.key for c in facts.columns if LETTER.fullmatch(c.letter)}

    def cells(self, row: WeeklyRow, total: str | None = None) -> Mapping[str, Cell]:
        """`total` is the formula of a sum, with {} for the column."""
        before: Cell = row.before
        if total is not None and row.before is not None:
            before = Formula(total.format("before"), row.before)
        return {"name": row.name, "before": before} | {
            c.key: self._cell(c, row.values[c.key], total) for c in self.columns
        }

    def _cell(self, column: WeeklyColumn, value: Fraction | None, total: str | None) -> Cell:
        if column.kind is ColumnKind.CHANGE:
            return Formula('IF([before]=0,"—",([registered]-[before])/[before])', value)
        if "÷" in column.letter:
            above, below = (self._named(side) for side in column.letter.split("÷"))
            return Formula(f'IF({below}=0,"—",{above}/{below})', value)
        if "−" in column.letter:
            return Formula(self._named(column.letter), value)
        return value if total is None else Formula(total.format(column.key), value)

    def _named(self, letters: str) -> str:
        return LETTER.sub(lambda match: f"[{self.by_letter[match[0]]}]", letters).replace("−", "-")
