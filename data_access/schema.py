"""Bringing a database to this release's schema: Alembic's one linear history."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, String, Table, inspect, select

CONFIG = Path(__file__).with_name("alembic.ini")
NEWEST = "0003"  # the head of migrations/versions; a test holds it there
_mark = Table("alembic_version", MetaData(), Column("version_num", String(32)))  # Alembic's own table


def revision_of(engine: Engine) -> str | None:
    """The schema revision found in the database; None = empty or never migrated."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_mark.name):
            return None
        return connection.scalar(select(_mark.c.version_num))


def knows(revision: str) -> bool:
    """Whether this release can start from that revision; a newer release's it cannot."""
    return any(CONFIG.parent.glob(f"migrations/versions/{revision}_*.py"))


def migrate(engine: Engine) -> None:
    """Runs every missing migration in one transaction."""
    from alembic import command  # a third of a second that only a migration should pay
    from alembic.config import Config

    config = Config(CONFIG)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy_before_migration(database: Path, now: datetime) -> Path:
    """A consistent copy beside an SQLite file, named after the moment (DECISIONS 21)."""
    target = database.with_name(f"{database.stem}-before-{now:%Y%m%dT%H%M%S}{database.suffix}")
    if shutil.disk_usage(database.parent).free < 2 * database.stat().st_size:
        raise OSError(28, "not enough room for a copy before migration", str(target))
    with sqlite3.connect(database) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    return target
