"""What a ranking and a watch list have alike: the instant, the address, the classes, 未定稿."""

from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.ranking_view import RankingAsk, RankingTable, Unfinished, WatchTable
from domain.score_rule import Ranked
from layouts import formats
from layouts.rankings import wording

HALF = Fraction(1, 2)
COUNTS = ("registered", "handled", "closed", "overdue_open", "rework", "extended", "open")
RATES = ("handling_rate", "closure_rate", "on_time_closure_rate", "rework_rate", "extension_rate")
"""What the heat of grids may show."""


def frame(table: RankingTable | WatchTable, city: City, texts: Texts) -> dict[str, object]:
    """The part of the JSON that both kinds of table share."""
    ask = table.ask
    return {
        "address": address(ask, city),
        "as_of": formats.milliseconds(ask.as_of),
        "instant": city.local(ask.as_of).strftime("%Y-%m-%dT%H:%M:%S"),  # of what stands behind this view
        "read_at": formats.milliseconds(table.read_at),
        "pinned": texts("rankings.pinned", time=wording.clocked(ask.as_of, city, texts)) if ask.pinned else "",
        "over": city.midnight(ask.span.end) <= ask.as_of,
        "classes": [
            {"key": tab.key, "label": tab.name.removesuffix("单位"), "size": tab.size, "on": tab.key == ask.unit_class}
            for tab in table.classes
        ],
        "unfinished": _unfinished(table.unfinished, ask, city, texts),
        "exports": _exports(table.unfinished is not None, texts),
        "indicators": [{"key": name, "label": wording.indicator(name, texts)} for name in (*RATES, *COUNTS)],
    }


def address(ask: RankingAsk, city: City) -> dict[str, str]:
    """The parameters that ask for exactly these figures again, today and later; `as_of` only where it was pinned."""
    if ask.span.key == "custom":
        period = {"from": ask.span.first.isoformat(), "to": (ask.span.end - wording.ONE_DAY).isoformat()}
    else:
        period = {"period": ask.span.key, "on": ask.span.first.isoformat()}
    pinned = {"as_of": city.local(ask.as_of).strftime("%Y-%m-%dT%H:%M")} if ask.pinned else {}
    unit_class = {"class": ask.unit_class} if ask.unit_class else {}
    return {**period, **pinned, "by": ask.ranked.value, "score": ask.score, **unit_class, **ask.filters}


def title(ranked: Ranked, texts: Texts) -> str:
    return texts(f"rankings.title_{ranked.value}")


def _exports(unfinished: bool, texts: Texts) -> list[dict[str, str]]:
    said = texts("rankings.unfinished.export") if unfinished else ""
    return [
        {"kind": kind, "label": texts(f"rankings.export.{kind}"), "said": said, "title": texts("rankings.export.title")}
        for kind in ("xlsx", "csv")
    ]


def _unfinished(given: Unfinished | None, ask: RankingAsk, city: City, texts: Texts) -> dict[str, object] | None:
    if given is None:
        return None
    whole, half = divmod(given.passed, 1)
    word = ("half" if half else "whole") if whole else "half_day" if half else "begun"
    passed = texts(f"rankings.unfinished.{word}", days=int(whole)) if whole else texts(f"rankings.unfinished.{word}")
    last = ask.span.end - wording.ONE_DAY
    seen = wording.days(wording.seen(ask.span, ask.as_of, city), texts)
    head = texts(
        "rankings.unfinished.over" if given.over else "rankings.unfinished.head",
        days=seen,
        time=formats.clock_time(ask.as_of, city),
        passed=passed,
        all=given.days,
    )
    share = min(given.passed / given.days, Fraction(1))
    return {
        "tag": texts("rankings.unfinished.tag"),
        "head": head,
        "line": texts("rankings.unfinished.line", day=wording.day(given.settles_on, texts)),
        "share": f"{float(share * 100):.1f}%",
        "first": wording.day(ask.span.first, texts),
        "now": "" if given.over else texts("rankings.unfinished.now"),
        "last": wording.day(last, texts) if last > ask.span.first else "",
    }
