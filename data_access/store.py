"""A store: one database seen through a reading and a writing engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

OpenedFile = tuple[str, int, int]  # path, device, inode


class FileReplaced(OSError):
    """The file under a running process is no longer the one it opened."""


def opened_file(path: str) -> OpenedFile | None:
    """What a store remembers of its SQLite file, to notice when it is replaced; None when there is no file."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return path, found.st_dev, found.st_ino


@dataclass(frozen=True)
class Store:
    """`read` never writes and sees one consistent picture per transaction; `write` transactions are short."""

    url: str
    read: Engine
    write: Engine
    file: OpenedFile | None = None  # what was opened, on SQLite

    @property
    def is_sqlite(self) -> bool:
        return self.write.dialect.name == "sqlite"

    def require_file(self) -> None:
        """Raises FileReplaced when the SQLite file that was opened is gone or is another one by now.

        SQLite itself goes on with a deleted file for ever, and a wall on it would look alive.
        """
        if self.file is not None and opened_file(self.file[0]) != self.file:
            raise FileReplaced(2, "the database file was replaced or removed", self.file[0])

    @contextmanager
    def picture(self) -> Iterator[Connection]:
        """One read transaction at one instant of the database: every question inside sees the same rows."""
        engine = self.read if self.is_sqlite else self.read.execution_options(isolation_level="REPEATABLE READ")
        with engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.read.dispose()
        self.write.dispose()
