"""快速录入: see services.entry."""

from collections.abc import Mapping
from typing import Any

from domain.entry import EntryPaper
from domain.people import Person
from services.sheets.parts import SheetParts


def prepare(parts: SheetParts, _person: Person, _case_no: str, fields: Mapping[str, Any]) -> EntryPaper:
    """It belongs to no case yet."""
    return parts.entries.paper(fields)
