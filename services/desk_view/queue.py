"""The queue as one person sees it: the contract of GET /api/desk/queue. Every word and class is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from domain.alerts import Alert, Attention, newly
from domain.countdown import Countdown
from domain.life_cycle import Role, Stage
from domain.people import Person, Post
from domain.queue import Entry, Filters, Group, Tab, chosen, grouped, in_tab
from services.desk_view.reading import Reading
from services.desk_view.words import Words, milliseconds, span

MOST_ROWS = 400  # of one answer; the heads of the groups count all of them
COUNTED = ("overdue", "due_soon", "receive", "approve")
TONES = {"overdue": "alarm", "due_soon": "warn", "receive": "", "approve": ""}
MARKED = (Alert.SPECIAL_CASE, Alert.SUPERVISION_OVERDUE, Alert.PROMISE_PASSED)
Json = dict[str, Any]


@dataclass(frozen=True)
class QueueView:
    """Makes the answer for one person at one moment."""

    reading: Reading
    person: Person
    words: Words
    now: datetime

    def answer(self, filters: Filters) -> Json:
        mine = [entry for entry in self.reading.entries if sees(self.person, entry)]
        roles = self.person.roles
        tab = [entry for entry in mine if in_tab(entry, filters.tab, roles)]
        found = chosen(tab, filters, roles)
        counts = self._counts(mine, roles)
        return {
            "as_of": milliseconds(self.reading.as_of),
            "now": milliseconds(self.now),
            "counts": counts,
            "heads": [self._head(name, counts[name]) for name in COUNTED],
            "tabs": [self._tab(one, mine, roles) for one in Tab],
            "working": [[milliseconds(a), milliseconds(b)] for a, b in self.reading.countdowns.ahead],
            "groups": self._groups(grouped(found)),
            "total": len(found),
            "choices": self._choices(tab),
            "empty": None if found else self._empty(mine, tab, filters),
        }

    def _counts(self, mine: Sequence[Entry], roles: Sequence[Role]) -> Mapping[str, int]:
        return {
            "overdue": sum(entry.overdue for entry in mine),
            "due_soon": sum(Alert.DUE_SOON in entry.alerts for entry in mine),
            "receive": sum(in_tab(entry, Tab.RECEIVE, roles) for entry in mine),
            "approve": sum(in_tab(entry, Tab.APPROVE, roles) for entry in mine),
        }

    def _head(self, name: str, count: int) -> Json:
        return {
            "name": name,
            "label": self.words(f"head.{name}"),
            "text": f"{count:,}",
            "tone": TONES[name] if count else "",
            "rule": self._rule() if name == "due_soon" else "",
        }

    def _rule(self) -> str:
        """DECISIONS 8: what counts as due soon is printed."""
        return self.words("rule.due_soon", percent=f"{float(self.words.city.due_soon_share * 100):g}")

    def _tab(self, tab: Tab, mine: Sequence[Entry], roles: Sequence[Role]) -> Json:
        count = sum(in_tab(entry, tab, roles) for entry in mine)
        return {"name": tab.value, "label": self.words(f"tab.{tab}"), "count": count}

    # Groups

    def _groups(self, groups: Sequence[Group]) -> list[Json]:
        """Whole groups as far as the answer goes; what is left out of one is counted."""
        left, made = MOST_ROWS, []
        for group in groups:
            shown = group.entries[: max(left, 0)]
            left -= len(shown)
            made.append(self._group(group, shown))
        return made

    def _group(self, group: Group, shown: Sequence[Entry]) -> Json:
        words = self.words
        return {
            "key": group.unit,
            "name": self._unit(group.unit),
            "late": words("group.late", count=group.overdue) if group.overdue else "",
            "soon": words("group.soon", count=group.due_soon) if group.due_soon else "",
            "message": self._message(group),
            "share": self._share(group.unit),
            "more": len(group.entries) - len(shown),
            "rows": [self._row(entry) for entry in shown],
        }

    def _message(self, group: Group) -> str:
        """One sentence for all overdue cases of the unit."""
        if group.oldest_due is None:
            return ""
        longest = self.words.duration(self.reading.as_of - group.oldest_due)
        return self.words("group.message", count=group.overdue, longest=longest)

    def _share(self, unit: str) -> str:
        if unit not in self.reading.extended_too_often:
            return ""
        asked, registered = self.reading.extended_too_often[unit]
        percent = self.words.percent(Fraction(asked, registered))
        return self.words("group.share", asked=asked, registered=registered, percent=percent)

    def _unit(self, key: str) -> str:
        unit = self.reading.units.get(key)
        return unit.short_name if unit else self.words("group.no_unit")

    # Rows

    def _row(self, entry: Entry) -> Json:
        holder = self.holder(entry)
        latest = entry.facts.latest
        return {
            "case_no": entry.case_no,
            "version": entry.version,
            "category": entry.category,
            "place": entry.address if sees_addresses(self.person) else entry.place,
            "tag": self._tag(entry, holder),
            "clock": clock(self.countdown(entry), entry, self.words),
            "alerts": [alert.value for alert in entry.alerts],
            "marks": self._marks(entry),
            "new": entry.attention in (Attention.NEW, Attention.BACK) and newly(entry.calls_since, self.reading.as_of),
            "hold": "" if holder is None else self._name(holder),
            "mine": holder == self.person.user_id,
            "ack": None
            if latest is None
            else {
                "owner": self._name(latest.owner_id),
                "note": latest.note if self.person.at_the_desk else "",
                "promised": None if latest.promised_at is None else milliseconds(latest.promised_at),
            },
        }

    def countdown(self, entry: Entry) -> Countdown:
        return self.reading.countdowns.of(entry.facts.due, entry.limit_unit, entry.suspended_at)

    def holder(self, entry: Entry) -> int | None:
        """Who is on the case at this moment."""
        user, until = self.reading.holds.get(entry.case_id, (None, self.now))
        return user if until > self.now else None

    def _name(self, user: int) -> str:
        return self.words.person(user, self.reading.people)

    def _tag(self, entry: Entry, holder: int | None) -> Json:
        """What is being done about it; the first that applies."""
        words, latest = self.words, entry.facts.latest
        if holder == self.person.user_id:
            return _tag(words("tag.mine"), "info")
        if holder is not None:
            return _tag(words("tag.held", name=self._name(holder)), "warn")
        if entry.waiting:
            return _tag(words(f"tag.waiting_{entry.waiting[0].kind}"), "warn")
        if latest is not None and entry.attention is Attention.BACK:
            passed = Alert.PROMISE_PASSED in entry.alerts
            return _tag(
                words("tag.promise", name=self._name(latest.owner_id)) if passed else words("tag.again"), "warn"
            )
        if latest is not None:
            return _tag(words("tag.taken", name=self._name(latest.owner_id)), "muted")
        if entry.supervised:
            return _tag(words("tag.supervised"), "muted")
        if entry.urges:
            return _tag(words("tag.urged", count=entry.urges), "muted")
        return _tag(words(f"stage.{entry.stage}"), "muted")

    def _marks(self, entry: Entry) -> list[str]:
        words = self.words
        marks = [words(f"mark.{alert}") for alert in MARKED if alert in entry.alerts]
        if Alert.NOT_RECEIVED in entry.alerts:
            marks.append(words("mark.not_received"))
        elif entry.facts.urgent:
            marks.append(words("mark.urgent"))
        if Alert.REWORK in entry.alerts:
            marks.append(words("mark.rework", count=len(entry.facts.reworks)))
        if entry.provisional:
            marks.append(words("mark.provisional"))
        return marks

    # Filters, and nothing found

    def _choices(self, tab: Sequence[Entry]) -> Json:
        """What can be filtered by, and how many there are of each in the tab."""
        units = {entry.unit for entry in tab}
        streets = {entry.street for entry in tab if entry.street}
        named = {
            "unit": [(key, self._unit(key), [entry.unit == key for entry in tab]) for key in sorted(units)],
            "alert": [(a.value, self.words(f"alert.{a}"), [a in entry.alerts for entry in tab]) for a in Alert],
            "street": [(key, self._street(key), [entry.street == key for entry in tab]) for key in sorted(streets)],
        }
        return {
            name: [
                {"value": value, "label": label, "count": sum(there)} for value, label, there in choices if any(there)
            ]
            for name, choices in named.items()
        }

    def _street(self, key: str) -> str:
        return self.reading.streets.get(key, key)

    def _empty(self, mine: Sequence[Entry], tab: Sequence[Entry], filters: Filters) -> Json:
        """A zero that was counted, or a filter that lets nothing through and what to do about it."""
        words = self.words
        given = filters.given()
        if not given:
            running = sum(entry.facts.running for entry in mine)
            time = words.time(self.reading.as_of, self.now)
            line = words("empty.checked", count=f"{running:,}", time=time)
            return {"head": words(f"empty.{filters.tab}"), "line": line}
        named = {name: self._filter_words(name, filters) for name in given}
        without = {name: len(chosen(tab, _dropped(filters, name), self.person.roles)) for name in given}
        best = max(given, key=lambda name: without[name])
        line = words("empty.conditions", what="，".join(named.values()))
        view: Json = {"head": words("empty.filtered"), "line": line}
        if without[best]:
            view["line"] = line + words("empty.without", what=named[best], count=without[best])
            view["button"] = {"label": words("empty.drop", what=named[best]), "drop": PARAMETER[best]}
        return view

    def _filter_words(self, name: str, filters: Filters) -> str:
        value: str = getattr(filters, name)
        if name == "unit":
            return self._unit(value)
        if name == "street":
            return self._street(value)
        if name == "alert" and value in set(Alert):
            return self.words(f"alert.{value}")
        return value


PARAMETER = {"words": "q", "alert": "alert", "street": "street", "unit": "unit"}


def _dropped(filters: Filters, name: str) -> Filters:
    none: dict[str, Any] = {name: ""}
    return replace(filters, **none)


def _tag(text: str, tone: str) -> Json:
    return {"text": text, "tone": tone}


def sees(person: Person, entry: Entry) -> bool:
    """A unit's user sees what its unit leads or assists with, and nothing else."""
    return not person.of_a_unit_only or (person.unit is not None and person.unit in entry.units)


def sees_addresses(person: Person) -> bool:
    """Leaders' lists show street and road, not house numbers (DECISIONS 28)."""
    return bool(person.posts - {Post.LEADER, Post.EVALUATOR, Post.PUBLISHER})


def clock(countdown: Countdown, entry: Entry, words: Words) -> Json:
    """The countdown as the browser goes on with it."""
    left = countdown.left
    return {
        "due": None if countdown.due is None else milliseconds(countdown.due),
        "left": None if left is None else span(left),
        "kind": countdown.kind.value,
        "paused": countdown.paused,
        "tone": "alarm" if entry.overdue else "warn" if Alert.DUE_SOON in entry.alerts else "",
        "label": words(f"clock.{_clock_word(countdown, entry)}"),
    }


def _clock_word(countdown: Countdown, entry: Entry) -> str:
    if entry.stage is Stage.SUSPENDED or entry.suspended_at is not None:
        return "suspended"
    if countdown.due is None:
        return "none"
    if entry.overdue:
        return "overdue"
    return "paused" if countdown.paused else "left"
