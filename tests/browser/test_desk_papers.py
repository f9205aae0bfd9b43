"""Papers under a browser: the preview on a sheet is the print, one A4 page, and nothing else of the desk is on it."""

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route, expect

from config.texts import load_texts
from domain.supervision import Reason, SuperviseSheet, usual_demands
from layouts.papers.key_card import key_card
from layouts.papers.paper import page as paper_page
from layouts.papers.supervision import notice
from layouts.papers.transfer_slip import both_copies
from layouts.sheets.blocks import plain
from layouts.sheets.supervise import render
from tests import desk_sample as sample
from tests.browser.conftest import OpenPage, becomes
from tests.browser.fake_desk import FakeDesk
from tests.layouts.test_papers import NOTICE, SLIP

ZH = load_texts("zh")
A4 = (794, 1123)
Shot = Callable[..., Path]
SEEN = """() => [...document.querySelectorAll('body *')].filter((one) => one.childElementCount === 0
  && one.textContent.trim() && getComputedStyle(one).visibility === 'visible' && one.getClientRects().length)
  .filter((one) => !one.closest('.a4')).map((one) => one.textContent.trim().slice(0, 40))"""


@pytest.fixture
def desk(servers: ExitStack) -> FakeDesk:
    desk = FakeDesk(sample.DISPATCHER).start()
    servers.callback(desk.stop)
    return desk


def a_sheet() -> SuperviseSheet:
    now = sample.NOW
    offered = tuple(now.replace(minute=0, second=0) + timedelta(hours=hours) for hours in (2, 4, 22))
    demands = usual_demands(Reason.OVERDUE, exposure=True)
    return SuperviseSheet(
        case_no="20260519-0471", version=17, title="井盖破损移位", place="学府街与北环路口东 40 米", unit="市政处",
        now=now, reason=Reason.OVERDUE, offered=offered, custom=False, due_text=f"{offered[0]:%Y-%m-%dT%H:%M}",
        left=timedelta(hours=1, minutes=28), due_error="", demands=demands, copies=("street:xuefu",),
        copy_choices=(("street:xuefu", "学府街道办事处"),), exposure=True, photos=3, attach=True, running=(), missed=(),
        urged="5月19日 13:58 催办 1 次，未反馈", paper=NOTICE, by_calendar=True, signs=False,
    )  # fmt: skip


def with_the_sheet(page: Page, desk: FakeDesk) -> None:
    body = json.dumps(plain(render(a_sheet(), ZH)), ensure_ascii=False)
    page.route("**/api/desk/sheet", lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    page.goto(desk.url)
    page.locator(".q").first.click()
    expect(page.locator(".hold")).to_contain_text("您正在处理本案", timeout=15_000)
    page.keyboard.press("d")
    expect(page.locator(".sheet .a4 h1")).to_have_text("督办通知单")


def shown(page: Page, desk: FakeDesk, html: str) -> None:
    """A page of papers, as the server of the desk would answer it."""

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body=html)

    page.route("**/desk/document/1", answer)
    page.goto(desk.url.replace("/dispatch", "/desk/document/1"))
    becomes(page, "document.fonts.status === 'loaded'")


def pages_of(page: Page) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))


def test_the_preview_on_a_sheet_is_scaled_and_printed_alone(open_page: OpenPage, desk: FakeDesk, shot: Shot) -> None:
    page = open_page(1440, 900)
    with_the_sheet(page, desk)
    preview = page.locator(".sheet .a4").bounding_box()
    assert preview is not None
    assert preview["width"] < A4[0]
    assert abs(preview["height"] / preview["width"] - A4[1] / A4[0]) < 0.01
    assert preview["y"] + preview["height"] <= 900  # the whole page is in sight, as on the mock-up
    shot(page, "desk-sheet-supervise")

    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4[0], "height": A4[1]})
    printed = page.locator(".sheet .a4").bounding_box()
    assert printed is not None
    assert (printed["x"], printed["y"], printed["width"], printed["height"]) == (0, 0, *A4)
    assert page.evaluate(SEEN) == []
    assert pages_of(page) == 1


@pytest.mark.parametrize(
    ("name", "papers", "count"),
    [
        ("notice", (notice(NOTICE),), 1),
        ("slip", both_copies(SLIP), 2),
        ("keys", (key_card("澜州市城市管理监督指挥中心", ZH),), 1),
    ],
)
def test_a_page_of_papers_prints_a_sheet_each(
    open_page: OpenPage, desk: FakeDesk, shot: Shot, name: str, papers: tuple[str, ...], count: int
) -> None:
    page = open_page(1000, 1200)
    shown(page, desk, paper_page("公文", papers, ZH, back="/dispatch?case=1"))
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})

    assert [one["id"] for one in results.response["violations"]] == []
    assert page.locator(".a4").count() == count
    assert pages_of(page) == count
    shot(page, f"desk-paper-{name}")


def test_the_longest_words_lose_nothing_and_keep_the_foot_on_the_paper(open_page: OpenPage, desk: FakeDesk) -> None:
    page = open_page(1000, 1200)
    demands = tuple("一、" + "立即到场设置围挡并消除安全隐患，" * 2 for _ in range(8))
    longest = replace(NOTICE, description="雨水井盖移位，人流量大，存在安全隐患。" * 16, demands=demands)
    shown(page, desk, paper_page("公文", (notice(longest),), ZH))

    assert pages_of(page) <= 2
    paper, foot, seal = (page.locator(name).bounding_box() for name in (".a4", ".distribution", ".seal"))
    assert paper is not None
    assert foot is not None
    assert seal is not None
    assert foot["y"] + foot["height"] <= paper["y"] + paper["height"]
    assert seal["y"] + seal["height"] <= foot["y"]
