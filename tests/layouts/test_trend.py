"""The 24-hour trend."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts.panels.trend import label_heights, render, scale_top
from layouts.views import Chart
from tests.builders import AS_OF, a_city, a_snapshot, an_empty_snapshot, hours_of


def chart_of(snapshot: Snapshot, city: City, texts: Texts) -> Chart:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Chart)
    return body


def test_the_labels_give_the_last_full_hour_with_its_address(snapshot: Snapshot, city: City, texts: Texts) -> None:
    closed, registered = chart_of(snapshot, city, texts).series

    assert (registered.figure.before, registered.figure.text) == ("立案 ", "108")
    assert registered.figure.address == "hour/2026-05-19T13:00:00+08:00/registered"
    assert (closed.figure.text, closed.figure.address) == ("87", "hour/2026-05-19T13:00:00+08:00/closed")


def test_ticks_stand_at_every_sixth_hour_and_midnight_is_marked(snapshot: Snapshot, city: City, texts: Texts) -> None:
    chart = chart_of(snapshot, city, texts)

    assert [(tick.at, tick.text) for tick in chart.ticks] == [(4, "18时"), (10, "00时"), (16, "06时"), (22, "12时")]
    assert chart.midnight == 10


@pytest.mark.parametrize(("last", "places"), [(17, [6, 12, 18]), (16, [7, 13, 19]), (15, [2, 8, 14, 20])])
def test_no_tick_stands_where_its_label_would_touch_the_axis(
    last: int, places: list[int], city: City, texts: Texts
) -> None:
    hours = hours_of((1,) * 24, (1,) * 24, AS_OF.replace(hour=last, minute=0, second=0))

    chart = chart_of(a_snapshot(hours=hours), city, texts)

    assert [tick.at for tick in chart.ticks] == places


def test_the_hours_of_a_clock_change_keep_two_addresses(texts: Texts) -> None:
    """At 06:00 UTC on 2026-11-01 New York's clock goes back: 01:00 happens at −04:00 and again at −05:00."""
    new_york = a_city(zone=ZoneInfo("America/New_York"))
    addresses = []
    for hour in (5, 6):
        last = datetime(2026, 11, 1, hour, tzinfo=UTC)
        chart = chart_of(a_snapshot(hours=hours_of((1, 2), (1, 1), last)), new_york, texts)
        addresses.append(chart.series[0].figure.address)

    assert addresses == ["hour/2026-11-01T01:00:00-04:00/closed", "hour/2026-11-01T01:00:00-05:00/closed"]


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 10), (10, 10), (11, 20), (45, 50), (180, 200), (201, 500), (900, 1000)]
)
def test_the_scale_takes_round_steps(largest: int, top: int) -> None:
    assert scale_top(largest) == top


@pytest.mark.parametrize(("registered", "closed"), [(0.54, 0.435), (0.0, 0.0), (1.0, 1.0), (0.2, 0.9), (0.5, 0.5)])
def test_the_labels_never_touch_and_stay_inside(registered: float, closed: float) -> None:
    high, low = label_heights(registered, closed)

    assert abs(high - low) >= 0.199
    assert all(0 <= at <= 1 for at in (high, low))
    assert (high > low) == (registered >= closed)


def test_a_quiet_day_is_a_line_at_zero(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(), city, texts)

    assert view.state == "empty"
    assert isinstance(view.body, Chart)
    assert {series.figure.text for series in view.body.series} == {"0"}


def test_without_hours_the_panel_is_in_error(city: City, texts: Texts) -> None:
    view = render(a_snapshot(hours=()), city, texts)

    assert view.state == "error"
    assert view.body is None
