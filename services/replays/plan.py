"""How every report of a stretch ends, so that together they are exactly the figures of the report.

Only counts and days matter here; who is late among a day's cases is decided when the day is written.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from domain.published import Stretch
from domain.refusals import Refusal
from services.demo.days import Arrival
from services.replays.begin import begin
from services.replays.days import days_of, reports_a_day, reports_of
from services.replays.endings import FAR, LONG_ENOUGH, Fate, may_be_late, may_wait
from services.replays.scene import Scene

NOON = 12
# Relative chances, by the days between a report and the stretch's end.
FRESH, STALE = 6.0, 0.002  # days in which what is unfinished was mostly reported; the share of any older day
IMPROVEMENT = 3.0  # at its beginning a stretch is so many times as often late as at its end


@dataclass(frozen=True)
class Planned:
    """A stretch with its end, the end of the one after it, the reports of every day and the fate of each."""

    stretch: Stretch
    end: datetime
    final: datetime
    counts: Sequence[int]
    fates: bytearray

    def days(self) -> Iterator[tuple[date, int, bytearray]]:
        """Every day with its number of reports and their fates."""
        first = 0
        for day, count in zip(days_of(self.stretch), self.counts, strict=True):
            yield day, count, self.fates[first : first + count]
            first += count


def plan(scene: Scene) -> list[Planned]:
    """Raises Refusal when the city's limits leave too few cases that can be late, or in time."""
    planned: list[Planned] = []
    in_time_before = 0  # of those carried over from the stretch before
    for number, stretch in enumerate(scene.stretches):
        following = scene.stretches[min(number + 1, len(scene.stretches) - 1)]
        end, final = (scene.city.midnight(last.end).astimezone(UTC) for last in (stretch, following))
        desk = _Desk(scene, stretch, end)
        in_time_before = desk.decide(in_time_before, last=following is stretch)
        planned.append(Planned(stretch, end, final, desk.counts, desk.fates))
    return planned


class _Desk:
    """Decides one stretch: `left` are the filed cases whose fate is still open, by their number in the stretch."""

    def __init__(self, scene: Scene, stretch: Stretch, end: datetime) -> None:
        self.scene, self.stretch, self.end = scene, stretch, end
        self.rng = scene.rng(stretch.first, "fates")
        self.counts = reports_a_day(scene, stretch)
        self.fates = bytearray([Fate.ON_TIME]) * stretch.reported
        self.day_of = [n for n, count in enumerate(self.counts) for _ in range(count)]
        self.left = set(range(stretch.reported))
        self._reports: dict[int, list[Arrival]] = {}
        self._first_of_day: list[int] = []
        total = 0
        for count in self.counts:
            self._first_of_day.append(total)
            total += count

    def decide(self, in_time_before: int, last: bool) -> int:
        """Returns how many of the cases carried into the next stretch will be in time there."""
        stretch = self.stretch
        self._take(Fate.NEVER_FILED, stretch.reported - stretch.registered, lambda _: 1.0)
        self._take(Fate.AWAITING, stretch.awaiting, self._late_in_the_last_days, self._of_the_last_days(2))
        stored = math.floor(stretch.never * self.scene.report.suspended)
        long_ago = [case for case in sorted(self.left) if self._age(case) >= LONG_ENOUGH.days]
        self._take(Fate.SUSPENDED, stored, lambda _: 1.0, long_ago)
        self._take(Fate.NEVER_HANDLED, stretch.never - stored, self._fresh if last else lambda _: 1.0)
        carried = self._take(Fate.CARRIED_LATE, stretch.carried, self._fresh)
        in_time = [case for case in carried if may_wait(begin(self.scene, self._report(case), self.end)[0], self.end)]
        for case in in_time:
            self.fates[case] = Fate.CARRIED_ON_TIME
        late = stretch.closed - (stretch.on_time - in_time_before)
        if late < 0 or in_time_before > stretch.on_time:
            self._refuse("按期")
        self._take(Fate.LATE, late, self._early, filter(self._may_be_late, sorted(self.left)))
        return len(in_time)

    def _take(
        self, fate: Fate, number: int, weight: Callable[[int], float], among: Iterable[int] | None = None
    ) -> list[int]:
        """`number` of the cases left, by weight: the smallest of exponentially distributed keys."""
        if not number:
            return []
        keys = ((key_of(self.rng, weight(case)), case) for case in (sorted(self.left) if among is None else among))
        taken = sorted(case for _, case in heapq.nsmallest(number, keys))
        if len(taken) < number:
            self._refuse(fate.name.lower())
        for case in taken:
            self.fates[case] = fate
        self.left.difference_update(taken)
        return taken

    def _refuse(self, what: str) -> None:
        where = f"{self.scene.city.id}，{self.stretch.first} 至 {self.stretch.end}，{what}"
        raise Refusal("按这座城市的时限排不出报告里的数", where, "请核对 replays.yaml 的数和类别表的时限。")

    def _age(self, case: int) -> int:
        return len(self.counts) - 1 - self.day_of[case]

    def _fresh(self, case: int) -> float:
        return math.exp(-self._age(case) / FRESH) + STALE

    def _early(self, case: int) -> float:
        return float(IMPROVEMENT ** (self._age(case) / len(self.counts)))

    def _late_in_the_last_days(self, case: int) -> float:
        afternoon = self.scene.city.local(self._report(case).at).hour >= NOON
        return 1.0 if afternoon and self._age(case) == 0 else 0.01

    def _of_the_last_days(self, days: int) -> list[int]:
        return [case for case in range(self._first_of_day[-days], self.stretch.reported) if case in self.left]

    def _may_be_late(self, case: int) -> bool:
        """Old cases certainly; of the others those whose own due time lies within the stretch."""
        return self._age(case) > FAR.days or may_be_late(begin(self.scene, self._report(case), self.end)[0], self.end)

    def _report(self, case: int) -> Arrival:
        number = self.day_of[case]
        if number not in self._reports:
            day = self.stretch.first.fromordinal(self.stretch.first.toordinal() + number)
            self._reports[number] = reports_of(self.scene, self.stretch, day, self.counts[number])
        return self._reports[number][case - self._first_of_day[number]]


def key_of(rng: Random, weight: float) -> float:
    return -math.log(1.0 - rng.random()) / weight
