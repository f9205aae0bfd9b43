"""Applications on paper: the week's bundle of 汝州, each application printed once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, update

from data_access import tables
from data_access.applications import Application, application_of
from data_access.desk_tables import applications
from domain.applications import Kind


@dataclass(frozen=True)
class OnPaper:
    """An application with what a sheet of paper says of its case."""

    application: Application
    case_no: str
    category: str
    place: str


def for_paper(
    connection: Connection, city_id: int, kinds: Collection[Kind], before: datetime, *, locked: bool = False
) -> list[OnPaper]:
    """Applications asked before an instant that no bundle has printed yet, the oldest first. `locked` until the
    transaction ends, so that two bundles made at once do not share one."""
    c, of_case, of_class = applications.c, tables.cases.c, tables.categories.c
    joined = applications.join(
        tables.cases, and_(of_case.city_id == c.city_id, of_case.case_id == c.case_id)
    ).outerjoin(
        tables.categories, and_(of_class.city_id == of_case.city_id, of_class.category_id == of_case.category_id)
    )
    place = func.coalesce(of_case.address, of_case.road, "")
    columns = (of_case.case_no, of_class.name.label("category"), place.label("place"))
    question = (
        select(*applications.c, *columns)
        .select_from(joined)
        .where(c.city_id == city_id, c.paper_at.is_(None), c.asked_at < before)
        .where(c.kind.in_([kind.value for kind in kinds]))
        .order_by(c.application_id)
    )
    if locked:
        question = question.with_for_update(of=applications)
    found = []
    for row in connection.execute(question).mappings():
        plain = dict(row)
        words = (plain.pop("case_no"), plain.pop("category") or "", plain.pop("place"))
        found.append(OnPaper(application_of(plain), *words))
    return found


def put_on_paper(connection: Connection, city_id: int, numbers: Sequence[int], at: datetime) -> int:
    """Marks them as printed, once; returns how many had not been."""
    c = applications.c
    fresh = (c.city_id == city_id, c.application_id.in_(numbers), c.paper_at.is_(None))
    return connection.execute(update(applications).where(*fresh).values(paper_at=at)).rowcount
