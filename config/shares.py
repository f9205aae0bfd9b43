"""Shares as people write them."""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator


def _share(value: Any) -> Fraction:
    """`0.8`, `4/5` or `80 %`, exactly."""
    text = str(value).strip()
    try:
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError("应为 0 到 1 之间的份额，例如 0.8、4/5 或 80 %") from None
    if not 0 <= share <= 1:
        raise ValueError("应为 0 到 1 之间的份额，例如 0.8、4/5 或 80 %")
    return share


Share = Annotated[Fraction, BeforeValidator(_share)]
