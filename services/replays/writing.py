"""The cases of one planned day, each lived through the table of transitions."""

import heapq
from collections.abc import Iterator
from datetime import date

from data_access.case_writer import NewCase
from services.demo.plan import UnitPlan
from services.demo.steps import new_case
from services.demo.story import Story
from services.replays.begin import begin, never_filed
from services.replays.days import reports_of
from services.replays.endings import Ending, Fate, may_be_late
from services.replays.plan import Planned, key_of
from services.replays.scene import Scene

Begun = tuple[Story, UnitPlan]


def days_written(scene: Scene, planned: Planned) -> Iterator[tuple[date, list[NewCase]]]:
    """Every day of the stretch with its cases, in order. Only one day is in memory at a time."""
    for day, count, fates in planned.days():
        yield day, _day(scene, planned, day, count, fates)


def _day(scene: Scene, planned: Planned, day: date, count: int, fates: bytearray) -> list[NewCase]:
    reports = reports_of(scene, planned.stretch, day, count)
    begun = {
        number: begin(scene, report, planned.end)
        for number, report in enumerate(reports)
        if fates[number] != Fate.NEVER_FILED
    }
    _deal_lateness(scene, planned, day, fates, begun)
    cases = []
    for number, report in enumerate(reports):
        if number in begun:
            story, unit = begun[number]
            Ending(story, unit, planned.end, planned.final).write(Fate(fates[number]))
        else:
            story = never_filed(scene, report)
        cases.append(new_case(tuple(story.events), report.case_no, scene.setting.numbers))
    return cases


def _deal_lateness(scene: Scene, planned: Planned, day: date, fates: bytearray, begun: dict[int, Begun]) -> None:
    """The plan says how many of the day are late; which ones depends on the units that have them."""
    dealt = [number for number in begun if fates[number] in (Fate.ON_TIME, Fate.LATE)]
    late = sum(fates[number] == Fate.LATE for number in dealt)
    rng = scene.rng(day, "lateness")
    able = [number for number in dealt if may_be_late(begun[number][0], planned.end)]
    keys = [(key_of(rng, begun[number][1].late), number) for number in able]
    chosen = {number for _, number in heapq.nsmallest(late, keys)}
    for number in dealt:
        fates[number] = Fate.LATE if number in chosen else Fate.ON_TIME
