"""What an administrator sees and does, on both databases."""

from dataclasses import replace

import pytest

from data_access import audit_log
from data_access.store import Store
from domain.audit import SYSTEM
from domain.refusals import Refusal
from services import audit
from services.notices.office import NoticeOffice
from tests.services.notices.conftest import AT, HOOK, Post, a_post, hook, mail
from tests.services.notices.receiver import Receiver


def office_of(post: Post) -> NoticeOffice:
    sender = post.sender
    return NoticeOffice(sender.store, sender.city, sender.city_number, sender.days, sender.routing, post.clock)


def test_channels_and_queue_as_they_stand(store: Store, receiver: Receiver, second: Receiver) -> None:
    post = a_post(store, hook(receiver), mail(second))
    receiver.answer = 503
    post.owe("a", case_id=None)
    post.owe("b", recipient="post:leader")
    post.sender.run()

    seen = office_of(post).outgoing()
    broken, well = seen.channels

    assert (broken.broken, broken.sent, broken.failed) == (True, 0, 1)
    assert broken.last_failed is not None
    assert (broken.last_failed.at, broken.last_failed.detail) == (AT, "对方回答 HTTP 503")
    assert (well.broken, well.sent, well.failed, well.last_failed) == (False, 1, 0, None)
    assert seen.counts == {"owed": 1, "none": 1}
    assert seen.oldest_owed == AT
    assert [(notice.notice_id, notice.state) for notice in seen.notices] == [(2, "none"), (1, "owed")]
    assert [notice.notice_id for notice in office_of(post).outgoing(["none"]).notices] == [2]


def test_a_trial_goes_through_one_channel_alone(store: Store, receiver: Receiver, second: Receiver) -> None:
    post = a_post(store, hook(receiver), mail(second))
    office = office_of(post)
    number = office.try_out("hook", "sys_admin#4")
    post.sender.run()

    assert ([attempt.ok for attempt in office.attempts(number)], len(second.got)) == ([True], 0)
    assert receiver.got[0].document["kind"] == "trial"
    with pytest.raises(Refusal, match="没有这个渠道"):
        office.try_out("nowhere", SYSTEM)


def test_what_was_done_stands_in_the_audit_log(store: Store, receiver: Receiver) -> None:
    post = a_post(store, hook(receiver, replace(HOOK, name="hook")))
    office = office_of(post)
    post.owe("a", recipient="post:leader")
    post.sender.run()

    assert office.owe_again(None, SYSTEM) == ()  # without a channel is not a failure
    assert office.owe_again([1], "sys_admin#4") == (1,)
    office.try_out("hook", "sys_admin#4")
    assert audit.check(store, post.sender.city_number) is None
    with store.read.connect() as connection:
        entries = list(audit_log.entries(connection, post.sender.city_number))
    assert [(entry.actor, entry.action, entry.object) for entry in entries] == [
        ("sys_admin#4", "notice_retry", "outbox"),
        ("sys_admin#4", "notice_trial", "hook"),
    ]
