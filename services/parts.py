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
    """`clock` gives an aware instant. In a frozen replay it always gives the same one."""

    settings: Settings
    clock: Clock

    def open_store(self, *, create: bool = True) -> Store:
        """The configured database; raises Refusal when it cannot be used."""
        return open_store(self.settings.database_url, self.clock(), create=create)
