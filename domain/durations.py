"""How long the steps of cases take: median and 90th percentile by nearest rank, in natural and in working time."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from domain.calendar import ONE_DAY, WorkingTime

# What is measured: name -> the two steps. A case belongs to the period of the second one.
SPANS: Mapping[str, tuple[str, str]] = {
    "discovery_to_filing": ("reported_at", "registered_at"),
    "dispatch": ("registered_at", "dispatched_at"),
    "handling": ("dispatched_at", "handled_at"),
}
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Durations:
    """None where there is no case, or no working calendar."""

    count: int
    median: timedelta | None
    p90: timedelta | None
    working_median: timedelta | None
    working_p90: timedelta | None


def durations(spans: Sequence[Span], worked: "WorkedTime | None") -> Durations:
    """Of these spans. A step that lies before the one it follows took no time (an impossible row).

    Ours: 启东 2015 states such times without a formula (domain research 2.3).
    """
    natural = sorted(max(end - start, timedelta()) for start, end in spans)
    working = sorted(worked.between(start, end) for start, end in spans) if worked else []
    return Durations(len(spans), *(nearest_rank(values, share) for values in (natural, working) for share in (50, 90)))


def nearest_rank(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    """The smallest value that at least this many percent of all values do not exceed.

    The nearest-rank percentile; ours, as no source fixes one.
    """
    return ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else None


class WorkedTime:
    """Working time between instants, for many of them: every day's beginning is added up only once."""

    def __init__(self, working: WorkingTime, first: datetime, last: datetime) -> None:
        self._begins: list[datetime] = []
        self._before: list[timedelta] = []  # worked before each stretch
        self._lengths: list[timedelta] = []
        total = timedelta()
        day: date = first.astimezone(working.zone).date() - ONE_DAY
        while day <= last.astimezone(working.zone).date() + ONE_DAY:
            for begin, end in working.stretches(day):
                self._begins.append(begin)
                self._before.append(total)
                self._lengths.append(end - begin)
                total += end - begin
            day += ONE_DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Zero when `end` is not after `start`. Both lie between the first and the last instant given."""
        return max(self._until(end.astimezone(UTC)) - self._until(start.astimezone(UTC)), timedelta())

    def _until(self, moment: datetime) -> timedelta:
        place = bisect_right(self._begins, moment) - 1
        if place < 0:
            return timedelta()
        return self._before[place] + min(moment - self._begins[place], self._lengths[place])
