"""Holding a case at the desk: opened, renewed, given back, asked for, handed over. A change of hands is audited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from data_access.desk_writer import beat, locked_case
from data_access.holds import hold_of, store_hold
from data_access.keys import Keys
from domain.city import City
from domain.holds import HeldByAnother, Hold, asked, handed_over, released, renewed, taken
from domain.people import Person
from services.audit import record
from services.dispatch.commands import Conflict, Down, NotAllowed, NotFound
from services.dispatch.transactions import Transactions

TAKEN_OVER = "hold_taken_over"  # the audit's word


class Holding(StrEnum):
    """What can be done with a hold."""

    TAKE = "take"
    RENEW = "renew"
    RELEASE = "release"
    ASK = "ask"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class HoldView:
    """A hold as one person sees it. `asked_by` is the name of who wants to take over."""

    mine: bool
    name: str
    since: datetime
    until: datetime
    asked_by: str = ""
    asked_at: datetime | None = None


STEPS: dict[Holding, Callable[[Hold | None, int, datetime], Hold | None]] = {
    Holding.TAKE: taken,
    Holding.RENEW: renewed,
    Holding.RELEASE: released,
    Holding.ASK: asked,
    Holding.HAND_OVER: handed_over,
}


class Holds:
    """Written under the lock of the case's row, like every act on it."""

    def __init__(self, transactions: Transactions, city_number: int, now: Callable[[], datetime], frozen: bool) -> None:
        self._transactions, self._city_number, self._now, self._frozen = transactions, city_number, now, frozen

    def do(self, person: Person, case_no: str, what: Holding) -> HoldView | None:
        """The hold afterwards, None when nobody has the case. Raises Conflict when another has it, NotAllowed for who
        does not work at the desk, NotFound, Down, and Refusal when there is nothing to hand over."""
        if self._frozen:
            raise Down("回放中不能办理", "时钟定格在过去的时刻", "请回到实时页面后再操作。")
        if not person.at_the_desk:
            raise NotAllowed("您的岗位不锁定案件", f"案件 {case_no}", "锁定只用于调度台的岗位。")
        return self._transactions.run(lambda connection: self._do(connection, person, case_no, what))

    def _do(self, connection: Connection, person: Person, case_no: str, what: Holding) -> HoldView | None:
        case = locked_case(connection, self._city_number, case_no)
        if case is None:
            raise NotFound("没有这个案件", f"案件 {case_no}", "请核对案件号，或刷新列表。")
        keys, now, case_id = Keys(connection, self._city_number), self._now(), case["case_id"]
        before = hold_of(connection, self._city_number, case_id)
        try:
            after = STEPS[what](before, person.user_id, now)
        except HeldByAnother as held:
            raise _conflict(held.what, held.then, before, keys, case_no) from held
        if after != before:
            store_hold(connection, self._city_number, case_id, after)
            self._tell(connection, person, case_no, before, after, now)
        return view(after, person, keys, now)

    def _tell(
        self,
        connection: Connection,
        person: Person,
        case_no: str,
        before: Hold | None,
        after: Hold | None,
        now: datetime,
    ) -> None:
        """The other desks look again, except for a mere renewal; a change of hands is kept."""
        if before and after and before.user_id != after.user_id:
            about = {"from": before.user_id, "to": after.user_id, "lapsed": not before.active(now)}
            role = person.roles[0]
            record(connection, self._city_number, now, person.actor(role), TAKEN_OVER, case_no, False, about)
        if before is None or after is None or _besides_until(before) != _besides_until(after):
            beat(connection, self._city_number)


def view(hold: Hold | None, person: Person, keys: Keys, now: datetime) -> HoldView | None:
    """None when the hold has lapsed."""
    if hold is None or not hold.active(now):
        return None
    asker = "" if hold.asked_by is None else name_of(hold.asked_by, keys)
    return HoldView(
        hold.user_id == person.user_id, name_of(hold.user_id, keys), hold.since, hold.until, asker, hold.asked_at
    )  # fmt: skip


def name_of(user_id: int, keys: Keys) -> str:
    account = keys.people.get(user_id)
    return account.name if account else f"用户 {user_id}"


def held_by_another(hold: Hold, keys: Keys, city: City, case_no: str) -> Conflict:
    """For an act on a case that somebody else is on."""
    then = f"可以申请接管，或等对方释放；{city.local(hold.until):%H:%M:%S} 前没有动作锁定自动失效。批注不受影响。"
    return _conflict("案件正由别人办理", then, hold, keys, case_no)


def _conflict(what: str, then: str, hold: Hold | None, keys: Keys, case_no: str) -> Conflict:
    name = name_of(hold.user_id, keys) if hold else ""
    return Conflict(what, f"案件 {case_no}，{name}正在办理", then, held_by=name)


def _besides_until(hold: Hold) -> tuple[object, ...]:
    return hold.user_id, hold.since, hold.asked_by
