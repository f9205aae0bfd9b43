"""The shift of one person up to now, told by the rows of the desk, and the sheet made of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access import handovers, people
from data_access.documents import next_of
from data_access.store import Store
from domain.applications import KIND_WORDS, Kind
from domain.city import City
from domain.documents import short_moment
from domain.handover import (
    LATEST_TAKE_OVER,
    LONGEST_EVENTS,
    LONGEST_WORDS,
    ON_DUTY,
    Colleague,
    Event,
    HandoverPaper,
    Promise,
    Shift,
    Unsolved,
    Waiting,
    number_of,
    shift_name,
    usual_beginning,
)
from domain.people import DESK_POSTS, POST_WORDS, Person, Post
from domain.window import Window
from services.dispatch.fields import choice, yes
from services.parts import Clock

PROMISE = "按承诺到期"
INSTRUCTION, NOTICE = "领导批示", "督办"


@dataclass(frozen=True)
class Shifts:
    """What a person hands over."""

    store: Store
    city: City
    city_number: int
    clock: Clock

    def paper(self, person: Person, fields: Mapping[str, Any]) -> HandoverPaper:
        with self.store.picture() as connection:
            return self.paper_on(connection, person, fields)

    def paper_on(self, connection: Connection, person: Person, fields: Mapping[str, Any]) -> HandoverPaper:
        """The sheet as it stands. Raises nothing: what is wrong with the fields stands beside them."""
        shift = self.shift(connection, person)
        colleagues = tuple(self._colleagues(connection, person, shift.now))
        to = choice(fields, "to")
        said = {name: fields.get(name) for name in ("words", "events")}
        words = said["words"] if isinstance(said["words"], str) else ""
        events = said["events"] if isinstance(said["events"], str) else self._lines(shift)
        errors = {}
        if to and to not in {str(one.user_id) for one in colleagues}:
            errors["to"] = "没有这个接班人，请重新选择"
        for name, text, longest in (("words", words, LONGEST_WORDS), ("events", events, LONGEST_EVENTS)):
            if len(text) > longest:
                errors[name] = f"最多 {longest} 字，现有 {len(text):,} 字，请删短"
        waiting = handovers.unreceived(connection, self.city_number, giver=person.user_id)
        names = {one.user_id: one.name for one in colleagues}
        counter = self.counter(shift)
        return HandoverPaper(
            city=self.city,
            name=person.name,
            posts=_posts(person.posts),
            number=number_of(self.city, shift.began, next_of(connection, self.city_number, counter)),
            shift=shift,
            colleagues=colleagues,
            to=to if "to" not in errors else "",
            words=words,
            events=events,
            give_holds=yes(fields, "give_holds", True),
            give_promises=yes(fields, "give_promises", True),
            errors=errors,
            waits_for=names.get(waiting[0].to_id, "接班人") if waiting else "",
        )

    def counter(self, shift: Shift) -> str:
        """Numbers of one day's shift, so that two people may hand over the same one."""
        return f"交接/{number_of(self.city, shift.began, 1)}"

    def shift(self, connection: Connection, person: Person) -> Shift:
        """From the person's last take-over, or the hall's usual beginning, up to now."""
        now, city_id, mine = self.clock(), self.city_number, person.user_id
        last = handovers.last_received(connection, city_id, mine)
        taken_over = last is not None and now - last.received_at <= LATEST_TAKE_OVER
        began = last.received_at if last is not None and taken_over else usual_beginning(self.city, now)
        before = json.loads(last.body) if last is not None and taken_over else {}
        window = Window(began, now, now)
        issued = handovers.issued(connection, city_id, began)
        held = handovers.held(connection, city_id, now)
        return Shift(
            began=began,
            now=now,
            dispatched=handovers.count(connection, city_id, "dispatched", window),
            supervisions=sum(row.kind == "notice" for row in issued),
            decided=handovers.decisions(connection, city_id, began),
            overdue=handovers.count(connection, city_id, "overdue_open", window),
            overdue_then=before.get("overdue"),
            promises=tuple(sorted(self._promises(connection, mine), key=lambda one: (one.at, one.case_no))),
            unsolved=tuple(self._unsolved(connection, person, held, now)),
            waiting=tuple(
                Waiting(KIND_WORDS[Kind(row.application)], row.case_no, _title(row), row.unit or "",
                        row.effective_due_at)
                for row in handovers.waiting(connection, city_id)
            ),
            events=tuple(self._events(connection, window, issued, last if taken_over else None)),
            holds=sum(row.user_id == mine for row in held),
        )  # fmt: skip

    def _promises(self, connection: Connection, mine: int) -> Iterator[Promise]:
        for row in handovers.promises(connection, self.city_number, mine):
            yield Promise(row.at, row.case_no, _title(row), row.unit or "", row.note or PROMISE)
        for row in handovers.notices(connection, self.city_number):
            what = INSTRUCTION if row.notice == "instruction" else row.number or NOTICE
            yield Promise(row.at, row.case_no, _title(row), row.unit or "", what)

    def _unsolved(
        self, connection: Connection, person: Person, held: handovers.Rows, now: datetime
    ) -> Iterator[Unsolved]:
        """What this person has taken on or is on, and what others are on; a case once."""
        mine = handovers.taken_on(connection, self.city_number, person.user_id)
        taken = {row.case_id for row in mine}
        holders = {row.case_id: row.holder for row in held}
        for row in {row.case_id: row for row in [*held, *mine]}.values():
            due = row.effective_due_at
            yield Unsolved(
                row.case_no, _title(row), row.case_id in taken, holders.get(row.case_id, ""),
                now - due if due is not None and due < now else None,
            )  # fmt: skip

    def _events(self, connection: Connection, window: Window, issued: handovers.Rows, last: Any) -> Iterator[Event]:
        """What is worth a line, the newest first."""
        new = handovers.overdue_since(connection, self.city_number, window)
        if new:
            yield Event(window.as_of, f"本班新超期 {new:,} 件，尚未处置")
        for row in issued:
            who = f"，{row.unit}" if row.unit else ""
            what = f"领导批示案件 {row.case_no}" if row.kind == "instruction" else f"下达{row.number or NOTICE}"
            yield Event(row.issued_at, f"{what}{who}")
        if last is not None:
            left = json.loads(last.body).get("overdue")
            yield Event(last.received_at, f"接班，交班人 {last.giver}" + (f"，遗留超期 {left:,} 件" if left else ""))

    def _lines(self, shift: Shift) -> str:
        return "\n".join(f"{self.city.local(event.at):%H:%M} {event.words}" for event in shift.events)

    def _colleagues(self, connection: Connection, person: Person, now: datetime) -> Iterator[Colleague]:
        posts = people.all_posts(connection, self.city_number)
        for row in people.all_users(connection, self.city_number):
            held = frozenset(Post(post) for post in posts.get(row.user_id, ()))
            if row.disabled_at is None and held & DESK_POSTS and row.user_id != person.user_id:
                on_duty = row.seen_at is not None and now - row.seen_at <= ON_DUTY
                yield Colleague(row.user_id, row.name, _posts(held), on_duty)

    def period(self, shift: Shift) -> str:
        """5月19日 早班 08:00 至 14:32."""
        began, now = self.city.local(shift.began), self.city.local(shift.now)
        until = f"{now:%H:%M}" if now.date() == began.date() else short_moment(now)
        return f"{began.month}月{began.day}日 {shift_name(self.city, shift.began)}班 {began:%H:%M} 至 {until}"


def _posts(held: frozenset[Post]) -> str:
    return "、".join(POST_WORDS[post] for post in Post if post in held)


def _title(row: Any) -> str:
    return "，".join(part for part in (row.category, row.road or row.address) if part) or row.case_no
