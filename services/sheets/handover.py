"""交接班: see services.handover."""

from collections.abc import Mapping
from typing import Any

from domain.handover import HandoverPaper
from domain.people import Person
from services.handover.shift import Shifts
from services.sheets.parts import SheetParts


def prepare(parts: SheetParts, person: Person, _case_no: str, fields: Mapping[str, Any]) -> HandoverPaper:
    """The shift of whoever asks, up to now."""
    return Shifts(parts.store, parts.city, parts.city_number, parts.clock).paper(person, fields)
