"""What an address asks for: its defaults, and what is refused, in words that help."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from data_access.store import Store
from domain.city import StatPeriod
from domain.ranking_view import RankingAsk, Span
from domain.refusals import Refusal
from domain.score_rule import Ranked
from services.rankings.rankings import Rankings
from tests.services.ranking_world import CITY, NOW, SHANGHAI, rankings
from tests.worlds import World, a_world

REPORT = StatPeriod("report", "报告期", first=date(2025, 8, 1), end=date(2026, 5, 8))
MEETING = StatPeriod("meeting", "每周例会", named="week")
OWN = replace(CITY, periods=(REPORT, MEETING))
PLAIN = replace(CITY, score=None, scores=(), unit_classes={}, wall_unit_class=None)


@pytest.fixture
def world(sqlite_store: Store) -> World:
    return a_world(sqlite_store, 3, size=20)


@pytest.fixture
def asked(sqlite_store: Store, world: World) -> Rankings:
    return rankings(sqlite_store, world, city=OWN)


def test_without_anything_it_is_this_month_of_the_walls_class(asked: Rankings) -> None:
    month = Span("month", date(2026, 5, 1), date(2026, 6, 1))
    assert asked.ask({}) == RankingAsk(month, NOW, False, Ranked.UNIT, "demo", "1", {})


@pytest.mark.parametrize(
    ("query", "first", "end", "name"),
    [
        ({"period": "today"}, "2026-05-14", "2026-05-15", ""),
        ({"period": "week"}, "2026-05-11", "2026-05-18", ""),
        ({"period": "quarter", "on": "2026-02-03"}, "2026-01-01", "2026-04-01", ""),
        ({"period": "year"}, "2026-01-01", "2027-01-01", ""),
        ({"period": "report"}, "2025-08-01", "2026-05-08", "报告期"),
        ({"period": "meeting", "on": "2026-05-07"}, "2026-05-04", "2026-05-11", "每周例会"),
        ({"from": "2026-04-20", "to": "2026-05-19"}, "2026-04-20", "2026-05-20", ""),
        ({"from": "2026-05-14", "to": "2026-05-14"}, "2026-05-14", "2026-05-15", ""),
    ],
)
def test_periods(asked: Rankings, query: Mapping[str, str], first: str, end: str, name: str) -> None:
    span = asked.ask(query).span
    assert (span.first.isoformat(), span.end.isoformat(), span.name) == (first, end, name)


@pytest.mark.parametrize(
    ("query", "ranked", "score", "unit_class"),
    [
        ({"score": "suning"}, Ranked.UNIT, "suning", None),  # ranks all units: no class unless asked for
        ({"score": "suning", "class": "2"}, Ranked.UNIT, "suning", "2"),
        ({"score": "suning", "class": "all"}, Ranked.UNIT, "suning", None),
        ({"score": "demo-watch"}, Ranked.UNIT, "demo-watch", "1"),
        ({"score": "demo-watch", "class": "all"}, Ranked.UNIT, "demo-watch", None),
        ({"score": "demo-streets"}, Ranked.STREET, "demo-streets", None),
        ({"by": "grid"}, Ranked.GRID, "demo-streets", None),
        ({"by": "unit", "class": "-"}, Ranked.UNIT, "demo", "-"),
    ],
)
def test_scores_objects_and_classes(
    asked: Rankings, query: Mapping[str, str], ranked: Ranked, score: str, unit_class: str | None
) -> None:
    ask = asked.ask(query)
    assert (ask.ranked, ask.score, ask.unit_class) == (ranked, score, unit_class)


@pytest.mark.parametrize(
    ("query", "what", "where"),
    [
        ({"period": "fortnight"}, "fortnight", "period"),
        ({"period": "month", "on": "2026-13-01"}, "2026-13-01", "on"),
        ({"period": "month", "on": "1999-12-01"}, "1999-12-01", "on"),
        ({"from": "2026-05-20", "to": "2026-05-19"}, "颠倒", "2026-05-20 至 2026-05-19"),
        ({"from": "2026-05-20"}, "不是可用的日期", "to"),
        ({"period": "month", "on": "2026-06-01"}, "还没有开始", "2026-06-01"),
        ({"as_of": "2026-05-14T10:31"}, "在将来", "2026-05-14 10:31"),
        ({"as_of": "2026-04-30T23:59"}, "还没有开始", "2026-05-01"),
        ({"as_of": "yesterday"}, "yesterday", "as_of"),
        ({"as_of": "2026-05-14T25:00"}, "2026-05-14T25:00", "as_of"),
        ({"by": "city"}, "city", "by"),
        ({"score": "jinniu"}, "jinniu", "score"),
        ({"score": "../demo"}, "../demo", "score"),
        ({"score": "demo-watch", "by": "street"}, "关注名单", "score"),
        ({"score": "demo-streets", "by": "unit"}, "区域的评分", "score"),
        ({"class": "9"}, "9", "class"),
        ({"class": "all"}, "同类单位", "class"),
        ({"class": "1", "by": "street"}, "不分单位类别", "class"),
        ({"street": "s99"}, "s99", "street"),
        ({"category": "s1"}, "s1", "category"),
        ({"channel": "x"}, "x", "channel"),
    ],
)
def test_what_cannot_be_is_refused(asked: Rankings, query: Mapping[str, str], what: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked.ask(query)
    assert what in refused.value.what
    assert where in refused.value.where
    assert refused.value.then


def test_an_unknown_score_names_those_of_the_city(asked: Rankings) -> None:
    with pytest.raises(Refusal) as refused:
        asked.ask({"score": "wuhua"})
    assert all(name in refused.value.then for name in ("demo", "suning", "demo-streets", "demo-watch"))


def test_an_instant_of_the_past_is_the_citys_local_one(asked: Rankings) -> None:
    ask = asked.ask({"as_of": "2026-05-10T08:15"})
    assert (ask.as_of, ask.pinned) == (datetime(2026, 5, 10, 8, 15, tzinfo=SHANGHAI), True)
    assert asked.ask({"as_of": "2026-05-10T08:15:30"}).as_of == datetime(2026, 5, 10, 8, 15, 30, tzinfo=SHANGHAI)


def test_a_live_view_is_of_a_whole_second(sqlite_store: Store, world: World) -> None:
    live = rankings(sqlite_store, world, NOW + timedelta(microseconds=999)).ask({})
    assert (live.as_of, live.pinned) == (NOW, False)


def test_a_city_without_scores_ranks_by_plain_rates(sqlite_store: Store, world: World) -> None:
    plain = rankings(sqlite_store, world, city=PLAIN)
    assert (plain.ask({}).score, plain.ask({}).unit_class) == ("on-time", None)
    assert plain.ask({"by": "street"}).score == "handling"
    assert plain.table(plain.ask({})).rows


def test_choices(asked: Rankings) -> None:
    choices = asked.choices(asked.ask({"period": "month", "on": "2026-04-10"}))

    assert choices.ranked == (Ranked.UNIT, Ranked.STREET, Ranked.GRID)  # no communities, no collectors' areas
    assert [choice.key for choice in choices.scores] == ["demo", "suning", "demo-watch"]
    assert [choice.name for choice in choices.filters["street"]] == ["街道0", "街道1", "街道2"]
    days = {choice.word: (choice.span.first.isoformat(), choice.span.end.isoformat()) for choice in choices.periods
            if choice.group == "common"}  # fmt: skip
    assert days == {
        "today": ("2026-05-14", "2026-05-15"),
        "week": ("2026-05-11", "2026-05-18"),
        "month": ("2026-05-01", "2026-06-01"),
        "quarter": ("2026-04-01", "2026-07-01"),
        "year": ("2026-01-01", "2027-01-01"),
        "last_week": ("2026-05-04", "2026-05-11"),
        "last_month": ("2026-04-01", "2026-05-01"),
        "last_quarter": ("2026-01-01", "2026-04-01"),
        "year_to_date": ("2026-01-01", "2026-05-15"),
        "last_30_days": ("2026-04-15", "2026-05-15"),
        "year_before": ("2025-04-01", "2025-05-01"),
    }
    assert [choice.span.key for choice in choices.periods if choice.group == "own"] == ["report", "meeting"]
    finished = [choice.span.first.isoformat() for choice in choices.periods if choice.group == "finished"]
    assert finished == ["2026-04-01", "2026-03-01", "2026-02-01", "2026-01-01", "2025-01-01"]


def test_every_choice_asks_for_exactly_its_period(asked: Rankings) -> None:
    for query in ({}, {"from": "2024-02-29", "to": "2024-02-29"}, {"period": "year", "on": "2025-03-01"}):
        for choice in asked.choices(asked.ask(query)).periods:
            assert asked.ask(choice.address).span == choice.span
