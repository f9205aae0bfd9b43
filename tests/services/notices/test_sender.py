"""Each notice once through each channel, and again only where it failed."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest

from data_access import outbox
from data_access.store import Store
from domain.hours import Hours
from domain.notices import MOST_ATTEMPTS, Duty, Route
from services.notices.sender import LEASE, NO_ANSWER_JUST_NOW, STILL_SENDING
from tests.services.notices.conftest import AT, HOOK, MAIL, SECRET, a_post, hook, mail
from tests.services.notices.receiver import Receiver

NIGHT = Hours(time(22), time(7))


def test_a_notice_goes_once_through_every_channel(store: Store, receiver: Receiver, second: Receiver) -> None:
    post = a_post(store, hook(receiver), mail(second))
    post.owe("a", "b", urgent=True)

    assert [post.sender.run(), post.sender.run()] == [2, 0]

    assert receiver.ids == ["demo-1", "demo-2"]
    assert ["demo-1" in one.document["message"] for one in second.got] == [True, False]
    assert "【紧急】请尽快反馈" in second.got[0].document["message"]
    assert (post.row().state, post.row().attempts, post.row().done_at) == ("sent", 1, AT)
    assert post.attempts() == [("hook", True, ""), ("mail", True, "")]


def test_without_a_channel_a_notice_is_recorded_and_no_error(store: Store) -> None:
    post = a_post(store)
    post.owe("a")

    assert post.sender.run() == 1
    assert (post.row().state, post.row().attempts, post.attempts()) == ("none", 0, [])


def test_only_the_channel_that_failed_is_tried_again(store: Store, receiver: Receiver, second: Receiver) -> None:
    post = a_post(store, hook(receiver), mail(second))
    post.owe("a")
    receiver.answer = 503

    post.sender.run()
    assert (post.row().state, post.row().attempts) == ("owed", 1)
    assert post.row().not_before == AT + timedelta(seconds=30)
    assert post.sender.run() == 0

    receiver.answer = 204
    post.clock.move(seconds=30)
    post.sender.run()

    assert post.row().state == "sent"
    assert (len(receiver.got), len(second.got)) == (2, 1)
    assert post.attempts() == [("hook", False, "对方回答 HTTP 503"), ("mail", True, ""), ("hook", True, "")]


def test_after_the_last_attempt_it_has_failed_and_can_be_owed_again(store: Store, receiver: Receiver) -> None:
    post = a_post(store, hook(receiver))
    post.owe("a")
    receiver.answer = 500
    waits = []
    while post.row().state == "owed":
        post.sender.run()
        waits.append((post.row().not_before - post.clock()).total_seconds() / 60)
        post.clock.now = max(post.row().not_before, post.clock())

    assert (post.row().state, post.row().attempts, len(receiver.got)) == ("failed", MOST_ATTEMPTS, MOST_ATTEMPTS)
    assert waits[:-1] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]

    receiver.answer = 200
    with store.write.begin() as connection:
        assert outbox.owe_again(connection, post.sender.city_number, post.clock(), None) == [1]
    post.sender.run()
    assert post.row().state == "sent"


@pytest.mark.parametrize(
    ("kind", "urgent", "changes", "sent_at"),
    [
        ("urge", False, {}, datetime(2026, 5, 19, 23, 0, tzinfo=UTC)),  # 07:00 in the city
        ("urge", True, {}, datetime(2026, 5, 19, 15, 0, tzinfo=UTC)),
        ("urge", True, {"urgent_passes": False}, datetime(2026, 5, 19, 23, 0, tzinfo=UTC)),
        ("supervise", False, {"passing_kinds": frozenset({"supervise"})}, datetime(2026, 5, 19, 15, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_hold_back_one_channel_and_no_other(
    store: Store, receiver: Receiver, second: Receiver, kind: str, urgent: bool, changes: Any, sent_at: datetime
) -> None:
    quiet = replace(MAIL, quiet=(NIGHT,), **changes)
    post = a_post(store, hook(receiver), mail(second, quiet))
    post.clock.now = datetime(2026, 5, 19, 15, 0, tzinfo=UTC)  # 23:00
    post.owe("a", kind=kind, urgent=urgent)

    post.sender.run()
    assert len(receiver.got) == 1
    assert post.row().not_before == sent_at
    post.clock.now = sent_at
    post.sender.run()

    assert (post.row().state, len(receiver.got), len(second.got)) == ("sent", 1, 1)


def test_a_notice_that_one_channel_has_sent_counts_as_attempted(
    store: Store, receiver: Receiver, second: Receiver
) -> None:
    """The desk adds lines to notices of no attempt: a line added now would never reach the channel that is done."""
    post = a_post(store, hook(receiver), mail(second, replace(MAIL, quiet=(NIGHT,))))
    post.clock.now = datetime(2026, 5, 19, 15, 0, tzinfo=UTC)  # 23:00
    post.owe("a")
    post.sender.run()

    assert (post.row().state, post.row().attempts, post.row().taken_until) == ("owed", 1, None)


def test_a_dead_channel_does_not_make_it_fail_before_the_quiet_one_had_its_turn(
    store: Store, receiver: Receiver, second: Receiver
) -> None:
    post = a_post(store, hook(receiver), mail(second, replace(MAIL, quiet=(NIGHT,))))
    post.clock.now = datetime(2026, 5, 19, 14, 0, tzinfo=UTC)  # 22:00: nine hours of night
    post.owe("a")
    receiver.answer = 500
    while post.row().state == "owed":
        post.sender.run()
        post.clock.now = max(post.row().not_before, post.clock())

    assert (post.row().state, len(second.got)) == ("failed", 1)


def test_duty_adds_who_is_on_duty_at_the_time_of_sending(store: Store, receiver: Receiver, second: Receiver) -> None:
    post = a_post(store, hook(receiver), mail(second))
    night = Duty("夜班", Hours(time(18), time(8)), ("unit:*",), ("duty:night",))
    post.set(routes=(Route(("unit:*",), ("hook",)), Route(("duty:night",), ("mail",))), duty=(night,))
    post.owe("a")
    post.sender.run()
    assert (len(receiver.got), len(second.got)) == (1, 0)

    post.clock.now = datetime(2026, 5, 19, 10, 0, tzinfo=UTC)  # 18:00
    post.owe("b")
    post.sender.run()
    assert (len(receiver.got), len(second.got)) == (2, 1)


def test_no_more_messages_a_minute_than_the_channel_takes(store: Store, receiver: Receiver) -> None:
    post = a_post(store, hook(receiver, replace(HOOK, per_minute=2)))
    post.owe(*"abcde")

    for _ in range(3):
        post.sender.run()
        post.sender.run()
        post.clock.move(minutes=1)

    assert receiver.ids == [f"demo-{number}" for number in range(1, 6)]
    assert [post.row(number).attempts for number in range(1, 6)] == [1] * 5
    assert [(post.row(number).done_at - AT).total_seconds() for number in range(1, 6)] == [0, 0, 60, 60, 120]


def test_a_channel_that_hangs_is_given_up_and_keeps_no_other_waiting(
    store: Store, receiver: Receiver, second: Receiver
) -> None:
    post = a_post(store, hook(receiver), mail(second))
    post.sender.attempt_s = 0.3
    receiver.waits.clear()
    post.owe("a", "b")

    post.sender.run()
    assert len(second.got) == 2
    assert [words for _, ok, words in post.attempts() + post.attempts(2) if not ok] == [
        "超时，没有等到结果",
        NO_ANSWER_JUST_NOW,
    ]
    post.clock.move(seconds=31)
    post.sender.run()
    assert post.attempts()[-1] == ("hook", False, STILL_SENDING)
    assert len(receiver.got) == 1


def test_senders_at_once_send_everything_once(store: Store, receiver: Receiver) -> None:
    posts = [a_post(store, hook(receiver)) for _ in range(4)]
    first = posts[0]
    first.owe(*(f"event-{number}" for number in range(60)))
    ready = threading.Barrier(4)

    def work(post: Any) -> None:
        ready.wait(10)
        while post.sender.run():
            pass

    threads = [threading.Thread(target=work, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(receiver.ids) == sorted(f"demo-{number}" for number in range(1, 61))
    assert {first.row(number).state for number in range(1, 61)} == {"sent"}
    assert [first.attempts(number) for number in range(1, 61)] == [[("hook", True, "")]] * 60


def test_who_was_overtaken_stops_and_undoes_nothing(store: Store, receiver: Receiver, second: Receiver) -> None:
    """A sender that slept through its lease: another one has sent meanwhile."""
    slow, quick = a_post(store, hook(receiver), mail(second)), a_post(store, hook(receiver), mail(second))
    slow.owe("a")
    hooked = slow.sender.delivers["hook"]

    def asleep(message: Any, now: datetime) -> None:
        hooked(message, now)
        quick.clock.now = AT + LEASE + timedelta(seconds=1)
        quick.sender.run()
        slow.clock.now = quick.clock.now

    slow.sender.delivers = {**slow.sender.delivers, "hook": asleep}
    slow.sender.run()

    assert slow.row().state == "sent"
    assert len(second.got) == 1  # the slow one did not go on to the next channel


def test_a_stopping_process_lets_go_at_once(store: Store, receiver: Receiver) -> None:
    post = a_post(store, hook(receiver))
    post.owe("a")
    post.sender.stopping.set()

    assert post.sender.run() == 0
    assert (post.row().state, post.row().taken_until, receiver.got) == ("owed", None, [])


@pytest.fixture
def everything_logged() -> Iterator[StringIO]:
    """What an operator's log would hold at its most talkative. Not caplog: that also listens where nobody else can."""
    root, lines = logging.getLogger(), StringIO()
    handler, level = logging.StreamHandler(lines), root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def test_secrets_stand_in_no_log_and_no_record(
    sqlite_store: Store, receiver: Receiver, everything_logged: StringIO
) -> None:
    post = a_post(sqlite_store, mail(receiver), hook(receiver))
    dead = replace(mail(receiver), url=f"json://127.0.0.1:1/{SECRET}", channel=replace(MAIL, name="dead"))
    broken = replace(HOOK, name="broken")

    def breaks(*_: object) -> None:
        raise ValueError(f"cannot reach https://host/{SECRET}")

    channels = {**post.sender.routing.channels, "dead": dead.channel, "broken": broken}
    post.sender.delivers = {**post.sender.delivers, **a_post(sqlite_store, dead).sender.delivers, "broken": breaks}
    post.set(channels=channels, routes=(Route(("unit:*",), tuple(channels)),))
    receiver.answer = 403
    post.owe("a")
    post.sender.run()

    assert [channel for channel, ok, _ in post.attempts() if not ok] == ["mail", "hook", "dead", "broken"]
    assert "the channel broken is broken: ValueError" in everything_logged.getvalue()
    assert SECRET not in everything_logged.getvalue()
    assert SECRET not in str(post.attempts())
    assert SECRET not in repr(post.sender.routing)
