"""The whole life of one demo case, written when it is born: every step it will take, with its time and changes.

Limits and their clocks: domain/deadlines.py. Stages: DECISIONS 1. The clock starts at dispatch, and again for another
unit after a return; rework does not restart it (DECISIONS 5).
"""

from datetime import timedelta
from random import Random

from services.demo.days import Arrival
from services.demo.filing import TRUSTED, accept, cancel, register, reject, report
from services.demo.handling import dispatch, give_back, work_on
from services.demo.setting import Setting
from services.demo.steps import Script
from services.demo.story import Story

LONGEST_LIFE = timedelta(days=40)  # no case lives longer: history older than this never changes
REJECTED = {"collector": 0.05, "grid_worker": 0.06, "video": 0.09}
REJECTED_ELSE = 0.17
VOID, RETURNED = 0.010, 0.030


def write_life(setting: Setting, arrival: Arrival) -> Script:
    """The case's script. The same for the same seed and number, whenever asked."""
    seed = f"{setting.seed}:{arrival.day.isoformat()}:{arrival.layer}:{arrival.number}"
    story = Story(setting, arrival, Random(seed))
    _live(story)
    return tuple(story.steps)


def _live(story: Story) -> None:
    rng = story.rng
    report(story)
    if story.channel not in TRUSTED:
        accept(story)
    if rng.random() < REJECTED.get(story.channel, REJECTED_ELSE):
        return reject(story)
    register(story)
    if rng.random() < VOID:
        return cancel(story)
    unit = story.usual_unit(None)
    dispatch(story, unit)
    if rng.random() < RETURNED:
        give_back(story, unit)
        unit = story.usual_unit(unit.key)
        dispatch(story, unit)
    work_on(story, unit)
