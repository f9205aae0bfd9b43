"""Days as config/channels.yaml writes them: weekdays, workday, day_off, dates and ranges of dates."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from domain.hours import WEEKDAYS, DayKind, Days

DATES = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


def _days(value: Any) -> Days:
    if isinstance(value, Days):
        return value
    if not isinstance(value, list) or not value:
        raise ValueError(f"应为列表，例如 [mon, fri]、[day_off] 或 ['2026-10-01..2026-10-07']；{_choices()}")
    weekdays, kinds, dates = set(), set(), []
    for written in map(str, value):  # YAML reads an unquoted date as a date
        if written in WEEKDAYS:
            weekdays.add(WEEKDAYS[written])
        elif written in set(DayKind):
            kinds.add(DayKind(written))
        else:
            dates.append(_range(written))
    return Days(frozenset(weekdays), frozenset(kinds), tuple(dates))


def _range(written: str) -> tuple[date, date]:
    match = DATES.fullmatch(written)
    if not match:
        raise ValueError(f"不认识“{written}”；{_choices()}")
    try:
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2] or match[1])
    except ValueError:
        raise ValueError(f"没有“{written}”这样的日期") from None
    if last < first:
        raise ValueError(f"“{written}”的末日早于首日")
    return first, last


def _choices() -> str:
    return f"可写 {'、'.join([*WEEKDAYS, *DayKind])}、日期 2026-10-01 或起止 2026-10-01..2026-10-07"


DaysWritten = Annotated[Days, BeforeValidator(_days)]
