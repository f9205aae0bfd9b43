"""A row that a condition holds of always lies where its reach says."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.conditions import All, holds
from domain.counting import OF_ONE_ROW, Counting
from domain.indicator_options import IndicatorOptions
from domain.reach import Reach, reach
from domain.replay import state
from domain.window import Window
from tests.data_access.test_histories import moments, some_options
from tests.histories import a_history
from tests.worlds import START

INDEXED = frozenset({"reported_at", "registered_at", "dispatched_at", "handled_at", "closed_at", "effective_due_at"})
USUAL = IndicatorOptions()
MONTH = Window(START, START + timedelta(days=30), START + timedelta(days=60))


def lies_in(row: dict[str, Any], place: Reach) -> bool:
    if any(holds(All(*bounds))(row) for bounds in place.ranges):
        return True
    still = [one for one in place.unclosed if row["closed_at"] is None or row["closed_at"] >= one.since]
    return any(all(row[name] is not None and row[name] <= at for name, at in one.before) for one in still)


@pytest.mark.parametrize("of_units", [False, True], ids=["cases", "assignments"])
def test_no_row_that_counts_lies_elsewhere(of_units: bool) -> None:
    random, bounded = Random(7), 0
    reached = [there for _ in range(300) if (there := state(a_history(random))) is not None]
    rows = [row for there in reached for row in (there.assignments if of_units else [there.case])]
    for round_ in range(6):
        (start, end, as_of), (options, _) = moments(random), some_options(random)
        counting = Counting(Window(start, end, as_of), options, cohort=round_ % 3 == 0, of_units=of_units)
        for name in OF_ONE_ROW:
            place = reach([counting[name]], INDEXED)
            if place is not None:
                bounded += 1
                assert all(lies_in(row, place) for row in filter(holds(counting[name]), rows)), name
    assert bounded > 150


def test_the_usual_score_is_found_by_three_moments_and_what_is_not_closed() -> None:
    counting = Counting(MONTH, USUAL, of_units=True)
    found = reach([counting[name] for name in ("closed", "on_time", "registered", "handled", "closure_due")], INDEXED)

    assert found is not None
    assert {lower.column for lower, _ in found.ranges} == {"registered_at", "handled_at", "closed_at"}
    (unclosed,) = found.unclosed
    assert unclosed.since == MONTH.end
    assert dict(unclosed.before) == {"registered_at": MONTH.end, "effective_due_at": MONTH.end}


def test_what_is_open_now_does_not_widen_what_was_open_at_the_end() -> None:
    counting = Counting(MONTH, USUAL, of_units=True)
    found = reach([counting["overdue_open"], counting["overdue_unclosed"]], INDEXED)

    assert found is not None
    bounds = {one.since: dict(one.before)["registered_at"] for one in found.unclosed}
    assert bounds == {MONTH.end: MONTH.end, MONTH.as_of: MONTH.as_of}


def test_what_has_no_index_may_lie_anywhere() -> None:
    counting = Counting(MONTH, USUAL)

    assert reach([counting["closed"], counting["recheck_due"]], INDEXED) is None
    assert reach([counting["closed"]], INDEXED - {"closed_at"}) is None
    assert reach([Counting(MONTH, USUAL, of_units=True)["recheck_due"]], INDEXED) == Reach()
