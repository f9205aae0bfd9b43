"""What a click asks for and what it is answered: the contract between the desk's surfaces and its one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.life_cycle import Action
from domain.refusals import Refusal


@dataclass(frozen=True)
class Command:
    """One click. `key` is made once per click by whoever shows the button: 8 to 64 letters, digits or hyphens.

    `version` is the one the person looked at. `fields` are those of the action, as documented where it is built.
    """

    case_no: str
    action: Action
    key: str
    version: int
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What was written. `repeated`: this key had been answered before, and nothing was written again."""

    case_no: str
    action: Action
    version: int
    at: datetime
    sentence: str  # what happened, in words for the person who clicked
    notices: int = 0  # owed to others from this action
    document: int | None = None  # the number of the document it made
    repeated: bool = False


@dataclass(frozen=True)
class Change:
    """One field in which the winner's action and the refused one differ."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Winner:
    """Who was first: `name` and post for the person, action and time of what was done, and the version it made."""

    name: str
    post: str
    action: Action
    at: datetime
    version: int
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """Of one case in an act on many: `done`, or why not. One case's refusal leaves the others as they are."""

    case_no: str
    done: Done | None = None
    refusal: Refusal | None = None


class Conflict(Refusal):
    """Somebody else was first, or is on the case. Nothing was written and nobody was told (HTTP 409)."""

    def __init__(
        self,
        what: str,
        where: str,
        then: str,
        *,
        winners: tuple[Winner, ...] = (),
        changes: tuple[Change, ...] = (),
        version: int = 0,
        held_by: str = "",
    ) -> None:
        super().__init__(what, where, then)
        self.winners, self.changes, self.version, self.held_by = winners, changes, version, held_by


class NotAllowed(Refusal):
    """The person's posts do not allow it, or the case is another unit's (HTTP 403)."""


class Down(Refusal):
    """The desk cannot write now: the database does not answer, or the clock stands still (HTTP 503)."""


class NotFound(Refusal):
    """No such case for this person (HTTP 404)."""
