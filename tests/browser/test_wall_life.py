"""A wall's life without hands: changes within seconds, age told in words, recovery after every outage."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from config.settings import Settings
from data_access import tables
from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from services.stores import open_store
from tests.browser.conftest import OpenPage, StartInProcess, StartServer, Watch
from tests.browser.in_process import MovedClock
from tests.browser.servers import ROOT

SHANGHAI = ZoneInfo("Asia/Shanghai")
SMALL_DEMO = {"GRIDWALL_DEMO_HISTORY_DAYS": "20", "GRIDWALL_DEMO_CASES_PER_DAY": "120", "GRIDWALL_DEMO_SPEED": "0"}
OPEN = "[data-figure='city/-/open/now']"
CHIP = ".fresh"
STALE_S, DOWN_S = 3, 6


@pytest.fixture
def short_limits(tmp_path: Path) -> Path:
    """The shipped wall with limits short enough to wait for."""
    shipped = (ROOT / "config" / "walls" / "main.yaml").read_text("utf-8")
    limits = {r"stale_after_s: \d+": f"stale_after_s: {STALE_S}", r"down_after_s: \d+": f"down_after_s: {DOWN_S}"}
    for pattern, limit in limits.items():
        shipped = re.sub(pattern, limit, shipped)
    folder = tmp_path / "walls"
    folder.mkdir()
    (folder / "main.yaml").write_text(shipped, "utf-8")
    return folder


@contextmanager
def store_of(data: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{data / 'demo.sqlite'}")
    yield store
    store.close()


def close_one_case(data: Path) -> None:
    """An open case is closed through the store, as the desk would do it."""
    with store_of(data) as store:
        c, now = tables.cases.c, datetime.now(UTC)
        question = select(c.city_id, c.case_id, c.version).where(
            c.closed_at.is_(None), c.voided_at.is_(None), c.suspended_at.is_(None), c.registered_at.is_not(None)
        )
        with store.write.begin() as connection:
            city, case, version = connection.execute(question.limit(1)).one()
            change = {"closed_at": now, "handled_at": now, "stage": "closed"}
            change_case(connection, city, case, version, change, [NewEvent("close", now, "值班长01")], now)


def number(page: Page, selector: str) -> int:
    return int(page.locator(selector).first.inner_text().replace(",", ""))


def settled(page: Page, url: str) -> None:
    page.goto(f"{url}/wall/main")
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=20_000)
    page.wait_for_timeout(1000)  # the first run of the numbers


def test_a_case_changed_through_the_store_is_on_the_page_within_3_s(
    page: Page, server: StartServer, tmp_path: Path
) -> None:
    one = server("--demo", data=tmp_path, **SMALL_DEMO)
    settled(page, one.url)
    before = number(page, OPEN)

    close_one_case(tmp_path)

    expect(page.locator(OPEN)).to_have_text(f"{before - 1:,}", timeout=3000)


def test_a_killed_server_is_told_as_stale_then_down_and_recovers_by_itself(
    page: Page, server: StartServer, watch: Watch, tmp_path: Path, short_limits: Path
) -> None:
    watch.expect_lost_server()
    one = server("--demo", data=tmp_path, GRIDWALL_WALLS=str(short_limits), **SMALL_DEMO)
    settled(page, one.url)
    figures = number(page, OPEN)

    one.kill()
    killed = time.monotonic()
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "stale", timeout=6000)
    assert time.monotonic() - killed <= STALE_S + 2
    expect(page.locator(CHIP)).to_contain_text(re.compile(r"滞后.*数据 \d\d:\d\d:\d\d"))
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "down", timeout=6000)
    assert time.monotonic() - killed <= DOWN_S + 2
    expect(page.locator(CHIP)).to_contain_text("连接中断")
    assert number(page, OPEN) == figures  # the last numbers stay, with their age
    close_one_case(tmp_path)
    one.start()
    up = time.monotonic()

    expect(page.locator(OPEN)).to_have_text(f"{figures - 1:,}", timeout=6000)
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=5000)
    assert time.monotonic() - up <= 5


def test_a_failing_question_shows_its_cause_and_the_age_of_the_figures(
    page: Page, server: StartServer, tmp_path: Path, short_limits: Path
) -> None:
    one = server("--demo", data=tmp_path, GRIDWALL_WALLS=str(short_limits), **SMALL_DEMO)
    settled(page, one.url)

    with store_of(tmp_path) as store, store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")

    expect(page.locator("#wall")).to_have_attribute("data-fresh", "stale", timeout=8000)
    expect(page.locator("#panel-title")).to_contain_text("监控点读取失败：数据库结构不符")
    page.wait_for_timeout(6000)
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "stale")  # the server answers: never 连接中断
    with store_of(tmp_path) as store, store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras_gone RENAME TO cameras")
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=5000)


def test_figures_start_anew_at_midnight(page: Page, in_process: StartInProcess, tmp_path: Path) -> None:
    clock = MovedClock(datetime(2026, 6, 30, 23, 58, 0, tzinfo=SHANGHAI))
    settings = Settings(data=tmp_path, tick_s=0.2, demo_history_days=5, demo_cases_per_day=80, demo_speed=0)
    app = in_process(settings, clock)
    settled(page, app.url)
    today = page.locator("[data-figure='city/-/reported/today']").first
    assert number(page, "[data-figure='city/-/reported/today']") > 20

    clock.move(timedelta(minutes=3))

    expect(today).to_have_text("0", timeout=8000)
    expect(page.locator(".clock")).to_contain_text("7月1日")
    month = page.locator("[data-figure='city/-/on_time_closure_rate/month']")
    assert month.get_attribute("data-value") is not None  # July's own: only what is overdue at its first minute


def test_data_of_yesterday_carry_their_date(page: Page, in_process: StartInProcess, tmp_path: Path) -> None:
    clock = MovedClock(datetime(2026, 6, 30, 14, 0, 0, tzinfo=SHANGHAI))
    settings = Settings(data=tmp_path, tick_s=0.2, demo_history_days=3, demo_cases_per_day=40, demo_speed=0)
    app = in_process(settings, clock)
    settled(page, app.url)
    with store_of(tmp_path) as store, store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cameras RENAME TO cameras_gone")

    clock.move(timedelta(hours=26))

    expect(page.locator(CHIP)).to_contain_text(re.compile(r"滞后 1天2时"), timeout=8000)
    expect(page.locator(CHIP)).to_contain_text(re.compile(r"6月30日 14:00"))


def test_two_screens_show_the_same_picture(open_page: OpenPage, server: StartServer, tmp_path: Path) -> None:
    one = server("--demo", data=tmp_path, **SMALL_DEMO)
    first, second = open_page(), open_page(3840, 2160)
    settled(first, one.url)
    settled(second, one.url)
    wanted = f"{number(first, OPEN) - 1:,}"  # read before: the next tick may come at once
    close_one_case(tmp_path)
    for page in (first, second):
        expect(page.locator(OPEN)).to_have_text(wanted, timeout=4000)
