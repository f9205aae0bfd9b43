"""改派, 双派, 多派: why a case goes to another unit, what that does to the clocks, and which unit fits best.

A reassigned case has a new clock and the whole elapsed time never stops (DECISIONS 5); only the dispatcher's confirmed
error frees the old unit (DECISIONS 6, 汝州's 案件移交单). How the picture's 时限不重置 is read: docs/adr/0009.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.deadlines import Limit
from domain.documents import TransferSlip
from domain.indicators import Rate
from domain.life_cycle import EndReason
from domain.refusals import Refusal


class Way(StrEnum):
    """What the sheet does: another unit leads, one unit helps, or several do."""

    REASSIGN = "reassign"  # 改派
    PAIR = "pair"  # 双派
    MANY = "many"  # 多派


class Reason(StrEnum):
    """Why a case is reassigned; the value is stored."""

    DISPATCHER_ERROR = "dispatcher_error"
    DUTY_CHANGED = "duty_changed"
    CAPACITY = "capacity"  # never a reassignment: the unit keeps the case and is helped (双派)


END_REASONS: Mapping[Reason, EndReason] = {
    Reason.DISPATCHER_ERROR: EndReason.DISPATCHER_ERROR,
    Reason.DUTY_CHANGED: EndReason.REASSIGNED,
}
REASON_WORDS: Mapping[Reason, str] = {
    Reason.DISPATCHER_ERROR: "派遣错误", Reason.DUTY_CHANGED: "责任变更", Reason.CAPACITY: "能力不足",
}  # fmt: skip
LONGEST_NOTE = 300
SHOWN = 5  # units in the table; others are found by name


def end_reason(text: str, where: str) -> tuple[Reason, EndReason]:
    """The reason as it was chosen, and how the old assignment ends. Raises Refusal without one, and for 能力不足."""
    try:
        reason = Reason(text)
    except ValueError:
        raise Refusal("改派没有选原因", where, "请选派遣错误或责任变更；原因决定计时规则。") from None
    if reason is Reason.CAPACITY:
        raise Refusal("能力不足不能改派", where, "请改用双派：原单位仍为主办，支援单位为协办。")
    return reason, END_REASONS[reason]


@dataclass(frozen=True)
class Candidate:
    """A unit that could have the case, and its load. `usual`: how far such cases are its work by the city's own table
    of duties, `share`: of such cases closed lately, the part it had; 0 … 1 each."""

    key: str
    name: str
    open: int = 0
    overdue: int = 0
    longest_overdue: timedelta = timedelta()
    within_two_hours: int = 0
    receive_minutes: int | None = None  # 平均签收 of the month; None = nothing received
    rework: Fraction | None = None
    usual: float = 0.0
    share: Fraction = Fraction()
    leads: bool = False
    takes_part: bool = False  # assists or is informed

    @property
    def match(self) -> float:
        return self.usual + float(self.share)


def ranked(candidates: Iterable[Candidate], found: str = "", kept: Iterable[str] = ()) -> tuple[Candidate, ...]:
    """The units a person chooses from: best match first, the current unit second, then the next best; ties by fewer
    overdue and fewer open cases. With words to look for, only units whose name holds them. `kept` stay in sight."""
    order = sorted(candidates, key=lambda unit: (-unit.match, unit.overdue, unit.open, unit.key))
    kept = frozenset(kept)
    if found.strip():
        return tuple(unit for unit in order if found.strip() in unit.name or unit.key in kept)[: SHOWN + len(kept)]
    leading = [unit for unit in order if unit.leads]
    others = [unit for unit in order if not unit.leads]
    placed = [*others[:1], *leading, *others[1:]]
    return tuple(placed[:SHOWN]) + tuple(unit for unit in placed[SHOWN:] if unit.key in kept)


@dataclass(frozen=True)
class NewClock:
    """What a unit would get: its limit from now on."""

    start: datetime
    due: datetime | None
    provisional: bool = False


@dataclass(frozen=True)
class ReassignSheet:
    """Everything the sheet says. `accuracy`: before and after, None where nothing changes."""

    case_no: str
    version: int
    title: str
    place: str
    zone: ZoneInfo
    now: datetime
    way: Way
    reason: Reason | None
    note: str
    found: str
    chosen: tuple[str, ...]
    informed: tuple[str, ...]
    role: str  # of the second unit in 双派: assist or informed
    lead: str  # name of the unit that leads
    limit: Limit | None
    started: datetime | None  # the clock of the unit that leads
    due: datetime | None
    handled: bool
    reported: datetime
    candidates: tuple[Candidate, ...]
    units: tuple[tuple[str, str], ...]  # key and name of every unit
    clock: NewClock | None = None
    accuracy: tuple[Rate, Rate] | None = None
    slip: TransferSlip | None = None
    why_not: str = ""

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.now > self.due and not self.handled

    @property
    def targets(self) -> Sequence[Candidate]:
        return [unit for unit in self.candidates if unit.key in self.chosen]
