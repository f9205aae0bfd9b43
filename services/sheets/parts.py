"""What every sheet may read by. A sheet is computed anew at every change, in a read transaction, and writes nothing."""

from dataclasses import dataclass
from functools import cached_property

from data_access.store import Store
from domain.calendar import WorkingTime
from domain.city import City
from services.entry.paper import Entries
from services.parts import Clock


@dataclass(frozen=True)
class SheetParts:
    """`working` is None where the city has no calendar for working time."""

    store: Store
    city: City
    city_number: int
    clock: Clock
    working: WorkingTime | None

    @cached_property
    def entries(self) -> Entries:
        """The quick entry's papers; it keeps the city's places between two changes."""
        return Entries(self.store, self.city, self.city_number, self.clock, self.working)
