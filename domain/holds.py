"""Who is on a case (锁定): a lease of five minutes, renewed by activity. It keeps two people from starting the same
thing; what makes an act happen once is the version check, never the hold.

Source of the five minutes and of 释放 and 申请接管: the house's design language, section 8.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.refusals import Refusal

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Hold:
    """Somebody's lease. `asked_by` has asked to take over."""

    user_id: int
    since: datetime
    until: datetime
    asked_by: int | None = None
    asked_at: datetime | None = None

    def active(self, now: datetime) -> bool:
        return now < self.until

    def keeps_out(self, user_id: int, now: datetime) -> bool:
        return self.user_id != user_id and self.active(now)


class HeldByAnother(Refusal):
    """Somebody else is on the case. `user_id` is the one."""

    def __init__(self, user_id: int) -> None:
        super().__init__("案件正由别人办理", "锁定", "可以申请接管，或等对方释放；五分钟没有动作锁定自动失效。")
        self.user_id = user_id


def taken(hold: Hold | None, user_id: int, now: datetime) -> Hold:
    """The hold after this person opened the case; one's own is renewed. Raises HeldByAnother."""
    if hold is not None and hold.keeps_out(user_id, now):
        raise HeldByAnother(hold.user_id)
    if hold is not None and hold.user_id == user_id and hold.active(now):
        return replace(hold, until=now + LEASE)
    return Hold(user_id, now, now + LEASE)


def renewed(hold: Hold | None, user_id: int, now: datetime) -> Hold | None:
    """The hold after its holder did something; anybody else's, or one that has lapsed, stays as it is."""
    if hold is None or hold.user_id != user_id or not hold.active(now):
        return hold
    return replace(hold, until=now + LEASE)


def asked(hold: Hold | None, user_id: int, now: datetime) -> Hold:
    """申请接管. Where nobody is on the case any more, it is simply taken."""
    if hold is None or not hold.keeps_out(user_id, now):
        return taken(hold, user_id, now)
    if hold.asked_by == user_id:
        return hold
    return replace(hold, asked_by=user_id, asked_at=now)


def handed_over(hold: Hold | None, user_id: int, now: datetime) -> Hold:
    """The holder lets the one who asked have it. Raises Refusal when there is nothing to hand over."""
    if hold is None or hold.user_id != user_id or not hold.active(now):
        raise Refusal("锁定已经不在您这里", "移交锁定", "请刷新案件后再看。")
    if hold.asked_by is None:
        raise Refusal("没有人申请接管", "移交锁定", "不再办理的，请直接释放。")
    return Hold(hold.asked_by, now, now + LEASE)


def released(hold: Hold | None, user_id: int, now: datetime) -> Hold | None:
    """Nobody's, where it was this person's; another's stays."""
    return None if hold is None or hold.user_id == user_id or not hold.active(now) else hold
