"""The stretch of time a figure speaks about, and the instant from which it is looked at."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Window:
    """[start, end) as seen at `as_of`: nothing later than as_of is visible, stocks stand at as_of (DECISIONS 3, 9)."""

    start: datetime
    end: datetime
    as_of: datetime

    def __post_init__(self) -> None:
        if any(moment.tzinfo is None for moment in (self.start, self.end, self.as_of)):
            raise ValueError("a window needs times with their zone")

    @property
    def unfinished(self) -> bool:
        """The period's end still lies ahead: its closing state is the state at as_of."""
        return self.as_of < self.end
