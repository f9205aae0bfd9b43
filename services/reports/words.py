"""Numbers as the sentences of official documents write them."""

from collections.abc import Sequence
from fractions import Fraction

from domain.ranking import Rounding, rounded

NUMERALS = "零一二三四五六七八九十"


def percent(rate: Fraction | None, places: int = 2) -> str:
    """97.39%; half up, but what falls short of 100 % never shows it (DECISIONS 12)."""
    if rate is None:
        return "—"
    shown = rounded(rate * 100, places, Rounding.HALF_UP)
    if rate < 1 and shown >= 100:
        shown = rounded(rate * 100, places, Rounding.TRUNCATED)
    return f"{shown}%"


def points(score: Fraction) -> str:
    return f"{rounded(score, 2, Rounding.HALF_UP)}"


def cases(number: int) -> str:
    return f"{number:,} 件"


def change_of_rate(now: Fraction | None, then: Fraction | None, name: str) -> str:
    """，比3月提高 1.38 个百分点; empty where there is nothing to compare."""
    if now is None or then is None:
        return ""
    size = rounded(abs(now - then) * 100, 2, Rounding.HALF_UP)
    if not size:
        return f"，与{name}持平"
    return f"，比{name}{'提高' if now > then else '下降'} {size} 个百分点"


def listed(names: Sequence[str]) -> str:
    return "、".join(names)


def numeral(number: int) -> str:
    """三; from eleven on in figures."""
    return NUMERALS[number] if number < len(NUMERALS) else str(number)
