"""Workbooks recompute themselves: an independent reader computes every formula anew and finds the table's figures."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from config.scores import load_rule
from domain.city import City
from domain.explanation import displayed
from domain.indicator_options import (
    ClosureDue,
    ExtensionDenominator,
    IndicatorOptions,
    OnTimeDenominator,
    ReworkDenominator,
    ReworkUnit,
)
from domain.indicators import RATES, Counts
from domain.ranking import RankDisplay, Rounding, Ties
from domain.ranking_view import CaseLine, CaseList, RankingAsk, RankingTable, Span, WatchRow, WatchTable
from domain.score_rule import (
    Grade,
    Part,
    Ranked,
    RatedUnits,
    RatesAs,
    Scope,
    ScoreRule,
    WatchList,
    WithoutCases,
    WorkValueOrder,
)
from domain.scoring import WORK_VALUE, UnitFigures
from domain.watching import watch
from services.rankings.cases import WHICH
from services.rankings.gather import Entry, Gathered
from services.rankings.table import table_of
from services.reports.case_book import cases_book, cases_csv, list_name
from services.reports.heads import INDICATORS
from services.reports.ranking_book import RANKED, STATES, ranking_book, ranking_csv
from services.reports.views import made_of
from services.reports.watch_book import watch_book
from tests.spreadsheet_formulas import Sheet, UnknownFormula, Value, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY = City("c", "某市", "某市监督指挥中心", SHANGHAI, unit_classes={"1": "一类单位", "2": "二类单位"})
AS_OF = datetime(2026, 6, 10, 8, tzinfo=SHANGHAI)
MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))
USED = ("on_time_closure_rate", "closure_rate", "rework_rate", "handling_rate", "on_time_handling_rate",
         "overdue_pending_rate", "extension_rate")  # fmt: skip
TINY = Fraction(1, 10**9)


def recomputed(data: bytes) -> dict[str, Sheet]:
    """The sheets, after every formula has given the value that was written beside it."""
    sheets = read(data)
    for sheet in sheets.values():
        for at, text in sheet.formulas.items():
            now, kept = sheet.value(*at), sheet.kept[at]
            if isinstance(now, Fraction) and isinstance(kept, Fraction):
                assert abs(now - kept) < TINY, (sheet.name, at, text)
            else:
                assert now == kept, (sheet.name, at, text)
    return sheets


def table_below(sheet: Sheet, first_head: str) -> list[dict[str, Value]]:
    """The rows below the heads as computed, by head; a group's name goes before the head."""
    rows = sheet.rows()
    head = next(number for number, row in enumerate(rows) if row[0] == first_head)
    groups: list[str] = []
    for name in rows[head - 1]:
        groups.append(name if isinstance(name, str) else groups[-1] if groups else "")
    letters = any(row and row[0] is None for row in rows[head + 1 : head + 2])
    heads = [str(name) for name in rows[head]]
    names = [
        f"{group}：{name}" if group and heads.count(name) > 1 else name
        for group, name in zip(groups, heads, strict=True)
    ]
    return [dict(zip(names, row, strict=True)) for row in rows[head + (2 if letters else 1) :]]


@st.composite
def some_counts(draw: st.DrawFn) -> Counts:
    """Counts that may go together; small, so that ties are common."""
    due = draw(st.integers(0, 12))
    closed = draw(st.integers(0, due))
    unlimited = draw(st.integers(0, closed))
    handling = draw(st.integers(0, 9))
    handled = draw(st.integers(0, handling))
    return Counts(
        registered=draw(st.integers(0, 12)),
        closed=closed,
        closure_due=due,
        closure_due_without_deadline=unlimited,
        closed_without_deadline=unlimited,
        on_time=draw(st.integers(0, closed - unlimited)),
        rework=draw(st.integers(0, due)),
        rework_times=draw(st.integers(0, 20)),
        handled=handled,
        handling_due=handling,
        handled_on_time=draw(st.integers(0, handled)),
        overdue_pending=handling - handled,
        handling_due_extended=draw(st.integers(0, handling)),
        dispatched=draw(st.integers(0, 9)),
    )


@st.composite
def some_rules(draw: st.DrawFn) -> ScoreRule:
    """Every reading of a score that a city may choose."""
    names = draw(st.lists(st.sampled_from([*USED, WORK_VALUE]), min_size=1, max_size=5, unique=True))
    weights = [draw(st.sampled_from([Fraction(10), Fraction(40), Fraction("12.5")])) for _ in names]
    falls = [draw(st.booleans()) and name != WORK_VALUE for name in names]
    stretched: list[Fraction | None] = [None, Fraction(100)]
    grades = draw(st.sampled_from([(), (Grade("A", Fraction(30)), Grade("B", Fraction(15)), Grade("C", None))]))
    rated = draw(st.sampled_from(list(RatedUnits)))
    return ScoreRule(
        name="any",
        title="综合得分",
        version="1",
        effective_from=date(2020, 1, 1),
        source="测试",
        parts=tuple(Part(*part) for part in zip(names, weights, falls, strict=True)),
        base_points=Fraction(draw(st.sampled_from([0, 10]))),
        scaled_to=draw(st.sampled_from(stretched)),
        rates_as=draw(st.sampled_from(list(RatesAs))),
        ties=draw(st.sampled_from(list(Ties))),
        work_value_order=draw(st.sampled_from(list(WorkValueOrder))),
        work_value_scope=draw(st.sampled_from(list(Scope))),
        rated_units=rated,
        without_cases=draw(st.sampled_from(list(WithoutCases))) if rated is RatedUnits.ALL else WithoutCases.UNRANKED,
        rank_scope=draw(st.sampled_from(list(Scope))),
        rank_display=draw(st.sampled_from(list(RankDisplay))),
        minimum_sample=draw(st.sampled_from([0, 4])),
        grades=grades,
    )


def a_table(
    rule: ScoreRule, counts: list[tuple[str | None, Counts]], city: City = CITY, unit_class: str | None = None
) -> RankingTable:
    entries = {n: Entry(f"u{n}", f"单位{n}", f"单位{n}", cls) for n, (cls, _) in enumerate(counts)}
    figures = tuple(UnitFigures(f"u{n}", cls, own) for n, (cls, own) in enumerate(counts))
    ask = RankingAsk(MAY, AS_OF, True, Ranked.UNIT, rule.name, unit_class)
    return table_of(city, ask, rule, Gathered(entries, figures, (), Counts(), Counts()), AS_OF)


def agrees(table: RankingTable, city: City) -> None:
    """Every row of the sheet, as computed from its counts, is the row of the page."""
    shown = table_below(recomputed(ranking_book(table, city))["排名"], "名次")
    assert len(shown) == len(table.rows)
    for mine, row in zip(shown, table.rows, strict=True):
        exact = next(value for head, value in mine.items() if head == "得分（未舍入）")
        score = next(value for head, value in mine.items() if head.startswith("得分（满分"))
        assert row.name in mine.values()
        assert mine["名次"] == (row.unit.rank if row.unit.rank is not None else "—")
        if row.unit.score is None:
            assert (exact, score, mine["排名资格"]) == ("—", "—", STATES[row.unit.unranked])
            continue
        assert isinstance(exact, Fraction)
        assert abs(exact - row.unit.score) < TINY
        assert score == Fraction(displayed(table.rule, row.unit, 2, Rounding.HALF_UP)[0] or 0)
        if table.rule.grades:
            assert mine["等级"] == (row.unit.grade or "—")
        assert (mine["排名资格"] == RANKED) == (row.unit.rank is not None)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some_rules(),
    st.lists(st.tuples(st.sampled_from(["1", "2", None]), some_counts()), min_size=1, max_size=8),
    st.sampled_from([None, "1"]),
)
def test_a_ranking_computes_itself_from_its_counts(
    rule: ScoreRule, counts: list[tuple[str | None, Counts]], unit_class: str | None
) -> None:
    options = IndicatorOptions(rework_unit=ReworkUnit.TIMES) if len(counts) % 2 else IndicatorOptions()
    city = replace(CITY, options=options)

    agrees(a_table(rule, counts, city, unit_class), city)


@pytest.mark.parametrize("without", list(WithoutCases))
def test_whoever_has_no_cases_takes_part_where_all_do(without: WithoutCases) -> None:
    rule = replace(demo(), rated_units=RatedUnits.ALL, without_cases=without, minimum_sample=0)
    busy = Counts(closed=3, closure_due=4, on_time=2)

    agrees(a_table(rule, [("1", busy), ("1", replace(busy, closed=2)), ("1", Counts())]), CITY)


@pytest.mark.parametrize("denominator", list(OnTimeDenominator))
@pytest.mark.parametrize("rework", list(ReworkDenominator))
def test_every_reading_of_the_rates_has_its_columns(denominator: OnTimeDenominator, rework: ReworkDenominator) -> None:
    city = replace(CITY, options=IndicatorOptions(on_time_denominator=denominator, rework_denominator=rework))
    own = Counts(registered=11, closed=8, closure_due=10, closure_due_without_deadline=2, closed_without_deadline=2,
                 on_time=5, rework=3, handled=7, handled_rework=2)  # fmt: skip

    agrees(a_table(replace(demo(), minimum_sample=0), [("1", own), ("1", replace(own, closed=9))], city), city)


def test_every_rate_and_what_it_is_made_of_has_a_chinese_name() -> None:
    readings = [
        IndicatorOptions(),
        IndicatorOptions(closure_due_definition=ClosureDue.DUE_IN_PERIOD, on_time_denominator=OnTimeDenominator.CLOSED),
        IndicatorOptions(rework_unit=ReworkUnit.TIMES, rework_denominator=ReworkDenominator.HANDLED),
        IndicatorOptions(extension_rate_denominator=ExtensionDenominator.DISPATCHED),
    ]
    for options in readings:
        for name, rate in RATES.items():
            heads = [head for _, head in made_of(rate(Counts(), options))]
            assert not [word for word in (*heads, INDICATORS[name]) if word.isascii()]


def demo() -> ScoreRule:
    rule = load_rule("demo")
    assert isinstance(rule, ScoreRule)
    return rule


def two_units() -> RankingTable:
    ahead = Counts(closed=40, closure_due=40, on_time=40, registered=40)
    return a_table(demo(), [("1", ahead), ("1", replace(ahead, on_time=39))])


def test_what_falls_short_of_the_maximum_never_shows_it() -> None:
    rule = replace(demo(), parts=(Part("on_time_closure_rate", Fraction(90)),))
    nearly = Counts(closed=100_000, closure_due=100_000, on_time=99_999)

    (row,) = table_below(recomputed(ranking_book(a_table(rule, [("1", nearly)]), CITY))["排名"], "名次")

    assert row["得分（满分 90）"] == Fraction("89.99")


def test_a_sheet_prints_on_a4_with_its_heads_on_every_page() -> None:
    data = ranking_book(two_units(), CITY)
    xml = recomputed(data)["排名"].xml

    setup = re.search("<pageSetup [^>]*>", xml)
    assert setup is not None
    assert all(word in setup[0] for word in ('paperSize="9"', 'fitToHeight="0"', 'orientation="landscape"'))
    assert '<pane xSplit="2" ySplit="5"' in xml
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, book = archive.namelist(), archive.read("xl/workbook.xml").decode()
    assert "排名!$3:$5" in book.replace("'", "")
    assert not [name for name in names if "vba" in name or "externalLink" in name]


def test_the_same_table_gives_the_same_bytes() -> None:
    assert ranking_book(two_units(), CITY) == ranking_book(two_units(), CITY)


def test_another_reader_sees_the_values_without_computing_them() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(ranking_book(two_units(), CITY)))

    rows = book.get_sheet_by_name("排名").to_python()

    assert book.sheet_names == ["排名", "说明"]
    assert [row[:2] for row in rows[5:]] == [[1.0, "单位0"], [2.0, "单位1"]]
    notes = dict((str(row[0]), row[1]) for row in book.get_sheet_by_name("说明").to_python())
    assert notes["公式"] == "综合得分＝按期结案率×40＋结案率×30＋工作值×20－返工率×10，满分 90 分"
    assert notes["数据时间"] == "2026年6月10日 08:00"


def test_a_table_before_its_settling_says_so() -> None:
    table = two_units()
    early = replace(table, ask=replace(table.ask, as_of=datetime(2026, 5, 20, tzinfo=SHANGHAI)))
    made = table_of(CITY, early.ask, table.rule, Gathered({}, (), (), Counts(), Counts()), AS_OF)

    notes = CalamineWorkbook.from_filelike(io.BytesIO(ranking_book(made, CITY))).get_sheet_by_name("说明").to_python()

    assert "未定稿" in [row[0] for row in notes]


@pytest.mark.parametrize("name", ["=1+1", "+86", "-单位", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
def test_text_never_becomes_a_formula(name: str) -> None:
    table = two_units()
    table = replace(table, rows=(replace(table.rows[0], name=name), *table.rows[1:]))

    sheet = read(ranking_book(table, CITY))["排名"]
    lines = list(csv.reader(io.StringIO(ranking_csv(table, CITY).decode("utf-8-sig"))))

    assert name in sheet.plain.values()
    assert not any(name.lstrip("=") in text for text in sheet.formulas.values())
    assert lines[1][1] == f"'{name}"


def test_a_csv_file_has_a_mark_of_its_encoding_and_the_columns_of_the_sheet() -> None:
    data = ranking_csv(two_units(), CITY)
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

    assert data.startswith(b"\xef\xbb\xbf")
    assert [line["单位"] for line in lines] == ["单位0", "单位1"]
    assert (lines[1]["比率：按期结案率"], lines[1]["得分（满分 90）"]) == ("97.50%", "79.00")


def a_watch_table(rows: Mapping[str, Counts]) -> WatchTable:
    rules = load_rule("demo-watch")
    assert isinstance(rules, WatchList)
    watched = watch(rules, [UnitFigures(key, "1", own) for key, own in rows.items()], CITY.options)
    ask = RankingAsk(MAY, AS_OF, True, Ranked.UNIT, rules.name)
    made = tuple(WatchRow(w.key, w.key, rows[w.key], w, 0) for w in watched)
    return WatchTable(ask, rules, (), made, {}, None, AS_OF)


@settings(max_examples=30, deadline=None)
@given(st.lists(some_counts(), min_size=1, max_size=5))
def test_a_watch_list_counts_the_lines_it_crosses(counts: list[Counts]) -> None:
    table = a_watch_table({f"单位{n}": own for n, own in enumerate(counts)})

    rows = table_below(recomputed(watch_book(table, CITY))["监看"], "单位")

    assert [row["超警戒线"] for row in rows] == [len(row.watched.crossed) for row in table.rows]
    assert not [head for head in rows[0] if "名次" in head or "得分" in head]


def a_list(size: int) -> CaseList:
    filed = datetime(2026, 5, 2, 1, tzinfo=UTC)
    what = (
        "处置",
        "暴露垃圾",
        "东湖街道",
        "=青石路",
        filed,
        None,
        None,
        filed,
        5400,
        1,
        0,
        2,
        True,
        False,
        Fraction(1, 3),
    )
    lines = [CaseLine(f"N{n}", *what) for n in range(size)]
    ask = RankingAsk(MAY, AS_OF, True, Ranked.UNIT, "demo")
    return CaseList(ask, "u0", "环卫处", "late", True, size, 1, 1, tuple(lines))


def test_a_list_of_cases_has_all_of_them_and_their_local_times() -> None:
    cases = a_list(60)

    sheet = recomputed(cases_book(cases, CITY))["案件"]
    rows = table_below(sheet, "案件编号")
    texts = list(csv.DictReader(io.StringIO(cases_csv(cases, CITY).decode("utf-8-sig"))))

    assert (len(rows), rows[-1]["案件编号"], rows[-1]["阶段"]) == (61, "合计", 60)
    assert rows[0]["道路"] == "=青石路"
    assert rows[0]["超期（小时）"] == Fraction(3, 2)
    assert (texts[0]["立案时间"], texts[0]["道路"]) == ("2026-05-02 09:00", "'=青石路")


def test_every_list_has_a_chinese_name() -> None:
    assert not [which for which in WHICH if list_name(which).isascii()]
    assert list_name("closure_due_timed") == "应结案（有期限）"


def test_an_empty_list_is_a_book_too() -> None:
    cases = a_list(0)

    assert table_below(recomputed(cases_book(cases, CITY))["案件"], "案件编号") == []


def test_the_reader_refuses_what_it_does_not_know() -> None:
    sheet = Sheet("x", formulas={(0, 0): "VLOOKUP(1,A2:B3,2)", (0, 1): "1+", (0, 2): "2*(3-1)/4"})

    assert sheet.value(0, 2) == 1
    with pytest.raises(UnknownFormula):
        sheet.value(0, 0)
    with pytest.raises((UnknownFormula, IndexError)):
        sheet.value(0, 1)
