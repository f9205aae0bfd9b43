"""The whole life of one demo case, written when it is born: every step it will take, with its time and changes.

Limits and their clocks: domain/deadlines.py. Stages: DECISIONS 1. The clock starts at dispatch, and again for another
unit after a return; rework does not restart it (DECISIONS 5).
"""

from datetime import timedelta
from random import Random

from services.demo.days import Arrival
from services.demo.filing import (
    TRUSTED,
    accept,
    cancel,
    deal_simply,
    handle_at_once,
    register,
    reject,
    report,
    restore,
    verify,
)
from services.demo.handling import dispatch, escalate, give_back, hand_on, work_on
from services.demo.plan import UnitPlan
from services.demo.setting import Setting
from services.demo.steps import Script
from services.demo.story import Story

LONGEST_LIFE = timedelta(days=40)  # no case lives longer: history older than this never changes
REJECTED = {"collector": 0.05, "grid_worker": 0.06, "video": 0.09}
REJECTED_ELSE = 0.17
SELF_HANDLED, SIMPLE = 0.02, 0.03
VOID, RESTORED = 0.011, 0.1
RETURNED, HANDED_ON, ESCALATED = 0.030, 0.006, 0.08


def write_life(setting: Setting, arrival: Arrival) -> Script:
    """The case's script. The same for the same seed and number, whenever asked."""
    seed = f"{setting.seed}:{arrival.day.isoformat()}:{arrival.layer}:{arrival.number}"
    story = Story(setting, arrival, Random(seed))
    _live(story)
    return tuple(story.events)


def _live(story: Story) -> None:
    rng = story.rng
    report(story)
    if _ends_before_filing(story):
        return
    register(story)
    if rng.random() < VOID:
        cancel(story)
        if rng.random() >= RESTORED:
            return
        restore(story)
    work_on(story, _responsible_unit(story))


def _ends_before_filing(story: Story) -> bool:
    rng = story.rng
    if story.channel in ("collector", "grid_worker") and rng.random() < SELF_HANDLED:
        handle_at_once(story)
        return True
    if story.channel not in TRUSTED:
        accept(story)
        if rng.random() < SIMPLE:
            deal_simply(story)
            return True
        verify(story)
    if rng.random() < REJECTED.get(story.channel, REJECTED_ELSE):
        reject(story)
        return True
    return False


def _responsible_unit(story: Story) -> UnitPlan:
    """Who in the end does the work: dispatched, and now and then returned, handed on or escalated before."""
    rng = story.rng
    unit = story.usual_unit(None)
    dispatch(story, unit)
    if story.channel == "grid_worker" and rng.random() < ESCALATED:
        escalate(story)
        dispatch(story, unit)
    elif rng.random() < RETURNED:
        if give_back(story, unit):
            unit = story.usual_unit(unit.key)
            dispatch(story, unit)
    elif rng.random() < HANDED_ON:
        unit = story.usual_unit(unit.key)
        hand_on(story, unit)
    return unit
