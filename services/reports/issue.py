"""What a report is made of: its period, its figures of one picture, and its files: on paper, as a workbook that
recomputes itself, and as CSV."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from domain.city import City
from domain.periods import this_month, this_week
from domain.ranking_view import Span
from domain.refusals import Refusal
from domain.reports import KIND_WORDS, UNSETTLED, Distribution, ReportHead, ReportKind
from services.reports import books, brief, circular, weekly
from services.reports.heads import ONE_DAY

BOOKS: Mapping[ReportKind, Callable[[Any, City], bytes]] = {
    ReportKind.WEEKLY: lambda facts, _city: books.weekly_book(facts),
    ReportKind.MONTHLY: books.brief_book,
    ReportKind.CIRCULAR: books.circular_book,
}
TABLES: Mapping[ReportKind, Callable[[Any], bytes]] = {
    ReportKind.WEEKLY: books.weekly_csv, ReportKind.MONTHLY: books.brief_csv, ReportKind.CIRCULAR: books.circular_csv,
}  # fmt: skip
Paper = Callable[[Any], bytes]  # facts → PDF; handed in, because what things look like is above here
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def report_span(kind: ReportKind, city: City, written: str | None, now: datetime) -> Span:
    """`2026-W20` for the weekly statistics, `2026-05` for the others; left out, the last period that is over.

    Raises Refusal. Weeks run from Monday to Sunday (DECISIONS 14).
    """
    word, this = ("week", this_week) if kind is ReportKind.WEEKLY else ("month", this_month)
    inside = city.day_of(this(city.zone, now).start) - ONE_DAY if written is None else _day_of(kind, written)
    period = this(city.zone, city.midnight(inside) + timedelta(hours=12))
    return Span(word, city.day_of(period.start), city.day_of(period.end))


def _day_of(kind: ReportKind, written: str) -> date:
    week, month = re.fullmatch(r"(20\d\d)-W(\d\d)", written), re.fullmatch(r"(20\d\d)-(\d\d)", written)
    try:
        if kind is ReportKind.WEEKLY and week:
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if kind is not ReportKind.WEEKLY and month:
            return date(int(month[1]), int(month[2]), 1)
    except ValueError:
        pass  # a thirteenth month, a week that this year does not have
    example = "2026-W20" if kind is ReportKind.WEEKLY else "2026-05"
    raise Refusal(f"不是{KIND_WORDS[kind]}的周期：{written[:20]}", "--period", f"请写成 {example}。")


def facts_of(connection: Connection, city: City, number: int, kind: ReportKind, span: Span, as_of: datetime) -> Any:
    """What the report of one period says as seen at as_of.

    Raises Refusal when the period has not begun by then.
    """
    if as_of <= city.midnight(span.first):
        raise Refusal("统计周期还没有开始", f"{span.first:%F}", "请选已经开始的周期，或改 --as-of。")
    if kind is ReportKind.WEEKLY:
        return weekly.facts(connection, city, number, span, as_of)
    plan = city.reports
    goes_to = Distribution(plan.report_to, plan.send_to, plan.copies)
    return (brief if kind is ReportKind.MONTHLY else circular).facts(connection, city, number, span, as_of, goes_to)


def files_of(facts: Any, city: City, paper: Paper) -> list[tuple[str, str, bytes]]:
    """Name, media type and content of the report's files; the name tells period, edition and instant."""
    head: ReportHead = facts.head
    days = f"{head.first:%Y%m%d}至{head.end - ONE_DAY:%Y%m%d}"
    marks = [f"第{head.edition}版", *([UNSETTLED] if head.unsettled else []), f"截至{head.as_of:%Y%m%d-%H%M}"]
    name = "_".join([KIND_WORDS[head.kind], city.name, days, *marks])
    return [
        (f"{name}.pdf", PDF, paper(facts)),
        (f"{name}.xlsx", XLSX, BOOKS[head.kind](facts, city)),
        (f"{name}.csv", CSV, TABLES[head.kind](facts)),
    ]
