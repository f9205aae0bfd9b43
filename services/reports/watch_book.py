"""The watch list as cells: rates with the lines they cross; no score and no rank."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from domain.city import City
from domain.ranking_view import WatchRow, WatchTable
from domain.reports import UNSETTLED
from services.reports.heads import INDICATORS, score_note
from services.reports.sheets import Cell, Column, Formula, Table, csv_file, workbook
from services.reports.views import made_of, rate_formula, subtitle, view_notes


def watch_book(table: WatchTable, city: City) -> bytes:
    return workbook([watch_sheet(table, city)], _watch_notes(table, city), city.local(table.ask.as_of))


def watch_csv(table: WatchTable, city: City) -> bytes:
    return csv_file(watch_sheet(table, city))


def watch_sheet(table: WatchTable, city: City) -> Table:
    lines = [(line.indicator, line.above) for line in table.rules.lines]
    made: dict[str, str] = {}
    for row in table.rows:
        for name, _ in lines:
            made |= dict(made_of(row.watched.rates[name]))
    columns = [
        Column("name", "单位"),
        *(Column(key, head, "count", "件数") for key, head in made.items()),
        *(Column(name, INDICATORS[name], "share", "比率（下为警戒线）", above) for name, above in lines),
        Column("special", "特殊案件", "count"),
        Column("crossed", "超警戒线", "count"),
    ]
    rows = tuple(_watched(row, lines) for row in table.rows)
    title = table.rules.title + (UNSETTLED if table.unfinished else "")
    return Table("监看", title, subtitle(table.ask, city), tuple(columns), rows, frozen=1)


def _watched(row: WatchRow, lines: Sequence[tuple[str, Fraction]]) -> Mapping[str, Cell]:
    cells: dict[str, Cell] = {"name": row.name, "special": row.special}
    tests = []
    for name, _ in lines:
        rate = row.watched.rates[name]
        (above, _), (below, _) = made_of(rate)
        cells |= {above: rate.numerator, below: rate.denominator}
        cells[name] = rate_formula(rate)
        tests.append(f"IF([{below}]=0,0,IF([{above}]/[{below}]>[{name}:weight],1,0))")
    cells["crossed"] = Formula("+".join(tests), len(row.watched.crossed))
    return cells


def _watch_notes(table: WatchTable, city: City) -> list[tuple[str, str]]:
    note = score_note(table.rules)
    return [
        ("警戒线", note.formula),
        ("版本", f"{note.title}，版本 {note.version}"),
        ("依据", note.source),
        *view_notes(table, city),
        (
            "说明",
            "没有得分和名次；按超过警戒线的项数排列。判定为派遣错误的回退不计。特殊案件为在办且回退两次以上的案件",
        ),
    ]
