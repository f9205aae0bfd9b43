"""Any indicator by grid: fixed classes for the map, and the same values as a list for whoever cannot see it."""

from bisect import bisect_right
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from config.texts import Texts
from domain.city import City
from domain.indicators import RATES
from domain.ranking_view import Heat, Trend
from layouts import formats
from layouts.rankings import wording


def heat_view(heat: Heat, city: City, texts: Texts, names: Mapping[str, str] | None = None) -> dict[str, object]:
    """The JSON of /api/rankings/heat. `cells` gives the class of each grid; a grid that is not in it had nothing due.
    `names` are the grids' own; a grid without one is listed by its key."""
    rate = heat.indicator in RATES
    named = names or {}
    cells = {key: bisect_right(heat.breaks, value) for key, value in heat.values.items() if value is not None}
    known = sorted(
        ((value, key) for key, value in heat.values.items() if value is not None), key=lambda one: (-one[0], one[1])
    )
    return {
        "indicator": heat.indicator,
        "label": wording.indicator(heat.indicator, texts),
        "line": texts("rankings.heat.line", known=len(known), all=len(heat.values), noun=_noun(city, texts)),
        "cells": cells,
        "legend": _legend(heat.breaks, rate, texts),
        "rows": [
            {
                "key": key,
                "name": named.get(key, key),
                "value": f"{formats.percent(value)}%" if rate else formats.count(int(value)),
                "exact": _exact(*heat.counts[key]) if rate else "",
                "sort": float(value),
                "class": cells[key],
            }
            for value, key in known
        ],
    }


def trend_view(trend: Trend, texts: Texts) -> dict[str, object]:
    """The JSON of /api/rankings/trend: per row the last periods as shares of their own range, and their words."""
    return {
        "spans": [wording.days(span, texts) for span in trend.spans],
        "lines": {key: _spark(values) for key, values in trend.values.items()},
    }


def _noun(city: City, texts: Texts) -> str:
    """A city names its areas in Chinese; other languages use the product's words."""
    return city.grid_noun if texts.language == "zh" else texts("rankings.object.grid")


def _exact(numerator: int, denominator: int) -> str:
    return f"{formats.count(numerator)}/{formats.count(denominator)}"


def _spark(values: tuple[Fraction | None, ...]) -> list[float | None]:
    """0 … 1 between the lowest and the highest of the row; a flat line in the middle."""
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    low, high = min(known), max(known)
    width = high - low
    return [None if one is None else round(float((one - low) / width), 3) if width else 0.5 for one in values]


def _legend(breaks: tuple[Fraction, ...], rate: bool, texts: Texts) -> list[str]:
    """What each class holds, the first below the first bound, the last from the last one on."""
    said = [f"{int(bound * 100)}%" if rate else str(int(bound)) for bound in breaks]
    if not said:
        return [texts("rankings.heat.any")]
    between = [texts("rankings.heat.between", low=low, high=high) for low, high in pairwise(said)]
    return [texts("rankings.heat.below", high=said[0]), *between, texts("rankings.heat.from", low=said[-1])]
