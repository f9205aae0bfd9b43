"""Every count equals an independent recount, and the list behind it has as many rows."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from data_access import directory, tables
from data_access.counts import Figures, Selection
from data_access.dimensions import names_of as names_in_lists
from data_access.store import Store
from domain.counting import OF_ONE_ROW, RECURRENCE
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED, Counts
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
    with store.picture() as connection, pytest.raises(KeyError, match="happened"):
        Figures(connection, world.city_number, Selection(Window(*WINDOWS["a day"]))).how_many("happened")


WANTED = frozenset({"on_time", "closure_due", "rework_times", "open"})


@pytest.mark.parametrize("by", ["city", "unit", "class", "street", "grid"])
def test_counts_that_are_not_wanted_stay_zero_and_the_others_as_they_are(store: Store, by: str) -> None:
    world = a_world(store, 9)
    for window in WINDOWS.values():
        chosen = Selection(Window(*window))
        with store.picture() as connection:
            every = Figures(connection, world.city_number, chosen).by(by)
            some = Figures(connection, world.city_number, replace(chosen, wanted=WANTED)).by(by)

        assert some.keys() <= every.keys()
        for key, counts in every.items():
            found = asdict(some.get(key, Counts()))
            assert found == {name: value if name in WANTED else 0 for name, value in asdict(counts).items()}


def test_a_wanted_recurrence_alone_is_counted(store: Store) -> None:
    world = a_world(store, 10)
    chosen = Selection(Window(*WINDOWS["everything"]))
    with store.picture() as connection:
        every = Figures(connection, world.city_number, chosen).by("street")
        alone = Figures(connection, world.city_number, replace(chosen, wanted=frozenset({RECURRENCE}))).by("street")

    known = {number: counts.recurrence_count for number, counts in every.items() if counts.recurrence_count}
    assert {number: counts.recurrence_count for number, counts in alone.items() if counts.recurrence_count} == known
    assert any(counts.recurrence_count for counts in alone.values())
    assert not any(counts.registered for counts in alone.values())


def lay_areas(store: Store, world: World) -> None:
    """Two communities, by the case's number, and two areas of collectors, by the grid's; grid 9 has none."""
    with store.write.begin() as connection:
        for level in ("community", "patrol"):
            rows = [{"key": f"{level[0]}{n}", "name": f"{n}区", "short_name": f"{n}", "level": level} for n in (1, 2)]
            directory.ensure_rows(connection, tables.areas, world.city_number, rows)
        for case in world.cases:
            here = tables.cases.c.case_id == case["case_id"]
            case["community_id"] = 1 + case["case_id"] % 2
            connection.execute(update(tables.cases).where(here).values(community_id=case["community_id"]))
        for grid in range(1, 9):
            values = {"patrol_area_id": 1 + grid % 2}
            connection.execute(update(tables.grids).where(tables.grids.c.grid_id == grid).values(values))


def test_communities_and_the_areas_of_collectors_are_counted_and_narrowed_to(store: Store) -> None:
    world = a_world(store, 11)
    lay_areas(store, world)
    start, end, as_of = WINDOWS["a finished week seen later"]
    chosen = Selection(Window(start, end, as_of))
    community = {row["case_id"]: row["community_id"] for row in world.cases}

    def patrol(row: dict[str, Any]) -> int | None:
        return None if row["grid_id"] in (None, 9) else 1 + row["grid_id"] % 2

    with store.picture() as connection:
        figures = Figures(connection, world.city_number, chosen)
        communities, patrols = figures.by("community"), figures.by("patrol")
        for number in (1, 2):
            mine = [row for row in world.cases if row["community_id"] == number]
            again = recurring_ids(world.cases, as_of, 30)
            assert asdict(communities[number]) == recount(mine, start, end, as_of, recurring=again)
            walked = [row for row in world.cases if patrol(row) == number]
            assert asdict(patrols[number]) == recount(walked, start, end, as_of, recurring=again)
            for by, counts in (("community", communities[number]), ("patrol", patrols[number])):
                part = Figures(connection, world.city_number, replace(chosen, filters={by: number}))
                assert part.by("city")[None] == counts
                assert len(part.behind("closure_due")) == counts.closure_due > 0
                of_units = Figures(connection, world.city_number, replace(chosen, filters={by: number, "unit": 2}))
                own = [row for row in answering(world) if row["unit_id"] == 2]
                own = [row for row in own if number == (patrol(row) if by == "patrol" else community[row["case_id"]])]
                expected = recount(own, start, end, as_of, recurring=again)
                assert asdict(of_units.by("city")[None]) == expected
                assert of_units.by(by)[number] == of_units.by("city")[None]
        outside = [row for row in world.cases if patrol(row) is None]
        assert patrols[None].registered == recount(outside, start, end, as_of)["registered"] > 0
        assert [key for key, _ in names_in_lists(connection, world.city_number, "community").values()] == ["c1", "c2"]


PAGE = 3


@pytest.mark.parametrize("which", ["closed", "rework_times", "open", RECURRENCE])
@pytest.mark.parametrize("unit", [None, 1])
def test_the_pages_of_a_list_are_the_list(store: Store, which: str, unit: int | None) -> None:
    world = a_world(store, 12, size=200)
    filters = {} if unit is None else {"unit": unit}
    with store.write.begin() as connection:
        for table in (tables.cases, tables.assignments):
            connection.execute(update(table).where(table.c.case_id % 3 == 0).values(rework_count=2))
    with store.picture() as connection:
        chosen = Selection(Window(*WINDOWS["a finished week seen later"]), filters=filters)
        figures = Figures(connection, world.city_number, chosen)
        whole = figures.behind(which)
        pages = [figures.behind(which, offset=n, limit=PAGE) for n in range(0, len(whole) + PAGE, PAGE)]

        assert [row for page in pages for row in page] == whole
        assert [row["case_no"] for row in whole] == sorted(row["case_no"] for row in whole)
        assert figures.how_many(which) == len(whole) > 0


def test_what_an_accepted_appeal_takes_out_is_in_no_list_of_the_score(store: Store) -> None:
    world = a_world(store, 13)
    window = Window(*WINDOWS["a finished week seen later"])
    table = tables.assignments
    with store.write.begin() as connection:
        for days, rest in ((11, 0), (13, 1)):  # by the as-of, and after it
            exempt = {"exempted_at": START + timedelta(days=days)}
            connection.execute(update(table).where(table.c.case_id % 3 == rest).values(exempt))
    with store.picture() as connection:
        figures = Figures(connection, world.city_number, Selection(window, of_units=True))
        listed = figures.behind("closure_due")
        scored = figures.behind("closure_due", in_score=True)

        assert scored == [row for row in listed if row["case_id"] % 3] != listed
        assert figures.how_many("closure_due", in_score=True) == len(scored)
        taken_out = sum(counts.closure_due for counts in figures.exempted().values())
        assert len(listed) - len(scored) == taken_out
        streets = Figures(connection, world.city_number, Selection(window))
        assert streets.behind("closed", in_score=True) == streets.behind("closed")
