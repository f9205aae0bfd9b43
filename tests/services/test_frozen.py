"""A frozen replay shows a past instant exactly: as a store written at that instant shows it."""

from datetime import timedelta
from fractions import Fraction

import pytest

from data_access.frozen import FrozenReader
from data_access.store import Store
from domain.figures import figures_of
from services.demo import build_demo
from services.snapshots import SnapshotReader
from services.stores import open_store
from tests.conftest import FreshDatabase
from tests.services.demo_city import TUESDAY, city, settings

Figures = dict[str, int | Fraction | None]


def written_at(url: str, days_later: int) -> Store:
    store = open_store(url)
    build_demo(store, city(), settings(demo_cases_per_day=60), TUESDAY + timedelta(days=days_later))
    return store


def figures(reader: FrozenReader, number: int = 1) -> Figures:
    with reader.picture() as connection:
        snapshot = SnapshotReader(city(), number).read(connection, TUESDAY)
    found = figures_of(snapshot, city().zone)
    return {a: f.value for a, f in found.items() if "camera" not in a}  # their states have no history


@pytest.mark.parametrize("days_later", [1, 3])
def test_a_replay_equals_what_was_shown_then(fresh_database: FreshDatabase, days_later: int) -> None:
    then, later = written_at(fresh_database(), 0), written_at(fresh_database(), days_later)
    at_the_time, replayed = FrozenReader(then, 1, TUESDAY), FrozenReader(later, 1, TUESDAY)

    shown, again = figures(at_the_time), figures(replayed)

    assert shown == again
    assert figures(replayed) == again  # the connection is kept from tick to tick
    assert shown["city/-/open/now"]
    for reader, store in ((at_the_time, then), (replayed, later)):
        reader.close()
        store.close()


def test_a_replay_changes_nothing_in_the_store(fresh_sqlite: FreshDatabase) -> None:
    later = written_at(fresh_sqlite(), 2)
    reader = FrozenReader(later, 1, TUESDAY)
    figures(reader)

    with later.picture() as connection:
        now = SnapshotReader(city(), 1).read(connection, TUESDAY + timedelta(days=2))
    reader.close()
    later.close()

    assert now.flows["reported"].today
