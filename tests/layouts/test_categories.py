"""Top categories of today."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import KeyCount, Snapshot
from layouts.panels.categories import render
from layouts.views import Bars
from tests.builders import a_snapshot, an_empty_snapshot


def test_each_problem_says_whether_it_is_a_part_or_an_event(snapshot: Snapshot, city: City, texts: Texts) -> None:
    body = render(snapshot, city, texts).body

    assert isinstance(body, Bars)
    assert [(bar.kind, bar.name, bar.figure.text) for bar in body.rows][-1] == ("部件", "井盖破损移位", "67")
    assert body.rows[0].figure.address == "category/K1/registered/today"


def test_a_source_outside_the_classification_has_no_kind(city: City, texts: Texts) -> None:
    body = render(a_snapshot(categories=(KeyCount("K1", "Pothole", 3),)), city, texts).body

    assert isinstance(body, Bars)
    assert body.rows[0].kind == ""


def test_a_day_without_cases_says_so(city: City, texts: Texts) -> None:
    assert render(an_empty_snapshot(), city, texts).state == "empty"
