"""The case stream."""

from datetime import UTC, datetime

import pytest

from config.texts import Texts
from domain.city import City
from domain.snapshot import FeedItem, Snapshot
from layouts.panels.stream import render
from layouts.views import Feed
from tests.builders import a_snapshot, an_empty_snapshot


def test_a_line_tells_time_step_what_and_who(snapshot: Snapshot, city: City, texts: Texts) -> None:
    body = render(snapshot, city, texts).body

    assert isinstance(body, Feed)
    first = body.rows[0]
    assert (first.time, first.step, first.text, first.unit, first.tone) == (
        "14:31",
        "结案",
        "店外经营，鼓楼北街",
        "执法一大队",
        "closed",
    )


def test_times_are_the_citys_and_no_unit_is_said(city: City, texts: Texts) -> None:
    item = FeedItem("1", datetime(2026, 5, 18, 16, 30, tzinfo=UTC), "registered", "暴露垃圾", "", "")

    body = render(a_snapshot(feed=(item,)), city, texts).body

    assert isinstance(body, Feed)
    assert (body.rows[0].time, body.rows[0].text, body.rows[0].unit) == ("00:30", "暴露垃圾", "未定单位")


@pytest.mark.parametrize(
    ("at", "chinese", "in_english"),
    [
        (datetime(2026, 5, 18, 16, 0, tzinfo=UTC), "00:00", "00:00"),
        (datetime(2026, 5, 18, 15, 59, tzinfo=UTC), "5-18 23:59", "18 May 23:59"),
        (datetime(2025, 5, 19, 6, 0, tzinfo=UTC), "2025-5-19", "19 May 2025"),
    ],
)
def test_a_step_of_another_day_carries_it(
    at: datetime, chinese: str, in_english: str, city: City, texts: Texts, english: Texts
) -> None:
    snapshot = a_snapshot(feed=(FeedItem("1", at, "closed", "暴露垃圾", "", ""),))

    bodies = [render(snapshot, city, words).body for words in (texts, english)]

    assert [body.rows[0].time for body in bodies if isinstance(body, Feed)] == [chinese, in_english]


def test_two_steps_of_one_case_are_two_lines(city: City, texts: Texts) -> None:
    at = datetime(2026, 5, 19, 6, 0, tzinfo=UTC)
    feed = tuple(FeedItem("1", at, step, "暴露垃圾", "学府街", "环卫处") for step in ("registered", "dispatched"))

    body = render(a_snapshot(feed=feed), city, texts).body

    assert isinstance(body, Feed)
    assert len({row.key for row in body.rows}) == 2


def test_a_city_without_activity_says_so(city: City, texts: Texts) -> None:
    assert render(an_empty_snapshot(), city, texts).state == "empty"
