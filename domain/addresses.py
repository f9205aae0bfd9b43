"""Addresses of figures (DECISIONS 27): scope/key/figure/period, the same on the wall, in the API and in tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

TODAY, MONTH, NOW, QUARTER_HOUR = "today", "month", "now", "15min"


def city_figure(figure: str, period: str) -> str:
    return f"city/-/{figure}/{period}"


def vs_yesterday(figure: str) -> str:
    """The change of one of today's flows against yesterday up to the same local time."""
    return f"city/-/{figure}/{TODAY}/vs_yesterday"


def street_figure(key: str, figure: str, period: str) -> str:
    return f"street/{key}/{figure}/{period}"


def unit_figure(key: str, figure: str, period: str) -> str:
    return f"unit/{key}/{figure}/{period}"


def channel_figure(key: str) -> str:
    return f"channel/{key}/reported/{TODAY}"


def category_figure(key: str) -> str:
    return f"category/{key}/registered/{TODAY}"


def hour_figure(start: datetime, figure: str, zone: ZoneInfo) -> str:
    """`start` is written in the city's zone with its offset, so that the hour a clock change repeats has two names."""
    return f"hour/{start.astimezone(zone).isoformat(timespec='seconds')}/{figure}"


def case_figure(case_no: str, figure: str = "overdue_min") -> str:
    return f"case/{case_no}/{figure}"


def grid_figure(key: str, figure: str, period: str) -> str:
    return f"grid/{key}/{figure}/{period}"
