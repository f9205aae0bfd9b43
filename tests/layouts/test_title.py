"""The notes of the title row."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.texts import Texts
from domain.city import City
from layouts.panels.title import render
from layouts.views import Notes
from tests.builders import AS_OF, a_snapshot, an_empty_snapshot

HISTORY = date(2025, 3, 2)


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({}, ("较昨日同时段",)),
        ({"history_since": HISTORY}, ("较昨日同时段", "历史生成中，已到 2025-3-2")),
        ({"quarantined": 1233}, ("较昨日同时段", "待核数据 1,233 行")),
        ({"history_since": HISTORY, "quarantined": 233}, ("历史生成中，已到 2025-3-2", "待核数据 233 行")),
    ],
)
def test_what_a_reader_must_know_comes_before_the_usual_note(
    changes: dict[str, object], notes: tuple[str, ...], city: City, texts: Texts
) -> None:
    body = render(a_snapshot(**changes), city, texts).body

    assert isinstance(body, Notes)
    assert body.notes == notes
    assert body.warning == ""


@pytest.mark.parametrize(
    ("age", "warning", "notes"),
    [
        (timedelta(hours=24), "", ("较昨日同时段", "待核数据 5 行")),
        (timedelta(hours=24, minutes=1), "最近案件 5月18日 14:31", ("待核数据 5 行",)),
        (timedelta(days=138), "最近案件 1月1日 14:32", ("待核数据 5 行",)),
        (timedelta(days=275), "最近案件 2025年8月17日 14:32", ()),
    ],
)
def test_old_data_are_said_to_be_old_before_anything_else(
    age: timedelta, warning: str, notes: tuple[str, ...], city: City, texts: Texts
) -> None:
    """The clock runs on while nothing comes in: without the date of the newest case the wall would look alive."""
    feed = tuple(replace(item, at=AS_OF - age) for item in a_snapshot().feed)

    body = render(a_snapshot(feed=feed, quarantined=5), city, texts).body

    assert isinstance(body, Notes)
    assert (body.warning, body.notes) == (warning, notes)


def test_a_city_without_any_case_has_no_newest_one(city: City, texts: Texts) -> None:
    body = render(an_empty_snapshot(), city, texts).body

    assert isinstance(body, Notes)
    assert body.warning == ""


def test_a_year_without_calendar_is_told(city: City, texts: Texts) -> None:
    view = render(a_snapshot(calendar_missing=2031), city, texts)

    assert isinstance(view.body, Notes)
    assert view.body.warning == "缺 2031 年工作日历，时限暂定"
