"""Periods and instants in words, as the heads of drawers and lists say them."""

from datetime import date, datetime, timedelta

from config.texts import Texts
from domain.city import City
from domain.ranking_view import RankingAsk, Span, Unfinished
from layouts.formats import clock_time

RUNNING = frozenset({"today", "week", "month", "quarter", "year"})


def asked(ask: RankingAsk, city: City, texts: Texts) -> str:
    """5月1日 至 19日 14:32: up to as-of while the period runs, else to its last day; a pinned view says as of when."""
    seen = city.day_of(ask.as_of)
    if ask.span.first <= seen < ask.span.end:
        return f"{days(ask.span.first, seen, seen, texts)} {clock_time(ask.as_of, city)}"
    whole = days(ask.span.first, ask.span.end - timedelta(days=1), seen, texts)
    if not ask.pinned:
        return whole
    return texts("rankings_why.span.as_of", days=whole, time=moment(ask.as_of, seen, city, texts))


def days(first: date, last: date, today: date, texts: Texts) -> str:
    """Both days inclusive; year and month are left out where they are plain from what stands before."""
    start = _day(first, first.year != today.year or last.year != first.year, texts)
    if first == last:
        return start
    if (first.year, first.month) == (last.year, last.month):
        return texts("rankings_why.span.in_month", start=start, day=last.day)
    return texts("rankings_why.span.days", start=start, end=_day(last, last.year != first.year, texts))


def compared(ask: RankingAsk, previous: Span | None, unfinished: Unfinished | None, texts: Texts) -> str:
    """What a movement compares with: 上月同日 while the month runs, else the days themselves."""
    if previous is None:
        return ""
    if unfinished is not None and not unfinished.over and ask.span.key in RUNNING:
        return texts(f"rankings_why.compared.{ask.span.key}")
    return days(previous.first, previous.end - timedelta(days=1), ask.span.first, texts)


def moment(at: datetime, today: date, city: City, texts: Texts) -> str:
    """5月19日 14:32, with the year where it is another one."""
    local = city.local(at)
    return f"{_day(local.date(), local.year != today.year, texts)} {local:%H:%M}"


def _day(day: date, with_year: bool, texts: Texts) -> str:
    month = texts("clock.months").split()[day.month - 1]
    key = "rankings_why.span.year_day" if with_year else "clock.day"
    return texts(key, year=day.year, month=month, day=day.day)
