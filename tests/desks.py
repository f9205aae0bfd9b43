"""A small city with a desk: people of every post, four units, and cases that stand wherever a test wants them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from config.calendars import working_time
from config.cities import load_city
from data_access import desk_tables, directory, tables
from data_access.case_writer import NewCase, NewEvent, insert_cases
from data_access.keys import Keys
from data_access.store import Store
from domain.case_steps import Columns
from domain.city import City
from domain.life_cycle import Action, Role
from domain.people import Person, Post
from domain.replay import state
from services.dispatch.commands import Command, Done
from services.dispatch.desk import Desk
from services.dispatch.writing import new_case_columns
from tests.worlds import write_lists

AT = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)  # a Tuesday, 14:32 in the city
LIMIT = "4 work_hours"
PEOPLE: Sequence[tuple[str, tuple[Post, ...], str | None]] = (
    ("派遣员01", (Post.DISPATCHER,), None),
    ("派遣员02", (Post.DISPATCHER,), None),
    ("值班长01", (Post.DUTY_CHIEF,), None),
    ("受理员01", (Post.REGISTRAR,), None),
    ("采集员01", (Post.COLLECTOR,), None),
    ("领导01", (Post.LEADER,), None),
    ("u0终端", (Post.UNIT_USER,), "u0"),
    ("u1终端", (Post.UNIT_USER,), "u1"),
    ("审计员01", (Post.AUDIT_ADMIN,), None),
    ("值班长02", (Post.DUTY_CHIEF, Post.DISPATCHER), None),
)
WAY = (  # how a case comes to a stage: action, role and minutes after the step before
    (Action.REPORT, Role.COLLECTOR, 0),
    (Action.ACCEPT, Role.REGISTRAR, 3),
    (Action.REGISTER, Role.DUTY_CHIEF, 5),
    (Action.DISPATCH, Role.DISPATCHER, 5),
    (Action.RECEIVE, Role.UNIT_USER, 20),
    (Action.HANDLE, Role.UNIT_USER, 60),
    (Action.RECHECK_PASS, Role.COLLECTOR, 30),
    (Action.CLOSE, Role.DUTY_CHIEF, 5),
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class World:
    """One city's desk. People are found by name."""

    store: Store
    city: City
    number: int
    clock: Clock
    people: dict[str, Person]
    desk: Desk
    _keys: Any = field(default_factory=lambda: count(1))

    def act(self, name: str, case_no: str, action: Action, version: int | None = None, **fields: Any) -> Done:
        """An act by that person with a key of its own, on the newest version unless another is named."""
        seen = self.version(case_no) if version is None else version
        return self.desk.act(self.people[name], self.command(case_no, action, seen, **fields))

    def command(self, case_no: str, action: Action, version: int, **fields: Any) -> Command:
        return Command(case_no, action, f"key-{next(self._keys):06d}", version, fields)

    def version(self, case_no: str) -> int:
        return int(self.case(case_no)["version"])

    def case(self, case_no: str) -> Mapping[str, Any]:
        return self.rows("cases", case_no=case_no)[0]

    def events(self, case_no: str) -> list[Mapping[str, Any]]:
        return self.rows("case_events", case_id=self.case(case_no)["case_id"])

    def rows(self, table: str, **where: Any) -> list[Mapping[str, Any]]:
        chosen = tables.metadata.tables[table]
        found = select(chosen).where(chosen.c.city_id == self.number)
        for name, value in where.items():
            found = found.where(chosen.c[name] == value)
        with self.store.read.connect() as connection:
            rows = connection.execute(found.order_by(*chosen.primary_key.columns)).mappings()
            return [dict(row) for row in rows]

    def a_case(self, case_no: str, until: Action = Action.DISPATCH, unit: str = "u0", **first: Any) -> str:
        """A case of ours that has come as far as `until`, dispatched two hours before AT unless told otherwise."""
        return self.cases([case_no], until, unit, **first)[0]

    def cases(
        self, numbers: Sequence[str], until: Action = Action.DISPATCH, unit: str = "u0", source: str = "gridwall",
        **first: Any,
    ) -> Sequence[str]:  # fmt: skip
        made = [a_life(until, unit, **first) for _ in numbers]
        with self.store.write.begin() as connection:
            keys = Keys(connection, self.number)
            new = []
            for case_no, events in zip(numbers, made, strict=True):
                reached = state(events)
                assert reached is not None
                columns, work = new_case_columns(reached, keys)
                new.append(NewCase(columns | {"case_no": case_no, "source": source}, events, work))
            insert_cases(connection, self.number, new, events[-1].at)
        return numbers


def a_life(until: Action, unit: str, began: datetime = AT - timedelta(hours=2), **first: Any) -> list[NewEvent]:
    at, events = began, []
    for action, role, minutes in WAY:
        at += timedelta(minutes=minutes)
        body: Columns = {}
        if action is Action.REPORT:
            body = {"category": "k1", "channel": "c1", "grid": "g1", "street": "s1", "road": "学府街", **first}
        elif action is Action.REGISTER:
            body = {"limit": LIMIT}
        elif action is Action.DISPATCH:
            due, soon = at + timedelta(hours=4), at + timedelta(hours=3, minutes=12)
            body = {"unit": unit, "due": due.isoformat(), "soon": soon.isoformat()}
        events.append(NewEvent(action.value, at, f"{role}#{99}", body))
        if action is until:
            return events
    raise AssertionError(f"{until} is not on the usual way")


def a_desk(
    store: Store,
    clock: Clock | None = None,
    writable: Callable[[str], bool] = lambda _source: False,
    city: City | None = None,
) -> World:
    """The city, its lists and its people; no cases yet."""
    city, clock = city or load_city("demo"), clock or Clock()
    with store.write.begin() as connection:
        number = directory.ensure_city(connection, city.id, city.zone.key, city.demo)
        write_lists(connection, number)
        units = directory.keys(connection, tables.units, number)
        people = {}
        for user_id, (name, posts, unit) in enumerate(PEOPLE, 1):
            account = f"user{user_id:02d}"
            row = {
                "city_id": number, "user_id": user_id, "account": account, "name": name,
                "unit_id": units[unit] if unit else None, "created_at": AT, "stamp": "x",
            }  # fmt: skip
            connection.execute(insert(desk_tables.users).values(row))
            for post in posts:
                key = {"city_id": number, "user_id": user_id, "post": post.value}
                connection.execute(insert(desk_tables.user_posts).values(key))
            people[name] = Person(user_id, account, name, frozenset(posts), unit)
    desk = Desk(store, city, number, clock, working_time(city), source_writable=writable)
    return World(store, city, number, clock, people, desk)
