"""Times and days as they are typed on a command line."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.refusals import Refusal


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date or time; without an offset it is the city's local time. Raises Refusal when it is neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        then = "请写成 2026-08-17 或 2026-08-17T23:00:00，可带时区 +08:00。"
        raise Refusal("时间读不懂", text, then) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
