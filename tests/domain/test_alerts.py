"""Every alert by a table of facts, and all of them together against a recount written in plain words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from domain.alerts import (
    Acknowledgement,
    Alert,
    Attention,
    CaseFacts,
    alerts_of,
    newly,
    standing,
    too_many_extensions,
)

NOW = datetime(2026, 5, 19, 6, 32, 5, tzinfo=UTC)
QUARTER, FOUR_HOURS = timedelta(minutes=15), timedelta(hours=4)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def alerts(**facts: Any) -> dict[Alert, datetime]:
    return alerts_of(CaseFacts(**{"running": True, **facts}), NOW, QUARTER)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"due": NOW - SECOND}, {Alert.OVERDUE: NOW - SECOND}),
        ({"due": NOW}, {}),  # strictly later than the due time
        ({"due": NOW, "due_soon": NOW}, {Alert.DUE_SOON: NOW}),
        ({"due": NOW + HOUR, "due_soon": NOW - HOUR}, {Alert.DUE_SOON: NOW - HOUR}),
        ({"due": NOW + HOUR, "due_soon": NOW + SECOND}, {}),
        ({"due": NOW - SECOND, "due_soon": NOW - HOUR}, {Alert.OVERDUE: NOW - SECOND}),
        ({"due": NOW - SECOND, "running": False}, {}),
        ({"due": NOW, "due_soon": NOW, "running": False}, {}),
        ({"urgent": True, "dispatched_at": NOW - QUARTER}, {Alert.NOT_RECEIVED: NOW}),
        ({"urgent": True, "dispatched_at": NOW - QUARTER + SECOND}, {}),
        ({"urgent": True, "dispatched_at": NOW - HOUR, "received": True}, {}),
        ({"urgent": False, "dispatched_at": NOW - HOUR}, {}),
        ({"urgent": True}, {}),
        ({"returns": [NOW - HOUR]}, {}),
        ({"returns": [NOW - MINUTE, NOW - HOUR, NOW]}, {Alert.SPECIAL_CASE: NOW - MINUTE}),
        ({"reworks": [NOW - HOUR, NOW - MINUTE]}, {Alert.REWORK: NOW - MINUTE}),
        ({"supervised_until": [NOW, NOW + HOUR]}, {}),
        ({"supervised_until": [NOW - MINUTE, NOW - HOUR]}, {Alert.SUPERVISION_OVERDUE: NOW - HOUR}),
        ({"supervised_until": [NOW - HOUR], "running": False}, {Alert.SUPERVISION_OVERDUE: NOW - HOUR}),
    ],
)
def test_one_rule_at_a_time(facts: Mapping[str, Any], expected: Mapping[Alert, datetime]) -> None:
    assert alerts(**facts) == expected


def taken(at: datetime, promised: datetime | None = None, alert: Alert = Alert.OVERDUE) -> Acknowledgement:
    return Acknowledgement(alert, at, owner_id=7, promised_at=promised)


@pytest.mark.parametrize(
    ("acknowledged", "passed"),
    [
        ([taken(NOW - HOUR, NOW)], None),
        ([taken(NOW - HOUR, NOW - SECOND)], NOW - SECOND),
        # The latest promise is the one that counts, whichever alert it was given for.
        ([taken(NOW - HOUR, NOW - SECOND), taken(NOW - MINUTE, NOW + HOUR, Alert.PROMISE_PASSED)], None),
        ([taken(NOW - HOUR, NOW + HOUR), taken(NOW - MINUTE)], None),
    ],
)
def test_a_promise_runs_out(acknowledged: list[Acknowledgement], passed: datetime | None) -> None:
    assert alerts(acknowledged=acknowledged).get(Alert.PROMISE_PASSED) == passed


def test_the_worst_alert_comes_first() -> None:
    found = alerts(due=NOW - HOUR, due_soon=NOW - 2 * HOUR, reworks=[NOW, NOW], returns=[NOW, NOW], urgent=True,
                   dispatched_at=NOW - HOUR, supervised_until=[NOW - HOUR])  # fmt: skip

    assert list(found) == [
        Alert.OVERDUE,
        Alert.SUPERVISION_OVERDUE,
        Alert.NOT_RECEIVED,
        Alert.SPECIAL_CASE,
        Alert.REWORK,
    ]


@pytest.mark.parametrize(
    ("facts", "attention", "since"),
    [
        ({"due": NOW + HOUR}, Attention.NONE, None),
        ({"due": NOW - HOUR}, Attention.NEW, NOW - HOUR),
        ({"due": NOW - HOUR, "acknowledged": [taken(NOW - MINUTE)]}, Attention.TAKEN, None),
        # Its promise has passed.
        (
            {"due": NOW - HOUR, "acknowledged": [taken(NOW - 30 * MINUTE, NOW - MINUTE)]},
            Attention.BACK,
            NOW - MINUTE,
        ),
        # Nothing has happened to it for four hours, counted from the last event.
        ({"due": NOW - 9 * HOUR, "acknowledged": [taken(NOW - FOUR_HOURS)]}, Attention.BACK, NOW),
        ({"due": NOW - 9 * HOUR, "acknowledged": [taken(NOW - FOUR_HOURS + SECOND)]}, Attention.TAKEN, None),
        (
            {"due": NOW - 9 * HOUR, "acknowledged": [taken(NOW - 5 * HOUR)], "changed_at": NOW - HOUR},
            Attention.TAKEN,
            None,
        ),
        # It was due soon when somebody took it on, and is overdue by now.
        (
            {"due": NOW - MINUTE, "acknowledged": [taken(NOW - HOUR, alert=Alert.DUE_SOON)]},
            Attention.BACK,
            NOW - MINUTE,
        ),
        # Somebody is on the overdue case: that it has also been reworked twice is nothing new to them.
        (
            {"due": NOW - HOUR, "reworks": [NOW, NOW], "acknowledged": [taken(NOW - MINUTE)]},
            Attention.TAKEN,
            None,
        ),
    ],
)
def test_an_acknowledgement_ages(facts: Mapping[str, Any], attention: Attention, since: datetime | None) -> None:
    case = CaseFacts(**{"running": True, **facts})

    assert standing(case, alerts_of(case, NOW, QUARTER), NOW, FOUR_HOURS) == (attention, since)


@pytest.mark.parametrize(("since", "news"), [(NOW - QUARTER, True), (NOW - QUARTER - SECOND, False), (None, False)])
def test_an_alert_is_news_for_a_quarter_of_an_hour(since: datetime | None, news: bool) -> None:
    assert newly(since, NOW) is news


@pytest.mark.parametrize(
    ("asked", "registered", "ceiling", "too_many"),
    [(1, 10, None, False), (2, 19, None, True), (1, 4, Fraction(1, 4), False), (2, 4, Fraction(1, 4), True),
     (0, 0, None, False)],
)  # fmt: skip
def test_extensions_above_a_tenth_of_the_cases_alert_the_unit(
    asked: int, registered: int, ceiling: Fraction | None, too_many: bool
) -> None:
    assert too_many_extensions(asked, registered, ceiling) is too_many


def test_random_cases_equal_the_plain_words() -> None:
    random = Random(20260519)
    seen: set[Alert] = set()
    for _ in range(4000):
        facts = a_case(random)

        found = alerts_of(facts, NOW, QUARTER)

        assert set(found) == in_plain_words(facts)
        seen.update(found)
    assert seen == set(Alert)


def a_case(random: Random) -> CaseFacts:
    """Coarse times round now, so that every boundary is hit often."""

    def near() -> datetime:
        return NOW + random.randrange(-3, 4) * QUARTER

    def maybe(chance: float = 0.7) -> datetime | None:
        return near() if random.random() < chance else None

    return CaseFacts(
        running=random.random() < 0.8,
        due=maybe(),
        due_soon=maybe(),
        urgent=random.random() < 0.5,
        dispatched_at=maybe(),
        received=random.random() < 0.4,
        returns=[near() for _ in range(random.randrange(4))],
        reworks=[near() for _ in range(random.randrange(4))],
        supervised_until=[near() for _ in range(random.randrange(3))],
        acknowledged=[taken(near(), maybe()) for _ in range(random.randrange(3))],
    )


def in_plain_words(case: CaseFacts) -> set[Alert]:
    late = case.due is not None and case.due < NOW
    soon = case.due is not None and case.due_soon is not None and not late and case.due_soon <= NOW
    sent_long_ago = case.dispatched_at is not None and NOW - case.dispatched_at >= QUARTER
    promises = [one.promised_at for one in sorted(case.acknowledged, key=lambda one: one.at, reverse=True)]
    holds = {
        Alert.OVERDUE: case.running and late,
        Alert.DUE_SOON: case.running and soon,
        Alert.NOT_RECEIVED: case.running and case.urgent and sent_long_ago and not case.received,
        Alert.SPECIAL_CASE: case.running and len(case.returns) > 1,
        Alert.REWORK: case.running and len(case.reworks) > 1,
        Alert.SUPERVISION_OVERDUE: any(until < NOW for until in case.supervised_until),
        Alert.PROMISE_PASSED: bool(promises and promises[0] and promises[0] < NOW),
    }
    return {alert for alert, there in holds.items() if there}
