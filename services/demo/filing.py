"""From the report to the filing (立案): reporting, accepting, verifying, rejecting, registering, declaring void."""

from typing import Any

from domain.life_cycle import Action, Role, Stage, Tier
from services.demo.story import Story

TRUSTED = frozenset({"collector", "grid_worker", "video"})  # their reports are accepted and filed in one act
REPORTERS = {"collector": ("采集员", 120), "grid_worker": ("网格员", 96), "video": ("视频巡查员", 8)}
OWNERLESS = 0.006  # 无主案件: nobody's, until somebody is told to deal with it


def report(story: Story) -> None:
    who, many = REPORTERS.get(story.channel, ("受理员", 12))
    role = Role.COLLECTOR if story.channel in TRUSTED else Role.REGISTRAR
    story.step(Action.REPORT, role, story.person(who, many), what_and_where(story))


def what_and_where(story: Story) -> dict[str, Any]:
    """What a report says: the class of the problem, who brought it and its place."""
    spot = story.spot
    return {
        "category": story.category.key,
        "channel": story.channel,
        "grid": spot.grid_key,
        "street": spot.street_key,
        "community": spot.community_key,
        "road": spot.road,
        "address": spot.address,
        "lon": spot.lon,
        "lat": spot.lat,
    }


def accept(story: Story) -> None:
    story.later(1, 8)
    story.by_registrar(Action.ACCEPT, {})


def verify(story: Story) -> None:
    story.later(8, 32)
    story.by_collector(Action.VERIFY, {"result": "属实"})


def reject(story: Story) -> None:
    story.later(1, 9)
    reason = story.rng.choice(("不属于管理范围", "不符合立案条件", "重复上报", "现场未见问题"))
    story.by_duty_chief(Action.REJECT, {"reason": reason})


def handle_at_once(story: Story) -> None:
    """举手之劳: the collector puts it right on the spot."""
    story.later(3, 20)
    story.by_collector(Action.SELF_HANDLE, {"result": "现场处置"})


def deal_simply(story: Story) -> None:
    """简易程序: settled by telephone, without dispatch and recheck."""
    story.later(10, 60)
    story.by_duty_chief(Action.SIMPLE, {"result": "电话协调，当场处置"})


def register(story: Story) -> None:
    story.later(2, 11)
    body: dict[str, Any] = {"condition": story.condition.text, "limit": str(story.condition.limit)}
    if story.condition.urgent:
        body["urgent"] = True
    if story.rng.random() < OWNERLESS:
        body["ownerless"] = True
    body["tier"] = (Tier.STREET if story.channel == "grid_worker" else Tier.CITY).value
    story.by_duty_chief(Action.REGISTER, body)


def cancel(story: Story) -> None:
    story.later(15, 240)
    story.by_duty_chief(Action.VOID, {"reason": "与另一案件重复"})


def restore(story: Story) -> None:
    """恢复: it was not the same case after all."""
    story.later(20, 180)
    story.by_duty_chief(Action.RESTORE, {"reason": "核对后不是同一案件"}, Stage.REGISTERED)
