"""领导批示: a leader's words on a case, with a deadline of its own (启东: 领导移动督办, domain research 2.3)."""

from dataclasses import dataclass
from datetime import datetime

from domain.city import City

LONGEST = 300
WHERE = "批示期限"


@dataclass(frozen=True)
class Standing:
    """An earlier instruction on the same case."""

    due: datetime
    met: datetime | None


@dataclass(frozen=True)
class InstructPaper:
    """What the leader sees: the case without house number or person, and the deadlines worth a button."""

    city: City
    now: datetime
    case_no: str
    version: int
    category: str
    place: str  # street and road
    unit: str
    state: str
    text: str
    due: str  # as chosen, local YYYY-MM-DDTHH:MM
    offered: tuple[datetime, ...]
    earlier: tuple[Standing, ...]
    error: str  # of the deadline
