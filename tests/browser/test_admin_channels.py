"""通知渠道 under a browser: a real server process sends to a real receiver while an administrator looks on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.cities import load_city
from data_access import outbox
from domain.people import Post
from services.people import People
from services.stores import open_store, register_city
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.servers import Server
from tests.services.notices.receiver import Receiver, receiving

pytestmark = pytest.mark.browser
PASSWORD, SECRET = "Lanzhou-2026-desk", "correct-horse-battery-staple"
CHANNELS = """
channels:
  - {name: platform, label: 市平台, webhook: '%s/in', secret: '${GRIDWALL_HOOK}'}
  - name: duty-phone
    label: 值班手机
    address: json://127.0.0.1:1/${GRIDWALL_HOOK}
    quiet: [{start: '22:00', end: '07:00'}, {start: '12:00', end: '14:00', days: [workday]}]
    urgent_passes: false
routes:
  - {to: ['unit:*'], channels: [platform]}
  - {to: ['post:duty_chief', 'duty:always'], channels: [duty-phone], kinds: [urge, supervise]}
duty:
  - {name: 值守, start: '00:00', end: '00:00', to: ['unit:shizheng'], adds: ['duty:always']}
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def prepared(data: Path, kinds: tuple[Post, ...]) -> None:
    """An account for each post, and notices of a busy afternoon."""
    city = load_city("wuhua")
    store = open_store(f"sqlite:///{data / 'gridwall.sqlite'}")
    number = register_city(store, city)
    people = People(store, city, number, lambda: datetime.now(UTC))
    for post in kinds:
        invited = people.accounts.add("系统管理员01", [post], account=post.value.replace("_", ""))
        people.sign_in.choose(invited.secret, PASSWORD)
    begun = datetime.now(UTC) - timedelta(minutes=3)
    usual: dict[str, Any] = {"kind": "supervise", "urgent": False, "text": "请于 15 分钟内反馈", "at": begun}
    told = (("unit:shizheng", "督办通知单"), ("unit:huanwei", "催办 3 件"), ("post:leader", "曝光候选"))
    notices = [
        {**usual, "event_key": f"e{place}", "recipient": to, "title": title, "urgent": place == 0}
        for place, (to, title) in enumerate(told)
    ]
    with store.write.begin() as connection:
        outbox.owe(connection, number, notices)
    store.close()


@pytest.fixture
def running(server: StartServer, tmp_path: Path, receiver: Receiver) -> Server:
    file, data = tmp_path / "channels.yaml", tmp_path / "data"
    file.write_text(CHANNELS % receiver.url, encoding="utf-8")
    data.mkdir()
    prepared(data, (Post.SYS_ADMIN, Post.AUDIT_ADMIN))
    environment = {"GRIDWALL_CHANNELS": str(file), "GRIDWALL_HOOK": SECRET, "no_proxy": "127.0.0.1"}
    return server("--city", "wuhua", data=data, **environment)


def open_as(page: Page, url: str, account: str) -> None:
    """Signs in on the way to the page of channels."""
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # a browser's own wish, not the page's
    page.goto(f"{url}/signin?next=/admin/channels")
    page.locator("input[name=account]").fill(account)
    page.locator("input[name=password]").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/signin" not in address)


def test_an_administrator_sees_tries_and_sends_again(
    open_page: OpenPage, running: Server, receiver: Receiver, shot: Callable[..., Path]
) -> None:
    page = open_page(1440, 900)
    open_as(page, running.url, "sysadmin")
    expect(page.get_by_role("heading", name="通知渠道")).to_be_visible()
    for _ in range(30):  # the page stands still by itself: what an administrator reads does not move
        if "未配置渠道" in page.get_by_role("row", name="曝光候选").inner_text():
            break
        page.wait_for_timeout(500)
        page.get_by_role("button", name="刷新").click()
    expect(page.get_by_role("row", name="曝光候选")).to_contain_text("未配置渠道")
    assert sorted(receiver.ids) == ["wuhua-1", "wuhua-2"]

    page.get_by_role("button", name="值班手机").click()
    drawer = page.get_by_role("complementary")
    expect(drawer).to_contain_text("post:duty_chief")
    page.get_by_role("button", name="发送测试").click()
    expect(page.get_by_role("status")).to_contain_text("没有送达：值班手机", timeout=20_000)
    expect(page.get_by_role("row", name="值班手机 duty-phone")).to_contain_text("最近一次失败")
    shot(page, "admin-channels")

    page.get_by_role("button", name="市平台").click()
    expect(drawer.get_by_role("heading", name="市平台")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="发送测试").click()
    expect(page.get_by_role("status")).to_contain_text("已送达：市平台", timeout=20_000)
    assert receiver.got[-1].document["kind"] == "trial"

    page.get_by_role("button", name="重发失败的 1 条").click()
    expect(page.get_by_role("status")).to_contain_text("1 条通知重新待发")
    page.get_by_role("button", name="未配置渠道 1").click()
    expect(page.get_by_role("row", name="曝光候选")).to_be_visible()
    expect(page.get_by_role("row", name="督办通知单")).to_have_count(0)
    assert SECRET not in page.content()
    assert SECRET not in running.log.read_text(encoding="utf-8")


def test_another_administrator_may_not_open_it(open_page: OpenPage, running: Server, watch: Any) -> None:
    watch.expect("40[34].*/admin/")
    page = open_page(1440, 900)
    open_as(page, running.url, "auditadmin")
    page.goto(f"{running.url}/admin/channels")

    expect(page.get_by_role("button", name="发送测试")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)
