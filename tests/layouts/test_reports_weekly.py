"""The weekly table on paper: what it says is what the facts say, in fonts that go with it, on whole pages."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest

from domain.reports import ColumnKind, ReportHead, ReportKind, WeeklyColumn, WeeklyFacts, WeeklyGroup, WeeklyRow
from layouts.reports.characters import printable, uncovered
from layouts.reports.weekly import sheet, weekly_paper

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    WeeklyColumn("registered", "", "立案", "A", ColumnKind.COUNT),
    WeeklyColumn("closed", "结案", "件", "C", ColumnKind.COUNT),
    WeeklyColumn("closure_rate", "结案", "率%", "C÷B", ColumnKind.RATE),
    WeeklyColumn("change", "", "立案环比%", "", ColumnKind.CHANGE),
)


def row(name: str, registered: int, closed: int, rate: Fraction | None, change: Fraction | None) -> WeeklyRow:
    values = {"registered": registered, "closed": closed, "closure_rate": rate, "change": change}
    exact = {key: None if value is None else Fraction(value) for key, value in values.items()}
    return WeeklyRow(name, name, exact, None)


def facts(units: int = 3) -> WeeklyFacts:
    head = ReportHead(
        ReportKind.WEEKLY, "demo", "澜州市城市管理监督指挥中心", "城市管理案件周统计表", "2026年第 20 周",
        date(2026, 5, 11), date(2026, 5, 18), datetime(2026, 5, 18, 6, tzinfo=ZONE), date(2026, 5, 23), True,
    )  # fmt: skip
    rows = [row("环卫处", 1795, 1805, Fraction(1805, 1819), Fraction(58, 1000))]
    rows += [row("#甲*_$[乙]", 3, 99999, Fraction(99999, 100000), Fraction(-2, 1000)), row("铁路办", 0, 0, None, None)]
    rows += [row(f"第{n}队", n, n, Fraction(1), Fraction(0)) for n in range(units - 3)]
    total = row("合计", 1798, 1805, Fraction(1805, 1819), None)
    subtotal = replace(total, name="小计", short_name="小计")
    return WeeklyFacts(head, COLUMNS, (WeeklyGroup("一类单位", tuple(rows), subtotal),), total, ("单位合计含多派",))


def pages(content: bytes) -> list[str]:
    """The text of every page, without spaces: typst itself sets them between Chinese and Latin."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(content)).pages]


def test_the_paper_says_what_the_facts_say() -> None:
    (text,) = pages(weekly_paper(facts()))
    for words in (
        "城市管理案件周统计表", "编制单位：澜州市城市管理监督指挥中心", "数据时间：5月18日06:00", "未定稿", "C÷B",
        "环卫处1,7951,80599.23+5.8", "#甲*_$[乙]399,99999.99−0.2", "铁路办00——", "小计", "合计1,798",
        "单位合计含多派。", "制表：", "审核：", "报送：5月18日周一",
    ):  # fmt: skip
        assert words in text, words


def test_a_settled_edition_says_which_it_is() -> None:
    settled = facts()
    settled = replace(settled, head=replace(settled.head, unsettled=False, edition=2))
    (text,) = pages(weekly_paper(settled))
    assert "第2版" in text
    assert "未定稿" not in text


def test_heads_repeat_and_no_row_is_lost() -> None:
    found = pages(weekly_paper(facts(units=120)))
    assert len(found) > 2
    rows = [text for text in found if "环卫处" in text or "队" in text]
    assert all("立案环比%" in text and "C÷B" in text for text in rows)
    assert [n for n in range(117) if f"第{n}队" not in "".join(found)] == []


def test_it_is_a4_across_with_its_fonts_inside() -> None:
    reader = pypdf.PdfReader(BytesIO(weekly_paper(facts())))
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)
    resources: Any = reader.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(below), below["/FontName"]
        assert "Noto" in below["/FontName"]


def test_the_same_figures_are_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.layouts.test_reports_weekly import facts, weekly_paper; "
        "print(hashlib.sha256(weekly_paper(facts())).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    assert told.stdout.strip() == hashlib.sha256(weekly_paper(facts())).hexdigest()


@pytest.mark.parametrize("text", ["垚喆珺", "城管指挥大屏 ÷ − — 「」 ①", "Ａ１２：，。"])
def test_what_names_and_documents_are_written_in_is_there(text: str) -> None:
    assert uncovered(text) == frozenset()


def test_what_no_font_has_leaves_a_mark_and_no_gap() -> None:
    assert uncovered("甲𠀀🎉") == {"𠀀", "🎉"}
    assert printable("甲𠀀乙") == "甲〓乙"
    strange = facts()
    group = replace(strange.groups[0], rows=(row("𠀀甲", 1, 1, Fraction(1), None),))
    (text,) = pages(weekly_paper(replace(strange, groups=(group,))))
    assert "〓甲" in text


def test_shares_never_round_up_to_all() -> None:
    cells = sheet(facts())["groups"][0]["rows"][1]  # type: ignore[index]
    assert cells[3] == "99.99"
