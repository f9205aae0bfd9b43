"""A sender that dies between the receiver's answer and the commit: nothing is lost, only that one message repeats."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from data_access import outbox
from data_access.store import Store
from services.notices.sender import LEASE
from tests.services.notices.conftest import AT, a_post, hook, mail
from tests.services.notices.receiver import Receiver


def test_after_a_kill_only_the_unwritten_channel_hears_it_twice(
    store: Store, store_url: str, receiver: Receiver, second: Receiver
) -> None:
    post = a_post(store, mail(second), hook(receiver))
    post.owe("a")
    program = [sys.executable, "-m", "tests.services.notices.dying_sender", store_url, second.url, receiver.url]
    ended = subprocess.run(program, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL

    assert post.attempts() == [("mail", True, "")]
    assert (post.row().state, post.row().taken_until) == ("owed", AT + LEASE)
    assert post.sender.run() == 0  # the dead one's lease still holds

    post.clock.now = AT + LEASE + timedelta(seconds=1)
    assert post.sender.run() == 1
    assert post.row().state == "sent"
    assert receiver.ids == ["demo-1", "demo-1"]  # the same id: the receiver drops the repeat
    assert len(second.got) == 1


def test_a_database_that_fails_after_the_answer_makes_no_repeat_while_the_process_lives(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post(store, hook(receiver))
    post.owe("a")
    record = outbox.record

    def fails(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    monkeypatch.setattr(outbox, "record", fails)
    assert post.sender.run() == 0
    monkeypatch.setattr(outbox, "record", record)
    post.clock.now = AT + LEASE + timedelta(seconds=1)
    post.sender.run()

    assert (post.row().state, receiver.ids) == ("sent", ["demo-1"])
    assert post.attempts() == [("hook", True, "")]
