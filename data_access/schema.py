"""Bringing a database to this release's schema: Alembic's one linear history."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

CONFIG = Path(__file__).with_name("alembic.ini")


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(Config(CONFIG)).get_current_head()


def revision_of(engine: Engine) -> str | None:
    """The schema revision found in the database; None = empty or never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Runs every missing migration in one transaction."""
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
