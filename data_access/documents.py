"""Documents as they were frozen: written once in the transaction that makes them, never changed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, insert, select

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import counters, documents, photos

COUNTER = "documents"
PHOTOS_OF_THE_REPORT = ("reported", "verified")


class DocumentRow(NamedTuple):
    """A stored document; `units` are the keys of the units that have or had its case."""

    document_id: int
    kind: str
    number: str
    case_no: str | None
    at: datetime
    body: str
    digest: bytes
    units: frozenset[str]


def keep(
    connection: Connection,
    city_id: int,
    kind: str,
    number: str,
    frozen: tuple[str, bytes],
    at: datetime,
    by: int,
    case_id: int | None = None,
) -> int:
    """Stores a document; returns its own number. `frozen` is the text and its digest. A number that this kind has
    already had raises IntegrityError."""
    document_id = take_number(connection, city_id, COUNTER)
    body, digest = frozen
    row = {"city_id": city_id, "document_id": document_id, "kind": kind, "number": number, "case_id": case_id,
           "at": at, "by_id": by, "body": body, "digest": digest}  # fmt: skip
    connection.execute(insert(documents).values(row))
    return document_id


def document(connection: Connection, city_id: int, document_id: int) -> DocumentRow | None:
    d, c = documents.c, tables.cases.c
    mine = and_(c.city_id == d.city_id, c.case_id == d.case_id)
    question = (
        select(d.document_id, d.kind, d.number, c.case_no, d.at, d.body, d.digest, d.case_id)
        .select_from(documents.outerjoin(tables.cases, mine))
        .where(d.city_id == city_id, d.document_id == document_id)
    )
    row = connection.execute(question).first()
    if row is None:
        return None
    return DocumentRow(*row[:6], bytes(row[6]), units_of_case(connection, city_id, row[7]))


def made_since(connection: Connection, city_id: int, kind: str, since: datetime) -> list[tuple[int, str, str, bytes]]:
    """(own number, number as people write it, text, digest) of this kind's documents, the oldest first."""
    d = documents.c
    here = (d.city_id == city_id, d.kind == kind, d.at >= since)
    question = select(d.document_id, d.number, d.body, d.digest).where(*here).order_by(d.document_id)
    return [(own, number, body, bytes(digest)) for own, number, body, digest in connection.execute(question)]


def units_of_case(connection: Connection, city_id: int, case_id: int | None) -> frozenset[str]:
    """The keys of every unit that leads or assists in the case now."""
    w, u = tables.assignments.c, tables.units.c
    same = and_(u.city_id == w.city_id, u.unit_id == w.unit_id)
    question = (
        select(u.key)
        .select_from(tables.assignments.join(tables.units, same))
        .where(w.city_id == city_id, w.case_id == case_id, w.role != "informed")
        .where(w.end_reason.is_(None) | (w.end_reason == "closed"))
    )
    return frozenset(connection.scalars(question)) if case_id is not None else frozenset()


def category_facts(connection: Connection, city_id: int, category_id: int | None) -> tuple[str, str]:
    """Kind (part or event, "" where the class has none) and name of a class."""
    c = tables.categories.c
    row = connection.execute(select(c.kind, c.name).where(c.city_id == city_id, c.category_id == category_id)).first()
    return ("", "") if row is None else (row.kind or "", row.name)


def photos_of_the_report(connection: Connection, city_id: int, case_id: int) -> int:
    """How many photos came with the report and the verification."""
    c = photos.c
    question = select(func.count()).where(c.city_id == city_id, c.case_id == case_id, c.kind.in_(PHOTOS_OF_THE_REPORT))
    return connection.scalar(question) or 0


def next_of(connection: Connection, city_id: int, name: str) -> int:
    """The number a counter would give next; only shown, never promised: it is taken at the signing."""
    c = counters.c
    return (connection.scalar(select(c.last).where(c.city_id == city_id, c.name == name)) or 0) + 1
