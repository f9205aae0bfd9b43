"""What app.py hands to everybody: settings and the clock. Stores are opened by whoever needs one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from data_access.store import Store
from services.stores import open_store

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Parts:
    """`clock` gives the city's now, an aware instant; `real_clock` runs on also where that one stands still."""

    settings: Settings
    clock: Clock
    real_clock: Clock
    frozen_at: datetime | None = None  # the instant of a frozen replay (serve --as-of)

    def open_store(self, city: str, *, create: bool = True, busy_s: float = 30.0) -> Store:
        """The database that holds this city; raises Refusal when it cannot be used.

        `busy_s` is how long a write waits for another process's on SQLite.
        """
        return open_store(self.settings.database_of(city), self.real_clock(), create=create, busy_s=busy_s)
