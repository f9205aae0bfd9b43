"""Addresses of figures, `scope/key/figure/period`: the same in the page's data-figure and in the API (DECISIONS 27)."""

from datetime import datetime


def city(figure: str, period: str) -> str:
    return f"city/-/{figure}/{period}"


def street(key: str, figure: str, period: str) -> str:
    return f"street/{key}/{figure}/{period}"


def unit(key: str, figure: str, period: str) -> str:
    return f"unit/{key}/{figure}/{period}"


def grid(key: str, figure: str, period: str) -> str:
    return f"grid/{key}/{figure}/{period}"


def channel(key: str) -> str:
    return f"channel/{key}/reported/today"


def category(key: str) -> str:
    return f"category/{key}/registered/today"


def hour(start: datetime, flow: str) -> str:
    """`start` in the city's zone: its ISO form with the offset is the key."""
    return f"hour/{start.isoformat(timespec='seconds')}/{flow}"


def case(case_no: str) -> str:
    return f"case/{case_no}/overdue_min"
