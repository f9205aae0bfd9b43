"""Who is on a case: every step from every state, at the edges of the five minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.holds import LEASE, HeldByAnother, Hold, asked, handed_over, released, renewed, taken
from domain.refusals import Refusal

NOW = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)
MINE = Hold(1, NOW - timedelta(minutes=1), NOW + timedelta(minutes=4))
THEIRS = replace(MINE, user_id=2)
LAPSED = replace(THEIRS, until=NOW)
FRESH = Hold(1, NOW, NOW + LEASE)


@pytest.mark.parametrize("before", [None, LAPSED, replace(LAPSED, user_id=1)])
def test_what_nobody_holds_can_be_taken(before: Hold | None) -> None:
    assert taken(before, 1, NOW) == FRESH
    assert asked(before, 1, NOW) == FRESH


def test_ones_own_is_renewed_and_anothers_is_not_to_be_had() -> None:
    assert taken(MINE, 1, NOW) == renewed(MINE, 1, NOW) == replace(MINE, until=NOW + LEASE)
    assert renewed(THEIRS, 1, NOW) == THEIRS
    assert renewed(None, 1, NOW) is None
    assert renewed(replace(MINE, until=NOW), 1, NOW) == replace(MINE, until=NOW)
    with pytest.raises(HeldByAnother) as held:
        taken(THEIRS, 1, NOW)
    assert held.value.user_id == 2


def test_a_question_is_asked_once_and_answered_by_the_holder() -> None:
    wanted = asked(THEIRS, 1, NOW)
    assert (wanted.asked_by, wanted.asked_at, wanted.user_id, wanted.until) == (1, NOW, 2, THEIRS.until)
    assert asked(wanted, 1, NOW + timedelta(minutes=1)) == wanted
    assert asked(wanted, 3, NOW).asked_by == 3
    assert renewed(wanted, 2, NOW) == replace(wanted, until=NOW + LEASE)
    assert handed_over(wanted, 2, NOW) == FRESH
    for hold in (None, THEIRS, replace(wanted, until=NOW)):
        with pytest.raises(Refusal):
            handed_over(hold, 2, NOW)
    with pytest.raises(Refusal, match="不在您这里"):
        handed_over(wanted, 1, NOW)


def test_released_by_its_holder_or_by_time() -> None:
    assert released(MINE, 1, NOW) is None
    assert released(THEIRS, 1, NOW) == THEIRS
    assert released(LAPSED, 1, NOW) is None
    assert released(None, 1, NOW) is None


def test_the_last_instant_does_not_count() -> None:
    assert MINE.active(MINE.until - timedelta(microseconds=1))
    assert not MINE.active(MINE.until)
    assert THEIRS.keeps_out(1, NOW)
    assert not THEIRS.keeps_out(2, NOW)
