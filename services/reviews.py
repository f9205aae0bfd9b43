"""复核: a suspension has a day on which it is looked at again. Three days before, its unit and the duty chief are
reminded; when the day has passed without a new grant, the clock goes on by itself (the sheet of 挂账 says so).

A step of the system's own, with its event, so that the log tells why the clock runs again.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from config.calendars import working_time
from data_access import outbox, suspension_reviews
from data_access.case_writer import NewEvent
from data_access.desk_writer import beat, locked_case, log_of
from data_access.keys import Keys
from data_access.store import Store
from data_access.suspension_reviews import Review
from domain.applications import REVIEW_REMINDER
from domain.audit import SYSTEM
from domain.calendar import WorkingTime, in_utc
from domain.city import City
from domain.life_cycle import Action, Role
from domain.people import Person, Post
from domain.replay import state
from domain.running_clock import clock_of
from services.dispatch.commands import Down
from services.dispatch.scene import Scene
from services.dispatch.transactions import Transactions
from services.dispatch.writing import write
from services.parts import Clock, Parts
from services.scheduler import Background

log = logging.getLogger(__name__)

EVERY_S = 60.0
NOBODY = Person(0, SYSTEM, SYSTEM, frozenset())
PASSED = "复核日期已过，未复核，自动恢复计时"


@dataclass(frozen=True)
class Reviewed:
    """What one round did: cases reminded of, and cases whose clock goes on."""

    reminded: tuple[str, ...]
    resumed: tuple[str, ...]


class Reviews:
    """Of one city. Run by the process that leads; twice at once does nothing twice."""

    def __init__(self, store: Store, city: City, city_number: int, clock: Clock, working: WorkingTime | None) -> None:
        self.store, self.city, self.number, self.clock, self.working = store, city, city_number, clock, working
        self._transactions = Transactions(store)

    def run(self) -> Reviewed:
        """Everything that is due now, a transaction per case. Raises Down when the database does not answer."""
        now = in_utc(self.clock())
        with self.store.picture() as connection:
            standing = suspension_reviews.reviews(connection, self.number)
        reminded = [one for one in standing if self._reminds(one, now)]
        passed = [one for one in standing if now >= self._end(one.review)]
        for one in passed:
            self._transactions.run(partial(self._resume, one, now))
        for one in reminded:
            self._transactions.run(partial(self._remind, one, now))
        found = Reviewed(tuple(one.case_no for one in reminded), tuple(one.case_no for one in passed))
        if found.resumed:
            log.info("suspensions past their review go on: %s", ", ".join(found.resumed))
        return found

    def _end(self, review: date) -> datetime:
        """The day of the review is still in time."""
        return self.city.midnight(review + timedelta(days=1))

    def _reminds(self, one: Review, now: datetime) -> bool:
        return not one.reminded and self.city.midnight(one.review) - REVIEW_REMINDER <= now < self._end(one.review)

    def _remind(self, one: Review, now: datetime, connection: Connection) -> None:
        if locked_case(connection, self.number, one.case_no) is None or suspension_reviews.reminded(
            connection, self.number, one
        ):
            return
        text = f"案件 {one.case_no} 挂账将于 {one.review:%Y-%m-%d} 复核，逾期不复核自动恢复计时"
        to = [f"post:{Post.DUTY_CHIEF}", *([f"unit:{one.unit}"] if one.unit else [])]
        outbox.owe(connection, self.number, [_notice(one, place, who, text, now) for place, who in enumerate(to, 1)])
        beat(connection, self.number)

    def _resume(self, one: Review, now: datetime, connection: Connection) -> None:
        """The case as it stands now decides, not what was read before the lock."""
        case = locked_case(connection, self.number, one.case_no)
        latest = [
            again for again in suspension_reviews.reviews(connection, self.number) if again.case_id == one.case_id
        ]
        if case is None or case["suspended_at"] is None or not latest or latest[0].review != one.review:
            return
        events = log_of(connection, self.number, one.case_id)
        stood, clock = state(events), clock_of(events)
        if stood is None or stood.case["stage"] != "suspended":  # declared void meanwhile
            return
        at = max(now, events[-1].at)
        moved: Mapping[str, object] = clock.resumed(at).new_due(self.city.due_soon_share, self.working) if clock else {}
        scene = Scene(
            connection, self.city, self.number, at, NOBODY, Role.DUTY_CHIEF, {}, self.working,
            Keys(connection, self.number), one.case_id, case, stood, events,
        )  # fmt: skip
        version = write(scene, [NewEvent(Action.RESUME.value, at, SYSTEM, {"note": PASSED, **moved})], now)
        told = {"kind": "resume", "title": "解除挂账", "text": f"案件 {one.case_no}：{PASSED}", "urgent": False}
        if one.unit:
            row = {"event_key": f"{one.case_id}/{version}/1", "case_id": one.case_id, "version": version,
                   "recipient": f"unit:{one.unit}", "at": now, **told}  # fmt: skip
            outbox.owe(connection, self.number, [row])
        beat(connection, self.number)


def review_beside(background: Background, parts: Parts, store: Store, city: City, city_number: int) -> None:
    """Looks every minute while this process leads. A frozen replay changes nothing."""
    if parts.frozen_at:
        return
    reviews = Reviews(store, city, city_number, parts.clock, working_time(city))

    def look() -> None:
        if background.refresher.leading:
            with suppress(Down):  # said in the log; the next minute tries again
                reviews.run()

    background.every("reviews", EVERY_S, look)


def _notice(one: Review, place: int, recipient: str, text: str, now: datetime) -> dict[str, object]:
    return {
        "event_key": f"{one.reminder}/{place}", "case_id": one.case_id, "kind": "review", "recipient": recipient,
        "urgent": False, "title": "挂账复核提醒", "text": text, "at": now,
    }  # fmt: skip
