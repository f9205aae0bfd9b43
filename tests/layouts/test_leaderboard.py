"""The leaderboard."""

from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.indicators import Rate
from domain.snapshot import Snapshot
from layouts.panels.leaderboard import render
from layouts.views import Board, Cell, Row
from tests.builders import a_city, a_snapshot, a_unit, an_empty_snapshot


def rows_of(snapshot: Snapshot, city: City, texts: Texts) -> tuple[Row, ...]:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Board)
    return body.rows


def cells_of(row: Row) -> dict[str, Cell]:
    return {cell.kind: cell for cell in row.cells}


def texts_of(row: Row) -> list[str]:
    return [cell.figure.text for cell in row.cells if cell.figure]


def test_eight_units_of_one_class_stand_in_order(snapshot: Snapshot, city: City, texts: Texts) -> None:
    rows = rows_of(snapshot, city, texts)

    assert [row.key for row in rows] == [f"U{place:02d}" for place in range(1, 9)]
    assert texts_of(rows[3]) == ["4", "2", "执法二大队", "79.9", "88.9", "3,712", "7"]


def test_classes_are_never_mixed_in_one_ranking(snapshot: Snapshot, texts: Texts) -> None:
    rows = rows_of(snapshot, a_city(wall_unit_class="two"), texts)

    assert [row.key for row in rows] == ["U09", "U10"]


def test_the_first_three_ranks_stand_out(snapshot: Snapshot, city: City, texts: Texts) -> None:
    assert [row.tone for row in rows_of(snapshot, city, texts)] == ["top"] * 3 + [""] * 5


def test_units_without_cases_follow_unranked(city: City, texts: Texts) -> None:
    nothing = Rate("on_time_closure_rate", 0, 0, "on_time / closure_due")
    idle = a_unit(5, rank=None, previous_rank=2, score=None, on_time=nothing, closed=0)

    rows = rows_of(a_snapshot(units=(idle, a_unit(1))), city, texts)

    assert [row.key for row in rows] == ["U01", "U05"]
    assert texts_of(rows[1]) == ["—", "—", "市政处", "—", "—", "0", "6"]


def test_a_movement_is_a_quiet_mark_with_its_places(snapshot: Snapshot, city: City, texts: Texts) -> None:
    moves = [cells_of(row)["move"].figure for row in rows_of(snapshot, city, texts)]

    assert [(move.text, move.tone) for move in moves if move][:4] == [
        ("—", "muted"),
        ("1", "up"),
        ("1", "down"),
        ("2", "up"),
    ]


def test_a_units_overdue_count_is_coral_from_the_citys_threshold(city: City, texts: Texts) -> None:
    units = (a_unit(1, overdue_open=4), a_unit(2, overdue_open=5))

    counts = [cells_of(row)["overdue"].figure for row in rows_of(a_snapshot(units=units), city, texts)]

    assert [count.tone for count in counts if count] == ["", "alarm"]


def test_every_figure_carries_its_address_and_exact_value(snapshot: Snapshot, city: City, texts: Texts) -> None:
    cells = cells_of(rows_of(snapshot, city, texts)[3])

    figures = [cells[kind].figure for kind in ("score", "on_time", "closed", "overdue")]

    assert [(figure.address, figure.value) for figure in figures if figure] == [
        ("unit/U04/score/month", str(Fraction("79.95"))),
        ("unit/U04/on_time_closure_rate/month", "3470/3903"),
        ("unit/U04/closed/month", "3712"),
        ("unit/U04/overdue_open/now", "7"),
    ]


def test_a_city_without_a_score_has_no_score_column(snapshot: Snapshot, texts: Texts) -> None:
    view = render(snapshot, a_city(score=None, wall_unit_class=None), texts)

    assert (view.title, view.note) == ("单位按期结案", "本月至今")
    assert isinstance(view.body, Board)
    assert [column.kind for column in view.body.columns] == ["unit", "on_time", "closed", "overdue"]
    assert "score" not in cells_of(view.body.rows[0])


def test_a_month_without_anything_due_says_so(city: City, texts: Texts) -> None:
    assert render(an_empty_snapshot(), city, texts).state == "empty"


def test_a_single_figure_that_failed_its_check_is_a_dash(city: City, texts: Texts) -> None:
    snapshot = a_snapshot(failed_checks=("unit/U02/score/month",))

    score = cells_of(rows_of(snapshot, city, texts)[1])["score"].figure

    assert score is not None
    assert (score.text, score.tone) == ("—", "failed")


def test_unit_sums_that_count_a_case_twice_say_so(city: City, texts: Texts) -> None:
    assert "含多派" not in render(a_snapshot(), city, texts).note
    assert render(a_snapshot(co_dispatched=True), city, texts).note.endswith("，含多派")
