"""Every cell of the table equals an independent recount of the raw rows, and so do ranks, ties, samples and gaps."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from config.scores import load_score, score_names
from data_access.store import Store
from domain.closeness import GapAbove
from domain.ranking_view import RankingAsk, RankingRow, RankingTable
from domain.score_rule import WatchList
from domain.scoring import UnitFigures, Unranked
from domain.watching import reading, watch
from services.rankings import gather
from services.rankings.rankings import Rankings
from services.rankings.table import table_of
from tests.services.ranking_world import (
    CITY,
    CLASS_OF,
    LATER,
    NOW,
    a_ranked_world,
    counted,
    in_area,
    midnight,
    of_unit,
    rankings,
    scored,
)
from tests.worlds import World

WEEK = {"period": "week", "on": "2026-05-12"}
LEAST = 30


@dataclass(frozen=True)
class Standing:
    """What a unit should show, by plain arithmetic."""

    facts: Mapping[str, int]
    counts: Mapping[str, int]
    score: Fraction | None
    rank: int | None
    value: Fraction  # of one on-time case


def demo_standings(
    world: World, members: list[str], start: datetime, end: datetime, as_of: datetime, least: int = LEAST
) -> dict[str, Standing]:
    """肃宁 Art. 26 among the members, as config/scores/demo.yaml has it."""
    facts = {key: counted(of_unit(world, key), start, end, as_of) for key in members}
    counts = {key: counted(scored(of_unit(world, key), as_of), start, end, as_of) for key in members}
    timed = {key: c["closure_due"] - c["closure_due_without_deadline"] for key, c in counts.items()}
    taking = [key for key in members if counts[key]["closure_due"] and timed[key]]
    score = {}
    for key in taking:
        c = counts[key]
        place = 1 + sum(counts[other]["closed"] < c["closed"] for other in taking)
        score[key] = (
            Fraction(40 * c["on_time"], timed[key])
            + Fraction(30 * c["closed"], c["closure_due"])
            + Fraction(20 * place, len(taking))
            - Fraction(10 * c["rework"], c["closure_due"])
        )
    large = [key for key in taking if counts[key]["closure_due"] >= least]
    rank = {key: 1 + sum(score[other] > score[key] for other in large) for key in large}
    return {
        key: Standing(
            facts[key],
            counts[key],
            score.get(key),
            rank.get(key),
            Fraction(40, timed[key]) if timed[key] else Fraction(),
        )
        for key in members
    }


def check_counts(row: RankingRow, standing: Standing, names: frozenset[str]) -> None:
    for name in names:
        assert (name, getattr(row.facts, name)) == (name, standing.facts[name])
        assert (name, getattr(row.counts, name)) == (name, standing.counts[name])


@pytest.mark.parametrize("unit_class", ["1", "2"])
@pytest.mark.parametrize(("now", "before_end"), [(NOW, 8), (LATER, 11)], ids=["unfinished", "settled"])
@pytest.mark.parametrize("seed", [11, 12])
def test_units_of_a_class_equal_the_recount(
    store: Store, seed: int, now: datetime, before_end: int, unit_class: str
) -> None:
    world = a_ranked_world(store, seed)
    asked = rankings(store, world, now)
    ask = asked.ask({**WEEK, "class": unit_class})
    table = asked.table(ask)
    members = [key for key, own in CLASS_OF.items() if own == unit_class]
    wanted = demo_standings(world, members, midnight(2026, 5, 11), midnight(2026, 5, 18), now)
    before = demo_standings(world, members, midnight(2026, 5, 4), midnight(2026, 5, before_end), now)
    names = gather.needed(table.rule, CITY.options)

    assert sorted(row.unit.key for row in table.rows) == sorted(members)
    assert (table.previous.first.day, table.previous.end.day) == (4, before_end)
    for row in table.rows:
        own, earlier = wanted[row.unit.key], before[row.unit.key]
        check_counts(row, own, names)
        assert (row.unit.score, row.unit.rank) == (own.score, own.rank)
        assert sum((part.points for part in row.unit.parts), Fraction()) == (own.score or 0)
        both = own.rank is not None and earlier.rank is not None
        assert row.movement.rank == (earlier.rank - own.rank if both else None)  # type: ignore[operator]
        assert row.tied == (own.rank is not None and [w.rank for w in wanted.values()].count(own.rank) > 1)
        assert row.gap == wanted_gap(own, wanted)
    assert table.due == sum(own.facts["closure_due"] for own in wanted.values())
    assert (table.unfinished is None) == (now == LATER)


def wanted_gap(own: Standing, standings: Mapping[str, Standing]) -> GapAbove | None:
    ahead = [other for other in standings.values() if other.rank and own.rank and other.rank < own.rank]
    if not ahead or own.score is None:
        return None
    above = max(ahead, key=lambda other: other.rank or 0)
    assert above.score is not None
    points = above.score - own.score
    return GapAbove(points, math.ceil(points / own.value), points <= 2 * max(own.value, above.value))


@pytest.mark.parametrize("seed", [11, 13])
def test_what_belongs_to_nobody_and_what_is_counted_twice(store: Store, seed: int) -> None:
    world = a_ranked_world(store, seed)
    asked = rankings(store, world)
    table = asked.table(asked.ask(WEEK))
    span = midnight(2026, 5, 11), midnight(2026, 5, 18), NOW
    homeless = counted([row for row in world.cases if row["unit_id"] is None], *span)["closure_due"]
    units = sum(counted(of_unit(world, key), *span)["closure_due"] for key in CLASS_OF)

    assert table.nobody == homeless
    assert table.counted_twice == (units + homeless > counted(world.cases, *span)["closure_due"])
    assert table.counted_twice


@pytest.mark.parametrize("by", ["street", "community", "patrol", "grid"])
@pytest.mark.parametrize("now", [NOW, LATER], ids=["unfinished", "settled"])
def test_areas_equal_the_recount(store: Store, by: str, now: datetime) -> None:
    world = a_ranked_world(store, 21)
    asked = rankings(store, world, now)
    table = asked.table(asked.ask({**WEEK, "by": by}))
    start, end = midnight(2026, 5, 11), midnight(2026, 5, 18)
    counts = {row.unit.key: counted(in_area(world, row.unit.key), start, end, now, cohort=True) for row in table.rows}
    score = {key: Fraction(100 * c["handled"], c["handling_due"]) for key, c in counts.items() if c["handling_due"]}
    large = [key for key in score if counts[key]["handling_due"] >= LEAST]

    assert len(table.rows) == {"street": 3, "grid": 9}.get(by, 2)
    for row in table.rows:
        key = row.unit.key
        for name in gather.needed(table.rule, CITY.options):
            assert getattr(row.facts, name) == counts[key][name]
        assert row.unit.score == score.get(key)
        assert row.unit.rank == (1 + sum(score[other] > score[key] for other in large) if key in large else None)
        assert row.counts == row.facts  # streets have no appeals
    outside = [row for row in world.cases if not any(row in in_area(world, key) for key in counts)]
    assert table.nobody == counted(outside, start, end, now, cohort=True)["handling_due"] > 0
    assert table.due == sum(c["handling_due"] for c in counts.values())
    assert not table.classes
    assert not table.counted_twice


@pytest.mark.parametrize(("name", "key", "column", "number"), [
    ("street", "s1", "street_id", 2), ("category", "k1", "category_id", 1), ("channel", "c1", "channel_id", 1),
])  # fmt: skip
def test_a_narrowed_table_counts_only_what_was_chosen(
    store: Store, name: str, key: str, column: str, number: int
) -> None:
    world = a_ranked_world(store, 31)
    asked = rankings(store, world)
    table = asked.table(asked.ask({**WEEK, name: key}))

    assert table.narrowed
    for row in table.rows:
        rows = [one for one in of_unit(world, row.unit.key) if one[column] == number]
        own = counted(rows, midnight(2026, 5, 11), midnight(2026, 5, 18), NOW)
        assert row.facts.closure_due == own["closure_due"]
        assert row.facts.on_time == own["on_time"]


def test_small_samples_have_a_score_and_no_rank_and_stand_before_those_without_cases(store: Store) -> None:
    world = a_ranked_world(store, 41, size=120)
    asked = rankings(store, world)
    table = asked.table(asked.ask(WEEK))

    why = [row.unit.unranked for row in table.rows]
    assert why == [Unranked.SMALL_SAMPLE, Unranked.SMALL_SAMPLE, Unranked.NO_CASES]
    assert [row.unit.score is None for row in table.rows] == [False, False, True]
    assert all(row.unit.grade is None and row.gap is None and not row.tied for row in table.rows)


def test_a_rule_for_the_whole_city_keeps_its_ranks_whichever_class_is_shown(store: Store) -> None:
    world = a_ranked_world(store, 51)
    asked = rankings(store, world)
    whole = asked.table(asked.ask({**WEEK, "score": "suning"}))
    one = asked.table(asked.ask({**WEEK, "score": "suning", "class": "2"}))

    assert not whole.classes
    assert [tab.key for tab in one.classes] == ["1", "2", "-"]
    assert [tab.size for tab in one.classes] == [3, 2, 1]
    assert {row.unit.key for row in one.rows} == {"u1", "u3"}
    ranks = {row.unit.key: row.unit.rank for row in whole.rows}
    assert all(row.unit.rank == ranks[row.unit.key] for row in one.rows)
    gaps = {row.unit.key: row.gap for row in whole.rows}
    assert all(row.gap == gaps[row.unit.key] for row in one.rows)


def test_equal_scores_share_a_rank_and_the_gap_above(store: Store) -> None:
    world = a_ranked_world(store, 61)
    asked = rankings(store, world)
    ask = asked.ask({**WEEK, "score": "suning"})
    with store.picture() as connection:
        gathered = gather.gather(connection, CITY, world.city_number, ask, asked.score_rule(ask))
    best, second, *_ = [row.unit.key for row in asked.table(ask).rows]
    own = {unit.key: unit for unit in gathered.figures}
    twins = [replace(own[best], key=key) for key in ("u0", "u1", "u2")] + [replace(own[second], key="u3")]

    rows = table_with(asked, ask, gathered, twins)

    assert [(row.unit.rank, row.tied) for row in rows.rows[:4]] in (
        [(1, True)] * 3 + [(4, False)],
        [(1, False)] + [(2, True)] * 3,
    )
    assert [row.gap is None for row in rows.rows[:3]] in ([True] * 3, [True, False, False])


def table_with(asked: Rankings, ask: RankingAsk, gathered: gather.Gathered, figures: list[UnitFigures]) -> RankingTable:
    return table_of(CITY, ask, asked.score_rule(ask), replace(gathered, figures=tuple(figures)), NOW)


def test_days_passed_are_told_in_halves_until_the_day_of_settling(store: Store) -> None:
    world = a_ranked_world(store, 71, size=10)

    def unfinished(day: int, hour: int, month: int = 5) -> Any:
        asked = rankings(store, world, midnight(2026, month, day).replace(hour=hour))
        return asked.table(asked.ask({"period": "month", "on": "2026-05-01"})).unfinished

    half = unfinished(19, 14)
    assert (half.passed, half.days, half.over) == (Fraction(37, 2), 31, False)
    assert half.settles_on.isoformat() == "2026-06-05"
    over = unfinished(4, 23, month=6)
    assert (over.passed, over.over) == (31, True)
    assert unfinished(5, 0, month=6) is None


@pytest.mark.parametrize("name", score_names())
def test_the_counts_a_table_reads_are_enough(store: Store, name: str) -> None:
    world = a_ranked_world(store, 81, size=200)
    city = replace(CITY, scores=score_names(), score=None)
    asked = rankings(store, world, city=city)
    ask = asked.ask({**WEEK, "score": name, "class": ""})
    rule = asked.rule(ask)
    with store.picture() as connection:
        whole = gather.gather(connection, city, world.city_number, ask, rule)
    if isinstance(rule, WatchList):
        facts = [replace(unit, counts=whole.facts[unit.key]) for unit in whole.figures if unit.unit_class == "1"]
        assert [row.watched for row in asked.watch(ask).rows] == list(watch(rule, facts, reading(city.options)))
        return
    table, full = asked.table(ask), table_of(city, ask, rule, whole, NOW)

    assert len(gather.needed(rule, city.options)) < 20
    for row, same in zip(table.rows, full.rows, strict=True):
        assert (row.unit, row.rates, row.movement, row.gap, row.tied) == (
            same.unit, same.rates, same.movement, same.gap, same.tied,
        )  # fmt: skip
    assert (table.due, table.nobody, table.counted_twice) == (full.due, full.nobody, full.counted_twice)


def a_table(ask: RankingAsk) -> RankingTable:
    """An empty table of an ask."""
    nothing = gather.Gathered({}, (), (), gather.NOBODY, gather.NOBODY)
    return table_of(CITY, ask, load_score("demo"), nothing, NOW)
