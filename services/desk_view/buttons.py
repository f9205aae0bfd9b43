"""The buttons of a case in words: groups, labels, keys, and why one cannot be pressed."""

from dataclasses import dataclass
from typing import Any

from domain.applications import Kind
from domain.case_buttons import Shown, Situation, buttons_for
from domain.life_cycle import ROLE_WORDS, STAGE_WORDS, Stage
from domain.people import Person, Post
from services.desk_view.words import Words

NEEDS_NO_HOLD = frozenset({Post.UNIT_USER, Post.LEADER})  # the version check suffices for them
APPLIES = ("extension", "suspension")  # their sheet is an application until one waits
Json = dict[str, Any]


@dataclass(frozen=True)
class CaseButtons:
    """`held_by` names another person who is on the case; `frozen`: a replay, in which nothing can be done."""

    words: Words
    person: Person
    situation: Situation
    held_by: str = ""
    frozen: bool = False

    def rows(self) -> list[Json]:
        shown = [self._row(one) for one in buttons_for(self.situation)]
        if self.person.at_the_desk:
            shown.append(self._spotlight())
        return shown

    def _row(self, one: Shown) -> Json:
        why = self._why(one)
        return {
            "group": self.words(f"group_of.{one.button.group}"),
            "name": one.button.name,
            "label": self.words(f"button.{self._word(one.button.name)}"),
            "key": one.button.key,
            "enabled": not why,
            "why": why,
            "primary": one.primary and not why,
            "mode": "sheet" if one.button.sheet else "act",
            "sheet": self._sheet(one),
            "ask_reason": one.button.ask_reason,
        }

    def _spotlight(self) -> Json:
        why = self.words("why.frozen") if self.frozen else ""
        return {
            "group": self.words("group_of.other"), "name": "spotlight", "label": self.words("button.spotlight"),
            "key": "", "enabled": not why, "why": why, "primary": False, "mode": "act", "sheet": "",
            "ask_reason": False,
        }  # fmt: skip

    def _why(self, one: Shown) -> str:
        words, stage = self.words, self.situation.stage
        if self.frozen:
            return words("why.frozen")
        if self.held_by and not self.person.posts & NEEDS_NO_HOLD:
            return words("why.held", name=self.held_by)
        if one.enabled:
            return ""
        if one.missing:
            return words("why.role", roles="、".join(ROLE_WORDS[role] for role in one.missing))
        if one.button.name == "close" and stage is not Stage.CLOSED:
            return words("why.close")
        return words("why.stage", stage=STAGE_WORDS[stage])

    def _word(self, name: str) -> str:
        if name == "return" and self._decides_return():
            return "return_decision"
        if name in APPLIES and Kind(name) not in self.situation.to_sign and not self.person.at_the_desk:
            return f"{name}_apply"
        return name

    def _sheet(self, one: Shown) -> str:
        if one.button.name == "return" and self._decides_return():
            return "return_decision"
        return one.button.sheet

    def _decides_return(self) -> bool:
        return Kind.RETURN in self.situation.to_sign or self.situation.stage is Stage.RETURNED
