"""重复发生: a case of the same minor class in the same grid within some days of another one.

启东 names the problem without a rule (domain research 1.7); the rule is ours, after the alert that halls recommend, the
same grid and class within 30 days (domain research 7).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple


class Registration(NamedTuple):
    """A case's 立案. `what` is its minor class and its grid: a case without one of them recurs nowhere."""

    case_id: int
    what: tuple[int, int]
    at: datetime
    void: bool


def recurring(registrations: Iterable[Registration], within: timedelta) -> frozenset[int]:
    """The cases before which another of the same class and grid was registered, by at most `within`, the end included.

    A void case is no earlier one, but may itself recur; of two registered at the same instant neither is the earlier.
    Source: domain research 1.7 and 7, see above.
    """
    found: set[int] = set()
    ordered = sorted(registrations, key=lambda one: (one.what, one.at))
    for _, alike in groupby(ordered, key=lambda one: one.what):
        latest: datetime | None = None
        for at, at_once in groupby(alike, key=lambda one: one.at):
            together = list(at_once)
            if latest is not None and at - latest <= within:
                found.update(one.case_id for one in together)
            if not all(one.void for one in together):
                latest = at
    return frozenset(found)
