"""The application under a clock that the test moves: the wall's own clock follows it across a month's end."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from config.settings import Settings
from tests.browser.conftest import StartInProcess
from tests.browser.in_process import MovedClock

BOSTON = ZoneInfo("America/New_York")


def test_the_wall_crosses_a_months_end_with_the_clock(page: Page, in_process: StartInProcess, tmp_path: Path) -> None:
    clock = MovedClock(datetime(2026, 8, 31, 23, 59, 57, tzinfo=BOSTON))
    app = in_process(Settings(data=tmp_path, city="boston", tick_s=0.2), clock)
    page.goto(f"{app.url}/wall/main")
    expect(page.locator(".clock")).to_contain_text("8月31日")

    clock.move(timedelta(seconds=5))

    expect(page.locator(".clock")).to_contain_text("9月1日")
    expect(page.locator("[data-fresh='live']")).to_be_visible()
