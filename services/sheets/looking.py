"""A case as the desk's transaction sees it, read for a sheet: nothing is locked and nothing is written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from data_access.desk_case import case_row
from data_access.desk_writer import log_of
from data_access.keys import Keys
from domain.calendar import in_utc
from domain.life_cycle import AssignmentRole, Role
from domain.people import Person
from domain.replay import CaseState, state
from services.dispatch.commands import NotFound
from services.dispatch.rights import APPEALABLE
from services.dispatch.scene import Scene
from services.sheets.parts import SheetParts

USUAL = (Role.DISPATCHER, Role.DUTY_CHIEF)  # whose eyes a sheet is read with, where the person has several posts


@contextmanager
def looking(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> Iterator[Scene]:
    """The scene of a case for one sheet. Raises NotFound for a case that there is not, or that is another unit's."""
    with parts.store.picture() as connection:
        row = case_row(connection, parts.city_number, case_no)
        events = log_of(connection, parts.city_number, row["case_id"]) if row else []
        reached = state(events) if events else None
        if row is None or reached is None or not _may_see(person, reached):
            raise NotFound("没有这件案件，或不归您的单位", f"案件 {case_no[:40]}", "请核对案件号，或回到队列再选。")
        yield Scene(
            connection=connection,
            city=parts.city,
            city_number=parts.city_number,
            now=in_utc(parts.clock()),
            person=person,
            role=_role(person),
            fields=fields,
            working=parts.working,
            keys=Keys(connection, parts.city_number),
            case_id=row["case_id"],
            case=row,
            state=reached,
            events=events,
        )


def _may_see(person: Person, reached: CaseState) -> bool:
    if not person.of_a_unit_only:
        return True
    answering = (row for row in reached.assignments if row["role"] != AssignmentRole.INFORMED.value)
    return any(row["unit"] == person.unit and row["end_reason"] in APPEALABLE for row in answering)


def _role(person: Person) -> Role:
    return next((role for role in (*USUAL, *person.roles) if role in person.roles), Role.UNIT_USER)
