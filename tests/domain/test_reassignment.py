"""改派: what the reason does to the old unit, replayed; which unit stands first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.life_cycle import EndReason
from domain.reassignment import SHOWN, Candidate, Reason, end_reason, ranked
from domain.refusals import Refusal
from domain.replay import state
from tests.retell import Event

START = datetime(2026, 5, 19, 2, tzinfo=UTC)


def a_reassigned_case(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The assignments of a case dispatched to shizheng and reassigned to chengtou with this body."""
    hour = timedelta(hours=1)
    first = {"unit": "shizheng", "due": (START + 4 * hour).isoformat(), "informed": ["zhujian"]}
    events = [
        Event("report", START, {"category": "k", "channel": "c", "street": "s"}),
        Event("register", START, {"limit": "4 urgent_hours"}),
        Event("dispatch", START, first),
        Event("reassign", START + 5 * hour, {"unit": "chengtou", "due": (START + 9 * hour).isoformat(), **body}),
    ]
    told = state(events)
    assert told is not None
    return told.assignments


def test_the_dispatchers_error_frees_the_old_unit_and_whoever_was_informed() -> None:
    lead, informed, new = a_reassigned_case({"end_reason": "dispatcher_error"})

    assert lead["end_reason"] == informed["end_reason"] == EndReason.DISPATCHER_ERROR
    assert (new["unit"], new["end_reason"]) == ("chengtou", None)


@pytest.mark.parametrize("body", [{}, {"end_reason": "reassigned"}])
def test_any_other_reason_leaves_the_old_unit_its_overdue(body: dict[str, Any]) -> None:
    lead, _informed, new = a_reassigned_case(body)

    assert lead["end_reason"] == EndReason.REASSIGNED
    assert lead["effective_due_at"] < lead["ended_at"]  # it was overdue, and stays so
    assert new["effective_due_at"] == START + timedelta(hours=9)  # a clock of its own (DECISIONS 5)


def test_a_log_from_before_reasons_were_written_replays_as_before() -> None:
    assert a_reassigned_case({})[0]["end_reason"] == "reassigned"


def test_an_invented_reason_does_not_replay() -> None:
    with pytest.raises(ValueError, match="mood"):
        a_reassigned_case({"end_reason": "mood"})


def test_each_reason_ends_the_old_assignment_its_own_way() -> None:
    assert end_reason("dispatcher_error", "")[1] is EndReason.DISPATCHER_ERROR
    assert end_reason("duty_changed", "") == (Reason.DUTY_CHANGED, EndReason.REASSIGNED)


@pytest.mark.parametrize(("text", "what"), [("", "没有选原因"), ("mood", "没有选原因"), ("capacity", "能力不足")])
def test_without_a_reason_and_for_lack_of_hands_nothing_is_reassigned(text: str, what: str) -> None:
    with pytest.raises(Refusal, match=what):
        end_reason(text, "20260519-0471")


UNITS = (
    Candidate("shizheng", "市政处", open=58, overdue=6, usual=0.3, leads=True),
    Candidate("chengtou", "城投公司", open=41, overdue=3, usual=0.6),
    Candidate("shuiwu", "水务局", open=12, usual=0.1),
    Candidate("zhujian", "住建局", open=63, overdue=5),
    Candidate("xuefu", "学府街道", open=17),
    Candidate("gongjiao", "公交公司", open=3),
    Candidate("jiaoyu", "教育局", open=2),
)


def keys(*args: Any, **kwargs: Any) -> list[str]:
    return [unit.key for unit in ranked(UNITS, *args, **kwargs)]


def test_the_best_match_stands_first_and_the_current_unit_second() -> None:
    assert keys() == ["chengtou", "shizheng", "shuiwu", "jiaoyu", "gongjiao"]


def test_the_current_unit_is_second_even_where_it_fits_best() -> None:
    best_leads = [Candidate("a", "甲", usual=1.0, leads=True), Candidate("b", "乙", usual=0.2)]

    assert [unit.key for unit in ranked(best_leads)] == ["b", "a"]


def test_a_unit_is_found_by_its_name_and_the_chosen_one_stays_in_sight() -> None:
    assert keys("教育") == ["jiaoyu"]
    assert keys("教育", ["zhujian"]) == ["jiaoyu", "zhujian"]
    assert keys(kept=["zhujian"])[-1] == "zhujian"


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=20), st.integers(0, 19))
def test_no_more_than_the_table_holds_and_always_the_current_unit(facts: list[tuple[float, int]], leads: int) -> None:
    units = [
        Candidate(f"u{n}", f"单位{n}", overdue=late, usual=fit, leads=n == leads) for n, (fit, late) in enumerate(facts)
    ]
    shown = ranked(units)

    assert len(shown) == min(len(units), SHOWN)
    assert leads >= len(units) or [unit.leads for unit in shown].count(True) == 1
