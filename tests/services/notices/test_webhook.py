"""The signed webhook, as a receiver sees it."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from config.channel_addresses import Address
from config.cities import load_city
from services.notices.attempts import NotDelivered
from services.notices.message import Message
from services.notices.webhook import post
from tests.services.notices.conftest import AT, HOOK, SECRET, hook
from tests.services.notices.receiver import Receiver

MESSAGE = Message(
    id="demo-7",
    city=load_city("demo"),
    kind="supervise",
    recipient="unit:shizheng",
    urgent=True,
    title="督办",
    text="第一行\n<b>第二行</b>",
    at=AT,
    case_no="20260519-0471",
    version=18,
)


def test_what_is_sent_is_signed_over_time_and_body(receiver: Receiver) -> None:
    now = AT + timedelta(seconds=5.9)
    post(hook(receiver), MESSAGE, now)

    (got,) = receiver.got
    timestamp = got.headers["x-gridwall-timestamp"]
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert got.path == "/hook"
    assert int(timestamp) == int(now.timestamp())
    assert got.headers["x-gridwall-signature"] == f"v1={expected}"
    assert got.headers["x-gridwall-id"] == "demo-7"
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert got.document == {
        "id": "demo-7",
        "city": "demo",
        "kind": "supervise",
        "recipient": "unit:shizheng",
        "urgent": True,
        "title": "督办",
        "text": "第一行\n<b>第二行</b>",
        "case_no": "20260519-0471",
        "version": 18,
        "at": "2026-05-19T14:32:00+08:00",
    }


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_delivered(receiver: Receiver, status: int) -> None:
    receiver.answer = status
    post(hook(receiver), MESSAGE, AT)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_anything_else_is_not_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = status

    with pytest.raises(NotDelivered) as failure:
        post(hook(receiver), MESSAGE, AT)

    assert (failure.value.words, failure.value.answered) == (f"对方回答 HTTP {status}", True)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/{0}", "http://no-such-host.invalid/{0}", "http://127.0.0.1:1/ {0}"]
)
def test_nobody_there_is_said_without_the_address(url: str) -> None:
    with pytest.raises(NotDelivered) as failure:
        post(Address(HOOK, url.format(SECRET), SECRET), MESSAGE, AT)

    assert not failure.value.answered
    assert SECRET not in str(failure.value)
    assert failure.value.__cause__ is None


def test_who_takes_too_long_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notices.webhook.SOCKET_S", 0.2)
    receiver.waits.clear()

    with pytest.raises(NotDelivered) as failure:
        post(hook(receiver), MESSAGE, AT)

    assert failure.value.words == "超时，对方没有回答"
