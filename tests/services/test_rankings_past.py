"""Random histories seen at any instant: what a ranking gathers equals a recount from the events alone."""

import itertools
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_access.store import Store
from domain.scoring import UnitFigures
from services.rankings import gather
from services.rankings.rankings import Rankings
from tests.histories import a_history, grid_of, store_histories
from tests.recount import recount
from tests.retell import Row, retell
from tests.services.ranking_world import CITY, FREED, LATER

CASES = 40
CITIES = itertools.count()
QUERIES = ({"score": "suning"}, {"by": "street"}, {"by": "grid"}, {"score": "demo-watch", "class": "all"})


@pytest.mark.parametrize("query", QUERIES, ids=str)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_any_instant_of_any_history(store: Store, query: dict[str, str], seed: int) -> None:
    random = Random(seed)
    histories = [a_history(random) for _ in range(CASES)]
    number = store_histories(store, f"past{next(CITIES)}", histories)
    first = date(2026, 5, 1) + timedelta(days=random.randrange(3))
    last = first + timedelta(days=random.randrange(3))
    as_of = CITY.midnight(first) + timedelta(minutes=15 * random.randrange(4 * 24 * 4))
    asked = Rankings(store, CITY, number, lambda: LATER)
    ask = asked.ask({**query, "from": str(first), "to": str(last), "as_of": f"{as_of:%Y-%m-%dT%H:%M}"})
    rule = asked.rule(ask)
    wanted = gather.needed(rule, gather.options_of(CITY, rule))
    told: list[float] = []
    with store.picture() as connection:
        found = gather.gather(connection, CITY, number, ask, rule, told.append, wanted=wanted)
    asked.close()

    cohort = query.get("by") is not None
    span = CITY.midnight(first), CITY.midnight(last + timedelta(days=1))
    before, before_as_of = comparable(span, as_of, cohort)
    of_rates = gather.of_rates(rule, gather.options_of(CITY, rule))
    for figures, period, seen, names in (
        (found.figures, span, as_of, wanted),
        (found.previous, before, before_as_of, of_rates),
    ):
        stories = [story for n, events in enumerate(histories) if (story := in_place(n, retell(events, seen)))]
        for unit in figures:
            rows = rows_of(stories, ask.ranked.value, unit.key)
            expected = recount(rows, *period, seen, cohort=cohort)
            assert shown(unit, names) == {name: expected[name] for name in names}, (unit.key, period, seen)
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)


def comparable(
    span: tuple[datetime, datetime], as_of: datetime, cohort: bool
) -> tuple[tuple[datetime, datetime], datetime]:
    """The days before, cut to today's while the period goes on; a cohort is seen at the same age."""
    start, end = span
    length = end - start
    stop = start
    if as_of < end:
        whole = start - length + ((as_of - start) // timedelta(days=1) + 1) * timedelta(days=1)
        stop = as_of - length if length == timedelta(days=1) else whole
    return (start - length, stop), as_of - length if cohort else as_of


def in_place(n: int, story: tuple[Row, list[Row]] | None) -> tuple[Row, list[Row]] | None:
    if story is None:
        return None
    case, work = story
    grid = grid_of(n)
    return case | {"case_id": n, "grid_id": grid}, [row | {"case_id": n, "grid_id": grid} for row in work]


def rows_of(stories: list[tuple[Row, list[Row]]], by: str, key: str) -> list[Row]:
    if by == "unit":
        work = [row for _, rows in stories for row in rows]
        return [r for r in work if r["unit"] == key and r["role"] != "informed" and r["end_reason"] not in FREED]
    if by == "grid":
        return [case for case, _ in stories if case["grid_id"] == int(key[1:]) + 1]
    return [case for case, _ in stories if case["street"] == key]


def shown(unit: UnitFigures, wanted: frozenset[str]) -> dict[str, int]:
    """The facts: what appeals exempt is in them."""
    return {name: getattr(unit.counts, name) + getattr(unit.exempted, name) for name in wanted}
