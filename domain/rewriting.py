"""Whether a step rewrote what earlier steps had left in the columns, or only added the moment at which it happened.

The columns keep one handling, one due time, one count of each kind. As long as steps only add, the columns also tell
how things stood at an earlier instant: a moment that lies after it had not come yet. Once a step has rewritten
something, instants before that step can be told from the events alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
FOLLOWING = frozenset({"stage", "changed_at", "rewritten_at"})  # no count asks for them
OF_THE_END = frozenset({"procedure", "end_reason"})  # asked of closed cases only
OF_THE_FILING = frozenset({"urgent", "ownerless", "tier", "limit_value", "limit_unit"})  # asked of filed cases only
ORDER = (
    "reported_at", "accepted_at", "registered_at", "dispatched_at", "received_at", "handled_at", "rechecked_at",
    "closed_at",
)  # fmt: skip


def only_adds(before: Row, after: Row, at: datetime) -> bool:
    """Whether a step of a case, or of one of its assignments, at this instant set no more than its own moments."""
    files = before.get("registered_at") is None and after.get("registered_at") == at
    ends = before["closed_at"] is None and after["closed_at"] == at
    allowed = FOLLOWING | (OF_THE_FILING if files else set()) | (OF_THE_END if ends else set())
    return all(
        value == before[name] or name in allowed or (value == at and before[name] is None)
        for name, value in after.items()
    )


def in_order(times: Row) -> bool:
    """Whether the known moments of a case follow each other as its steps do.

    Otherwise what had happened by an instant does not follow from the moments alone: a case that a source closes before
    it opens it.
    """
    known: Sequence[datetime] = [times[name] for name in ORDER if times[name] is not None]
    return all(earlier <= later for earlier, later in pairwise(known))
