"""Second half of an import: the waiting rows become cases in one transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from config.mappings import Mapping
from data_access import imports
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.sources.staging import StagedRow
from domain.life_cycle import Action
from domain.marks import Mark
from services.imports.canonical import Fields
from services.imports.case_rows import Columns, DueSoon, case_columns, lead_assignment
from services.imports.changes import Prepared, Taken, body_of, take_over
from services.imports.lists import Lists
from services.imports.places import Places
from services.imports.report import MARK_NAMES

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
        fresh, news = [], []
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
                news.append((case.case_id, row))
        insert_cases(self.connection, self.city_id, [self._new_case(row) for row in fresh], self.at)
        self.tally.stored += len(fresh)
        self._add_up(take_over(self.connection, self.city_id, self.mapping.name, self.file, self.at, news))

    def _add_up(self, taken: Taken) -> None:
        self.tally.updated += taken.updated
        self.tally.unchanged += taken.unchanged
        self.tally.kept_local += taken.kept_local

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
        event = NewEvent(Action.IMPORTED.value, self.at, self.mapping.name, body_of(self.file, row))
        work = (lead_assignment(row.columns),) if row.columns["unit_id"] is not None else ()
        return NewCase(columns, (event,), work)
