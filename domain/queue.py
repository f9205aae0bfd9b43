"""The desk's queue: which cases it lists, in which tab, in which order, and what a search finds.

Order and tabs after DESIGN_LANGUAGE 8 (queue row): by unit, the newest overdue first.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.alerts import Alert, Attention, CaseFacts
from domain.applications import Kind, State
from domain.life_cycle import Role, Stage

NO_UNIT = "-"  # DECISIONS 15


class Tab(StrEnum):
    DUE = "due"  # 超期与将到期, and every other alert
    RECEIVE = "receive"  # 待签收
    APPROVE = "approve"  # 待审批
    WATCH = "watch"  # 督办与承诺
    ALL = "all"


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a signature."""

    kind: Kind
    state: State


@dataclass(frozen=True)
class Entry:
    """A case as the queue knows it. Names are those of the city's lists; people are numbers.

    `units` are those that lead or assist: their users see the case. `words` is what a search looks at.
    """

    case_id: int
    case_no: str
    version: int
    stage: Stage
    facts: CaseFacts
    alerts: Mapping[Alert, datetime]
    attention: Attention
    calls_since: datetime | None
    unit: str = NO_UNIT
    units: frozenset[str] = frozenset()
    street: str = ""
    category: str = ""
    address: str = ""  # with its house number
    place: str = ""  # street and road
    limit_unit: str | None = None
    suspended_at: datetime | None = None
    provisional: bool = False
    urges: int = 0
    supervised: bool = False  # by a notice that is not met
    waiting: tuple[Waiting, ...] = ()
    words: str = field(default="", repr=False)

    @property
    def overdue(self) -> bool:
        return Alert.OVERDUE in self.alerts


@dataclass(frozen=True)
class Filters:
    """What a person has asked to see of a tab; empty = everything."""

    tab: Tab = Tab.DUE
    unit: str = ""
    alert: str = ""
    street: str = ""
    words: str = ""

    def given(self) -> tuple[str, ...]:
        """The names of the filters that are set, besides the tab."""
        return tuple(name for name in ("words", "alert", "street", "unit") if getattr(self, name))


@dataclass(frozen=True)
class Group:
    """The cases of one unit. Its head says once what concerns all of them."""

    unit: str
    entries: tuple[Entry, ...]
    overdue: int
    due_soon: int
    oldest_due: datetime | None  # of the overdue ones


def to_sign(entry: Entry, roles: Iterable[Role]) -> bool:
    """Whether something of the case waits for this person: a dispatcher endorses (初审), a duty chief decides (审签).

    A 回退 may be decided by the chief at once, a 督办 needs no 初审. Who signs nothing sees all that waits.
    Source: domain.applications and the two steps of 汝州 and 肃宁 (domain research 2.2, 2.4).
    """
    signers = {Role.DISPATCHER, Role.DUTY_CHIEF} & set(roles)
    pending = entry.waiting
    if entry.stage is Stage.RETURNED and all(one.kind is not Kind.RETURN for one in pending):
        pending = (*pending, Waiting(Kind.RETURN, State.ASKED))
    return any(not signers or signers & signed_by(one) for one in pending)


def signed_by(waiting: Waiting) -> frozenset[Role]:
    """Whose signature it waits for. Source: as `to_sign`."""
    if waiting.state is State.ENDORSED or waiting.kind is Kind.SUPERVISION:
        return frozenset({Role.DUTY_CHIEF})
    if waiting.kind is Kind.RETURN:
        return frozenset({Role.DISPATCHER, Role.DUTY_CHIEF})
    return frozenset({Role.DISPATCHER})


def in_tab(entry: Entry, tab: Tab, roles: Iterable[Role]) -> bool:
    if tab is Tab.DUE:
        return bool(entry.alerts)
    if tab is Tab.RECEIVE:
        return entry.stage is Stage.DISPATCHED
    if tab is Tab.APPROVE:
        return to_sign(entry, roles)
    if tab is Tab.WATCH:
        latest = entry.facts.latest
        return entry.supervised or (latest is not None and latest.promised_at is not None)
    return True


def plain_words(text: str) -> str:
    """As a search compares: full-width and half-width alike, capital letters or not."""
    return unicodedata.normalize("NFKC", text).casefold()


def chosen(entries: Iterable[Entry], filters: Filters, roles: Iterable[Role]) -> list[Entry]:
    """The entries of the tab that every filter lets through; of the words each has to be found."""
    words = plain_words(filters.words).split()
    held = tuple(roles)
    return [
        entry
        for entry in entries
        if in_tab(entry, filters.tab, held)
        and (not filters.unit or entry.unit == filters.unit)
        and (not filters.street or entry.street == filters.street)
        and (not filters.alert or filters.alert in entry.alerts)
        and all(word in entry.words for word in words)
    ]


def grouped(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """By unit: the one with the newest overdue case first, then the one whose case is due next.

    Inside: overdue ones, the newest first; then by the time they are due; then those without a running clock.
    """
    by_unit: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=_urgency):
        by_unit.setdefault(entry.unit, []).append(entry)
    groups = (_group(unit, rows) for unit, rows in by_unit.items())
    return tuple(sorted(groups, key=lambda group: (_urgency(group.entries[0])[:2], group.unit)))


def _group(unit: str, rows: Sequence[Entry]) -> Group:
    overdue = [row.facts.due for row in rows if row.overdue and row.facts.due is not None]
    soon = sum(Alert.DUE_SOON in row.alerts for row in rows)
    return Group(unit, tuple(rows), len(overdue), soon, min(overdue, default=None))


def _urgency(entry: Entry) -> tuple[int, float, str]:
    due = entry.facts.due
    if entry.overdue and due is not None:
        return 0, -due.timestamp(), entry.case_no
    if entry.facts.running and due is not None:
        return 1, due.timestamp(), entry.case_no
    return 2, 0.0, entry.case_no
