"""What an act may look at, and what it gives back: the contract between the desk's transaction and its acts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access.desk_writer import StoredEvent
from data_access.keys import Keys
from domain.calendar import WorkingTime
from domain.city import City
from domain.life_cycle import Action, Role
from domain.people import Person
from domain.replay import CaseState

NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True)
class Opening:
    """The write transaction of a case that does not exist yet. `now` is UTC, what happens and is recorded now."""

    connection: Connection
    city: City
    city_number: int
    now: datetime
    person: Person
    role: Role  # the one acted in
    fields: Mapping[str, Any]
    working: WorkingTime | None
    keys: Keys


@dataclass(frozen=True)
class Scene(Opening):
    """The write transaction of an act on a case, whose row is locked until the commit.

    `case` is the row as stored, `state` and `events` are what its log tells, units and classes by their keys.
    """

    case_id: int
    case: Mapping[str, Any]
    state: CaseState
    events: Sequence[StoredEvent]

    @property
    def where(self) -> str:
        """Which case, for the second part of a refusal."""
        return f"案件 {self.case['case_no']}"

    @property
    def unit(self) -> str | None:
        """The key of the unit that leads, None while nobody has the case."""
        unit: str | None = self.state.case["unit"]
        return unit


@dataclass(frozen=True)
class Step:
    """One event: what happens to the case, and what it says."""

    action: Action
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """A notice that the act owes somebody: `unit:<key>`, `post:<post>` or `user:<number>`."""

    kind: str
    recipient: str
    title: str
    text: str
    urgent: bool = False


@dataclass(frozen=True)
class Deed:
    """What an act does: its steps are one transaction, a version each.

    `besides(connection, version)` writes whatever else belongs to it, after the case, and gives the number of the
    document it made, if any.
    """

    steps: tuple[Step, ...]
    sentence: str  # what happened, in Chinese
    notices: tuple[Owed, ...] = ()
    besides: Callable[[Connection, int], int | None] | None = None


@dataclass(frozen=True)
class Birth:
    """A new case, its first step the report; `besides(connection, case number in the database, version)`."""

    steps: tuple[Step, ...]
    sentence: str
    notices: tuple[Owed, ...] = ()
    besides: Callable[[Connection, int, int], int | None] | None = None


Act = Callable[[Scene], Deed]  # raises Refusal for what cannot be done; nothing is written then
Begin = Callable[[Opening], Birth]
