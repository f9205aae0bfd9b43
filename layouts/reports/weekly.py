"""城市管理案件周统计表 on paper: A4 across, letters under the heads so that anyone can recompute."""

from datetime import datetime
from fractions import Fraction
from itertools import groupby

from domain.reports import NOTHING_DUE, UNSETTLED, ColumnKind, ReportHead, WeeklyColumn, WeeklyFacts, WeeklyRow
from layouts.reports import words
from layouts.reports.press import press

Json = dict[str, object]


def weekly_paper(facts: WeeklyFacts) -> bytes:
    """PDF, DESIGN_LANGUAGE section 17."""
    return press("weekly", sheet(facts), facts.head.as_of)


def sheet(facts: WeeklyFacts) -> Json:
    """What the template sets: words only."""
    head = facts.head
    classes = any(group.name for group in facts.groups)
    return {
        "title": head.title,
        "issuer": f"编制单位：{head.issuer}",
        "period": head.period,
        "seen": _seen(head),
        "unsettled": UNSETTLED if head.unsettled else "",
        "classes": classes,
        "heads": _heads(facts.columns),
        "letters": [column.letter for column in facts.columns],
        "groups": [
            {
                "name": group.name.removesuffix("单位"),
                "rows": [_row(row, facts.columns) for row in group.rows],
                "subtotal": _row(group.subtotal, facts.columns) if group.subtotal else None,
            }
            for group in facts.groups
        ],
        "total": _row(facts.total, facts.columns),
        "notes": "；".join(note.rstrip("。；") for note in facts.notes) + "。" if facts.notes else "",
        "sent": f"报送：{words.weekday(head.as_of.date())}",
    }


def _seen(head: ReportHead) -> str:
    edition = f"，第 {head.edition} 版" if head.edition else ""
    return f"数据时间：{head.as_of.month}月{head.as_of.day}日 {_clock(head.as_of)}{edition}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _heads(columns: tuple[WeeklyColumn, ...]) -> list[Json]:
    """Heads in two lines: columns of one group stand under its name."""
    return [
        {"group": name, "columns": [column.head for column in members]}
        for name, members in ((name, list(found)) for name, found in groupby(columns, key=lambda column: column.group))
    ]


def _row(row: WeeklyRow, columns: tuple[WeeklyColumn, ...]) -> list[str]:
    return [row.short_name, *(_cell(row.values.get(column.key), column.kind) for column in columns)]


def _cell(value: Fraction | None, kind: ColumnKind) -> str:
    if value is None:
        return NOTHING_DUE
    if kind is ColumnKind.COUNT:
        return f"{int(value):,}"
    return words.signed(value, 1) if kind is ColumnKind.CHANGE else words.share(value)
