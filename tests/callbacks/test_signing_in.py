"""Who gets in over HTTP, for how long, from where; and what is answered to all others."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Blueprint, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app import create_app
from callbacks.access import PAGE_POSTS, current_person, require
from config.settings import Settings
from data_access import directory, tables
from domain.passwords import FAILURES_ALLOWED, IDLE_EXIT, LONGEST_SESSION
from domain.people import Post
from domain.refusals import Refusal
from services.people import People
from tests.signing_in import PASSWORD, a_user, post, sign_in, token_of

NOW = datetime(2026, 5, 9, 14, 32, 5, tzinfo=ZoneInfo("America/New_York"))
AFAR: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
PATHS = (*PAGE_POSTS, "/admin//users/")
PROXIED: dict[str, Any] = {"headers": {"X-Forwarded-For": "192.0.2.7"}}


class Hall:
    """An application with a moved clock and three routes of its own; SQLite, for no question differs here."""

    def __init__(self, data: Path, url: str, city: str = "boston", **settings: Any) -> None:
        self.now = NOW
        chosen = Settings(data=data, database=url, city=city, role="web", **settings)
        self.app = create_app(chosen, clock=lambda: self.now, real_clock=lambda: self.now)
        self.people: People = self.app.server.gridwall.serving.people
        self.app.server.register_blueprint(routes())
        self.client = self.app.server.test_client()

    def other(self) -> FlaskClient:
        client: FlaskClient = self.app.server.test_client()
        return client

    def signed_in(self, *posts: Post, **given: Any) -> FlaskClient:
        client = self.other()
        assert sign_in(client, a_user(self.people, *posts), **given).status_code == 303
        return client


def routes() -> Blueprint:
    made = Blueprint("tests", __name__)

    @require(Post.DISPATCHER)
    def act() -> Response:
        return Response(json.dumps({"who": current_person().account}), mimetype="application/json")

    @require()
    def refuse() -> Response:
        raise Refusal("不行", "测试", "请罢休。")

    for rule in ("/api/desk/test", "/desk/test"):
        made.add_url_rule(rule, f"act{rule[1:4]}", act, methods=["GET", "POST"])
    made.add_url_rule("/api/desk/refuse", "refuse", refuse, methods=["POST"])
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def hall(fresh_sqlite: Any, data: Path) -> Iterator[Hall]:
    made = Hall(data, fresh_sqlite())
    yield made
    made.app.server.gridwall.stop()


def test_without_any_account_the_page_names_the_command(hall: Hall) -> None:
    page = hall.client.get("/signin").get_data(as_text=True)

    assert "还没有任何账号" in page
    assert "python app.py users add" in page
    assert "--city boston" in page


def test_a_person_signs_in_acts_and_signs_out(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)

    assert client.get("/api/desk/test").json == {"who": "dispatcher01"}
    assert post(client, "/api/desk/test").json == {"who": "dispatcher01"}
    assert post(client, "/signout").headers["Location"] == "/signin?why=left"
    assert client.get("/api/desk/test").status_code == 401
    assert "本账号的全部会话已结束" in client.get("/signin?why=left").get_data(as_text=True)


def test_cookies_cannot_be_read_nor_sent_from_elsewhere(hall: Hall) -> None:
    a_user(hall.people, Post.DISPATCHER)
    set_cookies = sign_in(hall.client, "dispatcher01").headers.getlist("Set-Cookie")
    session = next(line for line in set_cookies if line.startswith("gridwall_session="))
    token = next(line for line in set_cookies if line.startswith("_csrf_token="))

    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Secure" not in session
    assert "HttpOnly" not in token  # the page's scripts send it back as a header
    assert "SameSite=Strict" in token


def test_by_https_cookies_travel_by_nothing_else(fresh_sqlite: Any, data: Path) -> None:
    hall = Hall(data, fresh_sqlite(), https=True)
    lines = hall.client.get("/signin").headers.getlist("Set-Cookie")

    assert len(lines) == 2
    assert all("Secure" in line for line in lines)


def test_the_secret_is_made_once_for_its_owner_only(hall: Hall, data: Path, fresh_sqlite: Any) -> None:
    secret = (data / "secret").read_text()
    again = Hall(data, fresh_sqlite())

    assert again.app.server.secret_key == secret == hall.app.server.secret_key
    assert len(secret) >= 60
    assert (data / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir() if "secret" in path.name] == ["secret"]


def test_a_secret_of_ones_own_must_be_long(fresh_sqlite: Any, data: Path) -> None:
    with pytest.raises(Refusal, match="会话密钥太短"):
        Hall(data, fresh_sqlite(), secret="short")
    assert Hall(data, fresh_sqlite(), secret="x" * 32).app.server.secret_key == "x" * 32
    assert not (data / "secret").exists()


@pytest.mark.parametrize("path", ["/api/desk/test", "/desk/test", "/signin", "/_dash-update-component"])
@pytest.mark.parametrize("token", [{}, {"X-CSRFToken": "forged"}])
def test_what_is_posted_without_the_pages_token_is_not_done(hall: Hall, path: str, token: dict[str, str]) -> None:
    client = hall.signed_in(Post.DISPATCHER)

    answer = client.post(path, headers=token, json={})

    body = answer.get_data(as_text=True)
    assert "页面已过期，这一步没有执行" in body
    if path.startswith("/_dash"):  # its renderer takes no other status without complaint
        assert answer.status_code == 200
        assert (answer.json or {})["response"] == {}
        assert list((answer.json or {})["sideUpdate"]) == ["notice-line"]
    else:
        assert answer.status_code == 400
        assert (error_of(answer)["kind"] == "stale") if path.startswith("/api/") else "<h1>" in body


def test_a_token_of_another_session_is_worth_nothing(hall: Hall) -> None:
    mine, other = hall.signed_in(Post.DISPATCHER), hall.signed_in(Post.DISPATCHER)

    assert mine.post("/api/desk/test", headers=token_of(other)).status_code == 400


def test_signing_in_changes_session_and_token(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    hall.client.get("/signin")
    before = token_of(hall.client)
    sign_in(hall.client, account)

    assert hall.client.post("/api/desk/test", headers=before).status_code == 400
    assert post(hall.client, "/api/desk/test").status_code == 200


def test_anonymous_is_led_to_the_sign_in_and_back(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    asked = hall.client.get("/dispatch?case=20260519-0471")

    assert asked.status_code == 302
    assert asked.headers["Location"] == "/signin?next=/dispatch%3Fcase%3D20260519-0471"
    assert hall.client.get("/api/desk/test").status_code == 401
    assert error_of(hall.client.get("/api/desk/test"))["kind"] == "signed_out"
    answer = post(hall.client, asked.headers["Location"], {"account": account, "password": PASSWORD})
    assert answer.headers["Location"] == "/dispatch?case=20260519-0471"


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_led_to_another_server(hall: Hall, target: str) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    hall.client.get("/signin")

    answer = post(hall.client, f"/signin?next={target}", {"account": account, "password": PASSWORD})

    assert answer.headers["Location"] == "/dispatch"


def test_the_wrong_post_is_denied_by_name(hall: Hall) -> None:
    client = hall.signed_in(Post.LEADER)

    denied = client.get("/api/desk/test")
    assert denied.status_code == 403
    assert error_of(denied)["kind"] == "denied"
    assert error_of(denied)["then"] == "只对派遣员开放。您以 领导 登录。"
    page = client.get("/desk/test")
    assert page.status_code == 403
    assert "您的岗位不能做这一步" in page.get_data(as_text=True)


def test_pages_for_people_open_for_their_posts_only(hall: Hall) -> None:
    """By address, and by Dash's own callback, which a hand-made request may ask for any page."""
    for role, client in everybody(hall).items():
        for path in PATHS:
            may = role in PAGE_POSTS[path.replace("//", "/").rstrip("/")]
            expected = (302, False) if role is None else (200, True) if may else (403, False)
            assert opens(client, path) == expected, (role, path)


def opens(client: FlaskClient, path: str) -> tuple[int, bool]:
    """The page's status, and whether Dash draws it."""
    drawn = client.post("/_dash-update-component", json=page_asked(path), headers=token_of(client))
    return client.get(path).status_code, "notice-line" not in drawn.get_data(as_text=True)


def error_of(answer: TestResponse) -> Any:
    return (answer.json or {})["error"]


def page_asked(path: str) -> dict[str, Any]:
    return {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "location", "property": "pathname", "value": path}],
        "changedPropIds": ["location.pathname"],
    }


def everybody(hall: Hall) -> dict[Post | None, FlaskClient]:
    """A client for every post, signed in, and one for nobody; the unit's user has a unit."""
    with hall.people.register.store.write.begin() as connection:
        directory.ensure_rows(connection, tables.units, 1, [{"key": "u", "name": "u", "short_name": "u"}])
    clients: dict[Post | None, FlaskClient] = {None: hall.other()}
    clients[None].get("/")
    for post_ in Post:
        clients[post_] = hall.other()
        sign_in(clients[post_], a_user(hall.people, post_, unit="u" if post_ is Post.UNIT_USER else None))
        clients[post_].get("/")
    return clients


def test_a_refusal_of_a_service_is_said_in_words(hall: Hall) -> None:
    answer = post(hall.signed_in(Post.LEADER), "/api/desk/refuse")

    assert answer.status_code == 422
    assert answer.json == {"error": {"kind": "refused", "what": "不行", "where": "测试", "then": "请罢休。"}}


def test_a_session_ends_after_half_an_hour_without_an_act(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    hall.now += IDLE_EXIT
    assert post(client, "/api/desk/test").status_code == 200
    hall.now += IDLE_EXIT
    assert client.get("/api/desk/test").status_code == 200  # reading a case is an act too
    hall.now += IDLE_EXIT
    assert client.get("/api/desk/queue?q=0471").status_code == 200  # and so is looking for one

    hall.now += IDLE_EXIT + timedelta(seconds=1)

    assert "登录已过期" in error_of(client.get("/api/desk/test"))["what"]
    assert client.get("/dispatch").headers["Location"].startswith("/signin?next=/dispatch")


def test_the_page_says_why_one_is_out(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    hall.now += IDLE_EXIT + timedelta(seconds=1)

    address = client.get("/dispatch").headers["Location"]

    assert address == "/signin?next=/dispatch&why=idle"
    assert "已退出，30 分钟无操作" in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/desk/events", {}),
        ("/api/desk/queue", {"X-Gridwall-Unattended": "1"}),
        ("/api/desk/handover", {"X-Gridwall-Unattended": "1"}),
        ("/api/desk/test", {"If-None-Match": '"x"'}),
        ("/api/desk/test", {"X-Gridwall-Unattended": "1"}),
        ("/api/view/main", {}),
        ("/api/v1/snapshot", {}),
        ("/assets/10-page.css", {}),
        ("/wall/main", {}),
        ("/healthz", {}),
    ],
)
def test_what_a_page_asks_on_its_own_keeps_nobody_in(hall: Hall, path: str, headers: dict[str, str]) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    for _ in range(3):
        hall.now += IDLE_EXIT / 2
        client.get(path, headers=headers).close()

    assert client.get("/api/desk/test").status_code == 401


def test_a_session_lasts_twelve_hours_at_most(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    while hall.now < NOW + LONGEST_SESSION:
        assert post(client, "/api/desk/test").status_code == 200
        hall.now += timedelta(minutes=20)
    hall.now += timedelta(seconds=1)

    assert post(client, "/api/desk/test").status_code == 401


def test_a_copied_cookie_is_dead_after_signing_out(hall: Hall) -> None:
    client, thief = hall.signed_in(Post.DISPATCHER), hall.other()
    cookie = client.get_cookie("gridwall_session")
    assert cookie is not None
    thief.set_cookie("gridwall_session", cookie.value)
    assert thief.get("/api/desk/test").status_code == 200

    post(client, "/signout")

    assert thief.get("/api/desk/test").status_code == 401


def test_a_session_without_its_marks_is_none(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    for mark in ("seen", "began", "stamp"):
        with client.session_transaction() as session:
            kept = session.pop(mark)
        assert client.get("/api/desk/queue").status_code == 401
        with client.session_transaction() as session:
            assert "_user_id" not in session
            session.update(_user_id="1", **{mark: kept})
        client = hall.signed_in(Post.DISPATCHER)


def test_failures_are_answered_with_what_is_left(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)

    answers = [sign_in(hall.client, account, "wrong") for _ in range(FAILURES_ALLOWED)]

    assert [answer.status_code for answer in answers] == [401] * 4 + [423]
    assert "再失败 2 次将锁定 15 分钟" in answers[2].get_data(as_text=True)
    assert f'value="{account}"' in answers[2].get_data(as_text=True)  # nothing is cleared by an error
    assert "wrong" not in answers[2].get_data(as_text=True)
    assert sign_in(hall.client, account).status_code == 423


def test_one_address_may_not_try_for_ever(hall: Hall) -> None:
    statuses = [sign_in(hall.client, f"nobody{n}", "wrong").status_code for n in range(31)]

    assert statuses == [401] * 30 + [429]


def test_the_old_password_cannot_be_tried_for_ever_in_a_session(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    form = {"old": "wrong", "new": "x", "again": "x"}

    assert [post(client, "/password", form).status_code for _ in range(31)] == [422] * 30 + [429]


def test_markup_in_what_was_typed_comes_back_as_text(hall: Hall) -> None:
    page = sign_in(hall.client, '"><script>alert(1)</script>', "wrong").get_data(as_text=True)

    assert "<script>alert" not in page


def test_a_link_is_opened_any_time_and_used_once(hall: Hall) -> None:
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    form = {"new": PASSWORD, "again": PASSWORD}
    for _ in range(2):
        assert "派遣员01，账号 dispatcher01" in hall.client.get(invitation.path).get_data(as_text=True)

    assert "两遍不一样" in post(hall.client, invitation.path, form | {"again": "other"}).get_data(as_text=True)
    assert post(hall.client, invitation.path, form).headers["Location"] == "/signin?why=chosen"
    assert post(hall.client, invitation.path, form).status_code == 422
    assert "链接已用过或已过期" in hall.client.get(invitation.path).get_data(as_text=True)
    assert sign_in(hall.client, "dispatcher01").status_code == 303


def test_changing_the_password_signs_out(hall: Hall) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    new = {"old": PASSWORD, "new": "Qiao_Liang-42", "again": "Qiao_Liang-42"}

    assert "原口令不正确" in post(client, "/password", new | {"old": "wrong"}).get_data(as_text=True)
    assert post(client, "/password", new).headers["Location"] == "/signin?why=chosen"
    assert client.get("/api/desk/test").status_code == 401


def test_a_password_that_ran_out_leads_to_another(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    hall.now += timedelta(days=90)

    address = sign_in(hall.client, account).headers["Location"]

    assert "口令已满 90 日" in hall.client.get(address).get_data(as_text=True)
    assert hall.client.get("/api/desk/test").status_code == 401


def test_from_another_machine_nothing_opens_by_default(hall: Hall) -> None:
    for given in (AFAR, PROXIED):
        for path in ("/", "/signin", "/dispatch", "/api/desk/test", "/assets/10-page.css", "/api/view/main"):
            assert hall.client.get(path, **given).status_code == 403


def test_a_machine_let_in_by_the_token_may_sign_in(fresh_sqlite: Any, data: Path) -> None:
    hall = Hall(data, fresh_sqlite(), wall_token="open sesame")
    account = a_user(hall.people, Post.DISPATCHER)
    assert hall.client.get("/signin", **AFAR).status_code == 403

    hall.client.get("/signin?token=open sesame", **AFAR)

    assert sign_in(hall.client, account, **AFAR).status_code == 303
    assert hall.client.get("/api/desk/test", **AFAR).status_code == 200


def test_by_https_people_sign_in_from_anywhere_but_see_no_wall(fresh_sqlite: Any, data: Path) -> None:
    hall = Hall(data, fresh_sqlite(), https=True)
    account = a_user(hall.people, Post.DISPATCHER)
    base = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    closed = ("/", "/wall/main", "/api/view/main", "/api/events", "/api/v1/snapshot", "/freshz")
    assert [hall.client.get(path, **base).status_code for path in closed] == [403] * 6
    assert hall.client.get("/geo/boston/map.json", **base).status_code == 403
    assert hall.client.get("/_dash-layout", **base).status_code == 403
    assert hall.client.get("/api/desk/test", **base).status_code == 401

    hall.client.get("/signin", **base)
    referer = token_of(hall.client) | {"Referer": "https://localhost/signin"}
    form = {"account": account, "password": PASSWORD}
    assert hall.client.post("/signin", data=form, headers=referer, **base).status_code == 303

    assert hall.client.get("/api/desk/test", **base).status_code == 200
    assert hall.client.get("/geo/boston/map.json", **base).status_code == 200
    assert hall.client.get("/_dash-layout", **base).status_code == 200
    assert [hall.client.get(path, **base).status_code for path in closed] == [403] * 6


def test_demo_accounts_work_on_the_demos_machine_only(fresh_sqlite: Any, data: Path) -> None:
    hall = Hall(data, fresh_sqlite(), city="demo", wall_token="open sesame")
    account = a_user(hall.people, Post.DISPATCHER)
    hall.client.get("/signin?token=open sesame", **AFAR)

    assert "只供本机使用" in sign_in(hall.client, account, **AFAR).get_data(as_text=True)
    assert sign_in(hall.client, account).status_code == 303
    assert hall.client.get("/api/desk/test").status_code == 200
    assert hall.client.get("/api/desk/test", **AFAR).status_code == 401


def test_the_attempts_of_a_proxy_are_counted_by_who_asks_it(fresh_sqlite: Any, data: Path) -> None:
    hall = Hall(data, fresh_sqlite(), https=True)

    def tries(client: str) -> int:
        return sign_in(
            hall.other(), "nobody01", "wrong", headers={"X-Forwarded-For": f"10.0.0.1, {client}"}
        ).status_code

    statuses = [tries("192.0.2.7") for _ in range(31)]

    assert statuses[-1] == 429
    assert tries("192.0.2.8") != 429


def told_by(answer: TestResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.get_data())
    return body


class Away:
    """The database's answer to whoever asks who this is."""

    def __call__(self, *_given: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection timeout expired"))


def test_a_database_that_is_away_is_said_in_words(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    client = hall.signed_in(Post.DISPATCHER)
    monkeypatch.setattr(type(hall.people.sign_in), "known", Away())

    for answer in (client.get("/api/desk/test"), post(client, "/api/desk/test")):
        assert answer.status_code == 503
        error = told_by(answer)["error"]
        assert (error["kind"], error["what"]) == ("down", "数据库连接不上，这一步没有完成")
    page = client.get("/dispatch")
    assert page.status_code == 503
    assert "数据库连接不上" in page.get_data(as_text=True)
    said = client.post("/_dash-update-component", json={}, headers=token_of(client))
    told = told_by(said)
    assert (told["response"], "数据库连接不上" in json.dumps(told, ensure_ascii=False)) == ({}, True)


def test_a_step_that_failed_has_a_number_that_the_log_knows(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a fault of ours")

    hall.app.server.add_url_rule("/api/desk/broken", view_func=broken)
    answer = hall.signed_in(Post.DISPATCHER).get("/api/desk/broken")

    assert (answer.status_code, told_by(answer)["error"]["kind"]) == (500, "failed")
    number = re.search(r"E-[0-9A-F]{4}", told_by(answer)["error"]["then"])
    assert number is not None
    assert number[0] in caplog.text
    assert "a fault of ours" in caplog.text
    assert "RuntimeError" not in answer.get_data(as_text=True)
