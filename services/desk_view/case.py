"""One case as one person sees it: the contract of GET /api/desk/case. Every word and class is decided here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from data_access import applications, desk_case, desk_queue, lists
from data_access.applications import Application
from data_access.desk_writer import StoredEvent, log_of
from domain.applications import PENDING, Kind
from domain.calendar import WorkingTime
from domain.case_buttons import Situation
from domain.case_file import Span, Step, StepState, steps_of
from domain.city import City
from domain.countdown import Countdowns
from domain.deadlines import Limit
from domain.life_cycle import AssignmentRole, Stage
from domain.people import Person
from domain.queue import Entry, Waiting, signed_by
from domain.supervision import REASON_WORDS, Reason
from services.desk_view.buttons import CaseButtons
from services.desk_view.log import CaseLog
from services.desk_view.queue import clock, sees_addresses
from services.desk_view.side import CaseSide
from services.desk_view.sums import arithmetic
from services.desk_view.words import Words, milliseconds

Json = dict[str, Any]
PEOPLE = Mapping[int, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class CaseQuestion:
    """Who asks, when, and with which clocks. `frozen`: a replay, which knows nothing later than as_of."""

    city: City
    city_number: int
    words: Words
    working: WorkingTime | None
    person: Person
    as_of: datetime
    now: datetime
    walls: Sequence[str] = ()
    frozen: bool = False


class CaseView:
    """Reads one case inside a read transaction. `row` and `entry` are the case as stored and as the queue has it."""

    def __init__(self, connection: Connection, asked: CaseQuestion, row: Mapping[str, Any], entry: Entry) -> None:
        self.connection, self.asked, self.row, self.entry = connection, asked, row, entry
        self.words, self.person, self.number = asked.words, asked.person, asked.city_number
        self.case_id: int = row["case_id"]

    def answer(self) -> Json:
        asked, side = self.asked, CaseSide(self.connection, self.asked, self.row, self.lists)
        countdowns = Countdowns(asked.working, asked.as_of, self.entry.facts.due)
        return {
            "as_of": milliseconds(asked.as_of),
            "now": milliseconds(asked.now),
            "working": [[milliseconds(a), milliseconds(b)] for a, b in countdowns.ahead],
            "case_no": self.row["case_no"],
            "version": self.entry.version,
            "stage": self.entry.stage.value,
            "title": self.entry.category,
            "line": self.words("case.line", case_no=self.row["case_no"], place=side.where()),
            "clock": self._clock(countdowns),
            "facts": self._facts(),
            "description": self._description(),
            "reporter": self._reporter(),
            "photos": self._photos(),
            "stages": [self._stage(step) for step in steps_of(self.row, asked.as_of, self.entry.overdue)],
            "log": self._log(),
            "hold": self._hold(),
            "actions": self._buttons(),
            "arithmetic": arithmetic(self.words, self.events, asked.working, self.row["effective_due_at"], asked.now),
            "applications": [self._application(one) for one in self._pending],
            "supervisions": self._supervisions(),
            "map": side.map(),
            "cameras": side.cameras(),
            "cameras_note": side.cameras_note(),
            "load": side.load(),
            "same_grid": side.same_grid(),
            "walls": list(asked.walls) if self.person.at_the_desk else [],
        }

    # What is read

    @cached_property
    def events(self) -> list[StoredEvent]:
        events = log_of(self.connection, self.number, self.case_id)
        return [event for event in events if event.at <= self.asked.as_of] if self.asked.frozen else events

    @cached_property
    def lists(self) -> desk_case.Lists:
        return desk_case.lists_of(self.connection, self.number, self.row)

    @cached_property
    def _people(self) -> PEOPLE:
        return desk_queue.people(self.connection, self.number)

    @cached_property
    def _unit_names(self) -> Mapping[str, str]:
        return {unit.key: unit.short_name for unit in lists.units(self.connection, self.number).values()}

    @cached_property
    def _pending(self) -> list[Application]:
        return [
            one
            for one in applications.of_case(self.connection, self.number, self.case_id)
            if one.state in PENDING and one.asked_at <= self.asked.as_of
        ]

    # Head

    def _clock(self, countdowns: Countdowns) -> Json:
        entry, words, due = self.entry, self.words, self.entry.facts.due
        told = clock(countdowns.of(due, entry.limit_unit, entry.suspended_at), entry, words)
        word = "provisional" if entry.provisional else "due"
        text = "" if due is None else words(f"clock.{word}", time=words.time(due, self.asked.now, seconds=True))
        ended = self._ended()
        if ended:  # no clock runs any more
            still = {"due": None, "left": None, "kind": "none", "paused": False}
            told |= still | {"tone": "", "label": words("clock.ended")}
        return told | {"due_text": text, "ended": ended}

    def _ended(self) -> str:
        """How the case ended, where it has; late or on time by the last handling (domain research 2.4.3 i)."""
        row, stage = self.row, self.entry.stage
        if stage in (Stage.VOID, Stage.REJECTED):
            return self.words(f"stage.{stage}")
        if stage is not Stage.CLOSED:
            return ""
        done = row["handled_at"] or row["closed_at"]
        due = row["effective_due_at"]
        word = "no_deadline" if due is None else "on_time" if done <= due else "late_closed"
        return self.words(f"side.{word}")

    def _facts(self) -> list[Json]:
        category = self.lists.category or {}
        kind = category.get("kind")
        parts = [self.words(f"case.kind.{kind}") if kind else "", category.get("major_name"), category.get("name")]
        values = {
            "category": " / ".join(part for part in parts if part) or self.words("case.title_none"),
            "channel": self.lists.channel or "",
            "unit": self._units(),
            "limit": self._limit(),
        }
        return [{"label": self.words(f"case.fact.{name}"), "value": value} for name, value in values.items()]

    def _units(self) -> str:
        found = desk_case.working_units(self.connection, self.number, self.case_id)
        if not found and self.lists.unit:
            found = [(AssignmentRole.LEAD.value, self.lists.unit["key"], self.lists.unit["short_name"])]
        named = [self.words(f"case.{role}", unit=name) for role, _, name in found]
        return "，".join(named) or self.words("group.no_unit")

    def _limit(self) -> str:
        value, unit = self.row["limit_value"], self.row["limit_unit"]
        if value is None or unit is None:
            return self.words("case.no_limit")
        return self.words.limit(Limit.parse(f"{value} {unit}"))

    def _description(self) -> str:
        """As reported; where a source gives none, what the filing says of it. Not for whoever sees no house numbers."""
        if not sees_addresses(self.person):
            return ""
        if self.row["description"]:
            return str(self.row["description"])
        condition = next((e.body["condition"] for e in self.events if isinstance(e.body.get("condition"), str)), "")
        if not condition or not self.entry.address:
            return condition or self.entry.address
        address, category = self.entry.address, self.entry.category
        return self.words("case.description", address=address, category=category, condition=condition)

    def _reporter(self) -> Json | None:
        """Who called: never leaves the desk."""
        if not self.person.at_the_desk:
            return None
        found = desk_case.reporter_of(self.connection, self.number, self.case_id)
        return None if found is None else {"name": found[0], "phone": found[1]}

    def _photos(self) -> list[Json]:
        if not sees_addresses(self.person):
            return []
        photos, counted = [], Counter[str]()
        for number, kind in desk_case.photos_of(self.connection, self.number, self.case_id, self.asked.as_of):
            counted[kind] += 1
            label = self.words(f"case.photo.{kind}", count=counted[kind])
            photos.append({"id": number, "label": label, "src": f"/desk/photo/{number}"})
        return photos

    # How it came about

    def _log(self) -> list[dict[str, str]]:
        inside = self.person.at_the_desk
        return CaseLog(self.words, self._unit_names, self._people, self.asked.now, inside).rows(self.events)

    def _stage(self, step: Step) -> Json:
        words = self.words
        at = words("step.not_begun")
        if step.at is not None:
            at = words.time(step.at, self.asked.now)
            if step.state in (StepState.NOW, StepState.LATE):
                at = words("step.since", time=at)
        elif step.state is StepState.DONE:
            recorded = step.name not in self.asked.city.not_recorded
            at = words("step.not_taken" if recorded else "step.not_recorded")
        line = "" if step.span is Span.NOTHING else words(f"step.{step.span}", length=words.duration(step.length))
        tone = "alarm" if step.state is StepState.LATE else ""
        return {"name": words(f"step.{step.name}"), "at": at, "line": line, "state": step.state.value, "tone": tone}

    def _application(self, one: Application) -> Json:
        words = self.words
        head = words(f"pending.{one.kind}")
        signing = one.kind is Kind.SUPERVISION  # one signature only
        state = "to_sign" if signing else one.state
        line = words(f"pending.{state}", time=words.time(one.asked_at, self.asked.now))
        reason = str(one.asked.get("reason", ""))
        reason = REASON_WORDS.get(Reason(reason), reason) if signing and reason in set(Reason) else reason
        text = "，".join(part for part in (head, reason) if part)
        return {"id": one.application_id, "kind": one.kind.value, "text": text, "value": line, "tone": "warn"}

    def _supervisions(self) -> list[Json]:
        words, now = self.words, self.asked.now
        reads = self.person.at_the_desk or self.person.of_a_unit_only  # the paper itself (services.documents)
        rows = []
        for one in desk_case.supervisions_of(self.connection, self.number, self.case_id, self.asked.as_of):
            due = words.time(one.due_at, now)
            missed = one.met_at is None and one.due_at < self.asked.as_of
            value = words("supervision.missed" if missed else "supervision.running", due=due)
            if one.met_at is not None:
                value = words("supervision.met", met=words.time(one.met_at, now))
            elif one.replaced_by is not None:
                value, missed = words("supervision.replaced"), False
            text = words(f"supervision.{one.kind}", number=one.number or "")
            tone = "alarm" if missed else "done" if one.met_at is not None else ""
            rows.append({"text": text, "value": value, "tone": tone, "document": one.document_id if reads else None})
        return rows

    # What can be done

    def _hold(self) -> Json | None:
        hold = desk_case.hold_of(self.connection, self.number, self.case_id, self.asked.now)
        if hold is None:
            return None
        return {
            "mine": hold.user_id == self.person.user_id,
            "name": self.words.person(hold.user_id, self._people),
            "since": milliseconds(hold.since),
            "until": milliseconds(hold.until),
            "asked_by": self.words.person(hold.asked_by, self._people),
            "asked_at": None if hold.asked_at is None else milliseconds(hold.asked_at),
        }

    def _buttons(self) -> list[Json]:
        hold = self._hold()
        situation = Situation(
            stage=Stage(self.row["stage"]),
            roles=self.person.roles,
            at_the_desk=self.person.at_the_desk,
            to_sign=self._to_sign(),
            overdue=self.entry.overdue,
            supervised=self.entry.supervised,
        )
        held_by = hold["name"] if hold and not hold["mine"] else ""
        return CaseButtons(self.words, self.person, situation, held_by, self.asked.frozen).rows()

    def _to_sign(self) -> tuple[Kind, ...]:
        """What waits for this person's signature."""
        waiting = [Waiting(one.kind, one.state) for one in self._pending]
        return tuple(one.kind for one in waiting if signed_by(one).intersection(self.person.roles))
