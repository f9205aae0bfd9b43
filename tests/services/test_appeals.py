"""An accepted appeal leaves every fact as it was and takes the assignment out of every part of the score."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from data_access import tables
from data_access.counts import Figures, Selection
from data_access.store import Store
from domain.city import City
from domain.indicators import Counts, less
from domain.window import Window
from services.figures import Question, indicator_table
from services.scores import score_table
from services.snapshots import SnapshotReader
from tests.recount import recount
from tests.worlds import UNITS, World, a_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLASSES = {"1": "一类", "2": "二类"}
CITY = City(id="random", name="任意市", title="任意市", zone=SHANGHAI, score="suning", unit_classes=CLASSES)
MAY = Question(
    datetime(2026, 5, 1, tzinfo=SHANGHAI),
    datetime(2026, 6, 1, tzinfo=SHANGHAI),
    datetime(2026, 6, 3, tzinfo=SHANGHAI),
    False,
    CITY.options,
)
FREED = ("returned", "dispatcher_error")


def exempt_some(store: Store, world: World, seed: int) -> list[dict[str, Any]]:
    """Accepts appeals for one assignment in six, at some time of May or June; gives the rows as they are then."""
    random, table = Random(seed), tables.assignments
    numbers: dict[int, int] = {}
    rows = []
    with store.write.begin() as connection:
        for row in world.assignments:
            numbers[row["case_id"]] = numbers.get(row["case_id"], 0) + 1
            at = MAY.start + timedelta(days=random.randrange(40)) if random.random() < 1 / 6 else None
            here = (table.c.city_id == world.city_number, table.c.case_id == row["case_id"])
            number = table.c.assignment_no == numbers[row["case_id"]]
            connection.execute(update(table).where(*here, number).values(exempted_at=at))
            rows.append({**row, "exempted_at": at})
    return rows


def in_score(rows: list[dict[str, Any]], unit: int, as_of: datetime) -> list[dict[str, Any]]:
    """The assignments a unit answers for and no accepted appeal has taken out by as_of."""
    mine = [r for r in rows if r["unit_id"] == unit and r["role"] != "informed" and r["end_reason"] not in FREED]
    return [row for row in mine if row["exempted_at"] is None or row["exempted_at"] > as_of]


def suning(counts: dict[int, dict[str, int]]) -> dict[str, Fraction]:
    """肃宁 Art. 26 in plain words; units without cases to close take no part."""
    taking_part = {n: c for n, c in counts.items() if c["closure_due"] - c["closure_due_without_deadline"]}
    scores = {}
    for n, c in taking_part.items():
        place = 1 + sum(other["closed"] < c["closed"] for other in taking_part.values())
        scores[f"u{n - 1}"] = (
            Fraction(40 * c["on_time"], c["closure_due"] - c["closure_due_without_deadline"])
            + Fraction(30 * c["closed"], c["closure_due"])
            + Fraction(20 * place, len(taking_part))
            - Fraction(10 * c["rework"], c["closure_due"])
        )
    return scores


def without_scores(table: dict[str, Any]) -> dict[str, Any]:
    return {row["key"]: {name: row[name] for name in vars(Counts())} | {"rates": row["rates"]} for row in table["rows"]}


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_the_score_is_that_of_a_recount_without_the_exempted(store: Store, seed: int) -> None:
    world = a_world(store, seed)
    before = score_table(store, CITY, "suning", MAY)

    rows = exempt_some(store, world, seed)
    after = score_table(store, CITY, "suning", MAY, explained="u0")

    assert without_scores(after) == without_scores(before)  # figures of facts do not change
    assert after["total"] == before["total"]
    counts = {n: recount(in_score(rows, n, MAY.as_of), MAY.start, MAY.end, MAY.as_of) for n in range(1, UNITS + 1)}
    found = {row["key"]: Fraction(row["exact"]) for row in after["rows"] if row.get("exact")}
    assert found == suning(counts)
    assert found != {row["key"]: Fraction(row["exact"]) for row in before["rows"] if row.get("exact")}
    for row in after["rows"]:
        if row["key"] != "-":
            scored = counts[int(row["key"][1:]) + 1]
            assert row["exemptions"]["appealed"] == row["closure_due"] - scored["closure_due"]


@pytest.mark.parametrize("cohort", [False, True], ids=["flow", "cohort"])
def test_what_is_exempted_is_a_part_of_every_count(store: Store, cohort: bool) -> None:
    world = a_world(store, 34)
    rows = exempt_some(store, world, 34)
    for as_of in (MAY.start + timedelta(days=9, hours=5), MAY.end, MAY.as_of):
        chosen = Selection(Window(MAY.start, MAY.end, as_of), cohort)
        with store.picture() as connection:
            figures = Figures(connection, world.city_number, chosen)
            units, out = figures.by("unit"), figures.exempted()

        for unit in range(1, UNITS + 1):
            expected = recount(in_score(rows, unit, as_of), MAY.start, MAY.end, as_of, cohort=cohort)
            scored = vars(less(units[unit], out.get(unit, Counts())))
            assert {name: count for name, count in scored.items() if name != "recurrence_count"} == {
                name: count for name, count in expected.items() if name != "recurrence_count"
            }


def test_the_wall_scores_as_the_table_does_and_shows_the_facts(store: Store) -> None:
    world = a_world(store, 35)
    as_of = datetime(2026, 5, 20, 14, 32, 5, tzinfo=SHANGHAI)
    with store.picture() as connection:
        before = SnapshotReader(CITY, world.city_number).read(connection, as_of)
    exempt_some(store, world, 35)
    with store.picture() as connection:
        after = SnapshotReader(CITY, world.city_number).read(connection, as_of)

    table = score_table(store, CITY, "suning", replace(MAY, as_of=as_of))

    facts = ("on_time", "closed", "closure_due", "overdue_open", "longest_overdue_min", "due_soon")
    for unit in after.units:
        then = next(other for other in before.units if other.key == unit.key)
        assert [getattr(unit, name) for name in facts] == [getattr(then, name) for name in facts]
    scores = {row["key"]: (row["rank"], row["exact"]) for row in table["rows"] if row["key"] != "-"}
    assert {u.key: (u.rank, None if u.score is None else str(u.score)) for u in after.units} == scores
    assert {u.key: u.score for u in after.units} != {u.key: u.score for u in before.units}


@pytest.mark.parametrize("name", ["ruzhou-watch", "shijingshan-streets"])
def test_watch_lists_and_streets_look_at_the_facts(store: Store, name: str) -> None:
    world = a_world(store, 36)
    before = score_table(store, CITY, name, MAY)
    exempt_some(store, world, 36)

    assert score_table(store, CITY, name, MAY) == before
    assert indicator_table(store, CITY, "unit", MAY)["rows"]
