"""Applications of units and what is checked before they are granted: 延期, 挂账, 申诉 (and 回退, 督办送签 as kinds).

Two steps: a dispatcher endorses (初审), the duty chief decides (审签); the one who decides neither asked nor endorsed.
The clock runs on until the decision, which then holds from the application on (reading o of domain research 2.4.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.city import ExtensionLimits
from domain.deadlines import Limit, LimitUnit
from domain.life_cycle import Action
from domain.refusals import Refusal
from domain.running_clock import same_clock


class Kind(StrEnum):
    """What is applied for; the value is stored."""

    EXTENSION = "extension"  # 延期
    SUSPENSION = "suspension"  # 挂账, 缓办
    RETURN = "return"  # 回退
    APPEAL = "appeal"  # 申诉
    SUPERVISION = "supervision"  # 督办 to be signed


class State(StrEnum):
    ASKED = "asked"
    ENDORSED = "endorsed"
    GRANTED = "granted"
    REFUSED = "refused"


class Rule(StrEnum):
    """What is checked; the value names the phrase that says it."""

    FACTOR = "factor"
    TIMES = "times"
    BEFORE_DUE = "before_due"
    SHARE = "share"
    GROUNDS = "grounds"
    MEASURES = "measures"
    SAME_PLACE = "same_place"
    SIGNED = "signed"


class Ground(StrEnum):
    """Why a case is suspended: what the unit cannot overcome by itself (mock-up; 肃宁 Art. 27 names no list)."""

    FUNDS = "funds"
    OWNERSHIP = "ownership"
    CONDITIONS = "conditions"
    OTHER_DISTRICTS = "other_districts"


NONE = Fraction()
PENDING = (State.ASKED, State.ENDORSED)
ASKS = {
    Action.APPLY_EXTENSION: Kind.EXTENSION,
    Action.APPLY_SUSPENSION: Kind.SUSPENSION,
    Action.APPEAL: Kind.APPEAL,
}
KIND_WORDS: Mapping[Kind, str] = {
    Kind.EXTENSION: "延期申请", Kind.SUSPENSION: "挂账申请", Kind.RETURN: "回退申请", Kind.APPEAL: "申诉",
    Kind.SUPERVISION: "督办送签",
}  # fmt: skip
GROUND_WORDS: Mapping[Ground, str] = {
    Ground.FUNDS: "资金未落实", Ground.OWNERSHIP: "产权有争议", Ground.CONDITIONS: "施工条件不具备",
    Ground.OTHER_DISTRICTS: "跨区协调",
}  # fmt: skip
UNIT_WORDS: Mapping[LimitUnit, str] = {
    LimitUnit.WORK_HOURS: "工作时", LimitUnit.WORK_DAYS: "工作日", LimitUnit.URGENT_HOURS: "紧急工作时",
    LimitUnit.NATURAL_DAYS: "自然日",
}  # fmt: skip
SAME_PLACE_WITHIN = timedelta(days=90)
REVIEW_REMINDER = timedelta(days=3)  # before the review of a suspension is due
USUAL_REVIEW = timedelta(days=30)


@dataclass(frozen=True)
class Check:
    """A limit and how the application stands to it: part ÷ whole against `ceiling`, or `spare` time before an instant.

    A hard one that fails refuses; a soft one warns, and whoever agrees has to say why.
    """

    rule: Rule
    ok: bool
    hard: bool
    part: Fraction = NONE
    whole: Fraction = Fraction(1)
    ceiling: Fraction | None = None
    earlier: Fraction = NONE  # of `part`: what was granted before
    spare: timedelta = timedelta()

    @property
    def value(self) -> Fraction | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class ExtensionAsked:
    """The facts an extension is checked by. `share`: cases of the unit in the period for which an extension was asked,
    this one among them, and cases registered to it."""

    limit: Limit
    by: Limit
    asked_at: datetime
    due: datetime | None  # before the extension
    added: Limit | None = None  # earlier extensions of the same clock
    times: int = 0  # extensions of the case before
    share: tuple[int, int] = (0, 0)


def extension_checks(limits: ExtensionLimits, asked: ExtensionAsked) -> tuple[Check, ...]:
    """Every limit the city has for 延期, in the order in which they are shown.

    Source: 肃宁 Art. 27; readings l (soft, per unit and period, applications ÷ cases registered to the unit), m (all
    added time together) and o (asked before it was overdue, after 运城) of domain research 2.4.3.
    """
    checks = []
    if limits.max_factor is not None:
        earlier = _hours(asked.added.amount) if asked.added else Fraction()
        part, whole = earlier + _hours(asked.by.amount), _hours(asked.limit.amount)
        ok = part <= limits.max_factor * whole
        checks.append(Check(Rule.FACTOR, ok, True, part, whole, limits.max_factor, earlier))
    if limits.warn_share is not None:
        part, whole = Fraction(asked.share[0]), Fraction(asked.share[1])
        checks.append(Check(Rule.SHARE, part <= limits.warn_share * whole, False, part, whole, limits.warn_share))
    checks.append(_before_due(asked.asked_at, asked.due, hard=True))
    if limits.max_times is not None:
        most = Fraction(limits.max_times)
        checks.append(Check(Rule.TIMES, asked.times < most, True, Fraction(asked.times), most, Fraction(1)))
    return tuple(checks)


def suspension_checks(
    attachments: int, measures: str, asked_at: datetime, due: datetime | None, before: int
) -> tuple[Check, ...]:
    """What 挂账 is weighed by; all soft, for conditions on the ground decide. `before`: suspensions at the same place
    within 90 days. Ours: 肃宁 Art. 27 and 汝州 name the approval and no conditions."""
    return (
        Check(Rule.GROUNDS, attachments > 0, False, Fraction(attachments)),
        Check(Rule.MEASURES, bool(measures.strip()), False),
        Check(Rule.SAME_PLACE, before == 0, False, Fraction(before)),
        _before_due(asked_at, due, hard=False),
    )


def signature_check(signed: bool) -> tuple[Check, ...]:
    """An application without the signature of the unit's head (肃宁 Art. 21) is told of; with it nothing is to tell."""
    return () if signed else (Check(Rule.SIGNED, False, False),)


def _before_due(asked_at: datetime, due: datetime | None, hard: bool) -> Check:
    spare = timedelta() if due is None else due - asked_at
    return Check(Rule.BEFORE_DUE, spare >= timedelta(), hard, spare=spare)


REASONS: Mapping[Rule, tuple[str, str]] = {
    Rule.FACTOR: ("延长时间超过原时限的倍数上限", "请改短延长时间；以前已批的也计在内。"),
    Rule.TIMES: ("这件案件的延期次数已到上限", "不能再延期；确有困难的请申请挂账。"),
    Rule.BEFORE_DUE: ("申请时已经超期", "延期要在到期前申请；对超期有异议的，请结案后申诉。"),
    Rule.SHARE: ("该单位本期延期申请超过立案数的警戒线", "请在意见里写明为什么仍同意。"),
    Rule.GROUNDS: ("没有证明客观条件的附件", "请补上附件，或在意见里写明为什么仍同意。"),
    Rule.MEASURES: ("没有写明现场安全措施的责任人", "请补上责任人，或在意见里写明为什么仍同意。"),
    Rule.SIGNED: ("申请还没有单位负责人签字", "请补签字，或在意见里写明为什么先予受理。"),
    Rule.SAME_PLACE: ("同一位置 90 日内曾挂账", "请在意见里写明这次有什么不同。"),
}


def hold_to(checks: Iterable[Check], note: str, where: str) -> None:
    """Raises Refusal for a hard limit that is broken, and for a soft one when `note` gives no reason."""
    for check in checks:
        if not check.ok and (check.hard or not note.strip()):
            what, then = REASONS[check.rule]
            raise Refusal(what, where, then)


def amount(text: str, limit: Limit, where: str) -> Limit:
    """The time asked for or granted, as written. Raises Refusal when it is none, or is on another clock than the
    limit: a share of the limit could then not be told. Source: 肃宁 Art. 27."""
    by = Limit.parse(text)
    if not same_clock(by, limit):
        raise Refusal(f"{in_words(by)}与原时限 {in_words(limit)} 不是同一种计时", where, "请按原时限的计时填写。")
    return by


def cut(asked: Limit, granted: Limit, where: str) -> Limit:
    """What is granted of what was asked: it may be less, never more. Ours: 批准时长可减不可增."""
    if granted.amount > asked.amount:
        raise Refusal(f"批准时长 {in_words(granted)} 超过申请的 {in_words(asked)}", where, "批准时长可减不可增。")
    return granted


def other_person(decides: int, *before: int | None) -> None:
    """Raises Refusal when who decides has asked or endorsed before: two steps are two people."""
    if decides in before:
        raise Refusal("申请、初审和审签不能是同一个人", "审签人", "请由另一位值班长审签。")


def in_words(limit: Limit) -> str:
    """`6 工作时`."""
    digits = f"{float(limit.value):.2f}".rstrip("0").rstrip(".")
    return f"{digits} {UNIT_WORDS[limit.unit]}"


def _hours(amount: timedelta) -> Fraction:
    return Fraction(amount // timedelta(microseconds=1), 3_600_000_000)
