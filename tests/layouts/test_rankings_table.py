"""What the page of rankings reads: bars that add up, marks by rule, nothing said that is not so."""

from dataclasses import replace
from fractions import Fraction

import pytest

from config.scores import load_score
from config.texts import Texts
from domain.ranking_view import RankingTable
from domain.score_rule import Ranked
from layouts.rankings.choices import choices_view
from layouts.rankings.heat import heat_view, trend_view
from layouts.rankings.table import table_view
from layouts.rankings.watch import watch_view
from tests import ranking_sample as sample


def drawn(table: RankingTable, texts: Texts) -> dict[str, dict[str, dict[str, object]]]:
    """Cells by row and column."""
    view = table_view(table, sample.city(), texts)
    keys = [column["key"] for column in view["columns"]]  # type: ignore[attr-defined]
    return {row["key"]: dict(zip(keys, row["cells"], strict=True)) for row in view["rows"]}  # type: ignore[attr-defined]


def widths(bar: dict[str, object], tone: str = "") -> Fraction:
    parts = bar["parts"]
    assert isinstance(parts, list)
    return sum((Fraction(one["width"].rstrip("%")) for one in parts if one["tone"].startswith(tone)), Fraction())


def test_a_bar_is_as_long_as_its_points_of_the_maximum(texts: Texts) -> None:
    table = sample.table()
    for row in table.rows:
        bar = drawn(table, texts)[row.unit.key]["bar"]
        assert row.unit.score is not None
        net = widths(bar, "k") - 2 * widths(bar, "kn")  # the hatch stands behind the end of what it takes away
        assert abs(net - row.unit.score / table.rule.maximum * 100) < Fraction(5, 100)


@pytest.mark.parametrize("name", ["suning", "jinniu"])
def test_legend_and_bars_follow_any_rule(name: str, texts: Texts) -> None:
    rule = load_score(name)
    table = sample.of_rule(rule)
    view = table_view(table, sample.city(), texts)
    assert len(view["legend"]) == len(rule.parts)  # type: ignore[arg-type]
    assert all(widths(cells["bar"]) <= Fraction(10001, 100) for cells in drawn(table, texts).values())


def test_small_samples_and_no_cases_stand_last_and_say_why(texts: Texts) -> None:
    table = sample.table(sample.ask(unit_class="second"))
    rows = drawn(table, texts)
    small, none = list(rows)[-2:]
    assert "样本不足 30 件" in str(rows[small]["bar"]["note"])
    assert "本期无案件" in str(rows[none]["bar"]["note"])
    assert rows[small]["rank"]["text"] == rows[none]["rank"]["text"] == "—"
    assert rows[small]["score"]["text"] != "—"
    assert rows[none]["score"]["text"] == "—"


def test_a_close_gap_is_tagged_and_its_rule_is_printed(texts: Texts) -> None:
    table = sample.table(sample.ask(unit_class="second"))
    tagged = [key for key, cells in drawn(table, texts).items() if cells["gap"].get("tag")]
    assert [row.unit.key for row in table.rows if row.gap and row.gap.close] == tagged
    notes = {note["head"]: note["line"] for note in table_view(table, sample.city(), texts)["notes"]}  # type: ignore[attr-defined]
    assert "80 ÷ 应结案数" in notes["差距不显著"]


def test_rates_are_truncated_and_scores_are_halves_up(texts: Texts) -> None:
    cells = drawn(sample.table(), texts)["u3"]
    assert cells["on_time_closure_rate"]["text"] == "88.9%"
    assert cells["score"]["text"] == "79.95"
    assert cells["overdue_open"] == {"text": "7", "tone": "od", "sort": 7}


def test_a_settled_period_says_nothing_of_provisional(texts: Texts) -> None:
    city = sample.city()
    table = sample.table(sample.ask(sample.APRIL))
    view = table_view(table, city, texts)
    assert view["unfinished"] is None
    assert "未定稿" not in str(view)


def test_an_unfinished_period_says_so_in_grades_and_exports(texts: Texts) -> None:
    table = sample.table()
    view = table_view(table, sample.city(), texts)
    assert all("prov" in str(cells["grade"]["tone"]) for cells in drawn(table, texts).values())
    assert [one["said"] for one in view["exports"]] == ["，未定稿"] * 2  # type: ignore[attr-defined]


def test_filtered_figures_are_no_ground_for_assessment(texts: Texts) -> None:
    table = sample.table(sample.ask(filters={"channel": "hotline"}))
    assert "不作考核依据" in str(table_view(table, sample.city(), texts)["narrowed"])
    assert table_view(sample.table(), sample.city(), texts)["narrowed"] == ""


def test_the_address_asks_for_the_same_figures_again(texts: Texts) -> None:
    pinned = sample.ask(pinned=True, filters={"street": "s1"})
    view = table_view(sample.table(pinned), sample.city(), texts)
    assert view["address"] == {
        "period": "month", "on": "2026-05-01", "as_of": "2026-05-19T14:32", "by": "unit", "score": "demo",
        "class": "first", "street": "s1",
    }  # fmt: skip


def test_dots_say_where_their_scale_begins(texts: Texts) -> None:
    table = sample.streets()
    streets = table_view(table, sample.city(), texts)["streets"]
    assert isinstance(streets, dict)
    assert "刻度自 80% 起" in streets["line"]
    at = {row["name"]: row["at"] for row in streets["rows"]}
    assert at["新桥街道"] == "100.0%"
    low = replace(table.rows[0], rates={"handling_rate": replace(table.rows[0].rates["handling_rate"], numerator=1)})
    shifted = table_view(replace(table, rows=(low, *table.rows[1:])), sample.city(), texts)["streets"]
    assert isinstance(shifted, dict)
    assert "刻度自 0% 起" in shifted["line"]


def test_a_watch_list_has_no_rank_no_grade_no_score(texts: Texts) -> None:
    view = watch_view(sample.watched(), sample.city(), texts)
    keys = {column["key"] for column in view["columns"]}  # type: ignore[attr-defined]
    assert not keys & {"rank", "grade", "score", "move"}
    first = view["rows"][0]  # type: ignore[index]
    assert first["cells"][1] == {"text": "▲ 3", "tone": "w", "sort": 3}


def test_choices_mark_what_is_shown_and_know_the_working_days(texts: Texts) -> None:
    from config.calendars import load_calendar

    ask = sample.ask()
    view = choices_view(sample.choices(ask), ask, sample.NOW, sample.city(), texts, load_calendar("china"))
    assert [one["key"] for one in view["segments"] if one["on"]] == ["month"]  # type: ignore[attr-defined]
    assert view["custom"]["on"] is False  # type: ignore[index]
    months = view["picker"]["months"]  # type: ignore[index]
    assert months["2026-05"].startswith("h")  # 劳动节
    assert months["2026-05"][8] == "s"  # 5月9日 调休上班
    assert all(one["address"] for group in view["periods"] for one in group["items"])  # type: ignore[attr-defined]


def test_heat_leaves_out_what_has_no_denominator(texts: Texts) -> None:
    heat = sample.heat()
    view = heat_view(heat, sample.city(), texts)
    assert view["cells"].keys() == {key for key, value in heat.values.items() if value is not None}  # type: ignore[attr-defined]
    assert len(view["legend"]) == len(heat.breaks) + 1  # type: ignore[arg-type]
    assert set(view["cells"].values()) <= set(range(6))  # type: ignore[attr-defined]


def test_sparklines_keep_gaps(texts: Texts) -> None:
    trend = replace(sample.trend(sample.table()), values={"u0": (None, Fraction(1), Fraction(3), None)})
    assert trend_view(trend, texts)["lines"] == {"u0": [None, 0.0, 1.0, None]}


@pytest.mark.parametrize("ranked", [Ranked.UNIT, Ranked.STREET])
def test_english_is_complete(ranked: Ranked, english: Texts) -> None:
    table = sample.table() if ranked is Ranked.UNIT else sample.streets()
    assert table_view(table, sample.city(), english)["title"]
    assert watch_view(sample.watched(), sample.city(), english)["title"]
