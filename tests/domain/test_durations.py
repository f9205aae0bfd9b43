"""Median and 90th percentile by nearest rank; working time of many spans equals that of each."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from config.calendars import working_time
from config.cities import load_city
from domain.durations import WorkedTime, durations, nearest_rank

MONDAY = datetime(2026, 5, 18, 1, tzinfo=UTC)  # 09:00 in the city


def minutes(*values: int) -> list[timedelta]:
    return [timedelta(minutes=value) for value in values]


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [((5,), 5, 5), ((1, 2), 1, 2), ((1, 2, 3), 2, 3), (tuple(range(1, 11)), 5, 9), (tuple(range(1, 12)), 6, 10)],
)
def test_nearest_rank_is_always_a_value_that_was_measured(values: tuple[int, ...], median: int, p90: int) -> None:
    assert nearest_rank(minutes(*values), 50) == timedelta(minutes=median)
    assert nearest_rank(minutes(*values), 90) == timedelta(minutes=p90)


def test_nothing_measured_is_nothing_known() -> None:
    assert nearest_rank([], 50) is None
    assert vars(durations([], None)) == {
        "count": 0, "median": None, "p90": None, "working_median": None, "working_p90": None,
    }  # fmt: skip


def test_nights_and_noons_are_not_working_time() -> None:
    working = working_time(load_city("demo"))
    assert working is not None
    spans = [(MONDAY, MONDAY + timedelta(hours=h)) for h in (1, 4, 24)]
    found = durations(spans, WorkedTime(working, MONDAY, MONDAY + timedelta(days=1)))

    assert (found.median, found.p90) == (timedelta(hours=4), timedelta(hours=24))
    assert (found.working_median, found.working_p90) == (timedelta(hours=3), timedelta(hours=8))


def test_a_step_before_the_one_it_follows_took_no_time() -> None:
    assert durations([(MONDAY, MONDAY - timedelta(hours=1))], None).median == timedelta()


def test_many_spans_at_once_are_worked_as_each_alone() -> None:
    working = working_time(load_city("demo"))
    assert working is not None
    random = Random(3)
    first, last = datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)  # over the Spring Festival
    quick = WorkedTime(working, first, last)
    for _ in range(400):
        start, end = sorted(first + (last - first) * random.random() for _ in range(2))
        assert quick.between(start, end) == working.worked(start, end)
        assert quick.between(end, start) == timedelta()
