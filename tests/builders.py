"""Invented, consistent things for tests: the figures of one afternoon in 澜州市 add up across panels and levels."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.city import City, UnitProfile
from domain.indicators import Rate
from domain.snapshot import (
    CameraPoint,
    FeedItem,
    Flow,
    HourFlow,
    KeyCount,
    OverdueAlert,
    Snapshot,
    Spotlight,
    StreetStanding,
    UnitStanding,
)

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 5, 19, 14, 32, 5, tzinfo=ZONE)

STREETS = (  # name, registered today, handled and registered of the month, place of the name
    ("柳荫", 89, 1841, 1977, 113.11, 30.63),
    ("北塔", 77, 1602, 1690, 113.14, 30.64),
    ("学府", 90, 1880, 1986, 113.17, 30.65),
    ("东湖", 38, 744, 801, 113.21, 30.63),
    ("青石", 67, 1305, 1444, 113.09, 30.60),
    ("文昌", 251, 5218, 5490, 113.14, 30.60),
    ("钟楼", 283, 5942, 6207, 113.17, 30.61),
    ("望江", 26, 498, 547, 113.23, 30.60),
    ("南浦", 57, 1108, 1220, 113.14, 30.58),
    ("高新", 92, 1811, 2015, 113.20, 30.56),
    ("槐岭", 68, 1322, 1489, 113.13, 30.55),
    ("新桥", 4, 66, 84, 113.17, 30.55),
)

# Name, class, rank, rank before, score, on time and due, closed, overdue, longest, due soon, closed and due today.
UNITS = (
    ("环卫处", "one", 1, 1, "88.42", 4803, 4956, 4781, 2, 96, 6, 231, 262),
    ("执法一大队", "one", 2, 3, "84.51", 3898, 4168, 4018, 5, 220, 11, 133, 158),
    ("交警支队", "one", 3, 2, "81.07", 2856, 3031, 2904, 4, 138, 7, 96, 113),
    ("执法二大队", "one", 4, 6, "79.95", 3470, 3903, 3712, 7, 412, 14, 123, 149),
    ("市政处", "one", 5, 4, "76.28", 2010, 2253, 2128, 6, 566, 9, 70, 85),
    ("园林局", "one", 6, 5, "75.13", 1560, 1718, 1627, 3, 107, 4, 54, 65),
    ("供电公司", "one", 7, 8, "72.04", 400, 416, 408, 1, 41, 1, 13, 16),
    ("住建局", "one", 8, 7, "69.02", 1098, 1313, 1236, 5, 663, 8, 41, 51),
    ("水务局", "two", 1, 1, "82.10", 702, 741, 720, 1, 58, 2, 52, 57),
    ("电信公司", "two", 2, 2, "78.46", 301, 322, 309, 1, 37, 1, 33, 36),
    ("城投公司", "three", 1, 2, "80.93", 512, 548, 530, 1, 72, 3, 41, 45),
    ("园区管委", "three", 2, 1, "77.70", 388, 420, 402, 1, 25, 1, 30, 34),
)

CHANNELS = (
    ("信息采集员", 702),
    ("12345 热线", 214),
    ("视频发现", 138),
    ("12319 热线", 96),
    ("微信举报", 74),
    ("网格员巡查", 43),
    ("其他", 19),
)

CATEGORIES = (
    ("暴露垃圾", 186, "event"),
    ("店外经营", 142, "event"),
    ("机动车乱停放", 121, "event"),
    ("无照经营游商", 98, "event"),
    ("井盖破损移位", 67, "part"),
)

REGISTERED_BY_HOUR = (96, 102, 98, 84, 61, 44, 30, 22, 14, 8, 6, 5, 4, 4, 6, 12, 30, 66, 112, 150, 174, 180, 141, 108)
CLOSED_BY_HOUR = (88, 97, 104, 92, 70, 45, 31, 20, 13, 8, 5, 4, 3, 3, 4, 7, 15, 40, 84, 132, 156, 165, 128, 87)

GRIDS = 315


def a_city(**changes: object) -> City:
    """The demo city, as far as a wall needs it."""
    city = City(
        id="demo",
        name="澜州市",
        title="澜州市城市管理监督指挥中心",
        zone=ZONE,
        demo=True,
        units=tuple(UnitProfile(f"U{i:02d}", unit[0], unit[0], unit[1]) for i, unit in enumerate(UNITS, 1)),
        unit_classes={"one": "一类单位", "two": "二类单位", "three": "三类单位"},
        wall_unit_class="one",
        score="suning",
        on_time_target=Fraction(9, 10),
        heat_breaks={"registered_today": (1, 2, 4, 6, 9), "open": (1, 2, 3, 5, 8), "overdue_open": (1, 2, 3, 4, 6)},
    )
    return replace(city, **changes)  # type: ignore[arg-type]


def a_unit(place: int = 4, **changes: object) -> UnitStanding:
    """The unit in that line of UNITS, counted from 1."""
    name, unit_class, rank, before, score, on_time, due, closed, late, longest, soon, today, due_today = UNITS[
        place - 1
    ]
    unit = UnitStanding(
        key=f"U{place:02d}",
        name=name,
        short_name=name,
        unit_class=unit_class,
        rank=rank,
        previous_rank=before,
        score=Fraction(score),
        on_time=Rate("on_time_closure_rate", on_time, due, "on_time / closure_due"),
        closed=closed,
        closure_due=due,
        overdue_open=late,
        longest_overdue_min=longest,
        due_soon=soon,
        closed_today=today,
        closure_due_today=due_today,
    )
    return replace(unit, **changes)  # type: ignore[arg-type]


def a_street(place: int = 1, **changes: object) -> StreetStanding:
    name, today, handled, registered, lon, lat = STREETS[place - 1]
    street = StreetStanding(
        key=f"S{place:02d}",
        name=f"{name}街道",
        short_name=name,
        registered_today=today,
        handling=Rate("handling_rate", handled, registered, "handled / registered"),
        rank=None,
        label=(lon, lat),
    )
    return replace(street, **changes)  # type: ignore[arg-type]


def a_spotlight(**changes: object) -> Spotlight:
    spot = Spotlight("main", "20260519-0888", "路面塌陷", "市政处", "青石街道", "青石大道", 11, (113.09, 30.60))
    return replace(spot, **changes)  # type: ignore[arg-type]


def an_alert(minutes: int = 4, **changes: object) -> OverdueAlert:
    alert = OverdueAlert(
        case_no=f"20260519-{1000 - minutes:04d}",
        category="井盖破损移位",
        unit="市政处",
        street="学府街道",
        road="学府街与北环路口",
        due_at=AS_OF - timedelta(minutes=minutes, seconds=20),
        overdue_min=minutes,
        position=(113.17, 30.63),
    )
    return replace(alert, **changes)  # type: ignore[arg-type]


def spread(total: int, places: int) -> tuple[int, ...]:
    """`total` over `places` cells, uneven as a city is, and adding up to it exactly."""
    weights = [((place * 37) % 101) ** 2 + 1 for place in range(places)]
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    for place in range(total - sum(shares)):
        shares[(place * 13) % places] += 1
    return tuple(shares)


def a_snapshot(**changes: object) -> Snapshot:
    """14:32:05 of 2026-05-19 in 澜州市. Change single fields by name; what is left stays consistent with itself."""
    units = tuple(a_unit(place) for place in range(1, len(UNITS) + 1))
    streets = ranked(tuple(a_street(place) for place in range(1, len(STREETS) + 1)))
    snapshot = Snapshot(
        city_id="demo",
        as_of=AS_OF,
        day=date(2026, 5, 19),
        flows={
            "reported": Flow(1286, 1211),
            "registered": Flow(1142, 1087),
            "dispatched": Flow(1118, 1067),
            "handled": Flow(958, 892),
            "closed": Flow(917, 849),
        },
        on_time=Rate("on_time_closure_rate", 20_898, 22_889, "on_time / closure_due"),
        open=486,
        overdue_open=sum(unit.overdue_open for unit in units),
        suspended=12,
        new_overdue=4,
        grid_keys=tuple(f"G{place:03d}" for place in range(GRIDS)),
        grid_heat={
            "registered_today": spread(1142, GRIDS),
            "open": spread(486, GRIDS),
            "overdue_open": spread(37, GRIDS),
        },
        no_position_today=0,
        streets=streets,
        units=units,
        alerts=(
            an_alert(4),
            an_alert(7, category="暴露垃圾", unit="执法二大队", road="鼓楼北巷中段", position=(113.16, 30.60)),
            an_alert(11, category="路面塌陷", road="青石大道与广成路口", position=(113.11, 30.58)),
            an_alert(13, category="占道经营", unit="执法一大队", road="高新大道", position=(113.20, 30.575)),
        ),
        feed=(
            FeedItem("20260519-0917", AS_OF - timedelta(seconds=20), "closed", "店外经营", "鼓楼北街", "执法一大队"),
            FeedItem("20260519-1118", AS_OF - timedelta(seconds=45), "dispatched", "雨水箅子堵塞", "滨江路", "市政处"),
            FeedItem(
                "20260519-1142", AS_OF - timedelta(seconds=90), "registered", "机动车乱停放", "学府街", "交警支队"
            ),
        ),
        hours=hours_of(REGISTERED_BY_HOUR, CLOSED_BY_HOUR),
        channels=tuple(KeyCount(f"C{i}", name, count) for i, (name, count) in enumerate(CHANNELS, 1)),
        categories=tuple(KeyCount(f"K{i}", name, count, kind) for i, (name, count, kind) in enumerate(CATEGORIES, 1)),
        cameras=tuple(
            CameraPoint(f"V{i:02d}", f"监控点 {i}", "offline" if i % 9 == 4 else "online", (113.1 + i * 0.003, 30.58))
            for i in range(46)
        ),
    )
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def an_empty_snapshot(**changes: object) -> Snapshot:
    """A city in which nothing has happened yet: real zeroes everywhere."""
    nothing = Rate("on_time_closure_rate", 0, 0, "on_time / closure_due")
    unit = {
        "rank": None,
        "previous_rank": None,
        "score": None,
        "on_time": nothing,
        "closed": 0,
        "closure_due": 0,
        "overdue_open": 0,
        "longest_overdue_min": None,
        "due_soon": 0,
        "closed_today": 0,
        "closure_due_today": 0,
    }
    zeroes = (0,) * GRIDS
    snapshot = a_snapshot(
        flows={name: Flow(0, 0) for name in ("reported", "registered", "dispatched", "handled", "closed")},
        on_time=nothing,
        open=0,
        overdue_open=0,
        suspended=0,
        new_overdue=0,
        grid_heat={"registered_today": zeroes, "open": zeroes, "overdue_open": zeroes},
        streets=tuple(
            a_street(place, registered_today=0, handling=Rate("handling_rate", 0, 0, "handled / registered"))
            for place in range(1, len(STREETS) + 1)
        ),
        units=tuple(a_unit(place, **unit) for place in range(1, len(UNITS) + 1)),
        alerts=(),
        feed=(),
        hours=hours_of((0,) * 24, (0,) * 24),
        channels=(),
        categories=(),
    )
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def hours_of(
    registered: tuple[int, ...], closed: tuple[int, ...], last: datetime | None = None
) -> tuple[HourFlow, ...]:
    """Full hours, the last one beginning at `last` (13:00 of the day unless told)."""
    end = (last or AS_OF.replace(hour=13, minute=0, second=0)).astimezone(UTC)
    count = len(registered)
    return tuple(HourFlow(end - timedelta(hours=count - 1 - at), registered[at], closed[at]) for at in range(count))


def ranked(streets: tuple[StreetStanding, ...]) -> tuple[StreetStanding, ...]:
    """Streets with their rank by handling rate; equal rates share a rank."""
    rates = sorted((street.handling.value or Fraction(0) for street in streets), reverse=True)
    return tuple(
        replace(street, rank=rates.index(street.handling.value) + 1) if street.handling.value else street
        for street in streets
    )
