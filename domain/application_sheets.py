"""What the sheets of 延期, 挂账 and 申诉 show, as figures and instants; the words are the layouts'. Times are local."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.applications import Check, Kind
from domain.deadlines import Limit, Step
from domain.life_cycle import Action


class Mode(StrEnum):
    """What whoever opened the sheet can do with it."""

    APPLY = "apply"  # nothing waits: a new application
    ENDORSE = "endorse"
    DECIDE = "decide"
    READ = "read"  # it waits for somebody else


ACTION_OF = {
    (Kind.EXTENSION, Mode.APPLY): Action.APPLY_EXTENSION,
    (Kind.SUSPENSION, Mode.APPLY): Action.APPLY_SUSPENSION,
    (Kind.APPEAL, Mode.APPLY): Action.APPEAL,
    (Kind.EXTENSION, Mode.DECIDE): Action.EXTEND,
    (Kind.SUSPENSION, Mode.DECIDE): Action.SUSPEND,
    (Kind.APPEAL, Mode.DECIDE): Action.EXEMPT,
}


@dataclass(frozen=True)
class Signature:
    """One link of 审批链: whose signature, and when and by whom it was given."""

    step: str  # head | endorse | decide
    name: str = ""
    at: datetime | None = None
    current: bool = False


@dataclass(frozen=True)
class Asked:
    """The application as it was made. `written_by` is the desk's person who wrote it down for the unit."""

    unit: str
    at: datetime
    reason: str
    signed: bool
    attachments: int
    written_by: str = ""


@dataclass(frozen=True)
class SheetHead:
    """The case a sheet is about, and what can be done. `why_not` says why nothing can be submitted now."""

    kind: Kind
    mode: Mode
    case_no: str
    version: int
    category: str
    place: str
    unit: str
    today: date
    asked: Asked | None = None
    chain: tuple[Signature, ...] = ()
    place_in_line: tuple[int, int] = (0, 0)  # of all that wait, by due time
    why_not: str = ""
    may_refuse: bool = False
    may_switch: bool = False  # 改为挂账, 改为延期: a dispatcher files the other one for the unit
    photos: tuple[tuple[int, str], ...] = ()  # of the case, which may be attached: number and kind
    fields: Mapping[str, str] = field(default_factory=dict)
    of_unit: str = ""  # key of the unit that appeals, while its appeal waits: several units' may

    @property
    def action(self) -> str:
        if self.mode is Mode.ENDORSE:
            return Action.ENDORSE.value
        found = ACTION_OF.get((self.kind, self.mode))
        return "" if found is None else found.value


@dataclass(frozen=True)
class Arithmetic:
    """A deadline's lines: the limit's, then those of what is added. Instants are local."""

    limit: Limit | None
    steps: tuple[Step, ...]
    due: datetime | None
    added: Limit | None = None
    more_steps: tuple[Step, ...] = ()
    new_due: datetime | None = None
    provisional: bool = False


@dataclass(frozen=True)
class ExtensionSheet:
    """延期: `most` is what may be granted at most, `by` what is chosen; `left` is on the limit's own clock, negative
    when overdue."""

    head: SheetHead
    most: Limit | None
    offers: tuple[Limit, ...]
    by: Limit | None
    arithmetic: Arithmetic
    checks: tuple[Check, ...]
    left: timedelta | None
    new_left: timedelta | None
    extended: tuple[int, int]  # of the unit in the period, before and after
    calendar_year: int | None = None
    periods: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Before:
    """An earlier suspension at the same place."""

    since: date
    until: date | None
    reason: str


@dataclass(frozen=True)
class Stakes:
    """A unit's month if the case were overdue and open at its end, and with it suspended: closure_due, rate, score."""

    closure_due: tuple[int, int]
    on_time: tuple[Fraction | None, Fraction | None]
    score: tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class SuspensionSheet:
    """挂账: review and resume are local days."""

    head: SheetHead
    ground: str
    review: date
    resume: date | None
    measures: str
    checks: tuple[Check, ...]
    before: tuple[Before, ...]
    used: timedelta | None  # of the clock so far
    stops_at: timedelta | None  # where it stands if granted: at the application
    unit_suspended: tuple[int, int]
    rate: tuple[Fraction, Fraction] | None  # 挂账率 of the unit before and after
    rate_line: Fraction | None  # where the city's watch list draws it
    city_suspended: tuple[int, int]
    stakes: Stakes | None


@dataclass(frozen=True)
class AppealSheet:
    """申诉: the facts it is about, which stay, and the unit's score of the month with and without the case."""

    head: SheetHead
    overdue_by: timedelta | None
    reworks: int
    month: date | None  # in whose figures the case is
    score: tuple[Fraction | None, Fraction | None]
    rank: tuple[int | None, int | None]
