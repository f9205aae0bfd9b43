"""The schema: one head, migrations that build exactly the tables, a copy before an old file is changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from data_access import desk_tables, schema, tables  # noqa: F401 - the desk's tables too
from data_access.store import Store
from domain.refusals import Refusal
from services.stores import migrate_store, open_store
from tests.conftest import FreshDatabase

NOW = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)


def test_the_newest_revision_is_the_only_head() -> None:
    assert ScriptDirectory.from_config(Config(schema.CONFIG)).get_heads() == [schema.NEWEST]


def test_migrations_build_exactly_the_tables(store: Store) -> None:
    with store.read.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)

    assert differences == []


def test_a_file_of_a_newer_release_is_refused_and_left_alone(fresh_sqlite: FreshDatabase) -> None:
    url = fresh_sqlite()
    store = open_store(url)
    with store.write.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()

    with pytest.raises(Refusal, match="更新的版本"):
        open_store(url, NOW)


def test_the_copy_before_a_migration_is_whole(fresh_sqlite: FreshDatabase) -> None:
    url = fresh_sqlite()
    store = open_store(url)
    with store.write.begin() as connection:
        connection.execute(insert(tables.leases).values(name="x", owner="y", until=NOW))

    copy = schema.copy_before_migration(Path(url.removeprefix("sqlite:///")), NOW)

    store.close()
    assert copy.name.endswith("-before-20260519T063200.sqlite")
    copied = open_store(f"sqlite:///{copy}")
    with copied.picture() as connection:
        assert connection.scalar(select(tables.leases.c.owner)) == "y"
    copied.close()


def test_a_new_file_is_made_without_a_copy(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'one.sqlite'}", NOW)
    with store.picture() as connection:
        assert connection.execute(select(tables.cities)).all() == []
    store.close()

    assert [path.name for path in (tmp_path / "new").glob("*before*")] == []


@pytest.mark.postgres
def test_an_empty_postgresql_database_is_refused_until_it_is_migrated(fresh_postgres: FreshDatabase) -> None:
    url = fresh_postgres()
    store = open_store(url)
    with store.write.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        tables.metadata.drop_all(connection)
    store.close()

    with pytest.raises(Refusal, match="migrate"):
        open_store(url)
    assert migrate_store(url, NOW) == schema.NEWEST
    open_store(url).close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@127.0.0.1/x", "postgresql://nobody@127.0.0.1:1/none"])
def test_an_address_that_cannot_be_used_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(Refusal, match="请"):
        open_store(url)
