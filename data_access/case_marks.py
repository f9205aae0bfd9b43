"""What the lists of rankings say beside a case: urgings and notices from its log, and what a unit was freed of."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from data_access import tables
from data_access.dimensions import belongs_to
from domain.life_cycle import FREED, Action, AssignmentRole

AT_ONCE = 500  # cases asked about in one go


def pressed(
    connection: Connection, city_id: int, case_ids: Collection[int], as_of: datetime
) -> dict[int, dict[str, int]]:
    """How often each case was urged (urge) and put under a 督办通知单 (supervise) by as_of; only cases that were."""
    e = tables.case_events.c
    asked = (e.city_id == city_id, e.at <= as_of, e.action.in_((Action.URGE.value, Action.SUPERVISE.value)))
    question = select(e.case_id, e.action, func.count()).where(*asked).group_by(e.case_id, e.action)
    found: dict[int, dict[str, int]] = {}
    numbers = sorted(set(case_ids))
    for first in range(0, len(numbers), AT_ONCE):
        for case_id, action, times in connection.execute(
            question.where(e.case_id.in_(numbers[first : first + AT_ONCE]))
        ):
            found.setdefault(case_id, {})[action] = times
    return found


def freed(
    connection: Connection,
    city_id: int,
    unit_id: int,
    start: datetime,
    end: datetime,
    filters: Mapping[str, int],
) -> dict[str, int]:
    """How many of the unit's assignments were taken out of its figures in [start, end], by domain.life_cycle.EndReason
    (DECISIONS 6)."""
    work = tables.assignments
    c = work.c
    taken = (
        c.city_id == city_id,
        c.unit_id == unit_id,
        c.role != AssignmentRole.INFORMED.value,
        c.end_reason.in_([reason.value for reason in FREED]),
        c.ended_at >= start,
        c.ended_at <= end,
        *(belongs_to(work, city_id, name, number) for name, number in filters.items()),
    )
    rows = connection.execute(select(c.end_reason, func.count()).where(*taken).group_by(c.end_reason))
    return {reason: count for reason, count in rows}
