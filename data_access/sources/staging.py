"""Rows that have been read but not yet stored: a temporary file, so that memory stays flat."""

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True)
class StagedRow:
    """A row in its canonical form (JSON of its fields)."""

    number: int
    body: str


@dataclass(frozen=True)
class SetAside:
    """A row that cannot become a case: where it is, what is wrong with it, and the row itself as JSON.

    `times` is how many equal rows of the file came before it.
    """

    number: int
    column: str | None
    reason: str
    raw: str
    times: int = 0


class Staging:
    """Holds one file's rows, the last of each case number, in the file's order."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gridwall-")
        self._connection = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "CREATE TABLE staged (number INTEGER PRIMARY KEY, case_no TEXT UNIQUE, body TEXT)",
            "CREATE TABLE set_aside (number INTEGER, place TEXT, reason TEXT, raw TEXT)",
            "BEGIN",
        ):
            self._connection.execute(statement)

    def __enter__(self) -> "Staging":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add(self, number: int, case_no: str, body: str) -> StagedRow | None:
        """Adds a row; returns the earlier row of the same number that it replaces, if any."""
        put = self._connection.execute("INSERT OR IGNORE INTO staged VALUES (?, ?, ?)", (number, case_no, body))
        if put.rowcount == 1:
            return None
        question = "SELECT number, body FROM staged WHERE case_no = ?"
        earlier = StagedRow(*self._connection.execute(question, (case_no,)).fetchone())
        self._connection.execute("DELETE FROM staged WHERE number = ?", (earlier.number,))
        self._connection.execute("INSERT INTO staged VALUES (?, ?, ?)", (number, case_no, body))
        return earlier

    def set_aside(self, row: SetAside) -> None:
        values = (row.number, row.column, row.reason, row.raw)
        self._connection.execute("INSERT INTO set_aside VALUES (?, ?, ?, ?)", values)

    def batches(self, size: int) -> Iterator[list[StagedRow]]:
        cursor = self._connection.execute("SELECT number, body FROM staged ORDER BY number")
        while rows := cursor.fetchmany(size):
            yield [StagedRow(*row) for row in rows]

    def holds(self, case_no: str) -> bool:
        """Whether the file has a readable row of this number."""
        found = self._connection.execute("SELECT 1 FROM staged WHERE case_no = ?", (case_no,))
        return found.fetchone() is not None

    def sets_aside(self, raw: str) -> bool:
        """Whether the file has this very row among those set aside. Ask after the last row has been added."""
        self._connection.execute("CREATE INDEX IF NOT EXISTS set_aside_raw ON set_aside (raw)")
        found = self._connection.execute("SELECT 1 FROM set_aside WHERE raw = ? LIMIT 1", (raw,))
        return found.fetchone() is not None

    def set_aside_rows(self) -> Iterator[SetAside]:
        """In the file's order, each with its `times`."""
        times = "row_number() OVER (PARTITION BY raw ORDER BY number) - 1"
        question = f"SELECT number, place, reason, raw, {times} FROM set_aside ORDER BY number"
        return (SetAside(*row) for row in self._connection.execute(question))
