"""The log of a case in sentences, the newest first: who, when, what, and the moments nobody wrote down."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data_access.desk_writer import StoredEvent
from domain import reassignment, supervision
from domain.applications import Kind
from domain.case_file import overdue_moments
from domain.deadlines import Limit
from domain.life_cycle import ACTION_WORDS, Action, Role
from domain.refusals import Refusal
from services.desk_view.words import Words

DESK_ACTOR = re.compile(r"([a-z_]+)#([0-9]+)")
SAID = ("reason", "text", "result", "note")  # a person's own words
CODES: Mapping[Action, Mapping[Any, str]] = {  # where the reason is one of a list
    Action.REASSIGN: reassignment.REASON_WORDS,
    Action.SUPERVISE: supervision.REASON_WORDS,
    Action.PROPOSE_SUPERVISION: supervision.REASON_WORDS,
}
DUE = (Action.DISPATCH, Action.REASSIGN, Action.EXTEND, Action.RESUME, Action.RESTORE)
QUIET = (Action.NOTE, Action.URGE, Action.CLAIM)
People = Mapping[int, tuple[str, tuple[str, ...]]]
Names = Mapping[str, str]  # unit → short name


@dataclass(frozen=True)
class CaseLog:
    """Puts the events of one case into words, for readers at `now`. `inside`: they are at the desk and read what those
    who answer for an alert wrote for each other, as in the queue."""

    words: Words
    units: Names
    people: People
    now: datetime
    inside: bool = True

    def rows(self, events: Sequence[StoredEvent]) -> list[dict[str, str]]:
        told = [(event.at, event.version, self._row(event)) for event in events]
        late = self.words("who.system"), self.words("log.overdue")
        for at in overdue_moments(events, self.now):
            told.append((at, 0, self._line(at, *late, "alarm")))
        return [row for _, _, row in sorted(told, key=lambda one: one[:2], reverse=True)]

    def _row(self, event: StoredEvent) -> dict[str, str]:
        action = Action(event.action)
        what = self.words("log.joined").join(part for part in self._said(action, event.body) if part)
        tone = "alarm" if action in (Action.SUPERVISE, Action.INSTRUCT) else "muted" if action in QUIET else ""
        return self._line(event.at, self.who(event.actor), what, tone)

    def _line(self, at: datetime, who: str, what: str, tone: str) -> dict[str, str]:
        return {"at": self.words.time(at, self.now, seconds=True), "who": who, "what": what, "tone": tone}

    def who(self, actor: str) -> str:
        """`dispatcher#12` by the account's name and the post acted in; another system, and the demo, as told."""
        desk = DESK_ACTOR.fullmatch(actor)
        if desk is None:
            return self.words("who.system") if actor in ("system", "gridwall") else actor
        role, name = desk[1], self.words.person(int(desk[2]), self.people)
        post = self.words.role(role) if role in set(Role) else role
        return self.words("who.person", name=name, post=post) if name else post

    # What happened

    def _said(self, action: Action, body: Mapping[str, Any]) -> Iterator[str]:
        yield self._head(action, body)
        for name in ("assist", "informed"):
            if units := body.get(name):
                yield self.words(f"log.{name}", units="、".join(self._unit(unit) for unit in units))
        yield from self._moments(action, body)
        yield from self._details(body)
        if action is Action.CLAIM and not self.inside:
            return
        if action is Action.REPORT_AGAIN and self.inside:  # what the next caller said, and where
            yield from (str(body[name]) for name in ("address", "description") if body.get(name))
        codes = CODES.get(action, {})
        yield from dict.fromkeys(codes.get(body[name], body[name]) for name in SAID if isinstance(body.get(name), str))

    def _head(self, action: Action, body: Mapping[str, Any]) -> str:
        words = self.words
        if body.get("passed_on"):
            return words(
                "log.passed_on", action="、".join(ACTION_WORDS[Action(step["action"])] for step in body["passed_on"])
            )
        if action in (Action.DISPATCH, Action.REASSIGN):
            return words(f"log.{action}", unit=self._unit(body["unit"]))
        if action in (Action.EXTEND, Action.APPLY_EXTENSION) and "by" in body:
            return words(f"log.{action}_by", by=self._amount(body["by"]))
        if action is Action.UPHOLD_RETURN and body.get("decision") == "dispatcher_error":
            return words("log.uphold_return_error")
        if action is Action.CORRECT:
            return words("log.correct", step=body.get("step", ""))
        if action in (Action.ENDORSE, Action.REFUSE_APPLICATION):
            return words(f"log.{action}", kind=self._kind(body.get("kind")))
        return words(f"log.{action}")

    def _moments(self, action: Action, body: Mapping[str, Any]) -> Iterator[str]:
        due = _moment(body.get("due"))
        if due is not None:
            yield self.words("log.due" if action in DUE else "log.until", time=self.words.time(due, self.now))
        for name in ("promised", "feedback_by", "joint_visit"):
            moment = _moment(body.get(name))
            if moment is not None:
                yield self.words(f"log.{name}", time=self.words.time(moment, self.now))

    def _details(self, body: Mapping[str, Any]) -> Iterator[str]:
        if isinstance(body.get("number"), str):
            yield self.words("log.number", number=body["number"])
        if isinstance(body.get("owner"), int):
            yield self.words("log.to", name=self.words.person(body["owner"], self.people))
        if photos := body.get("photos") or body.get("attachments"):
            yield self.words("log.photos", count=photos if isinstance(photos, int) else len(photos))
        if isinstance(body.get("condition"), str):
            yield body["condition"]
        if body.get("urgent") is True:
            yield self.words("log.urgent")

    def _unit(self, key: str) -> str:
        return self.units.get(key, key)

    def _kind(self, kind: object) -> str:
        return self.words(f"pending.{kind}") if kind in set(Kind) else ""

    def _amount(self, written: str) -> str:
        try:
            return self.words.limit(Limit.parse(written))
        except Refusal:
            return written


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
