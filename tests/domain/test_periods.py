from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.periods import (
    NAMED,
    Period,
    between,
    comparable,
    period_before,
    previous_to_same_day,
    settles_on,
    this_day,
    this_month,
    this_quarter,
    this_week,
    this_year,
)
from domain.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days(first: str, end: str) -> Period:
    return Period(at(first), at(end))


@pytest.mark.parametrize(
    ("period_of", "moment", "first", "end"),
    [
        (this_day, "2026-05-19 14:32", "2026-05-19", "2026-05-20"),
        (this_day, "2026-12-31 23:59", "2026-12-31", "2027-01-01"),
        (this_week, "2026-05-18 00:00", "2026-05-18", "2026-05-25"),  # a Monday
        (this_week, "2026-05-24 23:59", "2026-05-18", "2026-05-25"),  # its Sunday
        (this_month, "2026-05-19 14:32", "2026-05-01", "2026-06-01"),
        (this_month, "2026-12-01 00:00", "2026-12-01", "2027-01-01"),
        (this_quarter, "2026-03-31 23:59", "2026-01-01", "2026-04-01"),
        (this_quarter, "2026-11-02 08:00", "2026-10-01", "2027-01-01"),
        (this_year, "2026-05-19 14:32", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_named_period_is_made_of_whole_local_days(
    period_of: Callable[[ZoneInfo, datetime], Period], moment: str, first: str, end: str
) -> None:
    assert period_of(SHANGHAI, at(moment)) == days(first, end)


def test_the_local_day_decides_not_the_servers() -> None:
    evening_in_utc = datetime(2026, 5, 31, 17, 0, tzinfo=UTC)  # 1 June, 01:00 in Shanghai

    assert this_month(SHANGHAI, evening_in_utc) == days("2026-06-01", "2026-07-01")


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("moment", ["2026-01-01 00:00", "2026-05-31 23:59", "2024-02-29 12:00"])
def test_a_named_period_holds_the_moment_it_was_made_for(name: str, moment: str) -> None:
    period = NAMED[name](SHANGHAI, at(moment))

    assert period.holds(at(moment))
    assert period.holds(period.start)
    assert not period.holds(period.end)


@pytest.mark.parametrize(
    ("moment", "first", "end"),
    [
        ("2026-05-19 14:32", "2026-04-01", "2026-04-20"),
        ("2026-05-31 08:00", "2026-04-01", "2026-05-01"),  # April has no 31st
        ("2026-03-31 08:00", "2026-02-01", "2026-03-01"),
        ("2024-03-29 08:00", "2024-02-01", "2024-03-01"),
        ("2026-01-01 00:00", "2025-12-01", "2025-12-02"),
    ],
)
def test_an_unfinished_month_is_compared_with_the_same_days_before(moment: str, first: str, end: str) -> None:
    assert previous_to_same_day(this_month(SHANGHAI, at(moment)), at(moment)) == days(first, end)


def test_a_period_of_ones_own_ends_before_its_last_day() -> None:
    assert between(SHANGHAI, date(2014, 8, 1), date(2015, 5, 8)) == days("2014-08-01", "2015-05-08")


@pytest.mark.parametrize("end", [date(2026, 5, 1), date(2026, 4, 30)])
def test_an_empty_period_is_refused(end: date) -> None:
    with pytest.raises(Refusal, match="统计周期是空的"):
        between(SHANGHAI, date(2026, 5, 1), end)


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    new_york = ZoneInfo("America/New_York")

    period = this_day(new_york, datetime(2026, 3, 8, 18, tzinfo=UTC))

    assert period.end.astimezone(UTC) - period.start.astimezone(UTC) == timedelta(hours=23)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        this_day(SHANGHAI, datetime(2026, 5, 1))  # noqa: DTZ001


def test_a_month_without_a_citys_zone_cannot_be_compared() -> None:
    utc_month = Period(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))

    with pytest.raises(ValueError, match="time zone"):
        previous_to_same_day(utc_month, at("2026-05-19 14:32"))


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "end", "before", "before_end"),
    [
        ("2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01"),
        ("2026-01-01", "2026-04-01", "2025-10-01", "2026-01-01"),
        ("2024-01-01", "2025-01-01", "2023-01-01", "2024-01-01"),
        ("2026-05-11", "2026-05-18", "2026-05-04", "2026-05-11"),
        ("2026-02-01", "2026-05-01", "2025-11-04", "2026-02-01"),  # three months, but no quarter: as many days
        ("2014-08-01", "2015-05-08", "2013-10-25", "2014-08-01"),
    ],
)
def test_the_whole_period_before(first: str, end: str, before: str, before_end: str) -> None:
    assert period_before(on(first), on(end)) == (on(before), on(before_end))


@pytest.mark.parametrize(
    ("first", "end", "as_of", "start", "stop"),
    [
        ("2026-05-01", "2026-06-01", "2026-06-01T00:00", "2026-04-01T00:00", "2026-05-01T00:00"),
        ("2026-05-01", "2026-06-01", "2026-05-19T14:32", "2026-04-01T00:00", "2026-04-20T00:00"),
        ("2026-03-01", "2026-04-01", "2026-03-31T14:32", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("2026-05-18", "2026-05-25", "2026-05-19T14:32", "2026-05-11T00:00", "2026-05-13T00:00"),
        ("2026-04-01", "2026-07-01", "2026-05-19T14:32", "2026-01-01T00:00", "2026-02-19T00:00"),
        ("2026-01-01", "2027-01-01", "2026-05-19T14:32", "2025-01-01T00:00", "2025-05-20T00:00"),
        ("2026-05-19", "2026-05-20", "2026-05-19T14:32", "2026-05-18T00:00", "2026-05-18T14:32"),
        ("2026-05-19", "2026-05-20", "2026-05-19T00:00", "2026-05-18T00:00", "2026-05-18T00:00:01"),
        ("2026-05-19", "2026-05-20", "2026-05-20T08:00", "2026-05-18T00:00", "2026-05-19T00:00"),
        ("2026-04-20", "2026-05-20", "2026-05-19T14:32", "2026-03-21T00:00", "2026-04-20T00:00"),
    ],
)
def test_what_a_period_may_be_compared_with(first: str, end: str, as_of: str, start: str, stop: str) -> None:
    assert comparable(SHANGHAI, on(first), on(end), at(as_of)) == Period(at(start), at(stop))


def test_a_period_is_settled_so_many_days_after_its_last_day() -> None:
    assert settles_on(on("2026-06-01"), 5) == on("2026-06-05")  # May
