"""The archive of reports in the database: editions and their files are added and read, never changed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from data_access.counters import take_number
from data_access.report_tables import report_files, reports
from domain.editions import Edition, ReportFile
from domain.reports import ReportKind

COUNTER = "reports"


@dataclass(frozen=True)
class NewEdition:
    """An edition to be kept; `rules` is JSON, `figures` the fingerprint of what it says."""

    kind: ReportKind
    first: date
    end: date
    edition: int
    issue_total: int
    as_of: datetime
    made_at: datetime
    made_by: str
    rules: str
    figures: bytes


def take_id(connection: Connection, city_id: int) -> int:
    """The number of the next edition. Whoever has it keeps every other maker waiting until its transaction ends, so
    that what is read after it is what is kept."""
    return take_number(connection, city_id, COUNTER)


def keep(
    connection: Connection, city_id: int, report_id: int, new: NewEdition, files: Sequence[tuple[str, str, bytes]]
) -> None:
    """Stores an edition with its files (name, media type, content). Raises IntegrityError when there is one already
    with this number for the period."""
    row = vars(new) | {"kind": new.kind.value, "issue_no": new.issue_total or None}
    del row["issue_total"]
    connection.execute(insert(reports).values(city_id=city_id, report_id=report_id, **row))
    connection.execute(
        insert(report_files),
        [
            {"city_id": city_id, "report_id": report_id, "name": name, "media_type": media_type, "content": content,
             "sha256": hashlib.sha256(content).digest()}
            for name, media_type, content in files
        ],
    )  # fmt: skip


def of_period(connection: Connection, city_id: int, kind: ReportKind, first: date, end: date) -> list[Edition]:
    """Every edition of one report, the first one first."""
    c = reports.c
    asked = select(reports).where(c.city_id == city_id, c.kind == kind.value, c.first == first, c.end == end)
    return _editions(connection, city_id, connection.execute(asked.order_by(c.edition)).all())


def newest(
    connection: Connection, city_id: int, kind: ReportKind | None, limit: int, before: int | None = None
) -> list[Edition]:
    """The newest editions by number, of one kind or of all; `before` goes on after the last number seen."""
    c = reports.c
    asked = select(reports).where(c.city_id == city_id)
    if kind is not None:
        asked = asked.where(c.kind == kind.value)
    if before is not None:
        asked = asked.where(c.report_id < before)
    return _editions(connection, city_id, connection.execute(asked.order_by(c.report_id.desc()).limit(limit)).all())


def last_issue(connection: Connection, city_id: int, kind: ReportKind) -> int:
    """The highest 总第 n 期 of this kind, 0 before the first."""
    c = reports.c
    found = select(func.max(c.issue_no)).where(c.city_id == city_id, c.kind == kind.value)
    return connection.scalar(found) or 0


def issues_of_year(connection: Connection, city_id: int, kind: ReportKind, year: int, below: int) -> int:
    """How many periods beginning in this year were issued before 总第 `below` 期."""
    c = reports.c
    of_year = c.first.between(date(year, 1, 1), date(year, 12, 31))
    asked = select(func.count(c.issue_no.distinct())).where(c.city_id == city_id, c.kind == kind.value, of_year)
    return connection.scalar(asked.where(c.issue_no < below)) or 0


def file(connection: Connection, city_id: int, report_id: int, name: str) -> ReportFile | None:
    c = report_files.c
    here = (c.city_id == city_id, c.report_id == report_id, c.name == name)
    row = connection.execute(select(c.name, c.media_type, c.content, c.sha256).where(*here)).first()
    return None if row is None else ReportFile(row[0], row[1], bytes(row[2]), bytes(row[3]))


def files(connection: Connection, city_id: int, report_id: int) -> dict[str, bytes]:
    """Name and content of every file of an edition, the paper before the book and the table."""
    c = report_files.c
    asked = select(c.name, c.content).where(c.city_id == city_id, c.report_id == report_id).order_by(c.media_type)
    return {name: bytes(content) for name, content in connection.execute(asked)}


def _editions(connection: Connection, city_id: int, rows: Sequence[Row[Any]]) -> list[Edition]:
    sizes = _sizes(connection, city_id, [row.report_id for row in rows])
    return [
        Edition(
            report_id=row.report_id,
            kind=ReportKind(row.kind),
            first=row.first,
            end=row.end,
            edition=row.edition,
            issue_total=row.issue_no or 0,
            as_of=row.as_of,
            made_at=row.made_at,
            made_by=row.made_by,
            figures=bytes(row.figures),
            files=sizes.get(row.report_id, {}),
        )
        for row in rows
    ]


def _sizes(connection: Connection, city_id: int, report_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    c = report_files.c
    asked = select(c.report_id, c.name, func.length(c.content)).where(
        c.city_id == city_id, c.report_id.in_(list(report_ids))
    )
    found: dict[int, dict[str, int]] = {}
    for report_id, name, size in connection.execute(asked.order_by(c.report_id, c.media_type)):
        found.setdefault(report_id, {})[name] = size
    return found
