"""Why this rank, in the browser and with the real application behind it: the proof adds up, a number leads to its
cases, a link leads back, and a unit sees only its own."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from sqlalchemy import select

from config.settings import Settings
from data_access import tables
from data_access.case_writer import NewEvent, change_case
from domain.people import POST_WORDS, Post
from services.demo import build_demo
from services.stores import open_store
from tests.browser.conftest import OpenPage, StartInProcess, Watch
from tests.browser.in_process import InProcess, MovedClock
from tests.services.demo_city import TUESDAY, city, settings
from tests.signing_in import PASSWORD, a_user

Shot = Callable[..., Path]
PATIENCE = 15_000  # milliseconds
SIZES = ((1440, 900), (1280, 800), (390, 844))


class Hall:
    """The demo city standing still, with a month behind it."""

    def __init__(self, start: StartInProcess, folder: Path) -> None:
        url = f"sqlite:///{folder / 'demo.sqlite'}"
        store = open_store(url)
        size: dict[str, Any] = {"demo_cases_per_day": 150, "demo_history_days": 45}
        build_demo(store, city(), settings(**size), TUESDAY)
        store.close()
        chosen = Settings(data=folder, database=url, city="demo", tick_s=0.5, demo_speed=0, **size)
        self.clock = MovedClock(TUESDAY)
        self.app: InProcess = start(chosen, self.clock)
        self.people = self.app._running.serving.people
        self.store = self.app._running.serving.live.store

    def close_one(self, unit: str) -> None:
        """Closes one of the unit's open cases behind the page's back."""
        c, units = tables.cases.c, tables.units.c
        now = self.clock()
        with self.store.write.begin() as connection:
            whose = select(units.unit_id).where(units.key == unit).scalar_subquery()
            asked = select(c.city_id, c.case_id, c.version).where(c.unit_id == whose, c.closed_at.is_(None))
            city_id, case_id, version = connection.execute(asked.limit(1)).one()
            change = {"closed_at": now, "handled_at": now, "stage": "closed"}
            change_case(connection, city_id, case_id, version, change, [NewEvent("close", now, "duty_chief#1")], now)

    def signed_in(self, page: Page, post: Post, address: str = "/rankings", unit: str | None = None) -> Page:
        account = a_user(self.people, post, name=f"{POST_WORDS[post]}01", unit=unit)
        page.goto(f"{self.app.url}/signin")
        page.fill("[name=account]", account)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda at: "/signin" not in at, timeout=PATIENCE)
        page.goto(f"{self.app.url}{address}")
        expect(page.locator("main tbody tr[data-key]").first).to_be_visible(timeout=PATIENCE)
        return page


@pytest.fixture
def hall(in_process: StartInProcess, tmp_path: Path) -> Hall:
    return Hall(in_process, tmp_path)


def findings(page: Page) -> list[str]:
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace(",", ""))


def opened(page: Page, row: int = 2) -> Page:
    """By key: the row's button has the focus, Enter opens it."""
    page.locator("main tbody .open").nth(row).focus()
    page.keyboard.press("Enter")
    expect(page.locator("aside .part.sum")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("aside .case-pages span")).not_to_be_empty(timeout=PATIENCE)
    return page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_parts_add_up_and_nothing_is_found(
    hall: Hall, open_page: OpenPage, shot: Shot, width: int, height: int
) -> None:
    page = opened(hall.signed_in(open_page(width, height), Post.LEADER))
    parts = [number(text) for text in page.locator("aside .part:not(.sum) .worth").all_inner_texts()]
    score = number(page.locator("aside .part.sum .worth").inner_text())
    assert len(parts) == 4
    assert sum(parts) == score
    assert number(page.locator("main .selected .c-score").inner_text()) == score
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert findings(page) == []
    shot(page, f"rankings-why-{width}")


def test_a_number_leads_to_its_cases_and_the_link_back_to_them(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    page = opened(hall.signed_in(open_page(1440, 900), Post.LEADER), row=0)
    due = page.locator("aside .part").first.locator(".opens").nth(1)
    count = int(number(due.inner_text()))
    due.click()
    expect(page.locator("aside .case-pages span")).to_contain_text(f"共 {count:,} 件", timeout=PATIENCE)
    if count > 50:
        page.get_by_role("button", name="下一页").click()
        expect(page.locator("aside .case-pages span")).to_contain_text("第 51 至", timeout=PATIENCE)
    page.get_by_role("button", name="查看全部案件").click()
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("aside h3").first).to_contain_text(f"{count:,} 件")
    assert findings(page) == []
    shot(page, "rankings-cases-1440")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出明细 CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").strip().splitlines()
    assert sum(line.count("2026") > 0 for line in lines) >= count  # every case of the number is in the export
    shown = page.locator("aside .case-list .nr").all_inner_texts()
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("aside .case-list li").first).to_be_visible(timeout=PATIENCE)
    assert again.locator("aside .case-list .nr").all_inner_texts() == shown


def test_what_if_and_back_with_the_focus(hall: Hall, open_page: OpenPage) -> None:
    page = opened(hall.signed_in(open_page(1280, 800), Post.LEADER))
    page.locator("aside .supposed summary").click()
    field = page.locator("aside .what-if input").first
    field.fill("1")
    expect(page.locator("aside .answer")).to_contain_text("分", timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator("main tbody .open").nth(2)).to_be_focused()
    assert "open=" not in page.url


def test_a_unit_sees_its_own_proof_only(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    watch.expect("403")  # the browser itself reports the refused question
    page = hall.signed_in(open_page(1440, 900), Post.UNIT_USER, unit="huanwei")
    page.locator("main tr[data-key=huanwei] .open").click()
    expect(page.locator("aside .part.sum")).to_be_visible(timeout=PATIENCE)
    page.locator("main tr[data-key=yuanlin] .open").click()
    expect(page.locator("aside .refused")).to_contain_text("只能查看本单位的案件", timeout=PATIENCE)
    expect(page.locator("aside .case-list")).to_have_count(0)
    assert findings(page) == []


def test_the_watch_list_has_its_own_drawer(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    page = hall.signed_in(open_page(1440, 900), Post.LEADER, "/rankings?score=demo-watch&open=shizheng")
    expect(page.locator("aside .reason").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("aside .part")).to_have_count(0)  # no score and no rank
    expect(page.locator("aside .case-pages span")).not_to_be_empty(timeout=PATIENCE)
    assert findings(page) == []
    shot(page, "rankings-watch-why-1440")


def test_proof_and_lists_are_of_the_tables_instant(hall: Hall, open_page: OpenPage) -> None:
    """The table may be a minute old: what stands behind it is counted as it was then, or they would contradict it."""
    page = hall.signed_in(open_page(1440, 900), Post.LEADER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hall.clock.move(timedelta(minutes=2))
    opened(page)
    behind = [url for url in asked if "/api/rankings/why" in url or "/api/rankings/cases" in url]
    assert len(behind) >= 2
    assert all("as_of=2026-05-19T14%3A32%3A05" in url for url in behind), behind
    score = page.locator("main .selected .c-score").inner_text()
    assert page.locator("aside .part.sum .worth").inner_text() == score


def test_a_refresh_leaves_alone_what_a_person_has_unfolded_typed_and_focused(hall: Hall, open_page: OpenPage) -> None:
    page = opened(hall.signed_in(open_page(1440, 900), Post.LEADER))
    page.locator("aside .supposed summary").click()
    field = page.locator("aside .what-if input").first
    field.fill("1")
    expect(page.locator("aside .answer")).to_contain_text("分", timeout=PATIENCE)
    rows = page.locator("aside .case-list .nr").all_inner_texts()
    hall.clock.move(timedelta(minutes=3))  # the same figures, and then others
    for _ in range(2):
        with page.expect_response("**/api/rankings/why**"):
            page.evaluate("gridwall.rankings.reload()")
        hall.close_one("zhifa1")
        hall.clock.move(timedelta(minutes=3))
    page.wait_for_timeout(500)
    expect(field).to_have_value("1")
    expect(field).to_be_focused()
    expect(page.locator("aside .answer")).to_contain_text("分", timeout=PATIENCE)
    assert len(page.locator("aside .case-list .nr").all_inner_texts()) == len(rows)


def test_changing_the_class_with_the_drawer_open_leaves_the_focus_where_it_is(hall: Hall, open_page: OpenPage) -> None:
    page = opened(hall.signed_in(open_page(1440, 900), Post.LEADER))
    page.get_by_role("button", name="二类").focus()
    page.keyboard.press("Enter")
    expect(page.locator("aside")).to_be_hidden(timeout=PATIENCE)
    expect(page.get_by_role("button", name="二类")).to_be_focused()


def test_the_next_page_is_turned_by_key_again_and_again(hall: Hall, open_page: OpenPage) -> None:
    page = hall.signed_in(open_page(1440, 900), Post.LEADER, "/rankings?open=huanwei&tab=closure_due")
    after = page.get_by_role("button", name="下一页")
    expect(after).to_be_visible(timeout=PATIENCE)
    after.focus()
    for first in (51, 101):
        page.keyboard.press("Enter")
        expect(page.locator("aside .case-pages span")).to_contain_text(f"第 {first} 至", timeout=PATIENCE)
        expect(after).to_be_focused()


def test_a_sheet_is_pulled_down_by_its_head(hall: Hall, open_page: OpenPage) -> None:
    page = opened(hall.signed_in(open_page(390, 844), Post.LEADER))
    grip = page.locator("aside .grip").bounding_box()
    assert grip is not None
    page.mouse.move(grip["x"] + 10, grip["y"] + 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, grip["y"] + 200, steps=4)
    page.mouse.up()
    expect(page.locator("aside")).to_be_hidden()
