"""A report as files: its figures of one picture, on paper, as a workbook that recomputes itself, and as CSV."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data_access.store import Store
from domain.city import City
from domain.periods import this_month, this_week
from domain.ranking_view import Span
from domain.refusals import Refusal
from domain.reports import KIND_WORDS, UNSETTLED, ReportKind
from services.figures import city_number
from services.reports import books, brief, circular, weekly
from services.reports.heads import ONE_DAY

FACTS: Mapping[ReportKind, Callable[..., Any]] = {
    ReportKind.WEEKLY: weekly.facts, ReportKind.MONTHLY: brief.facts, ReportKind.CIRCULAR: circular.facts,
}  # fmt: skip
BOOKS: Mapping[ReportKind, Callable[[Any, City], bytes]] = {
    ReportKind.WEEKLY: lambda facts, _city: books.weekly_book(facts),
    ReportKind.MONTHLY: books.brief_book,
    ReportKind.CIRCULAR: books.circular_book,
}
TABLES: Mapping[ReportKind, Callable[[Any], bytes]] = {
    ReportKind.WEEKLY: books.weekly_csv, ReportKind.MONTHLY: books.brief_csv, ReportKind.CIRCULAR: books.circular_csv,
}  # fmt: skip
Paper = Callable[[Any], bytes]  # facts → PDF; handed in, because what things look like is above here


@dataclass(frozen=True)
class Issued:
    """`files` by name; `settled`: the period's figures are final (定稿)."""

    span: Span
    as_of: datetime
    settled: bool
    files: Mapping[str, bytes]


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


def issue(store: Store, city: City, kind: ReportKind, span: Span, as_of: datetime, paper: Paper) -> Issued:
    """The report of one period as seen at as_of; `paper` prints it.

    Raises Refusal when the period has not begun by then.
    """
    if as_of <= city.midnight(span.first):
        raise Refusal("统计周期还没有开始", f"{span.first:%F}", "请选已经开始的周期，或改 --as-of。")
    with store.picture() as connection:
        facts = FACTS[kind](connection, city, city_number(connection, city), span, as_of)
    settled = as_of >= city.midnight(span.end + timedelta(days=city.settle_days))
    days = f"{span.first:%Y%m%d}至{span.end - ONE_DAY:%Y%m%d}"
    seen = f"截至{city.local(as_of):%Y%m%d-%H%M}"
    name = "_".join([KIND_WORDS[kind], city.name, days, *([] if settled else [UNSETTLED]), seen])
    files = {
        f"{name}.pdf": paper(facts),
        f"{name}.xlsx": BOOKS[kind](facts, city),
        f"{name}.csv": TABLES[kind](facts),
    }
    return Issued(span, as_of, settled, files)
