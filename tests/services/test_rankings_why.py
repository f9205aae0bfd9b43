"""The proof of a rank: it adds up, its numbers are the table's, and what a case costs is a re-scoring by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from config.scores import load_score
from data_access.store import Store
from domain.explanation import median
from domain.indicators import Counts
from domain.people import Person, Post
from domain.refusals import Refusal
from services.dispatch.commands import NotAllowed, NotFound
from services.rankings import gather
from services.rankings.rankings import Rankings
from services.rankings.why import behind
from tests.services.ranking_world import CITY, LATER, a_ranked_world, of_unit, rankings, scored
from tests.worlds import World

WEEK = {"period": "week", "on": "2026-05-12"}
LEADER = Person(1, "leader", "领导01", frozenset({Post.LEADER}))
OF_U1 = Person(2, "u1", "u1 用户", frozenset({Post.UNIT_USER}), "u1")
ASKS = (
    WEEK | {"score": "demo", "class": "1"},
    WEEK | {"score": "suning"},
    {"period": "month", "on": "2026-05-01", "as_of": "2026-05-09T12:00", "score": "demo", "class": "2"},
    {"period": "month", "on": "2026-05-01", "by": "street"},
    WEEK | {"by": "community"},
)


@pytest.fixture
def world(store: Store) -> World:
    return a_ranked_world(store, 11, 900)


@pytest.mark.parametrize("query", ASKS)
def test_parts_add_up_and_equal_the_table(store: Store, world: World, query: dict[str, str]) -> None:
    page = rankings(store, world)
    ask = page.ask(query)
    for row in page.table(ask).rows:
        why = page.why(ask, row.unit.key, LEADER)
        assert why.row.unit == row.unit
        assert (why.row.movement, why.row.gap, why.row.rates) == (row.movement, row.gap, row.rates)
        if row.unit.score is None:
            assert why.parts == ()
            continue
        assert sum(part.shown for part in why.parts) == why.explanation.shown_score
        for part in why.parts:
            share = part.numerator / part.denominator
            assert (1 - share if part.complement else share) * part.weight == next(
                mine.points for mine in row.unit.parts if mine.name == part.indicator
            )


@pytest.mark.parametrize("query", ASKS)
def test_numbers_equal_the_lengths_of_their_lists(store: Store, world: World, query: dict[str, str]) -> None:
    page = rankings(store, world)
    ask = page.ask(query)
    for row in page.table(ask).rows[:3]:
        why = page.why(ask, row.unit.key, LEADER)
        for which, count in why.tabs:
            in_score = which != "exempted"
            assert page.cases(ask, row.unit.key, which, 1, LEADER, in_score=in_score).total == count, which
        for part in why.parts:
            if part.indicator == "work_value":
                continue
            numbers = (part.numerator, part.denominator)
            assert len(part.behind) == 2
            for which, number in zip(part.behind, numbers, strict=True):
                assert page.cases(ask, row.unit.key, which, 1, LEADER, in_score=True).total == number, which


def rescored(units: Mapping[str, Counts], key: str, on_time: int, closed: int, rework: int) -> Fraction:
    """肃宁 Art. 26 for one unit of a class, by hand."""
    own = units[key]
    taking = [c for other, c in units.items() if other != key and c.closure_due]
    place = 1 + sum(c.closed < closed for c in taking)
    return (
        Fraction(40 * on_time, own.closure_due - own.closure_due_without_deadline)
        + Fraction(30 * closed, own.closure_due)
        + Fraction(20 * place, len(taking) + 1)
        - Fraction(10 * rework, own.closure_due)
    )


def test_costs_are_a_scoring_of_the_class_with_one_case_better(store: Store, world: World) -> None:
    page = rankings(store, world, LATER)
    seen = {"late": 0, "open": 0, "rework": 0}
    for key in ("u0", "u1", "u2", "u3"):
        ask = page.ask(WEEK | {"score": "demo", "class": "12"[int(key[1]) % 2]})
        why = page.why(ask, key, LEADER)
        with store.picture() as connection:
            everybody = gather.gather(connection, CITY, world.city_number, ask, load_score("demo"))
        units = {unit.key: unit.counts for unit in everybody.figures if unit.unit_class == why.row.unit.unit_class}
        own = units[key]
        now = rescored(units, key, own.on_time, own.closed, own.rework)
        assert why.row.unit.score == now
        better = {
            "late": (own.on_time + 1, own.closed, own.rework) if own.late else None,
            "open": (own.on_time + 1, own.closed + 1, own.rework) if own.closure_due > own.closed else None,
            "rework": (own.on_time, own.closed, own.rework - 1) if own.rework else None,
        }
        for name, counts in better.items():
            seen[name] += counts is not None
            assert getattr(why.cost, name) == (rescored(units, key, *counts) - now if counts else None), name
    assert all(seen.values())


def test_the_median_is_of_the_ranked_of_the_class(store: Store, world: World) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK | {"score": "demo", "class": "1"})
    ranked = [row for row in page.table(ask).rows if row.unit.rank is not None]
    why = page.why(ask, ranked[0].unit.key, LEADER)
    for part in why.parts:
        theirs = [next(p for p in row.unit.parts if p.name == part.indicator) for row in ranked]
        assert part.median == median([p.numerator / p.denominator for p in theirs])


def test_what_was_freed_and_what_was_extended_is_counted(store: Store, world: World) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK | {"score": "demo", "class": "1"})
    start, end = CITY.midnight(ask.span.first), CITY.midnight(ask.span.end)
    freed = extended = 0
    for key, number in (("u0", 1), ("u2", 3)):
        why = page.why(ask, key, LEADER)
        mine = [row for row in world.assignments if row["unit_id"] == number and row["role"] != "informed"]
        gone = [
            r for r in mine if r["end_reason"] in ("returned", "dispatcher_error") and start <= r["ended_at"] <= end
        ]
        on_time = [
            row
            for row in scored(of_unit(world, key), LATER)
            if row["closed_at"] and start <= row["closed_at"] < end and row["registered_at"] and row["effective_due_at"]
            and not row["marks"] and row["handled_at"] <= row["effective_due_at"] and row["extension_count"]
        ]  # fmt: skip
        assert (why.freed, why.extended_on_time) == (len(gone), len(on_time))
        freed, extended = freed + why.freed, extended + why.extended_on_time
    assert freed
    assert extended


def test_what_if_is_the_search_of_the_explanation_read_forwards(store: Store, world: World) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK | {"score": "demo", "class": "1"})
    reached = 0
    for row in page.table(ask).rows:
        if row.unit.score is None:
            continue
        key = row.unit.key
        same = page.what_if(ask, key, 0, 0, LEADER)
        assert (same.score, same.rank, same.grade) == (row.unit.score, row.unit.rank, row.unit.grade)
        gap = page.why(ask, key, LEADER).explanation.next_rank
        if gap and gap.cases is not None:
            reached += 1
            assert str(page.what_if(ask, key, gap.late, gap.open, LEADER).rank) <= gap.to
        with pytest.raises(Refusal, match="没有 1000000 件"):
            page.what_if(ask, key, 1_000_000, 0, LEADER)
        with pytest.raises(Refusal, match="没有 -1 件"):
            page.what_if(ask, key, 0, -1, LEADER)
    assert reached


def test_only_ones_own_unit_is_open_to_a_unit(store: Store, world: World) -> None:
    page = rankings(store, world)
    ask, streets = page.ask(WEEK), page.ask(WEEK | {"by": "street"})
    watch = page.ask(WEEK | {"score": "demo-watch"})
    assert page.why(ask, "u1", OF_U1).row.name == "单位1"
    assert page.cases(ask, "u1", "closed", 1, OF_U1).name == "单位1"
    for call in _calls(page, ask, streets, watch):
        with pytest.raises(NotAllowed, match="只能查看本单位的案件"):
            call()


def _calls(page: Rankings, ask, streets, watch) -> Sequence:  # type: ignore[no-untyped-def,type-arg]
    return (
        lambda: page.why(ask, "u0", OF_U1),
        lambda: page.cases(ask, "u0", "closed", 1, OF_U1),
        lambda: page.what_if(ask, "u0", 0, 0, OF_U1),
        lambda: page.watch_why(watch, "u0", OF_U1),
        lambda: page.why(ask, "nobody", OF_U1),
        lambda: page.cases(streets, "s0", "closed", 1, OF_U1),
        lambda: page.cases(streets, "u1", "closed", 1, OF_U1),
        lambda: page.why(streets, "s0", OF_U1),
    )


def test_what_is_not_there_is_refused(store: Store, world: World) -> None:
    page = rankings(store, world)
    ask, watch = page.ask(WEEK), page.ask(WEEK | {"score": "demo-watch"})
    with pytest.raises(NotFound, match="没有“nobody”"):
        page.why(ask, "nobody", LEADER)
    for call in (lambda: page.why(watch, "u0", LEADER), lambda: page.what_if(watch, "u0", 0, 0, LEADER)):
        with pytest.raises(Refusal, match="关注名单"):
            call()
    with pytest.raises(Refusal, match="这是评分"):
        page.watch_why(ask, "u0", LEADER)


def test_the_watch_list_shows_its_own_numbers(store: Store, world: World) -> None:
    page = rankings(store, world)
    ask = page.ask(WEEK | {"score": "demo-watch"})
    for row in page.watch(ask).rows:
        why = page.watch_why(ask, row.watched.key, LEADER)
        assert why.row == row
        for which, count in why.tabs:
            assert page.cases(ask, row.watched.key, which, 1, LEADER).total == count, which


def test_denominators_follow_the_readings() -> None:
    options = CITY.options
    assert behind("on_time_closure_rate", options) == ("on_time", "closure_due_timed")
    assert behind("closure_rate", options) == ("closed", "closure_due")
    assert behind("rework_rate", options) == ("rework", "closure_due")
    assert behind("on_time_handling_rate", options) == ("handled_on_time", "handling_due_timed")
    assert behind("work_value", options) == ("closed",)
    assert behind("base_points", options) == ()
    of_registered = replace(options, on_time_denominator="registered")  # type: ignore[arg-type]
    assert behind("on_time_closure_rate", of_registered) == ("on_time", "registered")
