"""Every count equals an independent recount, and the list behind it has as many rows."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from data_access.counts import Figures, Selection
from data_access.store import Store
from domain.counting import OF_ONE_ROW, RECURRENCE
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED
from domain.window import Window
from tests.recount import names_of, recount, recurring_ids
from tests.worlds import START, World, a_world

WINDOWS = {
    "a day": (START + timedelta(days=3), START + timedelta(days=4), START + timedelta(days=20)),
    "an unfinished week": (START, START + timedelta(days=7), START + timedelta(days=5, hours=7)),
    "a finished week seen later": (START, START + timedelta(days=7), START + timedelta(days=12)),
    "seen at its very end": (START, START + timedelta(days=7), START + timedelta(days=7)),
    "everything": (START - timedelta(days=9), START + timedelta(days=40), START + timedelta(days=30)),
}


def answering(world: World) -> list[dict[str, Any]]:
    """The assignments a unit answers for (DECISIONS 6)."""
    freed = ("returned", "dispatcher_error")
    return [row for row in world.assignments if row["role"] != "informed" and row["end_reason"] not in freed]


@pytest.mark.parametrize("cohort", [False, True], ids=["flow", "cohort"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_the_recount_in_every_window(store: Store, seed: int, cohort: bool) -> None:
    world = a_world(store, seed)

    for name, (start, end, as_of) in WINDOWS.items():
        days = seed * 2
        chosen = Selection(Window(start, end, as_of), cohort, IndicatorOptions(recurrence_days=days))
        again = recurring_ids(world.cases, as_of, days)
        with store.picture() as connection:
            figures = Figures(connection, world.city_number, chosen)
            city, units = figures.by("city")[None], figures.by("unit")
            streets, grids = figures.by("street"), figures.by("grid")

        assert asdict(city) == recount(world.cases, start, end, as_of, cohort=cohort, recurring=again), name
        for unit in range(1, 5):
            mine = [row for row in answering(world) if row["unit_id"] == unit]
            assert asdict(units[unit]) == recount(mine, start, end, as_of, cohort=cohort, recurring=again), (name, unit)
        for street in (None, 1, 2, 3):
            mine = [row for row in world.cases if row["street_id"] == street]
            expected = recount(mine, start, end, as_of, cohort=cohort, recurring=again)
            assert asdict(streets[street]) == expected, (name, street)
        for field in COUNTED:
            assert sum(getattr(row, field) for row in grids.values()) == getattr(city, field), (name, field)


def test_every_list_has_as_many_rows_as_its_count(store: Store) -> None:
    world = a_world(store, 4)
    start, end, as_of = WINDOWS["a finished week seen later"]
    numbers = {row["case_no"]: row for row in world.cases}
    again = recurring_ids(world.cases, as_of, 30)

    for chosen in (
        Selection(Window(start, end, as_of)),
        Selection(Window(start, end, as_of), cohort=True),
        Selection(Window(start, end, as_of), filters={"street": 2}),
    ):
        with store.picture() as connection:
            figures = Figures(connection, world.city_number, chosen)
            counts = figures.by("city")[None]
            recurrences = figures.behind(RECURRENCE)
            assert len(recurrences) == counts.recurrence_count > 5
            assert all(start <= row["registered_at"] < end for row in recurrences)
            assert {numbers[row["case_no"]]["case_id"] for row in recurrences} <= again
            for name in OF_ONE_ROW:
                listed = figures.behind(name)

                assert len(listed) == getattr(counts, name), name
                for row in listed:
                    assert name in names_of(numbers[row["case_no"]], start, end, as_of, chosen.cohort)


def test_registered_ever_is_closed_and_open_and_suspended_and_void(store: Store) -> None:
    world = a_world(store, 5)
    as_of: datetime = WINDOWS["everything"][2]
    with store.picture() as connection:
        counts = Figures(connection, world.city_number, Selection(Window(*WINDOWS["everything"]))).by("city")[None]

    void = sum(1 for row in world.cases if row["voided_at"] and row["voided_at"] <= as_of and not row["closed_at"])
    closed = sum(1 for row in world.cases if row["registered_at"] and row["closed_at"])
    assert counts.registered == closed + counts.open + counts.suspended + void


def test_two_cities_in_one_database_do_not_mix(store: Store) -> None:
    one, two = a_world(store, 6, size=30, city="one"), a_world(store, 7, size=50, city="two")
    window = Window(*WINDOWS["everything"])

    with store.picture() as connection:
        counts = [Figures(connection, w.city_number, Selection(window)).by("city")[None] for w in (one, two)]

    assert [c.reported for c in counts] == [30, 50]


def test_an_unknown_count_is_refused(store: Store) -> None:
    world = a_world(store, 8, size=5)
    with store.picture() as connection, pytest.raises(KeyError, match="happened"):
        Figures(connection, world.city_number, Selection(Window(*WINDOWS["a day"]))).behind("happened")
