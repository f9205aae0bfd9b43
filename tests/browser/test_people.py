"""Signing in and the administration in a real browser: by keyboard, by two persons, without a script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from config.cities import load_city
from config.settings import Settings
from domain.passwords import IDLE_EXIT
from domain.people import Post
from services.people import People
from services.stores import open_store, register_city
from tests.browser.conftest import OpenPage, StartInProcess, Watch
from tests.browser.in_process import MovedClock
from tests.conftest import FreshDatabase
from tests.signing_in import PASSWORD, a_user
from tests.worlds import a_world

Shot = Callable[..., Path]
DESK = (1440, 900)


@dataclass
class Hall:
    url: str
    people: People
    clock: MovedClock
    open: OpenPage

    def page(self, account: str, size: tuple[int, int] = DESK) -> Page:
        """A page of somebody who has just signed in."""
        page = self.open(*size)
        page.goto(f"{self.url}/signin")
        fill(page, account, PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/signin" not in address)
        return page


@pytest.fixture
def hall(
    fresh_sqlite: FreshDatabase, tmp_path: Path, in_process: StartInProcess, open_page: OpenPage, watch: Watch
) -> Iterator[Hall]:
    url = fresh_sqlite()
    store = open_store(url)
    a_world(store, 31, size=20, city="boston")
    clock = MovedClock(datetime(2026, 5, 9, 18, 32, 5, tzinfo=UTC))
    city = load_city("boston")
    people = People(store, city, register_city(store, city), clock)
    server = in_process(Settings(database=url, data=tmp_path, city="boston"), clock)
    watch.expect(r"status of (401|403|422|423)")  # the browser reports what was refused, and rightly
    yield Hall(server.url, people, clock, open_page)
    store.close()


def fill(page: Page, account: str, password: str) -> None:
    page.get_by_label("账号", exact=True).fill(account)
    page.get_by_label("口令", exact=True).fill(password)


def faults(page: Page) -> list[str]:
    """What axe finds wrong by WCAG A and AA."""
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found]


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return wide


def test_signing_in_by_keyboard(hall: Hall, shot: Shot) -> None:
    account = a_user(hall.people, Post.SYS_ADMIN)
    page = hall.open(*DESK)
    page.goto(f"{hall.url}/admin/users")
    expect(page).to_have_url(f"{hall.url}/signin?next=/admin/users")

    page.keyboard.type(account)  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("再失败 4 次将锁定 15 分钟")
    expect(page.get_by_label("账号", exact=True)).to_have_value(account)
    expect(page.get_by_label("口令", exact=True)).to_be_focused()
    assert faults(page) == []
    shot(page, "signin")
    page.keyboard.type(PASSWORD)
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_label("口令", exact=True)).to_have_attribute("type", "text")
    expect(page.get_by_label("口令", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hall.url}/admin/users")
    expect(page.get_by_role("heading", name="用户与岗位")).to_be_visible()


def test_caps_lock_is_told(hall: Hall) -> None:
    a_user(hall.people, Post.LEADER)
    page = hall.open(*DESK)
    page.goto(f"{hall.url}/signin")

    page.get_by_label("口令", exact=True).evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'A', modifierCapsLock: true, bubbles: true}))"
    )

    expect(page.locator(".caps")).to_have_text("区分大小写，大写锁定已开")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_the_form_fits_small_screens(hall: Hall, size: tuple[int, int]) -> None:
    page = hall.open(*size)
    page.goto(f"{hall.url}/signin")

    expect(page.locator(".command")).to_contain_text("users add")  # nobody has an account yet
    assert fits(page)
    assert faults(page) == []


def test_everything_before_the_desk_works_without_a_script(hall: Hall) -> None:
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    page = hall.open(*DESK, java_script_enabled=False)
    page.goto(hall.url + invitation.path)
    page.get_by_label("新口令").fill(PASSWORD)
    page.get_by_label("再输一遍").fill(PASSWORD)
    page.get_by_role("button", name="设定口令").click()
    expect(page.get_by_role("alert")).to_contain_text("口令已设定")

    fill(page, invitation.account, PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{hall.url}/dispatch")
    page.goto(f"{hall.url}/signout")
    page.get_by_role("button", name="退出").click()

    expect(page.get_by_role("alert")).to_contain_text("已退出")


def test_two_persons_change_posts(hall: Hall, shot: Shot) -> None:
    system, security = (a_user(hall.people, post, name=name) for post, name in
                        ((Post.SYS_ADMIN, "系统管理员01"), (Post.SECURITY_ADMIN, "安全管理员01")))  # fmt: skip
    a_user(hall.people, Post.DISPATCHER, name="派遣员01")
    first, second = hall.page(system), hall.page(security)
    first.get_by_role("cell", name="dispatcher01").click(force=True)  # anywhere on the line
    expect(first.get_by_label("审计管理员")).to_be_disabled()
    first.get_by_label("值班长").check()
    expect(first.get_by_label("值班长")).to_be_checked()
    first.get_by_role("button", name="提交变更").click()
    expect(first.get_by_role("status")).to_contain_text("变更已提交")
    assert faults(first) == []
    shot(first, "admin-users")

    second.reload()
    second.get_by_role("button", name="派遣员01").click()
    expect(second.get_by_text("系统管理员01 于")).to_be_visible()
    second.get_by_role("button", name="确认变更").click()

    expect(second.get_by_role("status")).to_contain_text("变更已生效")
    row = second.get_by_role("row").filter(has_text="派遣员01")
    expect(row.locator(".ad-tag")).to_have_text(["派遣员", "值班长"])


def test_a_new_user_is_given_a_link_and_waits_for_posts(hall: Hall) -> None:
    page = hall.page(a_user(hall.people, Post.SYS_ADMIN))
    page.get_by_role("button", name="新建用户").click()
    page.locator(".ad-one").get_by_label("姓名").fill("值班长01")
    page.get_by_label("值班长").check()
    expect(page.locator(".ad-one").get_by_label("姓名")).to_have_value("值班长01")  # a tick leaves what was typed
    page.get_by_role("button", name="建立，提交确认").click()
    link = page.locator(".ad-link")
    expect(link).to_contain_text(f"{hall.url}/choose/")
    expect(page.get_by_role("row").filter(has_text="chief01")).to_contain_text("待确认")

    new = hall.open(*DESK)
    new.goto(link.inner_text())

    expect(new.get_by_text("值班长01，账号 chief01")).to_be_visible()
    assert hall.people.accounts.listed()[-1].posts == ()


def test_keys_of_the_administration(hall: Hall) -> None:
    for number in range(14):
        hall.people.accounts.add(f"采集员{number:02}", (Post.COLLECTOR,))
    page = hall.page(a_user(hall.people, Post.SYS_ADMIN, name="系统管理员01"))
    expect(page.locator(".ad-foot")).to_contain_text("第 1 至 13 个，共 15 个")
    page.keyboard.press("PageDown")
    expect(page.locator(".ad-foot")).to_contain_text("第 14 至 15 个，共 15 个")
    page.keyboard.press("/")
    page.keyboard.type("采集员03")
    expect(page.get_by_role("row")).to_have_count(2)  # the head and one
    page.get_by_role("button", name="采集员03").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="采集员03")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("heading", name="采集员03")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert fits(page)


def test_the_audit_log_shows_a_line_and_its_links(hall: Hall, shot: Shot) -> None:
    account = a_user(hall.people, Post.AUDIT_ADMIN, name="审计管理员01")
    page = hall.page(account)
    expect(page.get_by_role("heading", name="审计日志")).to_be_visible()
    expect(page.locator(".ad-chain")).to_contain_text("完整")
    page.get_by_role("button", name="登录与权限").click()
    expect(page.get_by_role("row")).to_have_count(4)  # the head, and three entries so far
    page.locator(".ad-pick").nth(0).click()
    expect(page.locator(".ad-links li")).to_have_count(2)
    expect(page.get_by_text("重算与存储一致")).to_be_visible()
    assert faults(page) == []
    shot(page, "admin-audit")

    with hall.people.register.store.write.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'system' WHERE entry_id = 2")
    page.get_by_role("button", name="立即核验").click()

    expect(page.locator(".ad-chain")).to_contain_text("第 2 条被改动")


def test_an_idle_page_leads_back_to_where_one_was(hall: Hall) -> None:
    page = hall.page(a_user(hall.people, Post.SYS_ADMIN))
    expect(page.get_by_role("heading", name="用户与岗位")).to_be_visible()
    hall.clock.move(IDLE_EXIT + timedelta(seconds=1))
    page.get_by_role("button", name="三员").click()
    expect(page.locator("#notice-line")).to_contain_text("登录已过期")

    page.reload()

    expect(page.get_by_role("alert")).to_contain_text("30 分钟无操作")
    expect(page).to_have_url(f"{hall.url}/signin?next=/admin/users&why=idle")
