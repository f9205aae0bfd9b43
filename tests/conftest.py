"""Databases for the tests, and the rule that CI may not skip what needs a database server or a browser."""

import itertools
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine

from data_access import schema
from data_access.engine import open_engine
from data_access.store import Store
from services.stores import open_store
from tests import postgres

IN_CI = os.environ.get("CI", "").lower() == "true"
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))

FreshDatabase = Callable[[], str]


def pytest_configure() -> None:
    """A terminated run ends as an interrupted one does: fixtures stop their servers on the way out."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for PostgreSQL by a fixture is marked as well as one that gets it as a parameter."""
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under CI a skipped PostgreSQL or browser test is a failure: a green run must have proved both."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    needed = item.get_closest_marker("postgres") or item.get_closest_marker("browser")
    if IN_CI and needed and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI may not skip a {needed.name} test: {report.longrepr}"
    return report  # type: ignore[return-value]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whatever the tests started has ended by now; what has not is named, ended, and fails the run."""
    left = psutil.Process().children(recursive=True)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            sys.stderr.write(f"\nleft running: {process.pid} {' '.join(process.cmdline())[:200]}\n")
            process.kill()
    if left and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied by every test that wants one: a migration takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    schema.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One PostgreSQL server for the whole run."""
    try:
        with postgres.server() as server:
            yield server
    except postgres.NoServer as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> Iterator[str]:
    """The name of a migrated database that the tests' databases are copied from."""
    name = f"gridwall_{uuid.uuid4().hex[:12]}"
    postgres_server.run(f"CREATE DATABASE {name}")
    engine = create_engine(postgres_server.url(name))
    schema.migrate(engine)
    engine.dispose()
    yield name
    postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> FreshDatabase:
    """A function that makes one more fresh, migrated SQLite file and gives its URL."""
    numbers = itertools.count(1)

    def make() -> str:
        path = tmp_path / f"store{next(numbers)}.sqlite"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def fresh_postgres(postgres_server: postgres.Server, postgres_template: str) -> Iterator[FreshDatabase]:
    """A function that makes one more fresh, migrated PostgreSQL database and gives its URL."""
    made: list[str] = []

    def make() -> str:
        name = f"{postgres_template}_{uuid.uuid4().hex[:8]}"
        postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy")
        made.append(name)
        return postgres_server.url(name)

    yield make
    for name in made:
        postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
def fresh_database(request: pytest.FixtureRequest) -> FreshDatabase:
    """Each test runs twice: with SQLite files and with PostgreSQL databases, as many as it asks for."""
    fixture = "fresh_sqlite" if request.param == "sqlite" else "fresh_postgres"
    make: FreshDatabase = request.getfixturevalue(fixture)
    return make


@pytest.fixture
def store_url(fresh_database: FreshDatabase) -> str:
    """The URL of a fresh, migrated database, once on SQLite and once on PostgreSQL."""
    return fresh_database()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on a fresh database, once on SQLite and once on PostgreSQL."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(fresh_sqlite: FreshDatabase) -> Iterator[Store]:
    """An open store on SQLite only, for tests in which the database makes no difference."""
    opened = open_store(fresh_sqlite())
    yield opened
    opened.close()
