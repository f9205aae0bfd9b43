"""From the report to the dispatch that counts, or to the end of what is never filed."""

from datetime import datetime, timedelta
from typing import Any

from domain.life_cycle import Action, AssignmentRole, EndReason, Role, Tier
from services.demo.days import Arrival
from services.demo.filing import accept, deal_simply, handle_at_once, reject, verify, what_and_where
from services.demo.handling import new_unit
from services.demo.plan import UnitPlan
from services.demo.story import Story, pick
from services.replays.scene import Scene

FIELD = {"collector": "采集员", "third_party": "采集员", "grid_worker": "网格员", "patrol": "巡查员"}
FILED_AT_ONCE = {*FIELD, "video"}  # what our own people and cameras see needs no 核实
HANDLED_AT_ONCE, SIMPLE = 0.35, 0.15  # of what is never filed: 举手之劳 of field staff, 简易程序 of the others
RETURNED = 0.025
QUIET_END = timedelta(days=2)  # nothing is sent back in a stretch's last days


def begin(scene: Scene, arrival: Arrival, end: datetime) -> tuple[Story, UnitPlan]:
    """A filed case up to its last dispatch, with the unit that has it; its clock runs. `end` is the stretch's."""
    story = _reported(scene, arrival)
    if story.channel not in FILED_AT_ONCE:
        accept(story)
        if story.channel != "city_dispatch":  # the city has looked already
            verify(story)
    _register(story)
    unit = _unit(scene, story, None)
    _dispatch(scene, story, unit)
    others = [key for key, _ in story.category.units if key != unit.key]
    if others and story.rng.random() < RETURNED and story.at < end - QUIET_END:
        story.later(8, 70)
        story.by_unit(Action.RETURN, unit, {"reason": story.rng.choice(("不属于本单位职责", "权属不清"))})
        story.later(5, 30)
        decision = EndReason.RETURNED if story.rng.random() < 0.7 else EndReason.DISPATCHER_ERROR
        story.by_dispatcher(Action.UPHOLD_RETURN, {"decision": decision.value})
        unit = _unit(scene, story, unit.key)
        _dispatch(scene, story, unit)
    return story, unit


def never_filed(scene: Scene, arrival: Arrival) -> Story:
    """A report that ends before 立案: solved on the spot, settled simply, or rejected."""
    story = _reported(scene, arrival)
    if story.channel in FIELD and story.rng.random() < HANDLED_AT_ONCE:
        handle_at_once(story)
        return story
    if story.channel not in FILED_AT_ONCE:
        accept(story)
        if story.rng.random() < SIMPLE:
            deal_simply(story)
            return story
        verify(story)
    reject(story)
    return story


def _reported(scene: Scene, arrival: Arrival) -> Story:
    story = Story(scene.setting, arrival, scene.rng(arrival.case_no))
    word = FIELD.get(story.channel, "视频巡查员" if story.channel == "video" else "受理员")
    role = Role.COLLECTOR if story.channel in FILED_AT_ONCE else Role.REGISTRAR
    actor = story.person(word, scene.setting.people.get(word, 9))
    story.step(Action.REPORT, role, actor, what_and_where(story))
    return story


def _register(story: Story) -> None:
    story.later(2, 11)
    body: dict[str, Any] = {"condition": story.condition.text, "limit": str(story.condition.limit)}
    if story.condition.urgent:
        body["urgent"] = True
    body["tier"] = (Tier.STREET if story.channel == "grid_worker" else Tier.DISTRICT).value
    story.by_duty_chief(Action.REGISTER, body)


def _unit(scene: Scene, story: Story, besides: str | None) -> UnitPlan:
    """Whose work it is; what streets do is done by the street in which it lies."""
    usual = [(key, weight) for key, weight in story.category.units if key != besides]
    key = pick(story.rng, [key for key, _ in usual], [weight for _, weight in usual])
    own = scene.platforms.get(story.spot.street_key)
    if own is not None and key in scene.platforms.values() and own != besides:
        key = own
    return scene.setting.unit(key)


def _dispatch(scene: Scene, story: Story, unit: UnitPlan) -> None:
    """派遣; 双派: the street is told at the same time, and now and then a second unit assists."""
    story.later(*((1, 4) if story.condition.urgent else (2, 14)))
    body = new_unit(story, unit)
    rng, platforms = story.rng, scene.platforms
    street = platforms.get(story.spot.street_key)
    told = scene.city.inform_street and street is not None and unit.key not in platforms.values()
    if told and rng.random() < scene.report.informed:
        body[AssignmentRole.INFORMED.value] = [street]
    if rng.random() < scene.report.assist:
        others = [key for key, _ in story.category.units if key != unit.key and key not in platforms.values()]
        if others:
            body[AssignmentRole.ASSIST.value] = [rng.choice(others)]
    story.by_dispatcher(Action.DISPATCH, body)
