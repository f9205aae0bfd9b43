"""Written times as instants, odd local times marked; and when a case is due soon."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.cities import load_city
from domain.marks import Mark
from services.imports.case_rows import due_soon_of
from services.imports.times import instant_of, time_reader

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
AMBIGUOUS, NONEXISTENT = int(Mark.AMBIGUOUS_TIME), int(Mark.NONEXISTENT_TIME)


@pytest.mark.parametrize(
    ("text", "zone", "utc", "mark"),
    [
        ("2026-07-06 06:30:51.879147", NEW_YORK, "2026-07-06T10:30:51.879147", 0),
        ("2026-07-06 06:30:51.8", NEW_YORK, "2026-07-06T10:30:51.800000", 0),
        ("2026-01-06T06:30", NEW_YORK, "2026-01-06T11:30:00", 0),
        ("2026-05-01", SHANGHAI, "2026-04-30T16:00:00", 0),
        ("2026/5/1 8:05", SHANGHAI, "2026-05-01T00:05:00", 0),
        ("2025-11-02 01:30", NEW_YORK, "2025-11-02T05:30:00", AMBIGUOUS),  # the first 01:30, still summer time
        ("2025-11-02 00:59:59.999999", NEW_YORK, "2025-11-02T04:59:59.999999", 0),
        ("2025-11-02 02:00", NEW_YORK, "2025-11-02T07:00:00", 0),
        ("2026-03-08 02:30", NEW_YORK, "2026-03-08T07:30:00", NONEXISTENT),  # is 03:30 on the new clock
        ("2026-03-08 03:00", NEW_YORK, "2026-03-08T07:00:00", 0),
        ("1988-07-01 12:00", SHANGHAI, "1988-07-01T03:00:00", 0),  # China had summer time then
        ("2026-05-01T08:00:00Z", SHANGHAI, "2026-05-01T08:00:00", 0),
        ("2026-05-01 08:00+02", SHANGHAI, "2026-05-01T06:00:00", 0),
    ],
)
def test_a_written_time_becomes_an_instant(text: str, zone: ZoneInfo, utc: str, mark: int) -> None:
    read = time_reader(zone, ("iso", "%Y/%m/%d %H:%M"), ignore_offset=False)

    micros, found = read(text)

    assert (instant_of(micros), found) == (datetime.fromisoformat(f"{utc}+00:00"), mark)


def test_an_offset_that_is_a_lie_is_ignored() -> None:
    read = time_reader(NEW_YORK, ("iso",), ignore_offset=True)

    assert instant_of(read("2026-07-06 06:30:51+00")[0]) == datetime(2026, 7, 6, 10, 30, 51, tzinfo=UTC)
    assert read("2025-11-02 01:30:00+00")[1] == AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "昨天",
        "2026-02-30",
        "01/02/2026",
        "2026-5-1",
        "0001-01-01",
        "9999-12-31T23:59:59",
        "1899-12-30T00:00:00Z",
        "12",
        "2026-05-01 25:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    read = time_reader(SHANGHAI, ("iso", "%Y/%m/%d %H:%M"), ignore_offset=False)

    with pytest.raises(ValueError, match=r".*"):
        read(text)


def test_due_soon_is_when_the_citys_share_of_the_time_is_used() -> None:
    start = datetime(2026, 5, 6, 2, tzinfo=UTC)

    wall = due_soon_of(load_city("boston"))

    assert wall(start, start + timedelta(hours=10), None) == start + timedelta(hours=8)
    assert wall(start, start - timedelta(hours=1), None) == start - timedelta(hours=1)


def test_due_soon_counts_working_time_where_the_limit_does() -> None:
    soon = due_soon_of(load_city("demo"))
    friday = datetime(2026, 5, 15, 1, tzinfo=UTC)  # 09:00 in the demo city
    monday = datetime(2026, 5, 18, 8, tzinfo=UTC)  # 16:00, across a weekend

    by_work, by_wall = soon(friday, monday, "work_hours"), soon(friday, monday, None)

    assert by_wall == friday + (monday - friday) * 4 / 5
    # Friday 9–12 and 14–18 are 7 hours, Monday 8–12 and 14–16 are 6: 80 % of 13 hours is 10:24, on Monday at 11:24.
    assert by_work == datetime(2026, 5, 18, 3, 24, tzinfo=UTC)
