"""督办: a numbered notice to a unit with a deadline of its own; missed, it makes the case a candidate for exposure.

Source: 启东's report (督办通知单, then 督查曝光 for 不力、拖拉、推诿; domain research 2.3, item 10).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import WorkingTime, in_utc
from domain.documents import Supervision, short_moment
from domain.refusals import Refusal


class Reason(StrEnum):
    """Why a notice is sent; the value is stored."""

    OVERDUE = "overdue"
    FALSE_FEEDBACK = "false_feedback"
    SHIRKING = "shirking"
    DANGER = "danger"


class Standing(StrEnum):
    """Where a notice stands at an instant. It is worked out from its times and never stored."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    REPLACED = "replaced"  # by a later notice for the same case, before it was missed


REASON_WORDS: Mapping[Reason, str] = {
    Reason.OVERDUE: "超期未处置", Reason.FALSE_FEEDBACK: "反馈不实", Reason.SHIRKING: "推诿", Reason.DANGER: "安全隐患",
}  # fmt: skip
OPENINGS: Mapping[Reason, str] = {
    Reason.OVERDUE: "经查，下列案件已超过规定处置时限，至今未反馈处置结果。请于期限前办结并反馈。",
    Reason.FALSE_FEEDBACK: "经查，下列案件的反馈与现场情况不符。请于期限前重新处置并如实反馈。",
    Reason.SHIRKING: "经查，下列案件属你单位职责范围，至今未予处置。请于期限前办结并反馈。",
    Reason.DANGER: "经查，下列案件存在安全隐患。请立即消除隐患，并于期限前办结反馈。",
}
OPENING_NOT_DUE = "经查，下列案件至今未反馈处置结果。请于期限前办结并反馈。"  # 超期 is said only of what is overdue
_LAST_DEMAND = "逾期未办结的，按规定列入曝光候选。"
_DEMANDS: Mapping[Reason, tuple[str, str]] = {
    Reason.OVERDUE: ("立即到场处置，先消除安全隐患。", "期限前办结并上传处置后照片。"),
    Reason.FALSE_FEEDBACK: ("立即到场复核，按立案要求重新处置。", "期限前书面说明反馈不实的原因，并上传处置后照片。"),
    Reason.SHIRKING: ("立即到场处置，不得以责任不清为由拖延。", "期限前办结并上传处置后照片。"),
    Reason.DANGER: ("立即到场设置围挡，消除安全隐患。", "期限前完成处置并上传处置后照片。"),
}
LEAST_WORK = timedelta(hours=1)  # a shorter deadline is not offered; whoever wants one writes it
FURTHEST = timedelta(days=90)
LONGEST_DEMANDS = 300
ANSWER_WITHIN = timedelta(minutes=15)  # 签收回执


def usual_demands(reason: Reason, exposure: bool) -> str:
    """The demands that a notice of this kind begins with, one a line, to be changed by whoever writes it."""
    lines = [*_DEMANDS[reason], _LAST_DEMAND] if exposure else [*_DEMANDS[reason]]
    return "\n".join(f"{number}、{line}" for number, line in zip("一二三", lines, strict=False))


def opening_of(reason: Reason, overdue: bool) -> str:
    return OPENINGS[reason] if overdue or reason is not Reason.OVERDUE else OPENING_NOT_DUE


def standing(due: datetime, met: datetime | None, replaced: datetime | None, now: datetime) -> Standing:
    """Missed counts for good: a later notice, or handling after the deadline, does not take it back. Ours."""
    ends = [end for end in (met, replaced) if end is not None]
    if min([*ends, now]) > due:
        return Standing.MISSED
    if met is not None and (replaced is None or met <= replaced):
        return Standing.MET
    return Standing.RUNNING if replaced is None else Standing.REPLACED


@dataclass(frozen=True)
class Notice:
    """A stored notice. `replaced` is when a later one for the same case was signed."""

    number: str
    case_no: str
    title: str  # category and road
    unit: str
    issued: datetime
    due: datetime
    met: datetime | None = None
    replaced: datetime | None = None
    exposure: bool = True
    document: int | None = None

    def standing(self, now: datetime) -> Standing:
        return standing(self.due, self.met, self.replaced, now)

    def exposure_candidate(self, now: datetime) -> bool:
        """曝光候选: missed, and it said so beforehand. Exposure itself is decided elsewhere (启东: 督查曝光)."""
        return self.exposure and self.standing(now) is Standing.MISSED


def offered_deadlines(now: datetime, working: WorkingTime | None, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Three deadlines worth a button: the middle and the end of working stretches with an hour of work left, the last
    of them on another day. Without a working calendar: in two and four hours, and the next noon. Ours (mock-up:
    at 14:32 today 16:00, today 18:00, tomorrow 12:00).
    """
    if working is None:
        hour = now.astimezone(zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        noon = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(12), zone)
        return tuple(in_utc(moment) for moment in (hour + timedelta(hours=1), hour + timedelta(hours=3), noon))
    marks = _marks(now, working, zone)
    first, second = next(marks), next(marks)
    day = first.astimezone(zone).date()
    third = next(end for _, end in working.segments(second, None) if end.astimezone(zone).date() > day)
    return first, second, third


def _marks(now: datetime, working: WorkingTime, zone: ZoneInfo) -> Iterator[datetime]:
    """Middles and ends of the working stretches from now on that leave an hour of work."""
    for begin, end in working.segments(now, None):
        whole = next(stretch for stretch in working.stretches(begin.astimezone(zone).date()) if stretch[1] == end)
        for mark in (whole[0] + (whole[1] - whole[0]) / 2, end):
            if working.worked(now, mark) >= LEAST_WORK:
                yield mark


def read_deadline(
    text: str, now: datetime, working: WorkingTime | None, zone: ZoneInfo, where: str = "督办期限"
) -> datetime:
    """A deadline as written, local `YYYY-MM-DDTHH:MM`. Raises Refusal for one that is past, too far, or in a year
    whose working days nobody knows yet. `where` names it."""
    try:
        due = in_utc(datetime.fromisoformat(text).replace(tzinfo=zone))
    except (ValueError, OverflowError):  # in UTC the first and the last day there are may lie beyond them
        raise Refusal("看不懂这个期限", f"{where}：{text[:40]}", "请选一个期限，或按 年-月-日 时:分 填写。") from None
    at = f"{where}：{due.astimezone(zone).year}年{short_moment(due.astimezone(zone))}"
    if due <= now:
        raise Refusal(f"{where}已经过去", at, "请选一个晚于现在的期限。")
    if due - now > FURTHEST and (working is None or working.covers(now, due)):
        raise Refusal(f"{where}超过九十天", at, "请改短；需要更长时间的，请办理挂账。")
    if working is not None and not working.covers(now, due):
        raise Refusal("这一年的工作日历还没有公布", at, "请改在已有日历的年份内，或先由系统管理员补上日历。")
    return due


def work_left(now: datetime, due: datetime, working: WorkingTime | None) -> timedelta:
    """Working time until the deadline; without a calendar simply time."""
    return due - now if working is None else working.worked(now, due)


@dataclass(frozen=True)
class SuperviseSheet:
    """Everything the sheet says; times are local. `proposed`: who sent it to be signed and when."""

    case_no: str
    version: int
    title: str
    place: str
    unit: str
    now: datetime
    reason: Reason
    offered: tuple[datetime, ...]
    custom: bool
    due_text: str
    left: timedelta | None
    due_error: str
    demands: str
    copies: tuple[str, ...]
    copy_choices: tuple[tuple[str, str], ...]
    exposure: bool
    photos: int
    attach: bool
    running: tuple[Notice, ...]
    missed: tuple[Notice, ...]
    urged: str
    paper: Supervision
    by_calendar: bool
    signs: bool
    proposed: tuple[str, datetime] | None = None
    refusal: str = ""
    why_not: str = ""
