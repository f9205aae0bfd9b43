"""Importing case files: read and check everything first, then write it all in one transaction."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from config.mappings import Mapping
from data_access import imports
from data_access.directory import ensure_city
from data_access.places import grid_places, outline
from data_access.sources.staging import SetAside, StagedRow
from data_access.store import Store
from domain.city import City
from services.imports.case_rows import due_soon_of
from services.imports.lists import Lists
from services.imports.places import Places
from services.imports.quarantine import keep_set_aside, release_read_rows
from services.imports.read import Progress, StagedFile, staged_file
from services.imports.report import ImportReport, SetAsideRow
from services.imports.write import BATCH, Writer
from services.refusals import database_refusal

if TYPE_CHECKING:
    from services.grid_index import GridIndex

__all__ = ["ImportReport", "SetAsideRow", "import_file", "staged_file", "store_staged"]

LISTED = 50  # set-aside rows shown in the report


def import_file(
    store: Store, city: City, mapping: Mapping, path: Path, now: datetime, on_progress: Progress | None = None
) -> ImportReport:
    """Imports one file; importing it again changes nothing. Raises Refusal, and then the store is as it was.

    Rows that cannot be read go to quarantine and are counted; impossible rows are kept and marked (DECISIONS 10).
    """
    with staged_file(city, mapping, path, on_progress) as staged:
        return store_staged(store, staged, now)


def store_staged(store: Store, staged: StagedFile, now: datetime) -> ImportReport:
    """Writes a file that has been read, in one transaction. Raises Refusal and writes nothing when that fails."""
    try:
        with store.write.begin() as connection:
            return _store(connection, staged, now)
    except DBAPIError as error:
        raise database_refusal(error) from error


def _store(connection: Connection, staged: StagedFile, now: datetime) -> ImportReport:
    city_id = ensure_city(connection, staged.city.id, staged.city.zone.key, staged.city.demo)
    imports.lock_city(connection, city_id)

    def refuse(row: StagedRow, reason: str) -> None:
        staged.staging.set_aside(SetAside(row.number, None, reason, row.body))
        staged.set_aside += 1
        staged.reasons[reason] += 1

    writer = Writer(
        connection=connection,
        city_id=city_id,
        mapping=staged.mapping,
        file=staged.path.name,
        at=now,
        lists=Lists(connection, city_id, staged.city),
        places=Places(staged.mapping, _index(connection, city_id)),
        due_soon=due_soon_of(staged.city),
        refuse=refuse,
    )
    for batch in staged.staging.batches(BATCH):
        writer.write(batch)
    released = release_read_rows(connection, city_id, staged)
    keep_set_aside(connection, city_id, staged, now)
    return _report(staged, writer, released)


def _index(connection: Connection, city_id: int) -> "GridIndex | None":
    """The geometry library is loaded only where there is geometry."""
    if outline(connection, city_id) is None and not grid_places(connection, city_id):
        return None
    from services.grid_index import load_index

    return load_index(connection, city_id)


def _report(staged: StagedFile, writer: Writer, released: int) -> ImportReport:
    tally = writer.tally
    listed = islice(staged.staging.set_aside_rows(), LISTED)
    report = ImportReport(staged.path.name, staged.mapping.name, staged.city.id)
    return replace(
        report,
        read=staged.read,
        stored=tally.stored,
        updated=tally.updated,
        unchanged=tally.unchanged,
        repeated=staged.repeated,
        set_aside=staged.set_aside,
        released=released,
        marked=tally.marked,
        no_position=tally.no_position,
        no_grid=tally.no_grid,
        reasons=dict(staged.reasons.most_common()),
        marks=dict(tally.marks.most_common()),
        notes=dict(staged.notes.counts.most_common()),
        set_aside_rows=tuple(SetAsideRow(row.number, row.column, row.reason) for row in listed),
        kept_local=tally.kept_local,
    )
