"""The watch list: rates as dots on a stated range with the dashed line; no rank, no grade, no score."""

from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.indicators import Rate
from domain.ranking_view import WatchRow, WatchTable
from domain.score_rule import WatchLine
from layouts import formats
from layouts.rankings import exact, frame, wording

Cell = dict[str, object]
RANGE = 2  # the drawn range ends at so many times the line


def watch_view(table: WatchTable, city: City, texts: Texts) -> dict[str, object]:
    """The JSON of /api/rankings/view for a watch list."""
    rules = table.rules
    lines = texts("rankings.comma").join(
        f"{wording.short_indicator(line.indicator, texts)} {hundredths(line.above)}" for line in rules.lines
    )
    return frame.frame(table, city, texts) | {
        "watch": True,
        "title": rules.title,
        "scheme": rules.title,
        "line": _line(table, city, texts),
        "legend": [{"tone": "over", "words": texts("rankings.watch.over"), "short": texts("rankings.watch.over")}],
        "line_words": {"words": texts("rankings.watch.lines", lines=lines), "short": lines},
        "columns": _columns(table, texts),
        "rows": [_row(row, table, texts) for row in table.rows],
        "totals": _totals(table, texts),
        "method": texts(
            "rankings.watch.method",
            version=rules.version,
            day=wording.dated(rules.effective_from, texts),
            source=rules.source,
        ),
        "narrowed": texts("rankings.narrowed") if table.ask.filters else "",
        "notes": [],
        "streets": None,
    }


def hundredths(share: Fraction) -> str:
    """10%, 0.3%: a line as it is set."""
    return f"{wording.number(share * 100)}%"


def _percent(rate: Rate) -> str:
    """Two decimals, because a line may be 0.3 %; as its drawer and the exports have them."""
    return formats.NONE if rate.value is None else exact.percent(rate.value)


def _line(table: WatchTable, city: City, texts: Texts) -> str:
    days = wording.days(wording.seen(table.ask.span, table.ask.as_of, city), texts)
    below = next(iter(table.total.values()), None)
    said = texts("rankings.watch.line", days=days, count=formats.count(below.denominator if below else 0))
    return texts("rankings.comma").join([said, *([texts("rankings.unfinished.tag")] if table.unfinished else [])])


def _columns(table: WatchTable, texts: Texts) -> list[Cell]:
    columns = [
        _column("name", "name", texts("rankings.object.unit"), left=True),
        _column("crossed", "number", texts("rankings.watch.crossed")),
        _column("base", "number", texts("rankings.watch.base")),
    ]
    for line in table.rules.lines:
        name = line.indicator
        above = texts(f"rankings.watch.above_{name}") if texts.has(f"rankings.watch.above_{name}") else ""
        columns.append(_column(f"{name}.above", "number", above, first=True))
        columns.append(_column(name, "number", wording.indicator(name, texts)))
        scale = texts("rankings.watch.scale", to=hundredths(line.above * RANGE))
        columns.append(_column(f"{name}.dot", "dot", scale, left=True, sorts=False))
    return [*columns, _column("special", "number", texts("rankings.watch.special"))]


def _column(key: str, kind: str, label: str, *, left: bool = False, sorts: bool = True, first: bool = False) -> Cell:
    return {"key": key, "kind": kind, "label": label, "left": left, "sorts": sorts, "first": first}


def _row(row: WatchRow, table: WatchTable, texts: Texts) -> Cell:
    watched = row.watched
    number = len(watched.crossed)
    base = next(iter(watched.rates.values()), None)
    cells: list[Cell] = [
        {"text": row.short_name, "sort": row.short_name},
        {"text": f"▲ {number}" if number else formats.NONE, "tone": "w" if number else "", "sort": number},
        {"text": formats.count(base.denominator if base else 0), "sort": base.denominator if base else 0},
    ]
    for line in table.rules.lines:
        cells += _rate(line, watched.rates[line.indicator], line.indicator in watched.crossed, texts)
    cells.append({"text": formats.count(row.special), "sort": row.special})
    return {
        "key": watched.key,
        "name": row.short_name,
        "full": row.name,
        "find": f"{row.short_name} {row.name}".lower(),
        "tone": "",
        "close": False,
        "words": texts("rankings.watch.spoken", name=row.name, count=number),
        "phone": {"rate": "", "late": "", "tone": ""},
        "cells": cells,
    }


def _rate(line: WatchLine, rate: Rate, crossed: bool, texts: Texts) -> list[Cell]:
    value = rate.value or Fraction()
    at = min(value / (line.above * RANGE), Fraction(1)) if line.above else Fraction()
    tone = "w" if crossed else ""
    spoken = texts("rankings.watch.crosses" if crossed else "rankings.watch.below", line=hundredths(line.above))
    return [
        {"text": formats.count(rate.numerator), "sort": rate.numerator},
        {"text": _percent(rate), "tone": tone, "sort": float(value)},
        {"at": f"{float(at * 100):.1f}%", "tone": tone, "words": spoken, "sort": None},
    ]


def _totals(table: WatchTable, texts: Texts) -> Cell:
    items = []
    for name, rate in table.total.items():
        above = texts(f"rankings.watch.above_{name}") if texts.has(f"rankings.watch.above_{name}") else name
        words = texts(
            "rankings.watch.total",
            above=above,
            numerator=formats.count(rate.numerator),
            denominator=formats.count(rate.denominator),
        )
        items.append({"words": words, "value": _percent(rate)})
    chosen = next((tab.name for tab in table.classes if tab.key == table.ask.unit_class), "")
    head = texts("rankings.watch.totals", name=chosen.removesuffix("单位") or texts("rankings.watch.all"))
    return {"head": head, "line": texts("rankings.watch.totals_line"), "items": items}
