"""A small city with its desk: cases told by their events, people, and whoever looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from config.texts import Texts, load_texts
from data_access import desk_tables, directory, tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.store import Store
from domain.city import City, WorkPeriod
from domain.people import Person, Post
from domain.queue import Filters, Tab
from domain.replay import state
from services.desk_view import DeskView
from services.live import LivePicture
from tests.worlds import write_lists

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 19, 14, 32, 5, tzinfo=SHANGHAI)  # a Tuesday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CITY = City(
    id="random",
    name="任意市",
    title="任意市",
    zone=SHANGHAI,
    calendar="china",
    work_periods=(WorkPeriod(time(8), time(12)), WorkPeriod(time(14), time(18))),
    unit_classes={"0": "零类", "1": "一类"},
)
PLACE = {"category": "k1", "channel": "c1", "grid": "g0", "street": "s0", "community": None, "road": "学府街",
         "address": "学府街 12 号门前", "lon": 120.05, "lat": 31.05}  # fmt: skip
DISPATCHER = Person(1, "dispatcher01", "派遣员01", frozenset({Post.DISPATCHER}))
OTHER = Person(2, "dispatcher02", "派遣员02", frozenset({Post.DISPATCHER}))
CHIEF = Person(3, "chief01", "值班长01", frozenset({Post.DUTY_CHIEF}))
LEADER = Person(4, "leader01", "领导01", frozenset({Post.LEADER}))
UNIT = Person(5, "unit01", "单位0终端", frozenset({Post.UNIT_USER}), "u0")
PEOPLE = (DISPATCHER, OTHER, CHIEF, LEADER, UNIT)


@cache
def texts() -> Texts:
    return load_texts("zh")


def at(minutes: float) -> datetime:
    """So many minutes before now."""
    return (NOW - minutes * MINUTE).astimezone(UTC)


def told(action: str, ago: float, actor: str = "派遣员03", /, **body: Any) -> NewEvent:
    """What happened so many minutes ago."""
    return NewEvent(action, at(ago), actor, body)


def until(minutes: float, *, unit: str = "u0", soon: float | None = None, **more: Any) -> dict[str, Any]:
    """A unit and when its case is due: so many minutes from now; 将到期 an hour before unless told."""
    due = NOW + minutes * MINUTE
    return {"unit": unit, "due": due.isoformat(), "soon": (due - (soon or 60) * MINUTE).isoformat(), **more}


def dispatched(due_in: float, *more: NewEvent, unit: str = "u0", urgent: bool = False, **body: Any) -> list[NewEvent]:
    """A case that a unit has had for four hours."""
    return [
        told("report", 270, "受理员01", **PLACE),
        told("register", 250, "值班长01", condition="井盖移位", limit="4 urgent_hours", urgent=urgent),
        told("dispatch", 244, **until(due_in, unit=unit), **body),
        *more,
    ]


@dataclass
class Desk:
    """`now` may be moved; `view` is what the routes ask."""

    store: Store
    number: int
    view: DeskView = field(init=False)
    now: datetime = NOW
    city: City = CITY
    counted: int = 0

    def __post_init__(self) -> None:
        live = LivePicture(self.store, self.number, "live", self.clock)
        self.view = DeskView(self.store, self.city, self.number, live, self.clock, texts(), ("main",))

    def clock(self) -> datetime:
        return self.now

    def add(self, events: Sequence[NewEvent], case_no: str = "", **columns: Any) -> str:
        """Stores a case that has lived through these events; its number."""
        reached = state(events)
        assert reached is not None
        self.counted += 1
        number = case_no or f"20260519-{self.counted:04}"
        case = numbered(reached.case) | {"case_no": number, "source": "gridwall", **columns}
        with self.store.write.begin() as connection:
            insert_cases(
                connection, self.number, [NewCase(case, events, [numbered(row) for row in reached.assignments])], NOW
            )
        return number

    def case_id(self, case_no: str) -> int:
        with self.store.read.connect() as connection:
            return int(connection.execute(
                text("SELECT case_id FROM cases WHERE case_no = :no"), {"no": case_no}
            ).scalar_one())  # fmt: skip

    def write(self, table: Any, case_no: str, **values: Any) -> None:
        """A row of the desk, and the beat that goes with it."""
        row = {"city_id": self.number, "case_id": self.case_id(case_no), **values}
        with self.store.write.begin() as connection:
            connection.execute(insert(table).values(row))
            connection.execute(text(
                "INSERT INTO desk_beats (city_id, version) VALUES (:city, 1)"
                " ON CONFLICT (city_id) DO UPDATE SET version = desk_beats.version + 1"
            ), {"city": self.number})  # fmt: skip

    def queue(self, person: Person = DISPATCHER, tab: Tab = Tab.DUE, **filters: str) -> dict[str, Any]:
        return self.view.queue(person, Filters(tab, **filters))[1]

    def rows(self, person: Person = DISPATCHER, tab: Tab = Tab.DUE, **filters: str) -> dict[str, dict[str, Any]]:
        groups = self.queue(person, tab, **filters)["groups"]
        return {row["case_no"]: row for group in groups for row in group["rows"]}

    def case(self, case_no: str, person: Person = DISPATCHER) -> dict[str, Any]:
        return self.view.case(person, case_no)[1]


def a_desk(store: Store, people: Sequence[Person] = PEOPLE, **changes: Any) -> Desk:
    """A city without cases, and its people."""
    city = replace(CITY, **changes)
    with store.write.begin() as connection:
        number = directory.ensure_city(connection, city.id, SHANGHAI.key, demo=False)
        write_lists(connection, number)
        for person in people:
            row = {"city_id": number, "user_id": person.user_id}
            connection.execute(insert(desk_tables.users).values(
                **row, account=person.account, name=person.name, created_at=NOW, stamp="x", unit_id=None
            ))  # fmt: skip
            for post in person.posts:
                connection.execute(insert(desk_tables.user_posts).values(**row, post=post.value))
    return Desk(store, number, city=city)


def numbered(row: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of the lists as their numbers in the city of tests.worlds."""
    columns = dict(row)
    for name in ("unit", "grid", "street", "category", "channel", "community"):
        if name in columns:
            key = columns.pop(name)
            first = 0 if name in ("category", "channel") else 1
            columns[f"{name}_id"] = None if key is None else int(key[1:]) + first
    return columns


def camera(desk: Desk, number: int, name: str, lon: float, lat: float, **values: Any) -> None:
    row = {"city_id": desk.number, "camera_id": number, "key": f"v{number}", "name": name, "lon": lon, "lat": lat}
    with desk.store.write.begin() as connection:
        connection.execute(insert(tables.cameras).values({**row, "state": "online", **values}))
