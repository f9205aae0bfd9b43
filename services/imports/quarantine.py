"""Rows that could not be read: kept in quarantine until their case has been read after all."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from data_access import imports
from services.imports.read import StagedFile
from services.imports.write import BATCH


def keep_set_aside(connection: Connection, city_id: int, staged: StagedFile, now: datetime) -> None:
    """Puts the file's unreadable rows into quarantine; those that are there already stay as they are."""
    for entries in _entries(staged):
        imports.quarantine_rows(connection, city_id, entries, now)


def release_read_rows(connection: Connection, city_id: int, staged: StagedFile) -> int:
    """Releases rows of a file of this name whose case has now been read; returns how many.

    So the count on the wall falls when a mapping or the file has been put right. A row of another file stays.
    """
    columns = ("case_no", *staged.mapping.fields["case_no"].columns)
    read = [
        entry
        for entries in imports.quarantined(connection, city_id, staged.path.name[:200])
        for entry, raw in entries
        if any(staged.staging.holds(number) for number in _numbers(raw, columns)) and not staged.staging.sets_aside(raw)
    ]
    for start in range(0, len(read), BATCH):
        imports.release(connection, city_id, read[start : start + BATCH])
    return len(read)


def _numbers(raw: str, columns: tuple[str, ...]) -> list[str]:
    """The case number in a raw row, by the mapping's headings or in the canonical form."""
    row = json.loads(raw)
    return [str(row[column]).strip() for column in columns if column in row] if isinstance(row, dict) else []


def _entries(staged: StagedFile) -> Iterator[list[dict[str, object]]]:
    """Quarantine entries in batches. The n-th equal row of a file is an entry of its own, so that all are counted."""
    batch: list[dict[str, object]] = []
    for row in staged.staging.set_aside_rows():
        text = row.raw if row.times == 0 else f"{row.raw}\n{row.times}"
        batch.append(
            {
                "file": staged.path.name[:200],
                "row_number": row.number,
                "row_column": row.column and row.column[:120],
                "reason": row.reason[:300],
                "raw": row.raw.replace("\\u0000", ""),
                "row_hash": hashlib.blake2b(text.encode(), digest_size=16).digest(),
            }
        )
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
