"""The desk's routes that write: statuses, shapes and refusals, by people who are signed in."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import Running, create_app
from config.settings import Settings
from data_access.store import Store
from domain.life_cycle import Action
from domain.people import Post
from tests.desks import AT, Clock, World, a_desk
from tests.signing_in import a_user, sign_in, token_of

KEY = "a-click-0001"


class Room:
    """A running application over a desk with one case; time moves by hand."""

    def __init__(self, store: Store, data: Path, clock: Clock) -> None:
        self.world: World = a_desk(store, clock)
        self.world.a_case("C1")
        settings = Settings(database=store.url, data=data, city="demo", role="web")
        self.running: Running = create_app(settings, clock=clock, real_clock=clock).server.gridwall
        self.server = self.running.dash.server

    def client(self, *posts: Post, unit: str | None = None) -> "Asking":
        client = self.server.test_client()
        account = a_user(self.running.serving.people, *posts, unit=unit)
        assert sign_in(client, account).status_code == 303
        return Asking(client)


class Asking:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, body: Any) -> TestResponse:
        return self.client.post(f"/api/desk/{path}", json=body, headers=token_of(self.client))

    def act(self, action: str = "urge", version: int = 4, key: str = KEY, case_no: str = "C1", **fields: Any) -> Any:
        body = {"case_no": case_no, "action": action, "key": key, "version": version, "fields": fields}
        answer = self.post("act", body)
        return answer.status_code, answer.get_json()


@pytest.fixture
def room(store: Store, tmp_path: Path) -> Iterator[Room]:
    made = Room(store, tmp_path, Clock())
    yield made
    made.running.stop()


def test_an_act_is_answered_with_what_was_written(room: Room) -> None:
    asking = room.client(Post.DISPATCHER)
    status, body = asking.act(text="请抓紧")

    assert status == 200
    assert body == {
        "done": {
            "case_no": "C1", "action": "urge", "version": 5, "at": int(AT.timestamp() * 1000),
            "sentence": "已催办单位0", "notices": 1, "document": None, "repeated": False,
        }
    }  # fmt: skip
    again = asking.act(text="请抓紧")
    assert (again[0], again[1]["done"]["repeated"], again[1]["done"]["version"]) == (200, True, 5)
    assert asking.act(text="别的")[0] == 422


def test_a_loser_is_told_who_what_and_when(room: Room) -> None:
    room.client(Post.DISPATCHER).act(text="请抓紧")
    status, body = room.client(Post.DUTY_CHIEF).act(text="再催一次", key="another-click")

    error = body["error"]
    assert (status, error["kind"], error["version"], error["held_by"]) == (409, "conflict", 5, "")
    (winner,) = error["winners"]
    assert (winner["post"], winner["action"], winner["version"]) == ("派遣员", "urge", 5)
    assert winner["at"] == AT.timestamp() * 1000
    assert error["changes"] == [{"label": "内容", "theirs": "请抓紧", "mine": "再催一次"}]


def test_a_hold_is_seen_by_the_other_and_keeps_him_out(room: Room) -> None:
    one, other = room.client(Post.DISPATCHER), room.client(Post.DISPATCHER)
    mine = one.post("hold", {"case_no": "C1", "do": "take"}).get_json()["hold"]
    assert (mine["mine"], mine["until"] - mine["since"]) == (True, 300_000)
    status, body = other.act()
    assert (status, body["error"]["kind"], body["error"]["held_by"]) == (409, "held", mine["name"])
    asked = other.post("hold", {"case_no": "C1", "do": "ask"}).get_json()["hold"]
    assert (asked["mine"], asked["asked_at"]) == (False, AT.timestamp() * 1000)
    assert one.post("hold", {"case_no": "C1", "do": "hand_over"}).get_json()["hold"]["mine"] is False
    assert other.act()[0] == 200
    assert one.post("hold", {"case_no": "C1", "do": "release"}).get_json()["hold"] is not None
    assert other.post("hold", {"case_no": "C1", "do": "release"}).get_json() == {"hold": None}


def test_many_cases_at_once_are_answered_one_by_one(room: Room) -> None:
    room.world.cases(["C2", "C3"])
    items = [{"case_no": case_no, "version": 4} for case_no in ("C1", "C2", "X")] + [{"case_no": "C3", "version": 3}]
    asked = {"action": "urge", "key": "many-at-once", "items": items, "fields": {}}
    answer = room.client(Post.DISPATCHER).post("bulk", asked)

    results = answer.get_json()["results"]
    assert [one["case_no"] for one in results] == ["C1", "C2", "X", "C3"]
    assert [one.get("done", {}).get("version") for one in results] == [5, 5, None, None]
    assert [one.get("error", {}).get("kind") for one in results[2:]] == ["missing", "conflict"]


@pytest.mark.parametrize(
    ("posts", "unit", "status"),
    [((Post.LEADER,), None, 403), ((Post.SYS_ADMIN,), None, 403), ((Post.AUDIT_ADMIN,), None, 403),
     ((Post.UNIT_USER,), "u1", 403), ((Post.UNIT_USER,), "u0", 200)],
)  # fmt: skip
def test_who_may_not_is_refused_whatever_the_buttons_say(
    room: Room, posts: tuple[Post, ...], unit: str | None, status: int
) -> None:
    assert room.client(*posts, unit=unit).act("receive")[0] == status
    assert room.world.version("C1") == (5 if status == 200 else 4)


def test_who_is_not_signed_in_is_refused(room: Room) -> None:
    client = room.server.test_client()
    client.get("/signin")
    answer = Asking(client).act()
    assert (answer[0], answer[1]["error"]["kind"]) == (401, "signed_out")
    room.client(Post.DISPATCHER)
    without_token = room.client(Post.DISPATCHER).client.post("/api/desk/act", json={})
    assert without_token.status_code == 400


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"case_no": "C1"}, {"case_no": ["C1"], "action": "urge", "key": KEY, "version": 4},
     {"case_no": "C1", "action": ["urge"], "key": KEY, "version": 4},
     {"case_no": "C1", "action": "fly", "key": KEY, "version": 4},
     {"case_no": "C1", "action": "urge", "key": KEY, "version": True},
     {"case_no": "C1", "action": "urge", "key": KEY, "version": 2**40},
     {"case_no": "C1", "action": "urge", "key": KEY, "version": 4, "fields": []}],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(room: Room, body: Any) -> None:
    asking = room.client(Post.DISPATCHER)
    for path in ("act", "bulk", "hold"):
        answer = asking.post(path, body)
        assert answer.status_code == 422, path
        assert answer.get_json()["error"]["what"] == "请求读不懂"
    assert room.world.version("C1") == 4


def test_bad_input_gets_a_sentence_and_changes_nothing(room: Room) -> None:
    asking = room.client(Post.DISPATCHER)
    for fields, what in (
        ({"text": "长" * 10_000}, "文字有 10,000 字"),
        ({"feedback_by": "2031-01-05T09:00"}, "这一年的工作日历还没有公布"),
        ({"text": {"deep": ["x" * 30_000]}}, "太长"),
    ):
        status, body = asking.act(**fields)
        assert (status, body["error"]["kind"]) == (422, "refused")
        assert what in body["error"]["what"]
    assert asking.act("close", reason="结")[0] == 403
    assert asking.act("handle", case_no="X" * 41)[0] == 422
    assert asking.act(case_no="X")[0] == 404
    assert room.world.version("C1") == 4
    assert room.world.rows("outbox") == []


def test_a_replay_says_that_its_clock_stands(sqlite_store: Store, tmp_path: Path) -> None:
    world = a_desk(sqlite_store, Clock())
    world.a_case("C1")
    settings = Settings(database=sqlite_store.url, data=tmp_path, city="demo", role="web")
    clock = Clock()
    running = create_app(settings, clock=clock, real_clock=clock, frozen_at=AT + timedelta(hours=1)).server.gridwall
    client = running.dash.server.test_client()
    assert sign_in(client, a_user(running.serving.people, Post.DISPATCHER)).status_code == 303
    status, body = Asking(client).act()

    assert (status, body["error"]["kind"]) == (503, "down")
    assert world.version("C1") == 4
    running.stop()


def test_a_note_with_script_in_it_stays_text(room: Room) -> None:
    status, _body = room.client(Post.DISPATCHER).act(Action.NOTE.value, text="<script>alert(1)</script>")
    assert status == 200
    assert "<script>" in room.world.events("C1")[-1]["body"]


@pytest.mark.parametrize("case_no", ["C1\0", "C1\ud800"])
def test_what_no_database_takes_is_answered_in_words(room: Room, case_no: str) -> None:
    asking = room.client(Post.DISPATCHER)
    assert asking.act(case_no=case_no)[0] == 422
    assert asking.act(key=f"{KEY}{case_no}")[0] == 422
    assert asking.post("sheet", {"sheet": "return", "case_no": case_no}).status_code == 422


def test_half_a_character_in_a_field_is_answered_in_words(room: Room) -> None:
    status, body = room.client(Post.DISPATCHER).act(Action.ESCALATE.value, tier="\ud800", reason="超出权限")
    assert (status, body["error"]["what"]) == (422, "没有这个处置层级")


def test_a_case_number_with_a_nul_is_of_no_case(room: Room) -> None:
    asking = room.client(Post.DISPATCHER)
    assert asking.client.get("/api/desk/case/C1%00").status_code == 404


@pytest.mark.parametrize("path", ["/api/desk/act", "/signin"])
def test_a_post_without_end_is_not_read(room: Room, path: str) -> None:
    """By nobody, and without a token: what is too large is said before anything is kept of it."""
    body = bytes(2 * 1024 * 1024)
    answer = room.server.test_client().post(path, data={"photos": (io.BytesIO(body), "a.jpg")})
    answer.request.environ["wsgi.input"].close()  # the test client forgets its own copy of the form
    assert answer.status_code == 422
    assert "提交的内容太大" in answer.get_data(as_text=True)
