"""The notes of the title row."""

from datetime import date

import pytest

from config.texts import Texts
from domain.city import City
from layouts.panels.title import render
from layouts.views import Notes
from tests.builders import a_snapshot

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
