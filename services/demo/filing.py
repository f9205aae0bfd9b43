"""From the report to the filing (立案): reporting, accepting, verifying, rejecting, registering, declaring void."""

from decimal import Decimal

from domain.life_cycle import Stage
from services.demo.story import Story

TRUSTED = frozenset({"collector", "grid_worker", "video"})  # their reports are accepted and filed in one act
REPORTERS = {"collector": ("采集员", 120), "grid_worker": ("网格员", 96), "video": ("视频巡查员", 8)}


def report(story: Story) -> None:
    numbers, spot = story.setting.numbers, story.spot
    role, many = REPORTERS.get(story.channel, ("受理员", 12))
    story.columns = {
        "category_id": numbers.categories[story.category.key],
        "channel_id": numbers.channels[story.channel],
        "grid_id": numbers.grids[spot.grid_key],
        "street_id": numbers.streets[spot.street_key],
        "reported_at": story.at,
    }
    case = {
        "case_no": story.arrival.case_no,
        "source": "gridwall",
        "stage": Stage.REPORTED.value,
        **story.columns,
        "community_id": numbers.communities[spot.community_key],
        "road": spot.road,
        "address": spot.address,
        "lon": spot.lon,
        "lat": spot.lat,
        "rework_count": 0,
        "return_count": 0,
        "extension_count": 0,
        "marks": 0,
        "urgent": False,
        "due_provisional": False,
    }
    body = {"category": story.category.key, "channel": story.channel, "grid": spot.grid_key}
    story.step("report", story.person(role, many), body, case)


def accept(story: Story) -> None:
    story.later(1, 8)
    story.step("accept", story.person("受理员", 12), {}, {"accepted_at": story.at, "stage": Stage.ACCEPTED.value})
    story.later(8, 32)
    story.step("verify", story.person("采集员", 120), {"result": "属实"}, {})


def reject(story: Story) -> None:
    story.later(1, 9)
    reason = story.rng.choice(("不属于管理范围", "不符合立案条件", "重复上报", "现场未见问题"))
    case = {"rejected_at": story.at, "stage": Stage.REJECTED.value}
    story.step("reject", story.person("值班长", 4), {"reason": reason}, case)


def register(story: Story) -> None:
    story.later(2, 11)
    limit = story.condition.limit
    story.columns["registered_at"] = story.at
    case = {
        "registered_at": story.at,
        "stage": Stage.REGISTERED.value,
        "limit_value": Decimal(limit.value.numerator) / limit.value.denominator,
        "limit_unit": limit.unit.value,
        "urgent": story.condition.urgent,
    }
    if story.channel in TRUSTED:
        case["accepted_at"] = story.at
    body = {"condition": story.condition.text, "limit": str(limit)}
    story.step("register", story.person("值班长", 4), body, case)


def cancel(story: Story) -> None:
    story.later(15, 240)
    case = {"voided_at": story.at, "stage": Stage.VOID.value}
    story.step("void", story.person("值班长", 4), {"reason": "与另一案件重复"}, case)
