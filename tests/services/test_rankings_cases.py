"""The lists behind the numbers: as long as their counts, in the promised order, and nobody's privacy in them."""

import itertools
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_access.case_marks import pressed
from data_access.counts import Figures
from data_access.store import Store
from domain.indicators import COUNTED, Counts, less
from domain.life_cycle import Action
from domain.people import Person, Post
from domain.ranking_view import CaseLine, RankingAsk
from domain.refusals import Refusal
from services.rankings import gather
from services.rankings.cases import LESS, PAGE, rows_behind
from services.rankings.rankings import Rankings
from services.rankings.standing import Looked
from tests.desks import AT, World, a_desk
from tests.histories import a_history, store_histories
from tests.services.ranking_world import CITY, LATER, a_ranked_world, of_unit, rankings
from tests.worlds import World as RandomWorld

LEADER = Person(1, "leader", "领导01", frozenset({Post.LEADER}))
WEEK = {"period": "week", "on": "2026-05-12", "score": "demo", "class": "1"}
QUERIES = ({"score": "suning"}, {"by": "street"}, {"score": "demo-watch", "class": "all"}, {"by": "grid"})
CITIES = itertools.count()


@pytest.fixture
def world(store: Store) -> RandomWorld:
    return a_ranked_world(store, 7, 900)


@pytest.mark.parametrize("query", QUERIES, ids=str)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_every_list_is_as_long_as_its_count(store: Store, query: dict[str, str], seed: int) -> None:
    """Any history, seen at any instant, now or past, with and without what appeals exempt."""
    random = Random(seed)
    number = store_histories(store, f"lists{next(CITIES)}", [a_history(random) for _ in range(30)])
    first = date(2026, 5, 1) + timedelta(days=random.randrange(3))
    as_of = CITY.midnight(first) + timedelta(minutes=15 * random.randrange(4 * 24 * 4))
    asked = Rankings(store, CITY, number, lambda: LATER)
    pinned = {"as_of": f"{as_of:%Y-%m-%dT%H:%M}"} if random.random() < 0.7 else {}
    ask = asked.ask({**query, "from": str(first), "to": str(first + timedelta(days=2)), **pinned})
    asked.close()
    with store.picture() as connection:
        looked = Looked(connection, CITY, number, ask, asked.rule(ask))
        everybody = gather.look(connection, number, CITY, gather.question_of(CITY, ask, looked.rule))
        counts = everybody.by(ask.ranked.value)
        out = everybody.exempted() if ask.ranked == "unit" else {}
        for n in list(gather.listed(connection, number, ask.ranked))[:3]:
            figures = looked.figures_of(n)
            facts, exempted = counts.get(n, Counts()), out.get(n, Counts())
            check_lists(figures, facts, in_score=False)
            check_lists(figures, less(facts, exempted), in_score=True)
            assert len(rows_behind(figures, "exempted")) == exempted.closure_due


def check_lists(figures: Figures, counts: Counts, *, in_score: bool) -> None:
    for which in COUNTED:
        assert len(rows_behind(figures, which, in_score)) == getattr(counts, which), (which, in_score)
    for which, (whole, part) in LESS.items():
        assert len(rows_behind(figures, which, in_score)) == getattr(counts, whole) - getattr(counts, part), which


def every_line(page: Rankings, ask: RankingAsk, key: str, which: str) -> list[CaseLine]:
    """Page after page."""
    first = page.cases(ask, key, which, 1, LEADER)
    rest = [page.cases(ask, key, which, n, LEADER).lines for n in range(2, first.pages + 1)]
    return [*first.lines, *itertools.chain.from_iterable(rest)]


@pytest.mark.parametrize("which", ["closed", "dispatched", "late", "overdue_open", "handled"])
def test_pages_make_up_the_whole_in_order(store: Store, world: RandomWorld, which: str) -> None:
    page = rankings(store, world)
    ask = page.ask({"period": "month", "on": "2026-05-01", "score": "demo", "class": "1"})
    whole = page.cases(ask, "u0", which, None, LEADER)
    lines = every_line(page, ask, "u0", which)

    assert len(lines) == whole.total
    assert tuple(lines) == whole.lines
    late = [line.late_s for line in lines]
    assert late == sorted(late, key=lambda s: (s is None, -(s or 0)))
    on_time = [line.registered_at for line in lines if line.late_s is None and line.registered_at]
    assert on_time == sorted(on_time, reverse=True)
    if which in ("late", "overdue_open"):
        assert None not in late
    assert whole.pages == max(1, -(-whole.total // PAGE))


def test_lateness_equals_plain_arithmetic(store: Store, world: RandomWorld) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK)
    lines = {line.case_no: line for line in page.cases(ask, "u0", "closed", None, LEADER).lines}
    raw = {case["case_id"]: case for case in world.cases}
    seen = 0
    for row in of_unit(world, "u0"):
        line = lines.get(raw[row["case_id"]]["case_no"])
        if line is None or row["marks"] or row["closed_at"] is None or row["effective_due_at"] is None:
            continue
        over = ((row["handled_at"] or row["closed_at"]) - row["effective_due_at"]).total_seconds()
        assert line.late_s == (int(over) if over > 0 else None)
        seen += over > 0
    assert seen


def test_costs_of_lines_are_those_of_the_proof(store: Store, world: RandomWorld) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK)
    cost = page.why(ask, "u0", LEADER).cost
    for line in page.cases(ask, "u0", "closed", None, LEADER).lines:
        if line.exempted or (line.late_s is None and not line.rework_count):
            assert line.cost is None
        elif line.late_s is not None and not line.rework_count:
            assert line.cost == cost.late
        elif line.late_s is None:
            assert line.cost == cost.rework


def test_exempted_cases_stay_facts_and_cost_nothing(store: Store, world: RandomWorld) -> None:
    page = rankings(store, world, LATER)
    ask = page.ask(WEEK | {"period": "month", "on": "2026-05-01"})
    found = page.cases(ask, "u0", "exempted", None, LEADER)
    assert found.total
    assert all(line.exempted and line.cost is None for line in found.lines)
    scored = {line.case_no for line in page.cases(ask, "u0", "closure_due", None, LEADER, in_score=True).lines}
    facts = {line.case_no for line in page.cases(ask, "u0", "closure_due", None, LEADER).lines}
    assert {line.case_no for line in found.lines} <= facts - scored


@pytest.mark.parametrize(
    ("key", "which", "number", "words"),
    [
        ("u0", "house_numbers", 1, "没有“house_numbers”这种明细"),
        ("u0", "closed", 0, "没有第 0 页"),
        ("u0", "closed", 99, "没有第 99 页"),
        ("nobody", "closed", 1, "没有“nobody”"),
    ],
)
def test_what_is_not_there_is_refused(
    store: Store, world: RandomWorld, key: str, which: str, number: int, words: str
) -> None:
    page = rankings(store, world)
    with pytest.raises(Refusal, match=words):
        page.cases(page.ask(WEEK), key, which, number, LEADER)


SECRETS = {"address": "学府街 88 号 3 单元 701", "description": "张三来电 13800138000", "reporter": "张三"}


@pytest.fixture
def desk(store: Store) -> World:
    return a_desk(store)


def asked_of(desk: World, at: datetime) -> Rankings:
    return Rankings(desk.store, desk.city, desk.number, lambda: at)


def test_no_line_ever_tells_a_house_number_a_reporter_or_free_text(desk: World) -> None:
    desk.a_case("C1", Action.CLOSE, **SECRETS)
    desk.a_case("C2", Action.DISPATCH, **SECRETS)
    page = asked_of(desk, AT + timedelta(days=2))
    ask = page.ask({"period": "month", "on": "2026-05-01", "score": "demo-watch", "class": "all"})
    lines = [
        line for which in ("closed", "open", "dispatched", "reported") for line in every_line(page, ask, "u0", which)
    ]
    assert len(lines) >= 3
    told = repr([asdict(line) for line in lines])
    assert "学府街" in told
    for secret in ("88 号", "701", "张三", "13800138000", "来电"):
        assert secret not in told


def test_urgings_and_notices_are_those_of_then(desk: World) -> None:
    desk.a_case("C1")
    desk.act("派遣员01", "C1", Action.URGE, text="请抓紧处置")
    desk.clock.move(minutes=30)
    desk.act("派遣员01", "C1", Action.URGE, text="再次催办")
    [case] = desk.rows("cases", case_no="C1")
    with desk.store.picture() as connection:
        for at, times in ((AT - timedelta(minutes=1), None), (AT, 1), (AT + timedelta(hours=1), 2)):
            found = pressed(connection, desk.number, [case["case_id"]], at)
            assert found.get(case["case_id"], {}).get(Action.URGE.value) == times
