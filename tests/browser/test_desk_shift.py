"""A full shift by keyboard alone: four people at four screens, and the hall's wall beside them.

From the alarm to 督办, 改派, 延期 with its two signatures, 返工 and 结案: the real application on its real database,
under a clock that the test moves.
"""

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
from domain.people import POST_WORDS, Post
from services.people import People
from tests.browser.conftest import OpenPage, StartInProcess
from tests.browser.in_process import InProcess, MovedClock
from tests.signing_in import PASSWORD, a_user

NOW = datetime(2026, 5, 19, 14, 32, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
OLD = "shizheng"  # the unit that has the case when the shift begins
TICK = 10_000  # milliseconds of patience with what comes with the next tick
OVERDUE, CLOSED = "city/-/overdue_open/now", "city/-/closed/today"
CLIPPED = """() => [...document.querySelectorAll('.dispatch button, .dispatch h1, .dispatch .kbd')]
  .filter((one) => one.offsetParent !== null && !one.closest('.list, .log, .toasts, .sheet-body'))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5);
  }).map((one) => one.textContent)"""
Shot = Callable[..., Path]


class Hall:
    """The demo city standing still but for its people, and what its database says."""

    def __init__(self, app: InProcess) -> None:
        self.app = app
        serving = app.app.server.gridwall.serving
        self.people: People = serving.people
        self.store = serving.live.store

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
            found: Row[Any] = connection.execute(select(tables.cases).where(tables.cases.c.case_no == case_no)).one()
            return found

    def actions(self, case_no: str) -> list[str]:
        log = tables.case_events.c
        question = select(log.action).where(log.case_id == self.case(case_no).case_id).order_by(log.version)
        with self.store.read.connect() as connection:
            return list(connection.scalars(question))


class Someone:
    """A person at a screen. Nothing here touches the mouse."""

    def __init__(self, page: Page, hall: Hall, post: Post, unit: str | None = None) -> None:
        self.page, self.hall = page, hall
        account = a_user(hall.people, post, name=f"{POST_WORDS[post]}01", unit=unit)
        page.goto(f"{hall.app.url}/signin?next=/dispatch")
        page.keyboard.type(account)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".queue-head ~ p.unseen")).to_contain_text("队列", timeout=TICK)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def opens(self, case_no: str) -> None:
        """By its number, wherever it stands, and with the hold."""
        self.press("/")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(case_no)
        self.press("Enter")
        expect(self.page.locator(".q:focus")).to_have_attribute("data-case", case_no, timeout=TICK)
        self.press("Enter")
        expect(self.page.locator(".case-head")).to_contain_text(case_no, timeout=TICK)
        assert self.page.evaluate(CLIPPED) == []

    def leaves(self) -> None:
        """Gives the hold back, so that the next one can act."""
        self.press("Escape")
        expect(self.page.locator(".hold.mine")).to_have_count(0, timeout=TICK)

    def sheet(self, key: str, title: str) -> None:
        self.press(key)
        expect(self.page.locator(".sheet-head h1")).to_contain_text(title, timeout=TICK)
        expect(self.page.locator(".sheet .btn.pri")).to_be_visible(timeout=TICK)

    def reaches(self, selector: str) -> None:
        """By Tab alone."""
        for _ in range(80):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by Tab")

    def submits(self, words: str) -> None:
        self.press("Control+Enter")
        self.is_told(words)
        expect(self.page.locator(".sheet")).to_be_hidden(timeout=TICK)

    def acts(self, key: str, words: str, reason: str = "") -> None:
        """A single key, and the reason where one is asked for."""
        self.press(key)
        if reason:
            expect(self.page.locator("textarea:focus")).to_be_visible(timeout=TICK)
            self.page.keyboard.type(reason)
            self.press("Control+Enter")
        self.is_told(words)

    def sees(self, words: str) -> None:
        """In the case's log, without asking for it: somebody else has acted."""
        expect(self.page.locator(".log")).to_contain_text(words, timeout=TICK)

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".toasts")).to_contain_text(words, timeout=TICK)


@pytest.fixture
def hall(in_process: StartInProcess, tmp_path: Path) -> Hall:
    settings = Settings(data=tmp_path, city="demo", tick_s=0.3, demo_speed=0, demo_history_days=45)
    return Hall(in_process(settings, MovedClock(NOW)))


def figure(wall: Page, address: str) -> int:
    return int(wall.locator(f"[data-figure='{address}']").first.get_attribute("data-value") or "-1")


def shows(wall: Page, address: str, value: int) -> None:
    place = wall.locator(f"[data-figure='{address}']").first
    expect(place).to_have_attribute("data-value", str(value), timeout=TICK)


@pytest.mark.timeout(240)
def test_a_shift_from_alarm_to_closing(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    wall = open_page(1920, 1080)
    wall.goto(f"{hall.app.url}/wall/main")
    expect(wall.locator("[data-fresh='live']")).to_be_visible(timeout=60_000)
    case_no, due = hall.next_to_fail()
    hall.app.clock.move(due - timedelta(minutes=1) - NOW)
    dispatcher = Someone(open_page(1440, 900), hall, Post.DISPATCHER)
    chief = Someone(open_page(1440, 900), hall, Post.DUTY_CHIEF)
    before = figure(wall, OVERDUE)

    hall.app.clock.move(timedelta(minutes=5, seconds=18))
    dispatcher.opens(case_no)
    expect(dispatcher.page.locator(".case-head")).to_contain_text("+00:04:18")
    shot(dispatcher.page, "shift-1-alarm")

    dispatcher.sheet("d", "督办通知单")
    shot(dispatcher.page, "shift-2-supervise")
    dispatcher.submits("已送值班长签发")
    dispatcher.leaves()
    chief.opens(case_no)
    chief.sheet("d", "督办通知单")
    chief.submits("已签发督办通知单 澜督办〔2026〕1 号")
    shot(chief.page, "shift-3-signed")
    chief.leaves()

    overdue = figure(wall, OVERDUE)
    assert overdue > before
    dispatcher.opens(case_no)
    dispatcher.sheet("r", "改派")
    dispatcher.reaches("input[type=radio][name=field-12], .pick input[type=radio]")
    unit = dispatcher.page.evaluate("document.activeElement.value")
    assert unit != OLD
    dispatcher.press(" ")
    dispatcher.reaches("input[value=dispatcher_error]")
    dispatcher.press(" ")
    dispatcher.reaches("textarea")
    dispatcher.page.keyboard.type("该处管线权属不在市政处，现场铭牌相符。")
    expect(dispatcher.page.locator(".sheet .btn.pri")).to_be_enabled(timeout=TICK)
    shot(dispatcher.page, "shift-4-reassign")
    dispatcher.submits("改派")
    shows(wall, OVERDUE, overdue - 1)
    dispatcher.leaves()

    handler = Someone(open_page(1440, 900), hall, Post.UNIT_USER, unit)
    handler.opens(case_no)
    handler.acts("s", "签收")
    handler.sheet("y", "延期申请")
    shot(handler.page, "shift-5-apply")
    handler.reaches("input[type=checkbox]")  # 单位负责人已签字
    handler.press(" ")
    handler.reaches("textarea")
    handler.page.keyboard.type("需吊车清淤，已约次日上午进场。")
    handler.submits("延期")
    dispatcher.opens(case_no)
    dispatcher.sheet("y", "延期审批")
    shot(dispatcher.page, "shift-6-endorse")
    dispatcher.submits("值班长")
    dispatcher.leaves()
    chief.opens(case_no)
    chief.sheet("y", "延期审批")
    granted = hall.case(case_no).effective_due_at
    chief.submits("延期")
    assert hall.case(case_no).effective_due_at > granted

    hall.app.clock.move(timedelta(minutes=4))
    handler.sees("同意延期 4 工作时")
    handler.acts("f", "反馈", "已清淤疏通，照片随附。")
    chief.sees("已清淤疏通")
    chief.acts("w", "返工", "现场仍有积水。")
    handler.sees("现场仍有积水")
    handler.acts("f", "反馈", "已二次疏通，积水排净。")
    chief.sees("已二次疏通")
    chief.acts("t", "通过")
    chief.sees("核查通过")
    closed = figure(wall, CLOSED)
    chief.acts("e", "结案", "达到结案条件。")
    shows(wall, CLOSED, closed + 1)
    expect(dispatcher.page.locator(".case-head")).to_be_visible()
    shot(chief.page, "shift-7-closed")
    shot(wall, "shift-8-wall")
    assert hall.actions(case_no)[6:] == [
        "propose_supervision", "supervise", "reassign", "receive", "apply_extension", "endorse", "extend", "handle",
        "recheck_fail", "handle", "recheck_pass", "close",
    ]  # fmt: skip
