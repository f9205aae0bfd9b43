"""First start of the demo: how long to a full picture in a real page, and how much memory then and later."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect

from bench.memory import Sampler
from bench.rows import Row
from tests.browser.servers import Server

FULL_PICTURE_BUDGET_S = 10
MEMORY_BUDGET_MB = 250
PATIENCE_S = 60
OPEN_NOW = "[data-figure='city/-/open/now']"
LIVE = "[data-fresh='live']"


def measure(browser: Browser, folder: Path, quick: bool) -> Iterator[Row]:
    """An empty data folder, nothing cached but Python's own compiled files."""
    server = Server(("--demo",), folder / "var", folder / "server.log")
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    began = time.monotonic()
    try:
        server.start(PATIENCE_S)
        yield Row("start to /readyz, first start", time.monotonic() - began, "s")
        wait_for_full_picture(page, server.url)
        yield Row("start to first full picture", time.monotonic() - began, "s", FULL_PICTURE_BUDGET_S)
        assert server.process is not None
        with Sampler(server.process.pid, every_s=0.5) as memory:
            page.wait_for_timeout(15_000 if quick else 120_000)
        yield Row("memory of the process tree, highest", max(memory.samples), "MB", MEMORY_BUDGET_MB)
        yield Row("memory of the process tree, last", memory.samples[-1], "MB", MEMORY_BUDGET_MB)
    finally:
        page.close()
        server.kill()


def wait_for_full_picture(page: Page, url: str) -> None:
    """Opens the wall and waits until it calls itself live and holds its figures."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            page.goto(f"{url}/wall/main", wait_until="commit")
            break
        except Error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    expect(page.locator(OPEN_NOW)).to_contain_text(re.compile(r"\d"), timeout=PATIENCE_S * 1000)
    expect(page.locator(LIVE)).to_be_visible(timeout=PATIENCE_S * 1000)
