"""交接班: what one shift leaves to the next, computed when it is signed and frozen from then on.

The sheet of the mock-up: the shift's numbers, promises due, alerts taken on and not solved, what waits for a signature,
what happened, and what is said in words. Its number is the day and the shift: 20260519-早.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.city import City

LONGEST_WORDS = 500
LONGEST_EVENTS = 2000
LATEST_TAKE_OVER = timedelta(hours=16)  # an older one was another shift's
BEGINNINGS = (time(0), time(8), time(16))  # local; where nobody has handed over
NAMES: tuple[tuple[time, str], ...] = ((time(4), "早"), (time(12), "中"), (time(20), "夜"))  # by when a shift began
ON_DUTY = timedelta(minutes=15)  # seen so lately: in the hall


def usual_beginning(city: City, now: datetime) -> datetime:
    """The latest of the hall's usual beginnings of a shift."""
    local = city.local(now)
    begun = max(beginning for beginning in BEGINNINGS if beginning <= local.time())
    return datetime.combine(local.date(), begun, city.zone)


def shift_name(city: City, began: datetime) -> str:
    """早, 中 or 夜."""
    at = city.local(began).time()
    named = [name for since, name in NAMES if since <= at]
    return named[-1] if named else NAMES[-1][1]


def number_of(city: City, began: datetime, serial: int) -> str:
    """20260519-早; the second sheet of the same shift ends in -2."""
    number = f"{city.local(began):%Y%m%d}-{shift_name(city, began)}"
    return number if serial == 1 else f"{number}-{serial}"


@dataclass(frozen=True)
class Promise:
    """What was promised until when: to an alert's owner, or in a notice to the unit."""

    at: datetime
    case_no: str
    title: str  # class and road
    unit: str
    what: str


@dataclass(frozen=True)
class Unsolved:
    """A case somebody is on. `overdue` None = it is not."""

    case_no: str
    title: str
    mine: bool  # taken on by the person who hands over
    held_by: str  # who is on it now, or empty
    overdue: timedelta | None


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a signature."""

    kind: str
    case_no: str
    title: str
    unit: str
    due: datetime | None  # of the case


@dataclass(frozen=True)
class Event:
    at: datetime
    words: str


@dataclass(frozen=True)
class Shift:
    """What the books say of a shift up to now. `overdue_then` None = nobody handed over, so nobody counted."""

    began: datetime
    now: datetime
    dispatched: int
    supervisions: int
    decided: int
    overdue: int
    overdue_then: int | None
    promises: tuple[Promise, ...]
    unsolved: tuple[Unsolved, ...]
    waiting: tuple[Waiting, ...]
    events: tuple[Event, ...]
    holds: int  # cases the person is on


@dataclass(frozen=True)
class Colleague:
    """Somebody who may take over."""

    user_id: int
    name: str
    posts: str
    on_duty: bool


@dataclass(frozen=True)
class HandoverPaper:
    """The sheet: the shift, and what has been written so far."""

    city: City
    name: str
    posts: str
    number: str  # as it will be, unless somebody signs before
    shift: Shift
    colleagues: tuple[Colleague, ...]
    to: str
    words: str
    events: str  # one a line
    give_holds: bool
    give_promises: bool
    errors: Mapping[str, str]
    waits_for: str  # who has not signed the last one yet; a second one cannot be given


@dataclass(frozen=True)
class HandoverDocument:
    """What stands on the printed 交接班单: words only, frozen when it is signed. Tables are rows of cells."""

    issuer: str
    number: str
    period: str
    given_by: str
    taken_by: str
    numbers: tuple[tuple[str, str], ...]
    promises: tuple[tuple[str, ...], ...]
    unsolved: tuple[tuple[str, ...], ...]
    waiting: tuple[tuple[str, ...], ...]
    events: tuple[str, ...]
    words: str
    given: str  # what goes over with the sheet
    signed: str
