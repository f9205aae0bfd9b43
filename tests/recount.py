"""An independent recount: plain Python over raw rows, sharing no code with the product."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
CLOSED_BEFORE_OPENED = 1


@dataclass(frozen=True)
class Reading:
    """Readings of the indicators other than the usual ones."""

    closure_due: str = "closed_plus_overdue"
    suspended: bool = False  # suspended cases stay in the denominators
    settled: tuple[str, ...] = ()  # procedures (self_handled, simple) that are part of the totals
    registration: int = 15  # minutes
    dispatch: int = 15
    verification: int = 30
    recheck: int = 30


USUAL = Reading()


def recount(
    rows: Iterable[Row],
    start: datetime,
    end: datetime,
    as_of: datetime,
    *,
    cohort: bool = False,
    reading: Reading = USUAL,
    recurring: Collection[int] = (),
) -> dict[str, int]:
    """Counts of cases (or of assignments, with ended_at) over [start, end) as seen at as_of. `recurring`: case_ids."""
    total: dict[str, int] = dict.fromkeys(NAMES, 0)
    for row in rows:
        for name in names_of(row, start, end, as_of, cohort, reading):
            total[name] += row["rework_count"] if name.endswith("_times") else 1
        filed = row["registered_at"]
        if recurring and filed and start <= filed < end and filed <= as_of and row["case_id"] in recurring:
            total["recurrence_count"] += 1
    return total


def recurring_ids(cases: Sequence[Row], as_of: datetime, days: int) -> set[int]:
    """The cases that have a forerunner: same class, same grid, filed before, at most so many days, and not void."""

    def follows(row: Row, other: Row) -> bool:
        if row["grid_id"] is None or row["category_id"] is None or not other["registered_at"]:
            return False
        alike = (row["grid_id"], row["category_id"]) == (other["grid_id"], other["category_id"])
        age = row["registered_at"] - other["registered_at"]
        void = other["voided_at"] is not None and other["voided_at"] <= as_of
        return alike and timedelta() < age <= timedelta(days=days) and not void

    filed = [row for row in cases if row["registered_at"] and row["registered_at"] <= as_of]
    return {row["case_id"] for row in filed if any(follows(row, other) for other in filed)}


NAMES = (
    "reported", "registered", "dispatched", "handled", "closed", "on_time", "late", "closed_without_deadline",
    "open", "overdue_open", "suspended", "rework", "extended", "returned", "due", "closure_due",
    "closure_due_without_deadline", "handling_due", "marked", "self_handled", "simple", "valid_reports",
    "registered_accurately", "registered_extension_asked", "registration_due", "registered_on_time",
    "verification_due", "verified_on_time", "dispatch_due", "dispatched_on_time", "dispatched_accurately",
    "dispatched_extended", "dispatched_suspended", "dispatched_returned", "recheck_due", "rechecked_on_time",
    "handled_on_time", "handling_due_without_deadline", "handling_due_extended", "overdue_pending",
    "handled_rework", "rework_times", "handled_rework_times", "overdue_unclosed", "urgent_closed",
    "urgent_closure_due", "recurrence_count",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One row in one period."""

    row: Row
    start: datetime
    end: datetime
    as_of: datetime
    cohort: bool
    reading: Reading

    @property
    def of_a_unit(self) -> bool:
        return "ended_at" in self.row

    @property
    def passed(self) -> bool:
        return not self.cohort and self.as_of >= self.end

    @property
    def last_moment(self) -> datetime:
        return self.end if self.passed else self.as_of

    def settled_or(self, name: str) -> datetime | None:
        """The moment; where the case was settled without it and counts all the same, its end."""
        moment: datetime | None = self.row[name]
        if moment is None and not self.of_a_unit and self.row.get("procedure") in self.reading.settled:
            moment = self.row["closed_at"]
        return moment

    def belongs(self) -> bool:
        registered = self.settled_or("registered_at")
        return not self.cohort or (
            registered is not None and self.start <= registered < self.end and self.now(registered)
        )

    def in_period(self, moment: datetime | None) -> bool:
        if moment is None or moment > self.as_of:
            return False
        return self.cohort or self.start <= moment < self.end

    def now(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.as_of

    def by_end(self, moment: datetime | None) -> bool:
        return moment is not None and (moment < self.end if self.passed else moment <= self.as_of)

    def state(self, has: Callable[[datetime | None], bool], moment: datetime) -> tuple[bool, bool, bool, bool]:
        """(open, overdue, suspended, overdue even if suspended) now, or just before the period's end."""
        row = self.row
        live = has(row["registered_at"]) and not has(row["closed_at"]) and not has(row["voided_at"])
        if self.of_a_unit and has(row["ended_at"]):
            live = False
        suspended = live and has(row["suspended_at"])
        late = live and row["effective_due_at"] is not None and row["effective_due_at"] < moment
        return live and not suspended, late and not suspended, suspended, late

    def waits(self, since: datetime | None, minutes: int, *until: datetime | None) -> bool:
        """At the period's end, for longer than the limit."""
        ended = any(self.by_end(m) for m in (*until, self.row["voided_at"], self.row["closed_at"]))
        if since is None or not self.by_end(since) or ended:
            return False
        return self.last_moment - since > timedelta(minutes=minutes)


def within(moment: datetime | None, since: datetime | None, minutes: int) -> bool:
    return moment is not None and since is not None and moment - since <= timedelta(minutes=minutes)


def names_of(
    row: Row, start: datetime, end: datetime, as_of: datetime, cohort: bool, reading: Reading = USUAL
) -> list[str]:
    """Which counts this row belongs to."""
    look = Look(row, start, end, as_of, cohort, reading)
    if not look.belongs():
        return []
    found = work_counts(look) | ({} if look.of_a_unit else desk_counts(look))
    return [name for name, counted in found.items() if counted]


def work_counts(look: Look) -> dict[str, bool]:
    row, reading = look.row, look.reading
    in_period, now, by_end = look.in_period, look.now, look.by_end
    registered_at, handled_at = look.settled_or("registered_at"), look.settled_or("handled_at")
    open_now, overdue_now, suspended_now, _ = look.state(now, look.as_of)
    _, overdue_at_end, _, overdue_anyway = look.state(by_end, look.last_moment)
    overdue_at_end = overdue_anyway if reading.suspended else overdue_at_end
    evaluated = not by_end(row["voided_at"]) and (reading.suspended or not by_end(row["suspended_at"]))
    registered = in_period(registered_at)
    closed = in_period(row["closed_at"]) and registered_at is not None
    handled = in_period(handled_at)
    due = row["effective_due_at"]
    finished = row["handled_at"] or row["closed_at"]
    sound = due is not None and not row["marks"] & CLOSED_BEFORE_OPENED
    timed = closed and sound
    due_in_period = in_period(due) and now(row["registered_at"])
    counted = {
        "closed_plus_overdue": closed or overdue_at_end,
        "due_in_period": due_in_period,
        "registered_in_period": registered,
    }
    closure_due = evaluated and counted[reading.closure_due]
    waiting = overdue_at_end and not by_end(row["handled_at"])
    handling_due = evaluated and (handled or waiting)
    dispatched = in_period(row["dispatched_at"])
    return {
        "reported": in_period(row["reported_at"]),
        "registered": registered,
        "dispatched": dispatched,
        "handled": handled,
        "closed": closed,
        "on_time": timed and finished <= due,
        "late": timed and finished > due,
        "closed_without_deadline": closed and due is None,
        "open": open_now,
        "overdue_open": overdue_now,
        "suspended": suspended_now,
        "rework": closure_due and row["rework_count"] > 0,
        "extended": closure_due and row["extension_count"] > 0,
        "returned": closure_due and row["return_count"] > 0,
        "due": due_in_period,
        "closure_due": closure_due,
        "closure_due_without_deadline": closure_due and closed and due is None,
        "handling_due": handling_due,
        "marked": registered and row["marks"] != 0,
        "registered_accurately": registered and not now(row["voided_at"]),
        "registered_extension_asked": registered and row["extension_asks"] > 0,
        "dispatched_extended": dispatched and row["extension_count"] > 0,
        "dispatched_suspended": dispatched and row.get("suspension_count", 0) > 0,
        "dispatched_returned": dispatched and row["return_count"] > 0,
        "handled_on_time": in_period(row["handled_at"]) and sound and row["handled_at"] <= due,
        "handling_due_without_deadline": handling_due and handled and due is None,
        "handling_due_extended": handling_due and row["extension_count"] > 0,
        "overdue_pending": evaluated and waiting,
        "handled_rework": handled and row["rework_count"] > 0,
        "handled_rework_times": handled and row["rework_count"] > 0,
        "rework_times": closure_due and row["rework_count"] > 0,
        "overdue_unclosed": closure_due and overdue_at_end,
        "urgent_closed": closed and row.get("urgent", False),
        "urgent_closure_due": closure_due and row.get("urgent", False),
    }


def desk_counts(look: Look) -> dict[str, bool]:
    row, reading, in_period, now = look.row, look.reading, look.in_period, look.now
    verified, first = row.get("verified_at"), row.get("first_dispatched_at")
    rechecked, accepted, procedure = row.get("rechecked_at"), row.get("accepted_at"), row.get("procedure")
    filed = in_period(row["registered_at"])
    valid = now(row["registered_at"]) or (procedure is not None and now(row["closed_at"]))
    begun = verified or row["reported_at"]
    unverified = look.waits(accepted, reading.verification, verified, row["registered_at"], row.get("rejected_at"))
    return {
        "self_handled": procedure == "self_handled" and in_period(row["closed_at"]),
        "simple": procedure == "simple" and in_period(row["closed_at"]),
        "valid_reports": in_period(row["reported_at"]) and valid and not now(row["voided_at"]),
        "registration_due": filed,
        "registered_on_time": filed and within(row["registered_at"], begun, reading.registration),
        "verification_due": in_period(verified) or unverified,
        "verified_on_time": in_period(verified) and within(verified, accepted, reading.verification),
        "dispatch_due": in_period(first) or look.waits(row["registered_at"], reading.dispatch, first),
        "dispatched_on_time": in_period(first) and within(first, row["registered_at"], reading.dispatch),
        "dispatched_accurately": in_period(first) and row.get("redispatch_count", 0) == 0,
        "recheck_due": in_period(rechecked) or look.waits(row["handled_at"], reading.recheck, rechecked),
        "rechecked_on_time": in_period(rechecked) and within(rechecked, row["handled_at"], reading.recheck),
    }
