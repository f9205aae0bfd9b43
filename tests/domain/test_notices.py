"""Who is told, through what, by example."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.calendars import load_calendar
from domain.hours import CityDays, DayKind, Days, Hours
from domain.notices import Channel, Duty, Route, Routing, Way, wait_after

CITY = CityDays(ZoneInfo("Asia/Shanghai"), load_calendar("china"))
WORKDAY, DAY_OFF = (Days(kinds=frozenset({kind})) for kind in DayKind)
ROUTING = Routing(
    channels={name: Channel(name, name, Way.APPRISE, "json") for name in ("city", "shizheng", "phone", "chief")},
    routes=(
        Route(("unit:*",), ("city",)),
        Route(("unit:shizheng",), ("shizheng", "city"), frozenset({"urge", "supervise"})),
        Route(("duty:night", "post:duty_chief"), ("phone",)),
        Route(("duty:holiday",), ("chief",)),
    ),
    duty=(
        Duty("夜班", Hours(time(18), time(8), WORKDAY), ("unit:*",), ("duty:night",), frozenset({"urge"})),
        Duty("节假日", Hours(time(8), time(8), DAY_OFF), ("*",), ("duty:holiday",)),
    ),
)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CITY.zone)


@pytest.mark.parametrize(
    ("recipient", "kind", "moment", "channels"),
    [
        ("unit:huanwei", "urge", "2026-05-19 10:00", ("city",)),
        ("unit:shizheng", "urge", "2026-05-19 10:00", ("city", "shizheng")),
        ("unit:shizheng", "dispatch", "2026-05-19 10:00", ("city",)),
        ("post:duty_chief", "urge", "2026-05-19 10:00", ("phone",)),
        ("post:leader", "urge", "2026-05-19 10:00", ()),
        ("user:12", "urge", "2026-05-19 10:00", ()),
        ("channel:chief", "trial", "2026-05-19 10:00", ("chief",)),
        ("channel:gone", "trial", "2026-05-19 10:00", ()),
        # The night shift of Tuesday reaches into Wednesday; its kinds are its own.
        ("unit:huanwei", "urge", "2026-05-19 18:00", ("city", "phone")),
        ("unit:huanwei", "urge", "2026-05-20 07:59", ("city", "phone")),
        ("unit:huanwei", "urge", "2026-05-20 08:00", ("city",)),
        ("unit:huanwei", "dispatch", "2026-05-19 18:00", ("city",)),
        # Labour Day begins at eight and takes the night with it; the make-up Saturday is a workday.
        ("unit:huanwei", "dispatch", "2026-05-01 07:59", ("city",)),
        ("unit:huanwei", "dispatch", "2026-05-01 08:00", ("city", "chief")),
        ("post:leader", "urge", "2026-05-06 07:59", ("chief",)),
        ("post:leader", "urge", "2026-05-09 12:00", ()),
        ("unit:huanwei", "urge", "2026-05-09 19:00", ("city", "phone")),
    ],
)
def test_where_a_notice_goes(recipient: str, kind: str, moment: str, channels: tuple[str, ...]) -> None:
    assert ROUTING.channels_for(recipient, kind, at(moment), CITY) == channels


def test_who_is_on_duty() -> None:
    assert [turn.name for turn in ROUTING.on_duty(at("2026-05-01 07:00"), CITY)] == ["夜班"]
    assert [turn.name for turn in ROUTING.on_duty(at("2026-05-01 09:00"), CITY)] == ["节假日"]
    assert ROUTING.on_duty(at("2026-05-19 12:00"), CITY) == ()


def test_a_trial_and_what_may_pass_are_never_held_back() -> None:
    quiet = Channel("a", "甲", Way.APPRISE, "json", (Hours(time(22), time(7)),), passing_kinds=frozenset({"supervise"}))
    night, morning = at("2026-05-19 23:00"), at("2026-05-20 07:00")

    assert quiet.free_at("urge", False, night, CITY) == morning
    assert quiet.free_at("urge", True, night, CITY) == night
    assert quiet.free_at("supervise", False, night, CITY) == night
    assert quiet.free_at("trial", False, night, CITY) == night


def test_waits_double_up_to_an_hour() -> None:
    minutes = [wait_after(attempts) / timedelta(minutes=1) for attempts in range(1, 12)]

    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert wait_after(10_000) == timedelta(hours=1)
