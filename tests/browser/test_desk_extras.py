"""Entry, handover, photos and the wall's spotlight, in the browser and with the real application behind them."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from config.settings import Settings
from data_access import tables
from domain.people import Post
from services.demo import build_demo
from services.stores import open_store
from tests.browser.conftest import OpenPage, StartInProcess, becomes
from tests.browser.in_process import InProcess, MovedClock
from tests.services.demo_city import TUESDAY, city, settings
from tests.signing_in import PASSWORD, a_user

PATIENCE = 10_000  # milliseconds
Shot = Callable[..., Path]


class Hall:
    """The demo city standing still, with a small past, and whoever is signed in."""

    def __init__(self, start: StartInProcess, folder: Path) -> None:
        url = f"sqlite:///{folder / 'demo.sqlite'}"
        store = open_store(url)
        small: dict[str, Any] = {"demo_cases_per_day": 60, "demo_history_days": 50}
        build_demo(store, city(), settings(**small), TUESDAY)
        store.close()
        self.clock = MovedClock(TUESDAY)
        chosen = Settings(data=folder, database=url, city="demo", tick_s=0.3, demo_speed=0, **small)
        self.app: InProcess = start(chosen, self.clock)
        self.serving = self.app._running.serving

    def signed_in(self, page: Page, post: Post, name: str) -> Page:
        account = a_user(self.serving.people, post, name=name)
        page.goto(f"{self.app.url}/signin?next=/dispatch")
        page.fill("[name=account]", account)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".q").first).to_be_visible(timeout=PATIENCE)
        return page

    def cases(self, **where: Any) -> list[Any]:
        c = tables.cases.c
        question = select(tables.cases).where(*(c[name] == value for name, value in where.items()))
        with self.serving.desk.store.read.connect() as connection:
            return list(connection.execute(question.order_by(c.case_id)))


@pytest.fixture
def hall(in_process: StartInProcess, tmp_path: Path) -> Hall:
    return Hall(in_process, tmp_path)


def opened(page: Page, case_no: str) -> Page:
    page.goto(f"{page.url.split('/dispatch')[0]}/dispatch?case={case_no}")
    expect(page.locator(".case-head")).to_contain_text(case_no, timeout=PATIENCE)
    return page


def test_a_case_is_on_the_wall_within_a_tick_and_leaves_by_itself(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    wall = open_page(1920, 1080)
    wall.goto(f"{hall.app.url}/wall/main")
    expect(wall.locator(".alerts .count")).to_be_visible(timeout=PATIENCE)
    case = next(one for one in hall.cases(stage="received") if one.road and one.lon)
    desk = opened(hall.signed_in(open_page(1440, 900), Post.DISPATCHER, "派遣员08"), case.case_no)

    desk.locator("[data-action=spotlight]").click()

    card = wall.locator(".alerts .card.spot")
    expect(card).to_be_visible(timeout=PATIENCE)
    expect(card).to_contain_text("调度台展示")
    expect(card).to_contain_text(case.road)
    expect(wall.locator(".spot-mark")).to_be_visible()
    words = wall.locator("body").inner_text()
    assert case.address not in words
    assert "派遣员" not in card.inner_text()
    shot(wall, "wall-spotlight")

    hall.clock.move(timedelta(minutes=2))
    expect(card).to_be_hidden(timeout=PATIENCE)
    expect(wall.locator(".spot-mark")).to_be_hidden()


def test_a_call_is_written_down_by_keyboard_and_becomes_one_case(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    page = hall.signed_in(open_page(1440, 900), Post.DISPATCHER, "派遣员08")
    page.keyboard.press("i")
    expect(page.locator(".sheet h1")).to_have_text("快速录入", timeout=PATIENCE)
    field = page.get_by_role("combobox", name="问题类别")
    field.focus()
    page.keyboard.type("ysjg")
    page.keyboard.press("Enter")
    expect(page.locator(".block.select .note").get_by_text("部件 0103")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("combobox", name="立案条件").focus()
    page.keyboard.type("破损移位")
    page.keyboard.press("Enter")
    expect(page.locator(".block.arithmetic")).to_contain_text("时限", timeout=PATIENCE)
    page.get_by_role("textbox", name="位置").focus()
    page.keyboard.type("学府一社区 12 号楼旁")
    page.get_by_role("textbox", name="问题描述").focus()
    page.keyboard.type("井盖挪开一道缝")
    submit = page.locator(".sheet [data-button=report_and_dispatch]")
    expect(submit).not_to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
    shot(page, "desk-entry")

    submit.dblclick()
    expect(page.locator(".toasts")).to_contain_text("已立案并派遣", timeout=PATIENCE)
    expect(page.locator(".case-head")).to_contain_text("20260519-D0001", timeout=PATIENCE)
    assert [one.case_no for one in hall.cases() if "-D" in one.case_no] == ["20260519-D0001"]


def test_a_shift_is_signed_away_and_taken_by_the_next(hall: Hall, open_page: OpenPage, shot: Shot) -> None:
    giver = hall.signed_in(open_page(1440, 900), Post.DISPATCHER, "派遣员08")
    taker = hall.signed_in(open_page(1440, 900), Post.DISPATCHER, "派遣员09")
    giver.keyboard.press("h")
    expect(giver.locator(".sheet.full h1")).to_have_text("交接班", timeout=PATIENCE)
    giver.get_by_role("textbox", name="口头交代").focus()
    giver.keyboard.type("青石大道塌陷已封半幅")
    giver.get_by_role("combobox", name="接班人").focus()
    giver.keyboard.type("派遣员09")
    giver.keyboard.press("Enter")
    expect(giver.locator(".sheet .pri")).not_to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
    shot(giver, "desk-handover")
    giver.keyboard.press("Control+Enter")
    expect(giver.locator(".toasts")).to_contain_text("20260519-早", timeout=PATIENCE)

    taker.reload()
    expect(taker.locator(".toasts")).to_contain_text("派遣员08于 5月19日 14:32 交班", timeout=PATIENCE)
    taker.get_by_role("button", name="接班签收").click()
    expect(taker.locator(".toasts")).to_contain_text("已签收交接单 20260519-早", timeout=PATIENCE)


def test_a_photo_is_added_beside_the_note_box(hall: Hall, open_page: OpenPage) -> None:
    case = hall.cases(stage="received")[0]
    page = opened(hall.signed_in(open_page(1440, 900), Post.DISPATCHER, "派遣员08"), case.case_no)
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "PNG")
    photo: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()}

    page.locator(".photo-button input").set_input_files(photo)

    expect(page.locator(".toasts")).to_contain_text("已附照片 1 张", timeout=PATIENCE)
    expect(page.locator(".photos img")).to_have_count(1, timeout=PATIENCE)
    becomes(page, "[...document.querySelectorAll('.photos img')].every((one) => one.naturalWidth > 0)")
    assert hall.cases(case_no=case.case_no)[0].version == case.version + 1
