"""Notices owed: one sender at a time, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from data_access import directory, outbox
from data_access.store import Store

AT = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)
SOON = AT + timedelta(minutes=1)


def notice(key: str, **changes: Any) -> dict[str, Any]:
    usual = {"event_key": key, "kind": "urge", "recipient": "unit:shizheng", "urgent": False}
    return {**usual, "title": "催办", "text": "请反馈", "at": AT, **changes}


@pytest.fixture
def city(store: Store) -> int:
    with store.write.begin() as connection:
        return directory.ensure_city(connection, "demo", "Asia/Shanghai", demo=True)


def owed(store: Store, city: int, *notices: dict[str, Any]) -> list[int]:
    with store.write.begin() as connection:
        return outbox.owe(connection, city, notices)


def taken(store: Store, city: int, now: datetime = AT) -> int | None:
    with store.write.begin() as connection:
        row = outbox.take(connection, city, now, now + timedelta(minutes=1))
    return row.notice_id if row else None


def test_numbers_go_on_and_an_event_owes_a_notice_once(store: Store, city: int) -> None:
    assert owed(store, city, notice("a"), notice("b")) == [1, 2]
    assert owed(store, city, notice("c")) == [3]
    assert owed(store, city) == []
    with pytest.raises(IntegrityError):
        owed(store, city, notice("b"))


def test_urgent_notices_come_first_and_each_is_taken_once(store: Store, city: int) -> None:
    owed(store, city, notice("a"), notice("b", urgent=True), notice("c", not_before=SOON))

    assert [taken(store, city) for _ in range(3)] == [2, 1, None]
    assert taken(store, city, SOON) == 3


def test_two_senders_at_once_never_hold_the_same_notice(store: Store, city: int) -> None:
    """On PostgreSQL the second one does not even wait for the first one's commit."""
    owed(store, city, notice("a"), notice("b"))
    if store.is_sqlite:
        assert [taken(store, city), taken(store, city)] == [1, 2]
        return
    with store.write.begin() as first, store.write.begin() as second:
        one = outbox.take(first, city, AT, SOON)
        other = outbox.take(second, city, AT, SOON)
        third = outbox.take(second, city, AT, SOON)

    assert one is not None
    assert other is not None
    assert (one.notice_id, other.notice_id, third) == (1, 2, None)


def test_who_lost_the_lease_can_neither_renew_it_nor_end_it(store: Store, city: int) -> None:
    owed(store, city, notice("a"))
    assert taken(store, city) == 1
    late = SOON + timedelta(seconds=1)
    assert taken(store, city, late) == 1

    with store.write.begin() as connection:
        assert not outbox.hold_on(connection, city, 1, token=SOON, until=late)
        assert not outbox.let_go(connection, city, 1, SOON, {"state": outbox.FAILED})
        assert outbox.let_go(connection, city, 1, late + timedelta(minutes=1), {"state": outbox.SENT})
        assert outbox.counts(connection, city) == {"sent": 1}
    assert taken(store, city, late + timedelta(hours=1)) is None


def test_attempts_are_kept_and_a_served_channel_is_remembered(store: Store, city: int) -> None:
    owed(store, city, notice("a"))
    with store.write.begin() as connection:
        outbox.record(connection, city, 1, "phone", AT, False, "HTTP 500")
        outbox.record(connection, city, 1, "phone", SOON, True, "")
        outbox.record(connection, city, 1, "mail", SOON, False, "超时")

        assert outbox.served(connection, city, 1) == {"phone"}
        assert [(a.channel, a.ok) for a in outbox.attempts_of(connection, city, 1)] == [
            ("phone", False),
            ("phone", True),
            ("mail", False),
        ]
        assert {(a.channel, a.ok, a.at) for a in outbox.last_attempts(connection, city)} == {
            ("phone", False, AT),
            ("phone", True, SOON),
            ("mail", False, SOON),
        }
        assert [row.detail for row in outbox.listed(connection, city, ["owed"], 10)] == ["超时"]


def test_what_failed_can_be_owed_again(store: Store, city: int) -> None:
    owed(store, city, *(notice(key) for key in "abcd"))
    with store.write.begin() as connection:
        for number, state in ((1, "failed"), (2, "none"), (3, "sent")):
            token = AT + timedelta(hours=number)
            outbox.take(connection, city, AT, token, only=number)
            assert outbox.let_go(connection, city, number, token, {"state": state, "attempts": 9, "done_at": AT})

        assert outbox.owe_again(connection, city, SOON, None) == [1]
        assert outbox.owe_again(connection, city, SOON, [1, 2, 3, 4]) == [2]
        assert outbox.counts(connection, city) == {"owed": 3, "sent": 1}
        assert outbox.oldest_owed(connection, city) == AT
    with store.read.connect() as reading:
        assert outbox.has_owed(reading, city, SOON)
        assert not outbox.has_owed(reading, city, AT - timedelta(seconds=1))
