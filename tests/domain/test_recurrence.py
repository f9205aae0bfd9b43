"""重复发生: the rule at its edges."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.recurrence import Registration, recurring

DAY = timedelta(days=1)
FIRST = datetime(2026, 5, 1, 9, tzinfo=UTC)
HERE, THERE, OTHER_CLASS = (1, 1), (1, 2), (2, 1)


def filed(number: int, after: timedelta = 0 * DAY, what: tuple[int, int] = HERE, void: bool = False) -> Registration:
    return Registration(number, what, FIRST + after, void)


@pytest.mark.parametrize(
    ("second", "recurs"),
    [
        (filed(2, 30 * DAY), True),
        (filed(2, 30 * DAY + timedelta(seconds=1)), False),
        (filed(2), False),
        (filed(2, DAY, THERE), False),
        (filed(2, DAY, OTHER_CLASS), False),
        (filed(2, DAY, void=True), True),
    ],
    ids=["on the last day", "a second late", "at the same instant", "another grid", "another class", "void itself"],
)
def test_a_case_recurs_within_thirty_days_in_its_grid_and_class(second: Registration, recurs: bool) -> None:
    assert recurring([second, filed(1)], 30 * DAY) == ({2} if recurs else set())


def test_a_void_case_is_no_earlier_one_but_hides_none_before_it() -> None:
    assert recurring([filed(1, void=True), filed(2, DAY)], 30 * DAY) == set()
    assert recurring([filed(1), filed(2, 20 * DAY, void=True), filed(3, 29 * DAY)], 30 * DAY) == {2, 3}
    assert recurring([filed(1), filed(2, 20 * DAY, void=True), filed(3, 31 * DAY)], 30 * DAY) == {2}


def test_two_at_one_instant_both_follow_what_was_before_and_one_that_stands_is_enough() -> None:
    together = [filed(1), filed(2, DAY), filed(3, DAY, void=True), filed(4, 31 * DAY)]

    assert recurring(together, 30 * DAY) == {2, 3, 4}
