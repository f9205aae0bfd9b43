"""Second half of an import: the waiting rows become cases in one transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from config.mappings import TIMES, Mapping
from data_access import imports
from data_access.case_writer import NewCase, NewEvent, change_case, insert_cases
from data_access.sources.staging import StagedRow
from domain.marks import Mark
from services.imports.canonical import Fields
from services.imports.case_rows import Columns, DueSoon, case_columns, lead_assignment
from services.imports.lists import Lists
from services.imports.places import Places
from services.imports.report import MARK_NAMES
from services.imports.times import instant_of

BATCH = 2000  # rows a statement


@dataclass
class Tally:
    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    marked: int = 0
    no_position: int = 0
    no_grid: int = 0
    kept_local: int = 0
    marks: Counter[str] = field(default_factory=Counter)


@dataclass
class Prepared:
    """A row ready to be written."""

    number: int
    fields: Fields
    row_hash: bytes
    columns: Columns


@dataclass
class Writer:
    """Writes one file's rows. `at` is the import's own time, which all its events carry."""

    connection: Connection
    city_id: int
    mapping: Mapping
    file: str
    at: datetime
    lists: Lists
    places: Places
    due_soon: DueSoon
    refuse: Callable[[StagedRow, str], None]  # sets a row aside
    tally: Tally = field(default_factory=Tally)

    def write(self, batch: Sequence[StagedRow]) -> None:
        rows = [self._prepare(row) for row in batch]
        known = imports.known_cases(self.connection, self.city_id, [row.fields["case_no"] for row in rows])
        self.places.settle([(row.fields, row.columns) for row in rows])
        fresh = []
        for staged, row in zip(batch, rows, strict=True):
            case = known.get(row.fields["case_no"])
            if case is not None and case.source != self.mapping.name:
                self.refuse(staged, f"案件号已属于另一来源 {case.source}")
                continue
            self._count(row.columns)
            if case is None:
                fresh.append(row)
            elif case.row_hash == row.row_hash:
                self.tally.unchanged += 1
            else:
                self._change(case, row)
        insert_cases(self.connection, self.city_id, [self._new_case(row) for row in fresh], self.at)
        self.tally.stored += len(fresh)

    def _prepare(self, staged: StagedRow) -> Prepared:
        fields: Fields = json.loads(staged.body)
        columns = case_columns(fields, self.due_soon)
        columns.update(self.lists.numbers(fields))
        row_hash = hashlib.blake2b(staged.body.encode(), digest_size=16).digest()
        return Prepared(staged.number, fields, row_hash, columns)

    def _count(self, columns: Columns) -> None:
        tally, marks = self.tally, columns["marks"]
        if marks:
            tally.marked += 1
            tally.marks.update(name for mark, name in MARK_NAMES.items() if marks & mark)
        tally.no_position += columns["lon"] is None or bool(marks & Mark.ZERO_POSITION)
        tally.no_grid += columns["grid_id"] is None

    def _new_case(self, row: Prepared) -> NewCase:
        columns = {**row.columns, "source": self.mapping.name, "row_hash": row.row_hash}
        body = {"file": self.file, "row": row.number, "fields": readable(row.fields)}
        event = NewEvent("imported", self.at, self.mapping.name, body)
        work = (lead_assignment(row.columns),) if row.columns["unit_id"] is not None else ()
        return NewCase(columns, (event,), work)

    def _change(self, case: imports.KnownCase, row: Prepared) -> None:
        """The source has new facts: they replace what the source said before, and nothing that was done here."""
        connection, city_id = self.connection, self.city_id
        stored = imports.case_row(connection, city_id, case.case_id)
        owned = self._owned_here(case.case_id)
        changes = {name: value for name, value in row.columns.items() if not _same(stored[name], value)}
        kept = owned & changes.keys()
        self.tally.kept_local += len(kept)
        for name in kept:
            del changes[name]
        if not changes:
            imports.set_row_hash(connection, city_id, case.case_id, row.row_hash)
            self.tally.unchanged += 1
            return
        body = {
            "file": self.file,
            "row": row.number,
            "fields": readable(row.fields),
            "changes": {name: _plain(value) for name, value in changes.items()},
            "was": {name: _plain(stored[name]) for name in changes},
        }
        event = NewEvent("source_updated", self.at, self.mapping.name, body)
        after = {**stored, **changes}
        changed_work, new_work = self._work(case.case_id, after)
        columns = {**changes, "row_hash": row.row_hash}
        change_case(
            connection, city_id, case.case_id, case.version, columns, (event,), self.at, changed_work, new_work
        )  # fmt: skip
        self.tally.updated += 1

    def _work(self, case_id: int, after: Columns) -> tuple[dict[int, Columns], list[Columns]]:
        """The lead assignment follows the case; (changes by assignment number, new assignments)."""
        lead = imports.lead_assignment(self.connection, self.city_id, case_id)
        if after["unit_id"] is None:
            gone = {"ended_at": self.at, "end_reason": "dispatcher_error"}
            return ({lead["assignment_no"]: gone} if lead is not None else {}), []
        wanted = lead_assignment(after)
        if lead is None:
            return {}, [wanted]
        changes = {name: value for name, value in wanted.items() if not _same(lead[name], value)}
        return ({lead["assignment_no"]: changes} if changes else {}), []

    def _owned_here(self, case_id: int) -> set[str]:
        """The columns that a local action has set since: the import leaves them alone."""
        owned: set[str] = set()
        for body in imports.local_bodies(self.connection, self.city_id, case_id, self.mapping.name):
            owned.update(json.loads(body).get("changes", {}))
        return owned


def readable(fields: Fields) -> dict[str, Any]:
    """The fields for an event's body, times in ISO 8601."""
    return {name: instant_of(value).isoformat() if name in TIME_FIELDS else value for name, value in fields.items()}


TIME_FIELDS = frozenset(TIMES)


def _same(stored: Any, value: Any) -> bool:
    if stored is None or value is None:
        return stored is value
    return bool(stored == value) or (isinstance(value, float) and float(stored) == value)


def _plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)
