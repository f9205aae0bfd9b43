"""Possible duplicates by table: each limit at its edge."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duplicates import MOST, KnownCase, Report, degrees_of, duplicates, likeness, metres_between

NOW = datetime(2026, 5, 19, 6, 30, tzinfo=UTC)
HERE = (116.2, 33.6)
REPORT = Report(NOW, "C0103", "part/01", HERE, "g1")
CASE = KnownCase(
    case_no="20260519-0471",
    version=3,
    at=NOW - timedelta(hours=4),
    category="C0103",
    category_name="雨水井盖",
    major="part/01",
    position=HERE,
    grid="g1",
    unit="市政处",
    stage="received",
    overdue=True,
    open=True,
)


def off(metres: float) -> tuple[float, float]:
    """A place so many metres to the east."""
    return HERE[0] + degrees_of(metres, HERE[1])[0], HERE[1]


@pytest.mark.parametrize(
    ("changes", "found", "very_likely"),
    [
        ({}, True, True),
        ({"position": off(49.9)}, True, True),
        ({"position": off(50.1)}, True, False),
        ({"position": off(299), "grid": "g2"}, True, False),
        ({"position": off(301), "grid": "g2"}, False, False),
        ({"position": off(301)}, True, False),  # the same grid is near enough
        ({"position": None}, True, False),
        ({"position": None, "grid": None}, False, False),
        ({"category": "C0104"}, True, False),  # another minor class of the same major
        ({"category": "E0104", "major": "event/01"}, False, False),
        ({"category": "E0104", "major": None}, False, False),
        ({"open": False}, True, False),
        ({"at": NOW - timedelta(days=10)}, True, True),
        ({"at": NOW - timedelta(days=10, seconds=1)}, False, False),
    ],
)
def test_what_is_like_the_report(changes: dict[str, object], found: bool, very_likely: bool) -> None:
    like = likeness(REPORT, replace(CASE, **changes))  # type: ignore[arg-type]
    assert (like is not None, like is not None and like.very_likely) == (found, very_likely)


def test_classes_without_majors_are_alike_only_when_they_are_the_same() -> None:
    report = replace(REPORT, category="Pothole", major=None)
    assert likeness(report, replace(CASE, category="Graffiti", major=None)) is None
    assert likeness(report, replace(CASE, category="Pothole", major=None)) is not None


def test_the_likeliest_come_first_and_not_too_many() -> None:
    near_other = replace(CASE, case_no="B", category="C0104", position=off(5))
    closed = replace(CASE, case_no="C", open=False, position=off(1))
    far = replace(CASE, case_no="D", position=off(200))
    found = duplicates(REPORT, [near_other, closed, far, CASE])
    assert [like.case.case_no for like in found] == ["20260519-0471", "D", "C", "B"]
    assert len(duplicates(REPORT, [replace(CASE, case_no=str(n)) for n in range(20)])) == MOST


@given(st.floats(0, 5000), st.floats(-60, 60))
def test_metres_and_degrees_agree(metres: float, latitude: float) -> None:
    east, north = degrees_of(metres, latitude)
    assert metres_between((10.0, latitude), (10.0 + east, latitude)) == pytest.approx(metres, abs=0.01)
    assert metres_between((10.0, latitude), (10.0, latitude + north)) == pytest.approx(metres, abs=0.01)
