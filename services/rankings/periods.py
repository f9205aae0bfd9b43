"""The periods a ranking may be asked for, by the words of its address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain import periods
from domain.city import City
from domain.periods import NAMED, period_before, settles_on
from domain.ranking_view import PeriodChoice, Span
from domain.refusals import Refusal
from services.figures import Question

CUSTOM = "custom"
FIRST_YEAR, LAST_YEAR = 2000, 2099
FINISHED = (("month", 3), ("quarter", 1), ("year", 1))  # how many finished ones of each are offered


def span_of(city: City, query: Mapping[str, str], today: date) -> Span:
    """The period an address names: `period` with `on` (a day inside it, today where it is not given), or `from` and
    `to`, both inclusive. Without any of them this month. Raises Refusal."""
    if query.get("from") or query.get("to"):
        return _custom(query)
    word = query.get("period") or "month"
    on = day(query, "on") if query.get("on") else today
    own = {period.key: period for period in city.periods}
    if word in own and (first := own[word].first) is not None and (end := own[word].end) is not None:
        return Span(word, first, end, own[word].name)
    named = (own[word].named or word) if word in own else word
    if named not in NAMED:
        known = "、".join(dict.fromkeys([*NAMED, *own]))
        raise Refusal(f"没有“{word}”这个周期", "period", f"可选：{known}；或用 from、to 指定起止日期。")
    return named_span(city, named, on, word, own[word].name if word in own else "")


def named_span(city: City, named: str, on: date, key: str = "", name: str = "") -> Span:
    """The calendar period of that kind which holds the day `on`."""
    period = NAMED[named](city.zone, city.midnight(on))
    return Span(key or named, city.day_of(period.start), city.day_of(period.end), name)


def day(query: Mapping[str, str], name: str) -> date:
    """The day an address gives. Raises Refusal for anything that is none, or outside 2000 to 2099."""
    text = query.get(name, "")
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Refusal(
            f"“{text}”不是可用的日期", name, f"请写成 2026-05-01 的样子，在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间。"
        )
    return found


def _custom(query: Mapping[str, str]) -> Span:
    first, last = day(query, "from"), day(query, "to")
    if first > last:
        raise Refusal("起止日期颠倒", f"{first} 至 {last}", "起始日期不能晚于截止日期，请对调。")
    return Span(CUSTOM, first, last + timedelta(days=1))


def earlier_spans(span: Span, number: int) -> tuple[Span, ...]:
    """The `number` whole periods of the same kind up to and with this one, oldest first."""
    spans = [span]
    while len(spans) < number and spans[-1].first.year > FIRST_YEAR:
        first, end = period_before(spans[-1].first, spans[-1].end)
        spans.append(replace(spans[-1], first=first, end=end))
    return tuple(reversed(spans))


def previous(city: City, question: Question) -> Question:
    """The comparable period before (domain.periods.comparable), asked for in the same way."""
    first, end = city.day_of(question.start), city.day_of(question.end - timedelta(microseconds=1)) + timedelta(days=1)
    period = periods.comparable(city.zone, first, end, question.as_of)
    before = replace(question, start=period.start, end=period.end)
    if not question.cohort:
        return before
    # Cases of the period before have had longer: they are seen when they were as old as these are now.
    younger = question.end - before.end if question.as_of >= question.end else question.start - before.start
    return replace(before, as_of=question.as_of - younger)


def choices(city: City, span: Span, now: datetime) -> tuple[PeriodChoice, ...]:
    """Everything to choose instead of `span`: 常用, 本市周期 and 已过周期."""
    return (*_common(city, span, city.day_of(now)), *_own(city, now), *_finished(city, city.day_of(now)))


def _common(city: City, span: Span, today: date) -> Iterator[PeriodChoice]:
    for word in NAMED:
        yield _choice(named_span(city, word, today), word, "common")
    for word in ("week", "month", "quarter"):
        this = named_span(city, word, today)
        yield _choice(named_span(city, word, this.first - timedelta(days=1)), f"last_{word}", "common")
    tomorrow = today + timedelta(days=1)
    yield _choice(Span(CUSTOM, date(today.year, 1, 1), tomorrow), "year_to_date", "common")
    yield _choice(Span(CUSTOM, tomorrow - timedelta(days=30), tomorrow), "last_30_days", "common")
    if span.first.year > FIRST_YEAR:
        yield _choice(_a_year_before(span), "year_before", "common")


def _own(city: City, now: datetime) -> Iterator[PeriodChoice]:
    for own in city.periods:
        span = span_of(city, {"period": own.key}, city.day_of(now))
        if city.midnight(span.first) <= now:
            yield _choice(span, own.key, "own")


def _finished(city: City, today: date) -> Iterator[PeriodChoice]:
    """The last settled ones of each kind."""
    for word, number in FINISHED:
        span = named_span(city, word, today)
        found = 0
        while found < number:
            span = named_span(city, word, span.first - timedelta(days=1))
            if settles_on(span.end, city.settle_days) <= today:
                found += 1
                yield _choice(span, word, "finished")


def _choice(span: Span, word: str, group: str) -> PeriodChoice:
    if span.key == CUSTOM:
        address = {"from": span.first.isoformat(), "to": (span.end - timedelta(days=1)).isoformat()}
    else:
        address = {"period": span.key, "on": span.first.isoformat()}
    return PeriodChoice(span, group, word, address)


def _a_year_before(span: Span) -> Span:
    """上年同期: the same days a year earlier; the same kind of period for a month, quarter or year."""
    whole_months = span.first.day == 1 == span.end.day and span.key in ("month", "quarter", "year")
    return Span(span.key if whole_months else CUSTOM, _year_back(span.first), _year_back(span.end))


def _year_back(moment: date) -> date:
    """29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)
