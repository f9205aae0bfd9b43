"""The overdue-and-closure table."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts.panels.overdue import render
from layouts.views import Board, Row
from tests.builders import a_snapshot, a_unit, an_empty_snapshot


def rows_of(snapshot: Snapshot, city: City, texts: Texts) -> tuple[Row, ...]:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Board)
    return body.rows


def test_units_stand_by_overdue_then_by_the_longest(snapshot: Snapshot, city: City, texts: Texts) -> None:
    rows = rows_of(snapshot, city, texts)

    assert [row.cells[0].figure.text for row in rows if row.cells[0].figure] == [
        "执法二大队",
        "市政处",
        "住建局",
        "执法一大队",
        "交警支队",
        "园林局",
    ]


def test_a_row_tells_count_longest_and_what_is_coming(snapshot: Snapshot, city: City, texts: Texts) -> None:
    figures = [cell.figure for cell in rows_of(snapshot, city, texts)[0].cells[1:4]]

    assert [(figure.text, figure.address) for figure in figures if figure] == [
        ("7", "unit/U04/overdue_open/now"),
        ("6时52分", "unit/U04/longest_overdue_min/now"),
        ("14", "unit/U04/due_soon/now"),
    ]


def test_the_bar_never_runs_past_its_track(city: City, texts: Texts) -> None:
    unit = a_unit(1, closed_today=8, closure_due_today=10, overdue_open=50)

    segments = rows_of(a_snapshot(units=(unit,)), city, texts)[0].cells[-1].segments

    assert [(segment.tone, segment.share) for segment in segments] == [("flow", 0.8), ("alarm", 0.2)]


def test_a_unit_with_nothing_due_today_has_an_empty_track(city: City, texts: Texts) -> None:
    unit = a_unit(1, closed_today=0, closure_due_today=0, overdue_open=1)

    assert rows_of(a_snapshot(units=(unit,)), city, texts)[0].cells[-1].segments == ()


def test_a_city_without_late_cases_says_how_many_were_checked(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(open=486), city, texts)

    assert view.state == "empty"
    assert view.message is not None
    assert view.message.line == "共核对 486 件在办"
