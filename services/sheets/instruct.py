"""领导批示: see services.instructions."""

from collections.abc import Mapping
from typing import Any

from domain.instructions import InstructPaper
from domain.people import Person
from services.instructions import paper
from services.sheets.parts import SheetParts


def prepare(parts: SheetParts, _person: Person, case_no: str, fields: Mapping[str, Any]) -> InstructPaper:
    return paper(parts.store, parts.city, parts.city_number, parts.clock(), parts.working, case_no, fields)
