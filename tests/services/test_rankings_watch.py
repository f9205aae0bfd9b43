"""The watch list, the trend and the heat equal an independent recount."""

from fractions import Fraction
from unittest.mock import Mock

import pytest
from sqlalchemy import update

from data_access import tables
from data_access.store import Store
from domain.refusals import Refusal
from domain.score_rule import Ranked
from services.rankings import gather
from services.rankings.trend import PERIODS
from tests.services.ranking_world import (
    CITY,
    CLASS_OF,
    NOW,
    a_ranked_world,
    counted,
    in_area,
    midnight,
    of_unit,
    rankings,
    scored,
)
from tests.services.test_rankings_table import demo_standings

WEEK = {"period": "week", "on": "2026-05-12"}
DAYS = midnight(2026, 5, 11), midnight(2026, 5, 18), NOW
RATES = {
    "extension_rate": ("dispatched_extended", Fraction(10, 100)),
    "suspension_rate": ("dispatched_suspended", Fraction(1, 100)),
    "return_rate": ("dispatched_returned", Fraction(8, 100)),
}


def test_the_watch_list_divides_by_what_was_dispatched(store: Store) -> None:
    world = a_ranked_world(store, 11)
    asked = rankings(store, world)
    table = asked.watch(asked.ask({**WEEK, "score": "demo-watch", "class": "all"}))
    facts = {key: counted(of_unit(world, key), *DAYS) for key in CLASS_OF}

    assert {row.watched.key for row in table.rows} == set(CLASS_OF)
    for row in table.rows:
        own = facts[row.watched.key]
        assert {name: (rate.numerator, rate.denominator) for name, rate in row.watched.rates.items()} == {
            name: (own[above], own["dispatched"]) for name, (above, _) in RATES.items()
        }
        over = [name for name, (above, line) in RATES.items() if own[above] > line * own["dispatched"]]
        assert list(row.watched.crossed) == over
        assert "dispatched" in next(iter(row.watched.rates.values())).definition
        assert row.counts.suspended == own["suspended"]
    crossed = [len(row.watched.crossed) for row in table.rows]
    assert crossed == sorted(crossed, reverse=True)
    for name, (above, _) in RATES.items():
        total = table.total[name]
        assert (total.numerator, total.denominator) == (
            sum(own[above] for own in facts.values()),
            sum(own["dispatched"] for own in facts.values()),
        )


def test_special_cases_are_open_and_returned_twice(store: Store) -> None:
    world = a_ranked_world(store, 12)
    chosen = [case for case in world.cases if case["case_id"] % 3 == 0]
    with store.write.begin() as connection:
        for table in (tables.cases, tables.assignments):
            here = table.c.city_id == world.city_number, table.c.case_id.in_([case["case_id"] for case in chosen])
            connection.execute(update(table).where(*here).values(return_count=2))
    asked = rankings(store, world)
    listed = asked.watch(asked.ask({**WEEK, "score": "demo-watch"}))

    wanted = {f"u{n - 1}": counted([case for case in chosen if case["unit_id"] == n], *DAYS)["open"] for n in (1, 3)}
    assert {row.watched.key: row.special for row in listed.rows} == {**wanted, "idle": 0}
    assert sum(wanted.values()) > 0


def test_a_score_is_no_watch_list_and_a_watch_list_no_score(store: Store) -> None:
    world = a_ranked_world(store, 13, size=10)
    asked = rankings(store, world)
    with pytest.raises(Refusal, match="是评分"):
        asked.watch(asked.ask({}))
    with pytest.raises(Refusal, match="不排名次"):
        asked.table(asked.ask({"score": "demo-watch"}))


def test_the_trend_is_the_score_of_each_period(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_ranked_world(store, 14)
    asked = rankings(store, world)
    ask = asked.ask(WEEK)
    trend = asked.trend(ask)
    members = [key for key, own in CLASS_OF.items() if own == "1"]

    assert [span.end.isoformat() for span in trend.spans[-3:]] == ["2026-05-04", "2026-05-11", "2026-05-18"]
    assert len(trend.spans) == PERIODS
    for span, place in zip(trend.spans, range(PERIODS), strict=True):
        start, end = CITY.midnight(span.first), CITY.midnight(span.end)
        wanted = demo_standings(world, members, start, end, NOW)
        assert {key: trend.values[key][place] for key in members} == {key: own.score for key, own in wanted.items()}

    looked = Mock(wraps=gather.units_of)
    monkeypatch.setattr(gather, "units_of", looked)
    assert asked.trend(ask) == trend
    assert looked.call_count == 1  # finished periods are remembered, the week goes on
    assert asked.trend(asked.ask({**WEEK, "as_of": "2026-05-13T08:00"})) != trend


def test_the_trend_of_a_watch_list_is_its_first_rate(store: Store) -> None:
    world = a_ranked_world(store, 15)
    asked = rankings(store, world)
    trend = asked.trend(asked.ask({**WEEK, "score": "demo-watch"}))

    for key in ("u0", "u1"):
        own = counted(of_unit(world, key), *DAYS)
        assert trend.values[key][-1] == Fraction(own["dispatched_extended"], own["dispatched"])
    assert set(trend.values["idle"]) == {None}


@pytest.mark.parametrize("street", [None, "s1"])
def test_the_heat_of_a_rate_and_of_a_count(store: Store, street: str | None) -> None:
    world = a_ranked_world(store, 16)
    asked = rankings(store, world)
    ask = asked.ask({**WEEK, **({"street": street} if street else {})})
    rate, count = asked.heat(ask, "rework_rate"), asked.heat(ask, "open")

    for n in range(9):
        rows = [row for row in in_area(world, f"g{n}") if street is None or row["street_id"] == 2]
        own = counted(rows, *DAYS)
        assert rate.counts[f"g{n}"] == (own["rework"], own["closure_due"])
        below = own["closure_due"]
        assert rate.values[f"g{n}"] == (Fraction(own["rework"], below) if below else None)
        assert count.values[f"g{n}"] == own["open"]
    assert rate.breaks == tuple(Fraction(n, 100) for n in (1, 2, 5, 10, 20))
    assert [int(bound) for bound in count.breaks] == [1, 2, 3, 5, 8]  # the city's own
    assert asked.heat(ask, "closure_rate").breaks == tuple(Fraction(n, 100) for n in (50, 70, 80, 90, 95))
    assert [int(bound) for bound in asked.heat(ask, "closed").breaks] == [1, 2, 4, 6, 9]
    with pytest.raises(Refusal, match="work_value"):
        asked.heat(ask, "work_value")


def test_appeals_change_the_score_and_never_the_watch_list(store: Store) -> None:
    world = a_ranked_world(store, 17)
    asked = rankings(store, world)
    watched = asked.watch(asked.ask({**WEEK, "score": "demo-watch"}))
    row = next(row for row in watched.rows if row.watched.key == "u0")
    ranked = next(row for row in asked.table(asked.ask(WEEK)).rows if row.unit.key == "u0")

    assert len(scored(of_unit(world, "u0"), NOW)) < len(of_unit(world, "u0"))
    assert row.watched.rates["return_rate"].denominator == counted(of_unit(world, "u0"), *DAYS)["dispatched"]
    assert ranked.counts.closure_due <= ranked.facts.closure_due
    assert asked.ask(WEEK).ranked is Ranked.UNIT


def test_before_anything_happened_nobody_is_counted_and_nothing_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_ranked_world(store, 18, size=60)
    asked = rankings(store, world)
    looked = Mock(wraps=gather.compared)
    monkeypatch.setattr(gather, "compared", looked)
    trend = asked.trend(asked.ask({"period": "month"}))

    assert looked.call_count == 1
    assert {values[:-1] for values in trend.values.values()} == {(None,) * (PERIODS - 1)}
    assert any(values[-1] for values in trend.values.values())
