"""督办通知单 as rows, and what is known of the notices of a unit, a case or the city."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from data_access import tables
from data_access.counters import take_number
from data_access.desk_tables import supervisions
from domain.life_cycle import FREED, EndReason
from domain.supervision import Notice

COUNTER = "supervisions"
NOTICE = "notice"


def issue(
    connection: Connection,
    city_id: int,
    case_id: int,
    number: str,
    unit_id: int | None,
    at: datetime,
    by: int,
    due: datetime,
    exposure: bool,
    document_id: int,
) -> int:
    """A signed notice; an earlier one for the same case that is not met is marked as replaced by it."""
    supervision_id = take_number(connection, city_id, COUNTER)
    row = {"city_id": city_id, "supervision_id": supervision_id, "case_id": case_id, "kind": NOTICE, "number": number,
           "unit_id": unit_id, "issued_at": at, "issued_by": by, "due_at": due, "exposure": exposure,
           "document_id": document_id}  # fmt: skip
    c = supervisions.c
    earlier = (c.city_id == city_id, c.case_id == case_id, c.kind == NOTICE, c.met_at.is_(None))
    connection.execute(update(supervisions).where(*earlier, c.replaced_by.is_(None)).values(replaced_by=supervision_id))
    connection.execute(insert(supervisions).values(row))
    return supervision_id


def of_unit(connection: Connection, city_id: int, unit_id: int) -> list[Notice]:
    """The unit's notices that are neither met nor replaced, the earliest due first."""
    c = supervisions.c
    return _found(connection, city_id, c.unit_id == unit_id, c.met_at.is_(None), c.replaced_by.is_(None))


def of_case(connection: Connection, city_id: int, case_id: int) -> list[Notice]:
    """Every notice of a case, the earliest due first."""
    return _found(connection, city_id, supervisions.c.case_id == case_id)


def issued_before(connection: Connection, city_id: int, end: datetime) -> list[Notice]:
    """Every notice of the city that was signed before then, the earliest due first."""
    return _found(connection, city_id, supervisions.c.issued_at < end)


def candidates(connection: Connection, city_id: int, since: datetime, now: datetime) -> Sequence[Notice]:
    """曝光候选 among the notices due since then: a derived state, worked out from each notice's times. A case that is
    void is nobody's to handle, and what was taken from a unit before the notice ran out, or by the dispatcher's error,
    is no longer that unit's (DECISIONS 6)."""
    c = supervisions.c
    living = tables.cases.c.voided_at.is_(None)
    threatened = _found(connection, city_id, c.exposure, c.due_at >= since, c.due_at < now, living, _answered_for())
    return [notice for notice in threatened if notice.exposure_candidate(now)]


def _answered_for() -> ColumnElement[bool]:
    """The unit still has the case, closed it, or had it when the notice ran out."""
    s, work = supervisions.c, tables.assignments.c
    too_late = and_(work.ended_at >= s.due_at, work.end_reason.not_in([reason.value for reason in FREED]))
    own = or_(work.ended_at.is_(None), work.end_reason == EndReason.CLOSED.value, too_late)
    return exists().where(work.city_id == s.city_id, work.case_id == s.case_id, work.unit_id == s.unit_id, own)


def _found(connection: Connection, city_id: int, *where: ColumnElement[bool]) -> list[Notice]:
    s, later, c = supervisions.c, supervisions.alias("later"), tables.cases.c
    u, k = tables.units.c, tables.categories.c
    joined = (
        supervisions.join(tables.cases, and_(c.city_id == s.city_id, c.case_id == s.case_id))
        .outerjoin(tables.units, and_(u.city_id == s.city_id, u.unit_id == s.unit_id))
        .outerjoin(tables.categories, and_(k.city_id == s.city_id, k.category_id == c.category_id))
        .outerjoin(later, and_(later.c.city_id == s.city_id, later.c.supervision_id == s.replaced_by))
    )
    question = (
        select(s.number, c.case_no, k.name.label("category"), c.road, c.address, u.key.label("unit"), s.issued_at,
               s.due_at, s.met_at, later.c.issued_at.label("replaced"), s.exposure, s.document_id)
        .select_from(joined)
        .where(s.city_id == city_id, s.kind == NOTICE, *where)
        .order_by(s.due_at, s.supervision_id)
    )  # fmt: skip
    return [
        Notice(
            number=row.number or "",
            case_no=row.case_no,
            title="，".join(word for word in (row.category, row.road or row.address) if word),
            unit=row.unit or "",
            issued=row.issued_at,
            due=row.due_at,
            met=row.met_at,
            replaced=row.replaced,
            exposure=row.exposure,
            document=row.document_id,
        )
        for row in connection.execute(question)
    ]
