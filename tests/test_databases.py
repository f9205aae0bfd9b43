"""The databases that the tests themselves stand on."""

from sqlalchemy import inspect, text

from data_access.schema import NEWEST, revision_of
from data_access.store import Store
from services.stores import open_store
from tests.conftest import FreshDatabase


def test_a_test_gets_a_migrated_and_empty_store(store: Store) -> None:
    assert revision_of(store.read) == NEWEST
    with store.picture() as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0


def test_two_databases_of_one_test_are_apart(fresh_database: FreshDatabase) -> None:
    assert fresh_database() != fresh_database()


def test_both_databases_have_the_same_tables(fresh_sqlite: FreshDatabase, fresh_postgres: FreshDatabase) -> None:
    stores = [open_store(make()) for make in (fresh_sqlite, fresh_postgres)]

    tables = [set(inspect(store.read).get_table_names()) for store in stores]
    for store in stores:
        store.close()

    assert tables[0] == tables[1]
