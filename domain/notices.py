"""Who is told what, through which channel, and when: routes, duty, quiet hours, and how often it is tried again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from domain.hours import CityDays, Hours, free_at

# unit:<key>, post:<post>, user:<number> come with a notice; duty:<name> is made by the duty calendar, channel:<name> by
# the trial of one channel, source:<name> is the system a case came from. Only patterns may hold stars.
RECIPIENT = re.compile(r"(unit|post|user|duty|source):[\w*.-]+|\*")
TRIAL = "trial"  # the kind of notice that tries one channel out

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 10  # with the waits above: given up about four hours after the first attempt


class Way(StrEnum):
    """How a channel speaks: through apprise, or as our own signed webhook."""

    APPRISE = "apprise"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Channel:
    """A named way out. Its address and its secret are not here: whoever sees a channel may be shown it."""

    name: str
    label: str
    way: Way
    service: str  # what it speaks to, e.g. wecombot, mailtos, https
    quiet: tuple[Hours, ...] = ()
    urgent_passes: bool = True
    passing_kinds: frozenset[str] = frozenset()  # held back by quiet hours never
    per_minute: int = 20  # at most so many a minute: WeCom and DingTalk robots refuse more

    def lets_pass(self, kind: str, urgent: bool) -> bool:
        """Whether quiet hours do not hold this notice back."""
        return (urgent and self.urgent_passes) or kind in self.passing_kinds or kind == TRIAL

    def free_at(self, kind: str, urgent: bool, now: datetime, city: CityDays) -> datetime:
        """The first instant from now on at which this notice may go out."""
        if self.lets_pass(kind, urgent):
            return now
        return free_at(now, self.quiet, city) or now + timedelta(days=1)


@dataclass(frozen=True)
class Route:
    """Notices to recipients that match a pattern (`unit:*`), of these kinds (none named = all), go to channels."""

    to: tuple[str, ...]
    channels: tuple[str, ...]
    kinds: frozenset[str] = frozenset()

    def takes(self, recipient: str, kind: str) -> bool:
        return _matches(self.to, recipient) and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Duty:
    """A turn of duty: in these hours, notices to `to` also go to the recipients `adds`."""

    name: str
    hours: Hours
    to: tuple[str, ...]
    adds: tuple[str, ...]
    kinds: frozenset[str] = frozenset()

    def concerns(self, recipient: str, kind: str, now: datetime, city: CityDays) -> bool:
        named = _matches(self.to, recipient) and (not self.kinds or kind in self.kinds)
        return named and self.hours.until(now, city) is not None


@dataclass(frozen=True)
class Routing:
    """Everything config/channels.yaml decides, but the secrets."""

    channels: Mapping[str, Channel] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    duty: tuple[Duty, ...] = ()

    def on_duty(self, now: datetime, city: CityDays) -> tuple[Duty, ...]:
        return tuple(turn for turn in self.duty if turn.hours.until(now, city) is not None)

    def channels_for(self, recipient: str, kind: str, now: datetime, city: CityDays) -> tuple[str, ...]:
        """The channels a notice goes to if it is sent now, each once, in the order of the routes.

        Duty is asked at the time of sending: what quiet hours held back reaches who is on duty then.
        """
        if recipient.startswith("channel:"):
            named = recipient.removeprefix("channel:")
            return (named,) if named in self.channels else ()
        turns = (turn for turn in self.duty if turn.concerns(recipient, kind, now, city))
        reached = [recipient, *(added for turn in turns for added in turn.adds)]
        found = (
            name for route in self.routes if any(route.takes(one, kind) for one in reached) for name in route.channels
        )
        return tuple(dict.fromkeys(found))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: half a minute, doubling, at most an hour."""
    doublings = min(max(attempts - 1, 0), 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _matches(patterns: tuple[str, ...], recipient: str) -> bool:
    return any(fnmatchcase(recipient, pattern) for pattern in patterns)
