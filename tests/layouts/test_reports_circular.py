"""The circular lists twenty cases of a unit and says how many more; names print as they are."""

from datetime import UTC, date, datetime
from io import BytesIO

from pypdf import PdfReader

from domain.reports import CircularFacts, Distribution, ReportHead, ReportKind, UnfinishedCase, UnfinishedUnit
from layouts.reports.circular import circular_paper

AT = datetime(2026, 5, 8, 9, tzinfo=UTC)


def test_a_unit_lists_twenty_cases_and_says_how_many_more() -> None:
    first, end = date(2026, 4, 1), date(2026, 5, 1)
    head = ReportHead(ReportKind.CIRCULAR, "c", "中心", "通报", "4月", first, end, AT, end, unsettled=True)
    cases = tuple(UnfinishedCase(f"N{n:02d}", "垃圾", "新桥", "江路", None, AT, 86_400) for n in range(25))
    unit = UnfinishedUnit("a", "环卫*处#", "环卫", "", 30, 25, 86_400, cases)
    facts = CircularFacts(head, (), "街道", (unit,), 25, 0, AT, (), Distribution())

    pages = PdfReader(BytesIO(circular_paper(facts))).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)

    for said in ("环卫*处#", "另有5件，见同期工作簿", "未定稿", "N19"):
        assert said in text, text
    assert "N20" not in text
