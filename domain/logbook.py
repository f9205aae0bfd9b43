"""The log as the audit administrator reads it: acts on cases and audit entries as one list, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.audit import Break

PER_PAGE = 12
DAYS = 30
FILTERS = ("all", "cases", "people", "settings", "refused")
PEOPLE_ACTIONS = (
    "sign_in", "sign_out", "choose_password", "change_password", "add_user", "reset_password", "disable_user",
    "enable_user", "unlock_user", "propose_posts", "confirm_posts", "refuse_posts", "export_users",
)  # fmt: skip


@dataclass(frozen=True)
class LogRow:
    """One line. `case_id` is None for an audit entry; `number` is its version in the case, or its number in the log."""

    case_id: int | None
    number: int
    at: datetime
    who: str  # a person's name, or what was written where there is none
    post: str  # in which the person acted
    action: str
    about: str
    refused: bool
    detail: Mapping[str, Any]
    hash: bytes

    @property
    def key(self) -> str:
        return f"{self.case_id or '-'}/{self.number}"


@dataclass(frozen=True)
class Link:
    """A neighbour in the chain."""

    at: datetime
    hash: bytes


@dataclass(frozen=True)
class LogEntry:
    """One line with its neighbours; `whole`: the hash recomputed is the hash stored."""

    row: LogRow
    before: Link | None
    after: Link | None
    whole: bool


@dataclass(frozen=True)
class ChainState:
    """The audit log's chain as it was last recomputed."""

    entries: int
    checked_at: datetime
    broken: Break | None
    refused_today: int
    sealed: frozenset[date]  # of the last DAYS days
    today: date
