"""A store: one database seen through a reading and a writing engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine


@dataclass(frozen=True)
class Store:
    """`read` never writes and sees one consistent picture per transaction; `write` transactions are short."""

    url: str
    read: Engine
    write: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.write.dialect.name == "sqlite"

    @contextmanager
    def picture(self) -> Iterator[Connection]:
        """One read transaction at one instant of the database: every question inside sees the same rows."""
        engine = self.read if self.is_sqlite else self.read.execution_options(isolation_level="REPEATABLE READ")
        with engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.read.dispose()
        self.write.dispose()
