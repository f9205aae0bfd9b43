"""The text of the brief and the circular, computed: every statement has its number, and no cause is invented."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby

from domain.documents import long_moment, short_day
from domain.indicator_options import InTotals
from domain.ranking import Rounding, rounded
from domain.reports import (
    CategoryLine,
    ClassScores,
    Crossing,
    DayFigures,
    MainFigure,
    StreetLine,
    Supervisions,
    UnfinishedUnit,
)
from services.reports.heads import plain
from services.reports.picture import Picture
from services.reports.words import cases, change_of_rate, listed, numeral, percent, points

NAMED = 3


def overall(picture: Picture, main: Sequence[MainFigure], suspended: int) -> Iterator[str]:
    name, before, _ = picture.names()
    by_key = {figure.key: figure for figure in main}
    registered, due, closed = (by_key[key].now.numerator for key in ("registered", "closure_due", "closed"))
    if not registered and not due and not closed:
        yield f"{name}没有立案，也没有应结案件。"
        return
    closure, on_time = by_key["closure_rate"], by_key["on_time_closure_rate"]
    then = on_time.before.value if on_time.before else None
    yield (
        f"{name}，全市共立案 {cases(registered)}，应结案 {cases(due)}，结案 {cases(closed)}，"
        f"结案率 {percent(closure.now.value)}；按期结案 {cases(on_time.now.numerator)}，"
        f"按期结案率 {percent(on_time.now.value)}{change_of_rate(on_time.now.value, then, before)}。"
    )
    if suspended:
        included = picture.city.options.suspended_in_denominators is InTotals.INCLUDED
        yield f"期末在挂账 {cases(suspended)}，{'已' if included else '不'}计入应结案数。"


def of_days(days: Sequence[DayFigures], until: date) -> Iterator[str]:
    """Whole days only: those before `until`."""
    known = [day for day in days if day.day < until]
    if not any(day.registered for day in known):
        return
    most, least = max(known, key=lambda day: day.registered), min(known, key=lambda day: day.registered)
    if most.registered > least.registered:
        yield (
            f"立案最多的是{short_day(most.day)}，{cases(most.registered)}；"
            f"最少的是{short_day(least.day)}，{cases(least.registered)}。"
        )
    ordinary = [day.registered for day in known if not day.holiday]
    for off, members in groupby(known, key=lambda day: bool(day.holiday)):
        stretch = list(members)
        if off and ordinary:
            name = listed(list(dict.fromkeys(day.holiday for day in stretch)))
            mean = _mean([day.registered for day in stretch])
            yield f"{name}假期 {len(stretch)} 天，日均立案 {mean} 件；其他日均 {_mean(ordinary)} 件。"


def _mean(numbers: Sequence[int]) -> str:
    return f"{rounded(Fraction(sum(numbers), len(numbers)), 0, Rounding.HALF_UP):,}"


def of_categories(top: Sequence[CategoryLine], parts: Sequence[CategoryLine]) -> Iterator[str]:
    first = [line for line in top[:NAMED] if line.registered]
    if not first:
        return
    share = sum((line.share or Fraction() for line in first), Fraction())
    place = f"居前{numeral(len(first))}位" if len(first) > 1 else "居首位"
    together = "合计占" if len(first) > 1 else "占"
    told = f"立案数{place}的为{listed([line.name for line in first])}，{together} {percent(share, 1)}"
    if parts and parts[0].registered:
        told += f"；部件类以{parts[0].name}居首，{cases(parts[0].registered)}"
    yield f"{told}。"


def of_streets(lines: Sequence[StreetLine], noun: str) -> Iterator[str]:
    ranked = [line for line in lines if line.rank is not None and line.rate.value is not None]
    if not ranked:
        yield f"本期没有参与排名的{noun}。"
        return
    rates = [line.rate.value or Fraction() for line in ranked]
    told = f"{len(ranked)} 个{noun}参与排名，处置率"
    told += f"最高 {percent(max(rates))}，最低 {percent(min(rates))}" if len(ranked) > 1 else percent(rates[0])
    if len(ranked) > NAMED:
        first = listed([line.short_name for line in ranked[:NAMED]])
        told += f"；{first}居前，{ranked[-1].short_name}居末位"
    yield f"{told}。"
    for word in dict.fromkeys(line.unranked for line in lines if line.unranked):
        names = [line.short_name for line in lines if line.unranked == word]
        yield f"{word}的 {len(names)} 个，不排名。"


def of_units(classes: Sequence[ClassScores]) -> Iterator[str]:
    for one in classes:
        if not one.ranked:
            continue
        where = f"{one.name}中" if one.name else "各单位中"
        told = f"{where}{listed([line.short_name for line in one.first])}居前"
        if one.last:
            told += f"，{listed([line.short_name for line in one.last])}居后"
        if one.pass_line is not None and not one.below:
            told += f"，均不低于 {plain(one.pass_line)} 分"
        yield f"{told}。"
        if one.below and one.pass_line is not None:
            names = listed([f"{name} {points(score)} 分" for name, score in one.below])
            line = f"未达 {one.pass_grade} 档" if one.pass_grade else f"低于 {plain(one.pass_line)} 分"
            yield f"{where}{names}，{line}。"


def of_supervision(name: str, supervisions: Supervisions | None, crossings: Sequence[Crossing] | None) -> Iterator[str]:
    if supervisions is not None:
        yield _notices(name, supervisions)
    for (indicator, above), members in groupby(
        crossings or (), key=lambda crossing: (crossing.indicator, crossing.above)
    ):
        names = [f"{crossing.name}（{percent(crossing.rate.value)}）" for crossing in members]
        yield f"{listed(names)}{indicator}超过 {plain(above * 100)}%。"
    if crossings is not None and not crossings:
        yield "没有单位超过警戒线。"


def _notices(name: str, found: Supervisions) -> str:
    if not found.issued:
        return f"{name}没有下发督办通知单。"
    told = f"{name}下发督办通知单 {found.issued} 份，按期办结 {found.met} 份，逾期 {found.missed} 份"
    if found.candidates:
        told += f"（列入曝光候选 {found.candidates} 份）"
    if found.running:
        told += f"，办理中 {found.running} 份"
    if found.replaced:
        told += f"，被后续通知单取代 {found.replaced} 份"
    return f"{told}。"


def of_circular(units: Sequence[UnfinishedUnit], overdue: int, none_overdue: int, at: datetime) -> Iterator[str]:
    if not units:
        yield f"截至{long_moment(at)}，各单位没有超期未结案件。"
        return
    told = f"截至{long_moment(at)}，{len(units)} 个单位有超期未结案件 {cases(overdue)}"
    first = listed([f"{unit.short_name} {cases(unit.overdue)}" for unit in units[:NAMED]])
    yield f"{told}，其中{first}。" if len(units) > 1 else f"{told}，为{units[0].short_name}。"
    if none_overdue:
        yield f"其余 {none_overdue} 个单位没有超期未结案件。"
