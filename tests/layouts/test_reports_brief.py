"""The brief on paper, made of a whole demo month: its text is the facts, its pictures are drawn from them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from domain.ranking_view import Span
from domain.reports import BriefFacts, DayFigures, Distribution
from layouts.reports import words
from layouts.reports.brief import CHART, brief_paper, brief_sheet, day_chart, street_map
from services.demo import build_demo
from services.figures import city_number
from services.reports import brief
from services.stores import open_store
from tests.services.demo_city import TUESDAY, city, settings

MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefFacts]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('brief') / 'demo.sqlite'}")
    size: dict[str, Any] = {"demo_cases_per_day": 120, "demo_history_days": 30}
    build_demo(store, city(), settings(**size), TUESDAY)
    sent = Distribution("市委、市人大、市政府、市政协", "各街道办事处", 86)
    with store.picture() as connection:
        yield brief.facts(connection, city(), city_number(connection, city()), MAY, TUESDAY, sent)
    store.close()


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_paper_says_what_the_facts_say(facts: BriefFacts) -> None:
    text = text_of(brief_paper(facts))
    said = facts.sentences
    for line in (*said.overall, *said.days, *said.categories, *said.streets, *said.units, *said.supervision):
        assert "".join(line.split()) in text, line
    for figure in facts.main:
        assert f"{figure.name}（{figure.unit}）{words.amount(figure.now)}" in text
    for street in facts.streets:
        assert f"{street.name}{street.rate.denominator:,}{street.rate.numerator:,}" in text
    for one in facts.classes:
        for unit in (*one.first, *one.last):
            assert words.points(unit.score) in text
    for phrase in ("工作简报", "未定稿", "示意图", "报：市委、市人大、市政府、市政协", "（共印86份）", "—1—"):
        assert phrase in text, phrase


def test_it_is_a4_with_its_fonts_inside_and_the_same_again(facts: BriefFacts) -> None:
    made = brief_paper(facts)
    assert made == brief_paper(facts)
    page = pypdf.PdfReader(BytesIO(made)).pages[0]
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
    resources: Any = page["/Resources"]
    for font in resources["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(below)


def test_a_month_of_nothing_is_a_paper_too(facts: BriefFacts) -> None:
    empty = replace(facts, main=(), days=(), streets=(), street_map=None, classes=(), crossings=None, supervisions=None)
    assert "工作简报" in text_of(brief_paper(empty))


def test_the_chart_starts_at_zero_and_keeps_to_its_scale() -> None:
    days = [
        DayFigures(date(2026, 4, 1) + timedelta(days=n), 100 * n, 90 * n, "清明" * (3 <= n <= 5)) for n in range(30)
    ]
    chart: Any = day_chart(days)
    width, height = CHART
    assert chart["grid"][0] == {"y": height, "text": "0"}
    assert chart["registered"][0] == [0, height]
    top = int(chart["grid"][-1]["text"].replace(",", ""))
    for (x, y), day in zip(chart["registered"], days, strict=True):
        assert 0 <= x <= width
        assert y == pytest.approx(height - height * day.registered / top, abs=0.01)
    (band,) = chart["bands"]
    assert (band["name"], band["from"] < chart["registered"][3][0], band["to"] > chart["registered"][5][0]) == (
        "清明", True, True,
    )  # fmt: skip
    assert [label["text"] for label in chart["labels"]] == ["立案 2,900", "结案 2,610"]


def test_a_day_that_has_not_come_is_not_drawn(facts: BriefFacts) -> None:
    chart: Any = brief_sheet(facts)["chart"]
    assert len(chart["closed"]) == sum(day.known for day in facts.days) < len(facts.days)
    assert day_chart(facts.days[:1]) is None


def test_the_map_has_five_fixed_classes(facts: BriefFacts) -> None:
    assert facts.street_map is not None
    drawn: Any = street_map(facts.street_map, facts.streets)
    assert len(drawn["legend"]) == 5
    assert all(a < b for a, b in pairwise(facts.street_map.breaks))
    rates = {line.short_name: line.rate.value for line in facts.streets}
    for shape in drawn["shapes"]:
        rate = rates[shape["name"]]
        assert shape["value"] == ("—" if rate is None else f"{words.share(rate)}%")
        assert shape["class"] == (None if rate is None else sum(rate >= one for one in facts.street_map.breaks))


@pytest.mark.parametrize(
    ("value", "said"), [(Fraction(99999, 100000), "99.99"), (Fraction(1, 10**6), "0.01"), (Fraction(1), "100.00"),
                        (Fraction(911, 972), "93.72"), (None, "—")],
)  # fmt: skip
def test_shares_as_bulletins_print_them(value: Fraction | None, said: str) -> None:
    """911 of 972: 天门, December 2016 (domain research 5.4)."""
    assert words.share(value) == said
