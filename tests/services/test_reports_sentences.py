"""What the reports say in words: numbers right at their edges, and nothing said of what is not there."""

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from config.scores import load_rule, load_score
from domain.city import City
from domain.indicators import Rate
from domain.ranking_view import Span
from domain.reports import (
    CategoryLine,
    ClassScores,
    Crossing,
    DayFigures,
    ReportKind,
    ScoreLine,
    StreetLine,
    Supervisions,
    UnfinishedUnit,
)
from services.reports import sentences
from services.reports.heads import formula_of, period_words, report_head
from services.reports.words import change_of_rate, numeral, percent

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY = City("c", "某市", "某市监督指挥中心", SHANGHAI)


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (Fraction(36310, 37285), "97.39%"),
        (Fraction(1, 8000), "0.01%"),  # 0.0125, half up at the second decimal
        (Fraction(99_996, 100_000), "99.99%"),  # not 100 %
        (Fraction(1), "100.00%"),
        (Fraction(3, 2), "150.00%"),
        (None, "—"),
    ],
)
def test_a_rate_in_words(rate: Fraction | None, shown: str) -> None:
    assert percent(rate) == shown


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (Fraction(9178, 10000), Fraction(9040, 10000), "，比3月提高 1.38 个百分点"),
        (Fraction(90, 100), Fraction(91, 100), "，比3月下降 1.00 个百分点"),
        (Fraction(90_001, 100_000), Fraction(9, 10), "，与3月持平"),
        (Fraction(1), None, ""),
    ],
)
def test_a_change_in_words(now: Fraction, then: Fraction | None, said: str) -> None:
    assert change_of_rate(now, then, "3月") == said


def test_numerals_up_to_ten_are_words() -> None:
    assert (numeral(3), numeral(10), numeral(11)) == ("三", "十", "11")


@pytest.mark.parametrize(
    ("kind", "first", "end", "name", "words"),
    [
        (ReportKind.WEEKLY, "2026-05-11", "2026-05-18", "", "2026年第 20 周，5月11日（周一）至 5月17日（周日）"),
        (ReportKind.WEEKLY, "2024-12-30", "2025-01-06", "", "2025年第 1 周，12月30日（周一）至 1月5日（周日）"),
        (ReportKind.MONTHLY, "2026-12-01", "2027-01-01", "", "2026年12月"),
        (ReportKind.MONTHLY, "2014-08-01", "2015-05-08", "报告期", "报告期（2014年8月1日至2015年5月7日）"),
        (ReportKind.CIRCULAR, "2026-05-02", "2026-06-01", "", "2026年5月2日至2026年5月31日"),
    ],
)
def test_a_period_in_words(kind: ReportKind, first: str, end: str, name: str, words: str) -> None:
    assert period_words(kind, Span("k", date.fromisoformat(first), date.fromisoformat(end), name)) == words


def test_the_formula_is_spelled_out() -> None:
    rule = load_rule("jinniu")

    may, as_of = Span("month", date(2026, 5, 1), date(2026, 6, 1)), datetime(2026, 6, 9, tzinfo=SHANGHAI)
    head = report_head(ReportKind.MONTHLY, CITY, may, as_of, "标题", [rule, load_rule("ruzhou-watch")])

    assert head.scores[0].formula == (
        "数字城管体征得分＝处置率×30＋按期处置率×20＋（1－返工率）×20＋（1－超期待处置率）×20"
        "＋（1－延期率）×10，满分 100 分"
    )
    assert "警戒线" in head.scores[1].formula
    assert formula_of(load_score("suning")).endswith("－返工率×10，满分 90 分")


def test_the_days_name_their_holidays_and_leave_out_the_day_that_is_not_over() -> None:
    days = [DayFigures(date(2026, 4, n), 100, 90) for n in (1, 2, 3)]
    days += [DayFigures(date(2026, 4, n), 40, 30, "清明") for n in (4, 5, 6)]
    days.append(DayFigures(date(2026, 4, 7), 1, 0))

    said = list(sentences.of_days(days, date(2026, 4, 7)))

    assert said == [
        "立案最多的是4月1日，100 件；最少的是4月4日，40 件。",
        "清明假期 3 天，日均立案 40 件；其他日均 100 件。",
    ]
    assert list(sentences.of_days([], date(2026, 4, 7))) == []
    assert list(sentences.of_days(days[:3], date(2026, 4, 7))) == []  # no day stands out


def test_two_holidays_in_one_stretch_are_one() -> None:
    names = ["", "国庆节", "国庆节", "中秋", "国庆节"]
    days = [DayFigures(date(2025, 10, n), 10 * n + 1, 0, name) for n, name in enumerate(names, start=1)]

    assert list(sentences.of_days(days, date(2025, 11, 1)))[1:] == [
        "国庆节、中秋假期 4 天，日均立案 36 件；其他日均 11 件。"
    ]


def test_the_categories_say_their_share() -> None:
    top = [CategoryLine(name, n, Fraction(n, 100)) for name, n in (("垃圾", 30), ("经营", 8), ("停放", 2), ("其他", 1))]

    (said,) = sentences.of_categories(top, [CategoryLine("井盖", 5, Fraction(5, 100))])

    assert said == "立案数居前三位的为垃圾、经营、停放，合计占 40.0%；部件类以井盖居首，5 件。"
    assert list(sentences.of_categories([], [])) == []


def a_street(n: int, rank: int | None, handled: int, unranked: str = "") -> StreetLine:
    rate = Rate("handling_rate", handled, 100, "handled / registered")
    return StreetLine(f"s{n}", f"街道{n}街道", f"街道{n}", rank, False, unranked, rate, rate.value)


def test_the_streets_say_best_and_worst() -> None:
    lines = [a_street(n, n, 100 - n) for n in (1, 2, 3, 4)] + [a_street(5, None, 3, "样本不足")]

    said = list(sentences.of_streets(lines, "街道"))

    assert said == [
        "4 个街道参与排名，处置率最高 99.00%，最低 96.00%；街道1、街道2、街道3居前，街道4居末位。",
        "样本不足的 1 个，不排名。",
    ]
    assert list(sentences.of_streets([], "街道")) == ["本期没有参与排名的街道。"]


def a_line(name: str, score: int) -> ScoreLine:
    return ScoreLine(name, name, name, 1, False, 10, 9, {}, Fraction(score), None)


def test_the_units_below_the_line_are_named_with_their_score() -> None:
    first, last = tuple(a_line(name, 80) for name in "甲乙丙"), (a_line("丁", 57),)
    good = ClassScores("一类单位", (), first, (), 3, 0, 0, (), Fraction(60), "C")
    bad = ClassScores("二类单位", (), first, last, 4, 0, 0, (("丁", Fraction(5773, 100)),), Fraction(60), "C")
    none = ClassScores("三类单位", (), (), (), 0, 2, 1, (), Fraction(60), "C")

    assert list(sentences.of_units([good, bad, none])) == [
        "一类单位中甲、乙、丙居前，均不低于 60 分。",
        "二类单位中甲、乙、丙居前，丁居后。",
        "二类单位中丁 57.73 分，未达 C 档。",
    ]


def test_notices_and_lines_crossed() -> None:
    found = Supervisions(issued=31, met=28, missed=2, running=1, replaced=0, candidates=2)
    rate = Rate("extension_rate", 2, 10, "x")
    crossed = [
        Crossing("城投公司", "延期率", rate, Fraction(1, 10)),
        Crossing("住建局", "延期率", rate, Fraction(1, 10)),
    ]

    assert list(sentences.of_supervision("4月", found, crossed)) == [
        "4月下发督办通知单 31 份，按期办结 28 份，逾期 2 份（列入曝光候选 2 份），办理中 1 份。",
        "城投公司（20.00%）、住建局（20.00%）延期率超过 10%。",
    ]
    assert list(sentences.of_supervision("4月", None, None)) == []
    assert list(sentences.of_supervision("4月", None, ())) == ["没有单位超过警戒线。"]


def test_the_circular_says_whose_cases_they_are() -> None:
    at = datetime(2026, 6, 1, tzinfo=SHANGHAI)
    units = [UnfinishedUnit(n, n, n, "", 9, late, 3600, ()) for n, late in (("甲", 5), ("乙", 2))]

    assert list(sentences.of_circular(units, 7, 3, at)) == [
        "截至2026年6月1日 00:00，2 个单位有超期未结案件 7 件，其中甲 5 件、乙 2 件。",
        "其余 3 个单位没有超期未结案件。",
    ]
    assert list(sentences.of_circular([], 0, 9, at)) == ["截至2026年6月1日 00:00，各单位没有超期未结案件。"]
