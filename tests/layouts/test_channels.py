"""Channels of today's reports."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts.panels.channels import render
from layouts.views import Bars
from tests.builders import an_empty_snapshot


def test_the_six_largest_channels_are_measured_by_the_largest(snapshot: Snapshot, city: City, texts: Texts) -> None:
    body = render(snapshot, city, texts).body

    assert isinstance(body, Bars)
    assert [bar.name for bar in body.rows] == [channel.name for channel in snapshot.channels[:6]]
    assert body.rows[0].share == 1.0
    assert body.rows[1].share == round(214 / 702, 4)
    assert body.rows[0].figure.address == "channel/C1/reported/today"


def test_the_head_tells_all_reports_not_only_those_shown(snapshot: Snapshot, city: City, texts: Texts) -> None:
    total = render(snapshot, city, texts).note_figure

    assert total is not None
    assert (total.before, total.text, total.after) == ("今日 ", "1,286", " 件")
    assert total.address == "city/-/reported/today"


def test_a_day_without_reports_says_so(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(), city, texts)

    assert view.state == "empty"
    assert view.message is not None
    assert view.message.head == "今日尚无上报"
