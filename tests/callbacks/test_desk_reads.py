"""What the desk reads over HTTP: for whom, how old, said anew where it is new, and at once when somebody writes."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import Running, create_app
from config.settings import Settings
from domain.life_cycle import Action
from domain.people import Post
from services.dispatch.commands import Command
from services.stores import open_store
from tests.services.desk_view.desks import NOW, Desk, a_desk, dispatched, told
from tests.signing_in import a_user, sign_in

QUEUE, EVENTS = "/api/desk/queue", "/api/desk/events"
AT_ONCE_S = 0.3  # the desk's version is looked at every tenth of a second


class Room:
    """An application with a desk; time moves by hand, the refresh and the watcher run when told to."""

    def __init__(self, url: str, data: Path, **settings: Any) -> None:
        self.now = NOW
        self.desk: Desk = a_desk(open_store(url), (), id="boston")
        self.late = self.desk.add(dispatched(-4, told("receive", 200)))
        self.foreign = self.desk.add(dispatched(-9, told("receive", 200), unit="u1"))
        self.desk.store.close()
        chosen = Settings(database=url, data=data, city="boston", **settings)
        self.app = create_app(chosen, clock=lambda: self.now, real_clock=lambda: self.now)
        self.running: Running = self.app.server.gridwall
        self.refresh()

    def refresh(self, after: timedelta = timedelta(seconds=1)) -> None:
        self.now += after
        assert self.running.background is not None
        self.running.background.refresher.tick()
        self.running.serving.live.look()

    def client(self, *posts: Post, unit: str | None = None) -> FlaskClient:
        client: FlaskClient = self.app.server.test_client()
        account = a_user(self.running.serving.people, *posts, unit=unit)
        assert sign_in(client, account).status_code == 303
        return client

    def urge(self) -> None:
        """Somebody at another desk acts."""
        serving = self.running.serving
        account = a_user(serving.people, Post.DISPATCHER)
        person = serving.people.sign_in.enter(account, "Lan-Zhou_2026", "test").person
        version = serving.desk_view.case(person, self.late)[1]["version"]
        serving.desk.act(person, Command(self.late, Action.URGE, f"key-{account}-{version}", version))


@pytest.fixture
def room(store_url: str, tmp_path: Path) -> Iterator[Room]:
    made = Room(store_url, tmp_path)
    yield made
    made.running.stop()


@pytest.fixture
def sqlite_room(fresh_sqlite: Any, tmp_path: Path) -> Iterator[Room]:
    made = Room(fresh_sqlite(), tmp_path)
    yield made
    made.running.stop()


def rows(answer: TestResponse) -> list[str]:
    return [row["case_no"] for group in body(answer)["groups"] for row in group["rows"]]


def body(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.get_json()
    return found


PATHS = (QUEUE, "/api/desk/case/20260519-0001", EVENTS)
NOT_AT_THE_DESK = (Post.EVALUATOR, Post.PUBLISHER, Post.SYS_ADMIN, Post.SECURITY_ADMIN, Post.AUDIT_ADMIN)


def test_nobody_reads_the_desk_without_signing_in(sqlite_room: Room) -> None:
    for path in PATHS:
        answer = sqlite_room.app.server.test_client().get(path)
        assert (answer.status_code, body(answer)["error"]["kind"]) == (401, "signed_out")


def test_posts_without_work_at_the_desk_are_refused(sqlite_room: Room) -> None:
    for post in NOT_AT_THE_DESK:
        client = sqlite_room.client(post)
        for path in PATHS:
            answer = client.get(path)
            assert (answer.status_code, body(answer)["error"]["kind"]) == (403, "denied")


def test_a_unit_reads_its_own_cases_only(room: Room) -> None:
    client = room.client(Post.UNIT_USER, unit="u0")

    assert rows(client.get(QUEUE)) == [room.late]
    assert client.get(f"/api/desk/case/{room.late}").status_code == 200
    refused = client.get(f"/api/desk/case/{room.foreign}")
    assert (refused.status_code, body(refused)["error"]["kind"]) == (403, "denied")
    assert body(refused)["error"]["then"]


def test_an_unknown_case_is_missing(sqlite_room: Room) -> None:
    answer = sqlite_room.client(Post.DISPATCHER).get("/api/desk/case/20260519-9999")

    assert (answer.status_code, body(answer)["error"]["kind"]) == (404, "missing")
    assert "20260519-9999" in body(answer)["error"]["what"]


def test_the_desk_counts_what_the_wall_of_the_same_picture_counts(room: Room) -> None:
    client = room.client(Post.DISPATCHER)

    figures = body(client.get("/api/v1/snapshot"))
    queue = body(client.get(QUEUE))

    assert queue["counts"]["overdue"] == figures["figures"]["city/-/overdue_open/now"]["value"] == 2
    assert queue["as_of"] == int(room.now.timestamp() * 1000)
    assert (queue["mode"], queue["stale"]) == ("live", False)


def test_what_has_not_changed_is_answered_with_304_until_somebody_writes(room: Room) -> None:
    client = room.client(Post.DISPATCHER)
    for path in (QUEUE, f"/api/desk/case/{room.late}"):
        tag = client.get(path).headers["ETag"]

        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        room.urge()
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_one_person_s_tag_is_not_another_s(sqlite_room: Room) -> None:
    tag = sqlite_room.client(Post.DISPATCHER).get(QUEUE).headers["ETag"]

    answer = sqlite_room.client(Post.UNIT_USER, unit="u0").get(QUEUE, headers={"If-None-Match": tag})

    assert answer.status_code == 200


def test_nothing_of_the_desk_is_kept_by_a_proxy(sqlite_room: Room) -> None:
    answer = sqlite_room.client(Post.DISPATCHER).get(QUEUE)

    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_tabs_and_filters_come_from_the_address(sqlite_room: Room) -> None:
    client = sqlite_room.client(Post.DISPATCHER)

    assert set(rows(client.get(f"{QUEUE}?tab=all"))) == {sqlite_room.late, sqlite_room.foreign}
    assert rows(client.get(f"{QUEUE}?tab=all&unit=u1")) == [sqlite_room.foreign]
    assert rows(client.get(f"{QUEUE}?q={sqlite_room.late}")) == [sqlite_room.late]
    assert rows(client.get(f"{QUEUE}?alert=due_soon")) == []
    assert rows(client.get(f"{QUEUE}?tab=nonsense&street=s9")) == []
    assert client.get(f"{QUEUE}?q={'x' * 5000}").status_code == 200


def test_an_old_picture_is_said_to_be_old_with_its_cause(sqlite_room: Room) -> None:
    client = sqlite_room.client(Post.DISPATCHER)
    before = sqlite_room.now
    with sqlite_room.running.serving.live.store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")
    sqlite_room.refresh(timedelta(seconds=30))

    queue = body(client.get(QUEUE))

    assert queue["stale"] is True
    assert "监控点" in queue["failure"]["text"]
    assert queue["as_of"] == int(before.timestamp() * 1000)


def test_a_database_that_does_not_answer_is_said_in_words(sqlite_room: Room) -> None:
    client = sqlite_room.client(Post.DISPATCHER)
    with sqlite_room.running.serving.live.store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE acknowledgements RENAME TO gone")

    answer = client.get(QUEUE)

    assert (answer.status_code, body(answer)["error"]["kind"]) == (503, "down")
    assert "案件读取失败：数据库结构不符" in body(answer)["error"]["what"]


# The stream


class Listener:
    """Reads a stream in a thread of its own, noting when each beat came."""

    def __init__(self, client: FlaskClient) -> None:
        self.stream = client.get(EVENTS, buffered=False)
        self.beats: list[tuple[float, dict[str, Any]]] = []
        self._came = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.stream.response:
            text = line.decode() if isinstance(line, bytes) else line
            if "data: " in text:
                with self._came:
                    self.beats.append((time.monotonic(), json.loads(text.split("data: ")[1])))
                    self._came.notify_all()

    def first(self, name: str, value: object, within_s: float = 5.0) -> float:
        """When the first beat with this value came."""

        def found() -> float | None:
            return next((at for at, beat in self.beats if beat[name] == value), None)

        with self._came:
            assert self._came.wait_for(lambda: found() is not None, within_s), self.beats
        return found() or 0.0


def test_another_desk_hears_at_once_that_somebody_has_written(room: Room) -> None:
    listener = Listener(room.client(Post.DISPATCHER))
    listener.first("d", 0)
    room.urge()  # signs a new person in, which takes its time; then the act
    written = time.monotonic()

    heard = listener.first("d", 1)

    assert heard - written < AT_ONCE_S
    _, beat = listener.beats[-1]
    assert set(beat) == {"d", "v", "as_of", "now", "boot"}
    room.running.serving.live.stop()


def test_a_new_picture_is_heard_too(sqlite_room: Room) -> None:
    listener = Listener(sqlite_room.client(Post.UNIT_USER, unit="u0"))
    sqlite_room.refresh()

    listener.first("as_of", int(sqlite_room.now.timestamp() * 1000))

    sqlite_room.running.serving.live.stop()


def test_a_stream_ends_when_the_account_is_disabled(sqlite_room: Room) -> None:
    client = sqlite_room.client(Post.DISPATCHER)
    stream = client.get(EVENTS, buffered=False)
    lines = iter(stream.response)
    next(lines), next(lines)
    serving = sqlite_room.running.serving
    account = serving.people.accounts.listed()[-1]
    serving.people.accounts.disable(account.user_id)
    sqlite_room.now += timedelta(seconds=6)

    assert list(lines) == []


def test_streams_are_bounded_and_a_closed_one_makes_room(fresh_sqlite: Any, tmp_path: Path) -> None:
    room = Room(fresh_sqlite(), tmp_path, live_screens=12, threads=21)  # 21 less 12 less 8 spare ones
    client = room.client(Post.DISPATCHER)
    one = client.get(EVENTS, buffered=False)
    next(iter(one.response))

    assert client.get(EVENTS).status_code == 503
    one.close()
    again = client.get(EVENTS, buffered=False)
    assert again.status_code == 200
    again.close()
    room.running.stop()


def test_a_replay_shows_the_desk_as_it_stood_and_nothing_can_be_done(fresh_sqlite: Any, tmp_path: Path) -> None:
    url = fresh_sqlite()
    desk = a_desk(open_store(url), (), id="boston")
    closed_since = desk.add(dispatched(
        -4, told("receive", 200), told("handle", 20), told("recheck_pass", 15), told("close", 10)
    ))  # fmt: skip
    desk.store.close()
    then = NOW - timedelta(minutes=1) - timedelta(minutes=17)
    chosen = Settings(database=url, data=tmp_path, city="boston")
    app = create_app(chosen, frozen_at=then, real_clock=lambda: NOW)
    serving = app.server.gridwall.serving
    client = app.server.test_client()
    sign_in(client, a_user(serving.people, Post.DISPATCHER))

    queue = body(client.get(f"{QUEUE}?tab=all"))
    case = body(client.get(f"/api/desk/case/{closed_since}"))

    assert [row["case_no"] for group in queue["groups"] for row in group["rows"]] == [closed_since]
    assert (queue["mode"], queue["as_of"]) == ("replay", int(then.timestamp() * 1000))
    assert case["log"][0]["what"] == "处置反馈"
    assert {one["why"] for one in case["actions"]} == {"回放中不能操作"}
    app.server.gridwall.stop()
