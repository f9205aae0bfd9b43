"""What an address asks for: every default, and a refusal for what cannot be."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from config.scores import load_rule
from domain.city import City
from domain.ranking_view import RankingAsk
from domain.refusals import Refusal
from domain.score_rule import Ranked, Rated, Scope, ScoreRule, WatchList
from services.rankings import gather, periods

Rule = ScoreRule | WatchList
FILTERS = ("category", "channel", "street")
PLAIN: Mapping[Rated, str] = {Rated.UNIT: "on-time", Rated.STREET: "handling"}
"""The scores of a city that has none of its own for this kind of object."""
ALL, UNCLASSED = "all", "-"


class Schemes:
    """The scores and watch lists of one city; those of units rate units, all others rate areas. Read once; raises
    ConfigError for one that cannot be read."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._own = {name: load_rule(name) for name in city.scores}
        self._plain = {rated: (name, load_rule(name)) for rated, name in PLAIN.items()}

    def of(self, ranked: Ranked) -> Mapping[str, Rule]:
        """Those that fit the object, by name, the city's own first one first."""
        fitting = {name: rule for name, rule in self._own.items() if rated_by(rule) is ranked.rated}
        first = self.city.score if ranked is Ranked.UNIT else None
        ordered = dict(sorted(fitting.items(), key=lambda scheme: scheme[0] != first))
        return ordered or dict([self._plain[ranked.rated]])

    def named(self, name: str) -> Rule:
        """Raises Refusal for a score that is not one of the city's."""
        known = {**self.of(Ranked.UNIT), **self.of(Ranked.STREET)}
        if name not in known:
            listed = "、".join(f"{key}（{rule.title}）" for key, rule in known.items())
            raise Refusal(f"{self.city.name}没有名为“{name}”的评分", "score", f"可选：{listed}。")
        return known[name]


def rated_by(rule: Rule) -> Rated:
    """A watch list looks at units."""
    return rule.rated if isinstance(rule, ScoreRule) else Rated.UNIT


def within_classes(rule: Rule) -> bool:
    """Whether a unit is only shown among its class: where it is ranked there, and on a watch list, without ranks."""
    return not isinstance(rule, ScoreRule) or Scope.CLASS in (rule.rank_scope, rule.work_value_scope)


def asked(connection: Connection, schemes: Schemes, number: int, query: Mapping[str, str], now: datetime) -> RankingAsk:
    """The view an address asks for, as seen at its as-of or now (whole seconds). Raises Refusal.

    A live view is seen at the second it is asked for. Whoever shows more of the same view (the drawer beside the
    table) asks with the table's as_of, so that both are of one instant.
    """
    city = schemes.city
    span = periods.span_of(city, query, city.day_of(now))
    as_of, pinned = _as_of(city, query, now)
    if as_of < city.midnight(span.first):
        raise Refusal(
            "周期还没有开始",
            f"{span.first} 起，数据截至 {city.local(as_of):%Y-%m-%d %H:%M}",
            "请选较早的周期，或把 as_of 改到周期开始以后。",
        )
    ranked, name = _object(schemes, query)
    unit_class = _class(city, ranked, schemes.named(name), query.get("class", ""))
    filters = {by: query[by] for by in FILTERS if query.get(by)}
    for by, key in filters.items():
        _known(connection, number, by, key)
    return RankingAsk(span, as_of, pinned, ranked, name, unit_class, filters)


def _as_of(city: City, query: Mapping[str, str], now: datetime) -> tuple[datetime, bool]:
    text = query.get("as_of", "")
    if not text:
        return now.replace(microsecond=0), False
    try:
        shaped = re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?", text)
        as_of = datetime.fromisoformat(text).replace(tzinfo=city.zone) if shaped else None
    except ValueError:
        as_of = None
    if as_of is None:
        raise Refusal(f"“{text}”不是可用的时刻", "as_of", "请写成 2026-05-19T14:32 的样子（当地时间）。")
    if as_of > now:
        raise Refusal(
            "数据截至时刻在将来",
            f"{as_of:%Y-%m-%d %H:%M}，现在是 {city.local(now):%Y-%m-%d %H:%M}",
            "请改为不晚于现在的时刻，或去掉 as_of。",
        )
    return as_of, True


def _object(schemes: Schemes, query: Mapping[str, str]) -> tuple[Ranked, str]:
    """What is ranked and by which score; either gives the other where only one is asked for."""
    by, name = query.get("by", ""), query.get("score", "")
    if by and by not in list(Ranked):
        raise Refusal(f"没有“{by}”这种评价对象", "by", f"可选：{'、'.join(Ranked)}。")
    rule = schemes.named(name) if name else None
    ranked = Ranked(by or (rated_by(rule).value if rule else Ranked.UNIT))
    fitting = schemes.of(ranked)
    if rule is None:
        return ranked, next(iter(fitting))
    if name not in fitting:
        of_units = rated_by(rule) is Rated.UNIT
        kind = "关注名单" if isinstance(rule, WatchList) else "评分"
        raise Refusal(
            f"“{rule.title}”是{'单位' if of_units else '区域'}的{kind}，不能按 {by} 排",
            "score",
            f"这种对象可选：{'、'.join(fitting)}；或改 by。",
        )
    return ranked, name


def _class(city: City, ranked: Ranked, rule: Rule, wanted: str) -> str | None:
    """The class whose units are shown. Without one asked for: the wall's, or the first, where units are only compared
    within their class. Ranks among all units stay so, whichever class is shown."""
    classes = city.unit_classes
    if not wanted:
        compared = ranked is Ranked.UNIT and within_classes(rule)
        return (city.wall_unit_class or next(iter(classes), None)) if compared else None
    if ranked is not Ranked.UNIT:
        raise Refusal("区域不分单位类别", "class", "请去掉 class，或改为 by=unit。")
    if wanted == ALL and not (classes and isinstance(rule, ScoreRule) and within_classes(rule)):
        return None
    if wanted == ALL:
        raise Refusal(f"“{rule.title}”只在同类单位之间比较", "class", f"请选一类：{_listed(classes)}。")
    if wanted != UNCLASSED and wanted not in classes:
        raise Refusal(f"{city.name}没有“{wanted}”这一类单位", "class", f"可选：{_listed(classes) or '无'}。")
    return wanted


def _listed(classes: Mapping[str, str]) -> str:
    return "、".join(f"{key}（{name}）" for key, name in classes.items())


def _known(connection: Connection, number: int, by: str, key: str) -> None:
    known = sorted(row.key for row in gather.filter_choices(connection, number, by).values())
    if key not in known:
        more = " …" if len(known) > 8 else ""
        raise Refusal(f"没有“{key}”", by, f"现有：{'、'.join(known[:8]) or '无'}{more}。")
