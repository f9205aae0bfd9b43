"""How the rankings write figures: scores with two decimals, rates with one decimal truncated, days of the city."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.indicators import Rate
from domain.ranking import Rounding, rounded
from domain.ranking_view import Span
from domain.scoring import BASE_POINTS
from layouts import formats

ONE_DAY = timedelta(days=1)


def points(value: Fraction | None) -> str:
    """79.95: two decimals, halves up (DECISIONS 12)."""
    return formats.NONE if value is None else f"{rounded(value, 2, Rounding.HALF_UP):,}".replace("-", "−")


def number(value: Fraction) -> str:
    """A weight or a bound as it is written: 40, 12.5."""
    return f"{rounded(value, 2, Rounding.HALF_UP).normalize():f}"


def percent(rate: Rate) -> str:
    """96.9%, truncated; — where nothing was due."""
    return formats.NONE if rate.value is None else f"{formats.percent(rate.value)}%"


def indicator(name: str, texts: Texts) -> str:
    key = f"rankings.indicator.{name}"
    return texts(key) if texts.has(key) else name


def short_indicator(name: str, texts: Texts) -> str:
    """As short as the legend of a phone needs it."""
    key = f"rankings.short.{name}"
    return texts(key) if texts.has(key) else indicator(name, texts)


def day(moment: date, texts: Texts) -> str:
    """5月19日"""
    return texts("rankings.day", month=_month(moment, texts), day=moment.day)


def dated(moment: date, texts: Texts) -> str:
    """2026年5月19日"""
    return texts("rankings.dated", year=moment.year, month=_month(moment, texts), day=moment.day)


def days(span: Span, texts: Texts) -> str:
    """2026年5月1日 至 31日; of one day only that day."""
    last = span.end - ONE_DAY
    if last == span.first:
        return dated(span.first, texts)
    if texts.language == "zh" and (last.year, last.month) == (span.first.year, span.first.month):
        to = texts("rankings.day_only", month=_month(last, texts), day=last.day)
    else:
        to = day(last, texts) if last.year == span.first.year else dated(last, texts)
    return texts("rankings.between", first=dated(span.first, texts), last=to)


def seen(span: Span, as_of: datetime, city: City) -> Span:
    """The days of the period that have begun at as_of; at least its first."""
    end = min(span.end, city.day_of(as_of) + ONE_DAY)
    return Span(span.key, span.first, max(end, span.first + ONE_DAY), span.name)


def clocked(moment: datetime, city: City, texts: Texts) -> str:
    """2026年5月19日 14:32"""
    return f"{dated(city.day_of(moment), texts)} {formats.clock_time(moment, city)}"


def part_name(name: str, texts: Texts) -> str:
    return texts("rankings.base_points") if name == BASE_POINTS else indicator(name, texts)


def made_of(definition: str, texts: Texts) -> tuple[str, str]:
    """处置数, 立案数 of `handled / registered`: what a rate is made of, as the city reads it. What 应结案数 counts has
    several readings and one name."""
    above, below = definition.split(" / ")
    known = texts.has(f"rankings.number.{below}")
    return texts(f"rankings.number.{above}"), texts(f"rankings.number.{below if known else 'closure_due'}")


def _month(moment: date, texts: Texts) -> str:
    return texts("clock.months").split()[moment.month - 1]
