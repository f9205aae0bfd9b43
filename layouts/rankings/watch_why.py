"""What stands behind a unit on the watch list, as its drawer draws it."""

from collections.abc import Sequence
from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.ranking_view import Trend, WatchWhy
from layouts import formats
from layouts.rankings import exact, spans, wording
from layouts.rankings.watch import hundredths

Json = dict[str, object]
P = "rankings_why"


def watch_why_view(why: WatchWhy, trend: Trend, city: City, texts: Texts) -> Json:
    """The JSON of /api/rankings/why for a watch list: no rank, no score."""
    watched, crossed = why.row.watched, len(why.row.watched.crossed)
    days, dispatched = spans.asked(why.ask, city, texts), formats.count(why.row.counts.dispatched)
    returned_cases = why.row.counts.dispatched_returned
    decided = dict(why.returns)
    charged = decided.get("refused", 0) + decided.get("undecided", 0)
    extended = why.row.counts.dispatched_extended
    returned = sum(count for _, count in why.returns)
    return {
        "kind": "watch",
        "key": watched.key,
        "name": why.row.name,
        "crossed": texts(f"{P}.watch.crossed", count=crossed) if crossed else "",
        "calm": "" if crossed else texts(f"{P}.watch.calm"),
        "meta": texts(f"{P}.watch.line", days=days, dispatched=dispatched, asked=formats.count(why.asked)),
        "bars": [
            {
                "head": texts(f"{P}.watch.reasons"),
                "sum": texts(f"{P}.watch.reasons_sum", asked=why.asked, granted=why.granted),
                "none": "" if why.reasons else texts(f"{P}.watch.no_reasons"),
                "note": texts(f"{P}.watch.extended", count=extended) if extended != why.asked else "",
                "rows": _bars(why.reasons),
            },
            {
                "head": texts(f"{P}.watch.returns"),
                "sum": formats.count(returned),
                "none": "",
                "note": texts(f"{P}.watch.returned", count=returned_cases) if returned_cases != charged else "",
                "rows": _bars([(texts(f"{P}.return.{name}"), count) for name, count in why.returns]),
            },
        ],
        "trend": _trend(why, trend, texts),
        "todo": {"head": texts(f"{P}.watch.todo"), "lines": _todo(why, texts)},
        "tabs": [
            {"which": which, "name": texts(f"{P}.tab.{which}"), "count": count} for which, count in why.tabs if count
        ],
        "in_score": "",
    }


def _bars(rows: Sequence[tuple[str, int]]) -> list[Json]:
    most = max((count for _, count in rows), default=0)
    return [{"name": name, "count": count, "share": round(count / most, 4) if most else 0} for name, count in rows]


def _trend(why: WatchWhy, trend: Trend, texts: Texts) -> Json | None:
    """The first rate of the list over the last periods, on a scale from 0 to twice its line."""
    line = why.rules.lines[0]
    values = trend.values.get(why.row.watched.key, ())
    if not any(value is not None for value in values):
        return None
    top = max([2 * line.above, *(value for value in values if value is not None)])
    name = wording.indicator(line.indicator, texts)
    return {
        "head": texts(f"{P}.watch.trend", count=len(values), name=name),
        "sum": texts(f"{P}.watch.threshold", line=hundredths(line.above)),
        "line": float(line.above / top),
        "points": [None if value is None else round(float(value / top), 4) for value in values],
        "words": texts("rankings.comma").join(_said(value) for value in values),
    }


def _said(value: Fraction | None) -> str:
    return formats.NONE if value is None else exact.percent(value)


def _todo(why: WatchWhy, texts: Texts) -> list[str]:
    waiting = {"undecided": dict(why.returns).get("undecided", 0), "suspended_now": why.suspended_now}
    told = [texts(f"{P}.watch.{name}", count=count) for name, count in waiting.items() if count]
    return told or [texts(f"{P}.watch.nothing")]
