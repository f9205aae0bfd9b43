"""The desk's race of `make test`, longer: 10,000 attempts and 100 kills on each database; and how fast it answers."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine

from bench.rows import Row
from data_access import schema
from services.stores import open_store
from tests import postgres
from tests.desk_race import Outcome, Race, Size

FULL, QUICK = Size(10_000, 100), Size(200, 1)
TO_THE_ACTOR_MS = 300.0


def measure(folder: Path, quick: bool) -> Iterator[Row]:
    """On SQLite and on PostgreSQL: whether everybody was told the truth, and how soon."""
    size = QUICK if quick else FULL
    url = f"sqlite:///{folder}/desk.sqlite"
    yield from _rows("SQLite", url, folder / "sqlite", size)
    try:
        with postgres.server() as server:
            yield from _rows("PostgreSQL", _fresh(server), folder / "postgres", size)
    except postgres.NoServer as error:
        yield Row("desk race on PostgreSQL", None, "problems", 0, note=str(error))


def _fresh(server: postgres.Server) -> str:
    name = f"gridwall_{uuid.uuid4().hex[:12]}"
    server.run(f"CREATE DATABASE {name}")
    url = server.url(name)
    engine = create_engine(url)
    schema.migrate(engine)
    engine.dispose()
    return url


def _rows(name: str, url: str, folder: Path, size: Size) -> Iterator[Row]:
    open_store(url).close()  # a new SQLite file is migrated on the way
    outcome = Race(url, folder, size).run()
    tried = f"{outcome.attempts:,} attempts, {outcome.requests:,} requests, {outcome.kills} kills"
    told = f"{outcome.acked:,} acted, {outcome.conflicts:,} lost, {outcome.held:,} held, {outcome.repeated:,} repeated"
    problems = "".join(f"; {one}" for one in outcome.problems[:3])
    note = f"{tried}: {told}{problems}"
    yield Row(f"desk race on {name}", len(outcome.problems), "problems", 0, note=note)
    rate = outcome.requests / outcome.seconds
    yield Row(f"desk on {name}, 8 at once: answered", rate, "req/s", note="restarts included")
    yield Row("… half of the answers within", _within(outcome, 0.5), "ms", TO_THE_ACTOR_MS)
    yield Row("… 95 % of them within", _within(outcome, 0.95), "ms", note="eight people who never pause")


def _within(outcome: Outcome, share: float) -> float:
    """Milliseconds from the click to its answer, of those that were answered at all."""
    return sorted(outcome.act_ms)[int((len(outcome.act_ms) - 1) * share)]
