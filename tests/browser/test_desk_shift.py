"""A full shift by keyboard alone, four people at four screens and the hall's wall beside them.

From the alarm to 督办, 改派, 延期 with its two signatures, 返工 and 结案: the real application, its real database, a clock
that the test moves.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Row, select

from config.settings import Settings
from data_access import tables
from services.stores import open_store
from tests.browser.conftest import OpenPage, StartInProcess
from tests.browser.in_process import InProcess, MovedClock

NOW = datetime(2026, 5, 19, 14, 32, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
OLD, NEW = "shizheng", "huanwei"  # the units that have a terminal in the demo
TICK = 10_000  # patience with what comes with the next tick, milliseconds
Shot = Callable[..., Path]


class Hall:
    """The demo city standing still but for its people, and what its database says."""

    def __init__(self, app: InProcess, data: Path) -> None:
        self.app = app
        self.store = open_store(f"sqlite:///{data / 'demo.sqlite'}")
        lines = (data / "demo-logins.txt").read_text(encoding="utf-8").splitlines()
        self.passwords = dict(line.split("\t")[:2] for line in lines if "\t" in line)

    def next_to_fail(self) -> tuple[str, datetime]:
        """The case that its unit has received and that is due next, and when."""
        c, u = tables.cases.c, tables.units.c
        found = (
            select(c.case_no, c.effective_due_at)
            .join(tables.units, (u.city_id == c.city_id) & (u.unit_id == c.unit_id))
            .where(u.key == OLD, c.stage == "received", c.effective_due_at > NOW)
            .order_by(c.effective_due_at)
        )
        with self.store.read.connect() as connection:
            case_no, due = connection.execute(found).first() or ("", NOW)
        return case_no, due

    def case(self, case_no: str) -> Row[Any]:
        with self.store.read.connect() as connection:
            return connection.execute(select(tables.cases).where(tables.cases.c.case_no == case_no)).one()

    def actions(self, case_no: str) -> list[str]:
        log = tables.case_events.c
        with self.store.read.connect() as connection:
            rows = connection.scalars(
                select(log.action).where(log.case_id == self.case(case_no).case_id).order_by(log.version)
            )
            return list(rows)


class Someone:
    """A person at a screen. Nothing here touches the mouse."""

    def __init__(self, page: Page, hall: Hall, account: str) -> None:
        self.page, self.account = page, account
        page.goto(f"{hall.app.url}/signin?next=/dispatch")
        page.keyboard.type(account)
        page.keyboard.press("Tab")
        page.keyboard.type(hall.passwords[account])
        page.keyboard.press("Enter")
        expect(page.locator(".q").first).to_be_visible(timeout=TICK)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def opens(self, case_no: str) -> None:
        """By search, in the tab of everything, and with the hold."""
        self.press("/")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(case_no)
        self.press("Enter")
        expect(self.page.locator(".q:focus")).to_have_attribute("data-case", case_no, timeout=TICK)
        self.press("Enter")
        expect(self.page.locator(".case-head")).to_contain_text(case_no, timeout=TICK)

    def sheet(self, key: str, title: str) -> None:
        self.press(key)
        expect(self.page.locator(".sheet h1, .sheet h2").first).to_contain_text(title, timeout=TICK)

    def submits(self, words: str) -> None:
        self.press("Control+Enter")
        self.is_told(words)
        expect(self.page.locator(".sheet")).to_have_count(0)

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".toasts")).to_contain_text(words, timeout=TICK)


@pytest.fixture
def hall(in_process: StartInProcess, tmp_path: Path) -> Hall:
    settings = Settings(data=tmp_path, city="demo", tick_s=0.3, demo_speed=0, demo_history_days=45)
    app = in_process(settings, MovedClock(NOW))
    logins = tmp_path / "demo-logins.txt"
    for _ in range(600):
        if logins.exists() and logins.stat().st_size:
            break
        time.sleep(0.1)
    return Hall(app, tmp_path)


def test_try(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    case_no, due = hall.next_to_fail()
    print(case_no, due, hall.actions(case_no))
    hall.app.clock.move(due - timedelta(minutes=1) - NOW)
    one = Someone(open_page(1440, 900), hall, "dispatcher01")
    hall.app.clock.move(timedelta(minutes=5, seconds=18))
    one.page.wait_for_timeout(2000)
    shot(one.page, "shift-alarm")
    one.opens(case_no)
    shot(one.page, "shift-open")
    one.sheet("d", "督办")
    shot(one.page, "shift-d")
