"""回退: a unit says a case is not its own; the desk checks what can be checked and decides.

Return → decision → 案件移交单 only where the dispatcher was wrong, and then it does not count against the unit (汝州,
domain research 2.2 item 11); where responsibility is unclear the first unit handles the case first and all look at it
together (肃宁 Art. 19 and 20: 先解决问题, 后分清责任).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.documents import TransferSlip
from domain.indicators import Rate
from domain.reassignment import NewClock
from domain.refusals import Refusal


class Decision(StrEnum):
    """How a return is decided; the value is stored."""

    DISPATCHER_ERROR = "dispatcher_error"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class Finding(StrEnum):
    """What the system can compare a return with."""

    DUTIES = "duties"  # the city's own table: whose work this class is
    HISTORY = "history"  # who had such cases lately
    EARLIER = "earlier"  # other units that returned this case


DECISION_WORDS: Mapping[Decision, str] = {
    Decision.DISPATCHER_ERROR: "理由成立，派遣错误",
    Decision.REFUSED: "理由不成立，单位拒收",
    Decision.UNCLEAR: "责任不清",
}
JOINT_VISIT = timedelta(hours=48)
SPECIAL = 2  # from this many returns on a case is a 特殊案件 (汝州)
RARELY = Fraction(1, 10)  # a smaller part of such cases counts as: it hardly has them
LONGEST_NOTE = 300


def decision_of(text: str, where: str) -> Decision:
    """The decision as it was chosen. Raises Refusal without one."""
    try:
        return Decision(text)
    except ValueError:
        raise Refusal("没有选裁定结果", where, "请在三种裁定里选一种。") from None


@dataclass(frozen=True)
class Check:
    """One comparison. `supports`: it speaks for the unit's return; None = there is nothing to compare with."""

    finding: Finding
    supports: bool | None
    line: str


def checks(
    unit: str,
    usual: Mapping[str, float] | None,
    handled: Mapping[str, int],
    returned_by: Sequence[str],
    names: Mapping[str, str],
) -> tuple[Check, ...]:
    """The unit's return beside what is known: the table of duties (None = the city has none), who had such cases
    lately, and which other units have returned this case before. Facts, no verdict. Ours; 汝州 asks for 核实."""
    return (
        _by_duties(unit, usual, names),
        _by_history(unit, handled, names),
        _by_returns(unit, returned_by, names),
    )


def _by_duties(unit: str, usual: Mapping[str, float] | None, names: Mapping[str, str]) -> Check:
    if not usual:
        return Check(Finding.DUTIES, None, "职责表没有这一类别")
    listed = "、".join(names.get(key, key) for key in sorted(usual, key=lambda key: -usual[key])[:3])
    return Check(Finding.DUTIES, unit not in usual, f"职责表：这一类别由{listed}处置")


def _by_history(unit: str, handled: Mapping[str, int], names: Mapping[str, str]) -> Check:
    whole = sum(handled.values())
    if not whole:
        return Check(Finding.HISTORY, None, "近 90 日没有同类结案可比")
    mine = Fraction(handled.get(unit, 0), whole)
    return Check(
        Finding.HISTORY,
        mine < RARELY,
        f"近 90 日同类结案 {whole} 件，{names.get(unit, unit)}办 {handled.get(unit, 0)} 件",
    )


def _by_returns(unit: str, returned_by: Sequence[str], names: Mapping[str, str]) -> Check:
    others = [names.get(key, key) for key in dict.fromkeys(returned_by) if key != unit]
    if not others:
        return Check(Finding.EARLIER, None, "本案没有别的单位回退过")
    return Check(Finding.EARLIER, True, f"本案此前由{'、'.join(others)}回退过")


def verdict(found: Iterable[Check]) -> str:
    """How many comparisons speak for the unit, in words."""
    known = [check for check in found if check.supports is not None]
    if not known:
        return "没有可比对的事实"
    supporting = sum(check.supports is True for check in known)
    if supporting == len(known):
        return f"{supporting} 项与单位理由一致"
    return f"{len(known)} 项比对，{supporting} 项与单位理由一致"


@dataclass(frozen=True)
class ReturnSheet:
    """Everything the sheet of the decision says. Rates are before and after, None where nothing changes."""

    case_no: str
    version: int
    title: str
    place: str
    zone: ZoneInfo
    now: datetime
    unit: str  # name of the unit that returned it
    reason: str
    asked_at: datetime | None
    returns: int
    had_it: tuple[str, ...]
    reported: datetime
    found: tuple[Check, ...]
    decision: Decision | None  # nothing is chosen beforehand: it cannot be taken back
    chosen: str
    units: tuple[tuple[str, str, str], ...]  # key, name, its load: open / overdue
    note: str
    limit: str
    clock: NewClock
    signs: bool  # the person may sign: a duty chief
    endorsed: tuple[str, datetime] | None = None  # who endorsed it and when
    slip: TransferSlip | None = None
    return_rate: tuple[Rate, Rate] | None = None
    accuracy: tuple[Rate, Rate] | None = None
    why_not: str = ""


@dataclass(frozen=True)
class ReturnAsked:
    """The small sheet on which a unit returns a case."""

    case_no: str
    version: int
    title: str
    place: str
    unit: str
    reason: str
    returns: int
    zone: ZoneInfo
    due: datetime | None
    why_not: str = ""
