"""What the desk does when the database does not: it waits its turn, tries again where that helps, says what is true."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.exc import OperationalError

from data_access import tables
from data_access.store import Store
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch import transactions
from services.dispatch.commands import Conflict, Done, Down
from services.dispatch.desk import Desk
from services.stores import open_store
from tests.conftest import FreshDatabase
from tests.desks import World, a_desk

ONE, OTHER = "派遣员01", "派遣员02"
AT_ONCE = 8


@pytest.fixture
def world(store: Store) -> World:
    world = a_desk(store)
    world.cases(["C1", "C2"])
    return world


def all_at_once(work: list[Any]) -> list[Any]:
    """What each gave or raised."""
    found: list[Any] = [None] * len(work)
    ready = threading.Barrier(len(work))

    def one(place: int) -> None:
        ready.wait(10)
        try:
            found[place] = work[place]()
        except Exception as error:
            found[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_many_at_the_same_moment_one_wins(world: World) -> None:
    commands = [world.command("C1", Action.URGE, 4, text=f"第 {n} 个") for n in range(AT_ONCE)]
    people = [world.people[ONE], world.people[OTHER]] * (AT_ONCE // 2)
    pairs = zip(people, commands, strict=True)
    found = all_at_once([lambda p=person, c=command: world.desk.act(p, c) for person, command in pairs])

    assert sum(isinstance(one, Done) for one in found) == 1
    lost = [one for one in found if isinstance(one, Conflict)]
    assert len(lost) == AT_ONCE - 1
    assert all(one.winners and one.version == 5 for one in lost)
    assert (world.version("C1"), len(world.rows("outbox"))) == (5, 1)


def test_the_same_click_at_the_same_moment_is_one_act(world: World) -> None:
    command = world.command("C1", Action.URGE, 4)
    found = all_at_once([lambda: world.desk.act(world.people[ONE], command)] * AT_ONCE)

    assert {one.version for one in found} == {5}
    assert sum(not one.repeated for one in found) == 1
    assert (world.version("C1"), len(world.rows("outbox")), len(world.rows("idempotency_keys"))) == (5, 1, 1)


def test_one_key_for_two_cases_at_the_same_moment_serves_one(world: World) -> None:
    """The rows of the cases do not make these two wait for each other: the key itself has to."""
    one, other = (world.command(case_no, Action.NOTE, 4, text="一") for case_no in ("C1", "C2"))
    other = type(other)(other.case_no, other.action, one.key, other.version, other.fields)
    found = all_at_once([lambda c=command: world.desk.act(world.people[ONE], c) for command in (one, other)])

    assert sorted(type(one).__name__ for one in found) == ["Done", "Refusal"]
    assert sorted(world.version(case_no) for case_no in ("C1", "C2")) == [4, 5]


@contextmanager
def somebody_writing(store: Store, case_no: str) -> Iterator[None]:
    """Another process's open transaction on the case."""
    other = open_store(store.url)
    with other.write.begin() as connection:
        connection.execute(
            update(tables.cases).where(tables.cases.c.case_no == case_no).values(marks=0)
        )  # fmt: skip
        yield
    other.close()


def test_a_database_that_is_busy_is_said_and_a_retry_is_safe(fresh_sqlite: FreshDatabase) -> None:
    store = open_store(fresh_sqlite(), busy_s=0.2)
    world = a_desk(store)
    world.a_case("C1")
    command = world.command("C1", Action.URGE, 4)
    with somebody_writing(store, "C1"), pytest.raises(Down, match=r"数据库被占用.*没有写入任何数据.*不会重复办理"):
        world.desk.act(world.people[ONE], command)
    assert world.version("C1") == 4
    assert world.desk.act(world.people[ONE], command).version == 5
    store.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(fresh_sqlite: FreshDatabase) -> None:
    """SQLite is told how large its file may become: the answer is that of a disk with no room left."""
    store = open_store(fresh_sqlite())
    world = a_desk(store)
    world.a_case("C1")

    def full(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    event.listen(store.write, "begin", full)
    refused = None
    for number in range(200):  # the pages that are begun have a little room
        command = world.command("C1", Action.NOTE, world.version("C1"), text=f"{number} " + "很长的说明" * 90)
        try:
            world.desk.act(world.people[ONE], command)
        except Down as down:
            refused = down
            break
    event.remove(store.write, "begin", full)
    assert refused is not None
    assert "磁盘已满" in refused.where
    kept = world.version("C1")
    assert len(world.events("C1")) == kept == len(world.rows("idempotency_keys")) + 4
    with store.write.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1073741823")
    assert world.desk.act(world.people[ONE], command).version == kept + 1
    store.close()


def test_who_stands_in_line_too_long_is_told_so(fresh_sqlite: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first waits for another process, the others for the first: nobody waits for all of them together."""
    monkeypatch.setattr(transactions, "LINE_S", 0.1)
    store = open_store(fresh_sqlite(), busy_s=1)
    world = a_desk(store)
    world.a_case("C1")
    commands = [world.command("C1", Action.NOTE, 4, text="一") for _ in range(3)]
    with somebody_writing(store, "C1"):
        found = all_at_once([lambda c=one: world.desk.act(world.people[ONE], c) for one in commands])

    assert all(isinstance(one, Down) for one in found)
    assert sum("前面还有别的操作" in one.where for one in found) == 2
    assert world.desk.act(world.people[ONE], commands[0]).version == 5
    store.close()


class Broken(Exception):
    """What a driver says."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("deadlock detected")
        self.sqlstate = sqlstate


def failing(world: World, times: int, sqlstate: str) -> list[int]:
    """The next statements on the outbox fail so often; gives how often they did, as a list of one."""
    count = [0]

    def fail(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT INTO outbox" in statement and count[0] < times:
            count[0] += 1
            raise OperationalError(statement, {}, Broken(sqlstate))

    event.listen(world.store.write, "before_cursor_execute", fail)
    return count


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_deadlock_is_tried_again(world: World, sqlstate: str) -> None:
    count = failing(world, 2, sqlstate)
    done = world.act(ONE, "C1", Action.URGE)

    assert (count, done.version, done.repeated) == ([2], 5, False)
    assert (world.version("C1"), len(world.rows("outbox"))) == (5, 1)


def test_what_does_not_pass_is_not_tried_for_ever(world: World) -> None:
    count = failing(world, 99, "40001")
    with pytest.raises(Down, match="没有写入任何数据"):
        world.act(ONE, "C1", Action.URGE)
    assert count == [4]
    assert (world.version("C1"), world.rows("outbox"), world.rows("idempotency_keys")) == (4, [], [])


def test_another_failure_is_not_tried_again(world: World) -> None:
    count = failing(world, 99, "53100")
    with pytest.raises(Down):
        world.act(ONE, "C1", Action.URGE)
    assert (count, world.version("C1")) == ([1], 4)


def test_whoever_is_told_nothing_retries_and_it_is_done_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit went through and the connection broke: nobody knows, and the same key finds out."""
    command = world.command("C1", Action.URGE, 4)
    commit = Connection._commit_impl

    def lose_the_answer(connection: Connection) -> None:
        commit(connection)
        raise OperationalError("COMMIT", {}, Broken("57P01"))

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "_commit_impl", lose_the_answer)
        with pytest.raises(Down, match="不能确定是否已经写入"):
            world.desk.act(world.people[ONE], command)
    again = world.desk.act(world.people[ONE], command)

    assert (again.version, again.repeated, world.version("C1")) == (5, True, 5)
    assert len(world.rows("outbox")) == 1


def test_two_processes_share_one_desk(world: World) -> None:
    store = open_store(world.store.url)
    other = Desk(store, world.city, world.number, world.clock, None)
    command = world.command("C1", Action.NOTE, 4, text="一")
    found = all_at_once([lambda desk=desk: desk.act(world.people[ONE], command) for desk in (world.desk, other) * 3])

    assert sum(not one.repeated for one in found) == 1
    with pytest.raises(Refusal, match="已经用于"):
        other.act(world.people[ONE], world.command("C1", Action.NOTE, 5, text="二").__class__(
            "C1", Action.NOTE, command.key, 5, {"text": "二"}
        ))  # fmt: skip
    store.close()
