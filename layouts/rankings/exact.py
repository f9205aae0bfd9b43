"""How exact figures are written in a proof: two decimals half-up, signs as typeset, nothing rounded up to all."""

from decimal import Decimal
from fractions import Fraction

from domain.ranking import Rounding, rounded, rounded_share

MINUS = "−"
ALL = Fraction(1)


def points(value: Fraction | Decimal, places: int = 2) -> str:
    """Points with their sign: 35.56, −0.34."""
    shown = rounded(Fraction(value), places, Rounding.HALF_UP)
    return f"{MINUS if shown < 0 else ''}{abs(shown):,.{places}f}"


def percent(share: Fraction) -> str:
    """88.91 %. What falls short of all never reads 100.00, what exists never 0.00 (DECISIONS 12)."""
    return f"{rounded_share(share):,.2f}%"


def number(value: Fraction) -> str:
    """A number that is whole, a short decimal (7.5) or else stays a fraction (400/9): never rounded."""
    if value.denominator == 1:
        return f"{value.numerator:,}".replace("-", MINUS)
    hundredfold = value * 100
    if hundredfold.denominator == 1:
        return f"{MINUS if value < 0 else ''}{Decimal(abs(hundredfold.numerator)).scaleb(-2).normalize():,f}"
    return f"{value.numerator}/{value.denominator}".replace("-", MINUS)


def bar(share: Fraction | None) -> float | None:
    """Where a share stands on a bar from 0 to 1."""
    return None if share is None else round(float(min(max(share, Fraction()), ALL)), 4)
