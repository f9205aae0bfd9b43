"""How figures are written on the wall: one decimal truncated, words for durations, local time of the city."""

from datetime import date, datetime
from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.indicators import Rate

NONE = "—"
LONG_DAYS = 100  # from here on the hours of a duration say nothing
LARGEST_CHANGE = 999  # per cent; beyond it a change is only said to be larger


def count(number: int) -> str:
    return f"{number:,}"


def tenths(value: Fraction) -> str:
    """One decimal, truncated towards zero (DECISIONS 12): 79.95 must not read 80.0."""
    whole, tenth = divmod(int(abs(value) * 10), 10)
    return f"{'-' if value < 0 else ''}{whole:,}.{tenth}"


def percent(share: Fraction) -> str:
    """A share of 0…1 in per cent. What exists never reads 0.0; below one, truncation never reads 100.0."""
    hundredfold = share * 100
    return tenths(max(hundredfold, Fraction(1, 10)) if hundredfold > 0 else hundredfold)


def exact(rate: Rate) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def change(today: int, yesterday: int, texts: Texts) -> str:
    """Today against yesterday in per cent with its sign; in words where per cent would say nothing."""
    if today == yesterday:
        return texts("figure.flat")
    if yesterday == 0:
        return texts("figure.from_zero")
    ratio = Fraction(today - yesterday, yesterday)
    if abs(ratio) * 100 > LARGEST_CHANGE:
        return texts("figure.beyond", percent=f"+{LARGEST_CHANGE}")
    return f"{'+' if ratio > 0 else '-'}{percent(abs(ratio))}%"


def duration(minutes: int, texts: Texts) -> str:
    """6时52分, 38分, 1天6时: two units at most, the smaller one truncated; from 100 days on only days."""
    hours, rest = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days >= LONG_DAYS:
        return texts("duration.days", days=days)
    if days:
        return texts("duration.days_hours", days=days, hours=hours_left)
    if hours:
        return texts("duration.hours_minutes", hours=hours, minutes=f"{rest:02d}")
    return texts("duration.minutes", minutes=rest)


def clock_time(moment: datetime, city: City) -> str:
    return city.local(moment).strftime("%H:%M")


def dated_time(moment: datetime, today: date, city: City, texts: Texts) -> str:
    """Day and time of what is not of today, with the year where that is another one."""
    at = city.local(moment)
    month = texts("clock.months").split()[at.month - 1]
    key = "clock.dated" if at.year == today.year else "clock.replayed"
    return texts(key, year=at.year, month=month, day=at.day, time=at.strftime("%H:%M"))


def row_time(moment: datetime, today: date, city: City, texts: Texts) -> str:
    """The time; with its day when that is not today; the day alone when it is of another year."""
    at = city.local(moment)
    if at.date() == today:
        return clock_time(moment, city)
    if at.year != today.year:
        return full_day(at.date(), texts)
    month = texts("clock.months").split()[at.month - 1]
    return f"{texts('clock.short_day', month=month, day=at.day)} {clock_time(moment, city)}"


def full_day(day: date, texts: Texts) -> str:
    month = texts("clock.months").split()[day.month - 1]
    return texts("clock.full_day", year=day.year, month=month, day=day.day)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
