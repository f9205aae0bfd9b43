"""《工作简报》: the month in numbers for the leadership and the units.

Source: 启东's monthly brief to the four leadership bodies and all units (domain research 2.3, item 9).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from config.calendars import load_calendar
from data_access import lists
from data_access.supervisions import candidates, issued_before
from domain.city import City
from domain.indicators import RATES, Counts
from domain.ranking_view import Span
from domain.reports import (
    Amount,
    BriefFacts,
    BriefSentences,
    CategoryLine,
    Crossing,
    DayFigures,
    Distribution,
    MainFigure,
    ReportKind,
    Supervisions,
)
from domain.score_rule import Rated
from domain.supervision import Standing
from services.figures import Question
from services.reports import sentences
from services.reports.heads import INDICATORS, period_words, report_head
from services.reports.picture import Picture
from services.reports.streets import street_lines, street_map
from services.reports.unit_scores import class_scores

ONE_DAY = timedelta(days=1)
NOBODY = Distribution()
LISTED = 10  # classes of problems
COUNTS = {"registered": "立案数", "closure_due": "应结案数", "closed": "结案数"}
MAIN_RATES = ("closure_rate", "on_time_closure_rate", "handling_rate")
WANTED = frozenset({
    "registered", "closure_due", "closed", "on_time", "closure_due_without_deadline", "closed_without_deadline",
    "handled", "handling_due",
})  # fmt: skip


def facts(
    connection: Connection,
    city: City,
    number: int,
    span: Span,
    as_of: datetime,
    distribution: Distribution = NOBODY,
) -> BriefFacts:
    """The brief of one period as seen at as_of, all of one picture."""
    picture = Picture(connection, city, number, span, as_of)
    names = picture.names()
    unit_rule, street_rule, watch_list = picture.rule_of(Rated.UNIT), picture.rule_of(Rated.STREET), picture.watch_list
    street_table, unit_table = picture.ranking(street_rule), picture.ranking(unit_rule)
    streets, classes = street_lines(picture, street_table), class_scores(picture, unit_table)
    missing = picture.missing(picture.before(), names[1]), picture.missing(picture.last_year(), names[2])
    main = tuple(_main(picture, street_rule.cohort, missing))
    days = tuple(_days(picture))
    events, parts = (tuple(_categories(picture, kind)) for kind in ("event", "part"))
    top = tuple(_categories(picture, None))
    suspended = picture.stock(wanted=frozenset({"suspended"})).by("city")[None].suspended
    supervisions, crossings = _supervisions(picture), _crossings(picture)
    used = [rule for rule in (unit_rule, street_rule, watch_list) if rule is not None]
    when = period_words(ReportKind.MONTHLY, span)
    title = f"{when}城市管理案件办理情况"
    return BriefFacts(
        head=report_head(ReportKind.MONTHLY, city, span, as_of, title, used),
        period_name=names[0],
        before_name=names[1],
        last_year_name=names[2],
        before_missing=missing[0],
        last_year_missing=missing[1],
        main=main,
        days=days,
        categories=top[:LISTED],
        events=events[:LISTED],
        parts=parts[:LISTED],
        suspended=suspended,
        streets=streets,
        street_noun=city.street_noun,
        street_map=street_map(picture, streets),
        classes=classes,
        score_title=unit_rule.title,
        supervisions=supervisions,
        crossings=crossings,
        sentences=BriefSentences(
            overall=tuple(sentences.overall(picture, main, suspended)),
            days=tuple(sentences.of_days(days, city.day_of(picture.stock_at))),
            categories=tuple(sentences.of_categories(top, parts)),
            streets=tuple(sentences.of_streets(streets, city.street_noun)),
            units=tuple(sentences.of_units(classes)),
            supervision=tuple(sentences.of_supervision(names[0], supervisions, crossings)),
        ),
        distribution=distribution,
        unit_table=unit_table,
        street_table=street_table,
    )


def _main(picture: Picture, cohort: bool, missing: tuple[str, str]) -> Iterator[MainFigure]:
    """主要指标. 处置率 is made as the streets' one is: of the cases registered in the period where their score is."""
    asked = picture.question, picture.before(), picture.last_year()
    aged = replace(picture.question, cohort=cohort), picture.before(cohort), picture.last_year(cohort)

    def of_city(question: Question, reason: str) -> Counts | None:
        return None if reason else picture.figures(question, wanted=WANTED).by("city")[None]

    reasons = "", *missing
    flows = [of_city(question, reason) for question, reason in zip(asked, reasons, strict=True)]
    ages = [of_city(question, reason) for question, reason in zip(aged, reasons, strict=True)] if cohort else flows

    def rate(name: str, counts: Counts | None) -> Amount | None:
        if counts is None:
            return None
        made = RATES[name](counts, picture.city.options)
        return Amount(made.numerator, made.denominator)

    for key, word in COUNTS.items():
        amounts = [None if counts is None else Amount(getattr(counts, key)) for counts in flows]
        yield _figure(key, word, "件", amounts)
    for name in MAIN_RATES:
        source = ages if name == "handling_rate" else flows
        yield _figure(name, INDICATORS[name], "%", [rate(name, counts) for counts in source])


def _figure(key: str, name: str, unit: str, amounts: list[Amount | None]) -> MainFigure:
    now, before, last_year = amounts
    assert now is not None  # only the periods it is compared with may be missing
    return MainFigure(key, name, unit, now, before, last_year)


def _days(picture: Picture) -> Iterator[DayFigures]:
    """Every day of the period; the sum of the days is the period."""
    city, wanted = picture.city, frozenset({"registered", "closed"})
    calendar = load_calendar(city.calendar) if city.calendar else None
    for offset in range((picture.span.end - picture.span.first).days):
        day = picture.span.first + offset * ONE_DAY
        holiday = calendar.holiday(day) if calendar else ""
        start, end = city.midnight(day), city.midnight(day + ONE_DAY)
        if start >= picture.as_of:
            yield DayFigures(day, 0, 0, holiday, known=False)
            continue
        counts = picture.figures(replace(picture.question, start=start, end=end), wanted=wanted).by("city")[None]
        yield DayFigures(day, counts.registered, counts.closed, holiday)


def _categories(picture: Picture, kind: str | None) -> Iterator[CategoryLine]:
    """Classes of problems by what was registered, most first. The share is of everything registered."""
    known = lists.categories(picture.connection, picture.number)
    rows = picture.figures(wanted=frozenset({"registered"})).by("category")
    total = sum(counts.registered for counts in rows.values())
    made = [
        (known[number].name, counts.registered)
        for number, counts in rows.items()
        if number is not None and counts.registered and kind in (None, known[number].extra)
    ]
    for name, registered in sorted(made, key=lambda line: (-line[1], line[0])):
        yield CategoryLine(name, registered, Fraction(registered, total))


def _supervisions(picture: Picture) -> Supervisions | None:
    """None where the city has never sent a notice: then nothing is known, and 0 would be a claim."""
    asked, now = picture.question, picture.as_of
    ever = issued_before(picture.connection, picture.number, now)
    if not ever:
        return None
    issued = [notice for notice in ever if asked.start <= notice.issued < asked.end]
    exposed = {notice.number for notice in candidates(picture.connection, picture.number, asked.start, now)}
    stands = [notice.standing(now) for notice in issued]
    return Supervisions(
        issued=len(issued),
        met=stands.count(Standing.MET),
        missed=stands.count(Standing.MISSED),
        running=stands.count(Standing.RUNNING),
        replaced=stands.count(Standing.REPLACED),
        candidates=sum(notice.number in exposed for notice in issued),
    )


def _crossings(picture: Picture) -> tuple[Crossing, ...] | None:
    rules = picture.watch_list
    if rules is None:
        return None
    rows = picture.watched(rules).rows
    return tuple(
        Crossing(row.short_name, INDICATORS[line.indicator], row.watched.rates[line.indicator], line.above)
        for line in rules.lines
        for row in rows
        if line.indicator in row.watched.crossed
    )
