"""The desk's page: queue, keyboard, exactly once, drafts, what interrupts, and what it looks like."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from domain.people import Person
from tests import desk_sample as sample
from tests.browser.conftest import OpenPage, Watch
from tests.browser.fake_desk import FakeDesk

FIRST = "20260519-0471"
CLIPPED = """() => [...document.querySelectorAll('.dispatch button, .dispatch h1, .dispatch .kbd, .dispatch .tag')]
  .filter((one) => one.offsetParent !== null && !one.closest('.list, .log, .toasts'))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5);
  }).map((one) => one.textContent)"""

StartDesk = Callable[..., FakeDesk]
Shot = Callable[..., Path]


@pytest.fixture
def fake(servers: ExitStack) -> StartDesk:
    def start(person: Person = sample.DISPATCHER, language: str = "zh") -> FakeDesk:
        desk = FakeDesk(person, language).start()
        servers.callback(desk.stop)
        return desk

    return start


@pytest.fixture
def desk(fake: StartDesk) -> FakeDesk:
    return fake()


def opened(page: Page, desk: FakeDesk) -> Page:
    page.goto(desk.url)
    expect(page.locator(".q").first).to_be_visible(timeout=15_000)
    return page


def rows(page: Page) -> Locator:
    return page.locator(".q")


def pick(page: Page) -> None:
    """Opens the first case and waits for its buttons."""
    rows(page).first.click()
    expect(page.locator("[data-action=urge]")).to_be_visible(timeout=15_000)


def order(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(".q", "rows => rows.map((row) => row.dataset.case)")
    return found


def with_a_new_first_row(desk: FakeDesk) -> None:
    desk.queue["groups"][0]["rows"].insert(0, sample.row("20260519-0499", "井盖缺失", "环城路", -10_000, new=True))
    desk.changed()


def findings(page: Page) -> list[str]:
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]]


# ---- the queue ----


def test_the_queue_counts_on_every_second_and_opens_a_case_with_a_hold(
    open_page: OpenPage, desk: FakeDesk, shot: Shot
) -> None:
    page = opened(open_page(1440, 900), desk)
    first = rows(page).first
    before = first.locator(".countdown span").inner_text()

    first.click()

    expect(page.locator(".case-head h1")).to_have_text("井盖破损移位")
    expect(page.locator(".hold")).to_contain_text("您正在处理本案")
    expect(first.locator(".countdown span")).not_to_have_text(before)
    assert page.locator(".q.selected").count() == 1
    assert page.evaluate(CLIPPED) == []
    shot(page, "desk-dispatch")


def test_a_paused_clock_stands(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    paused = page.locator(".q.paused .countdown")
    before = paused.inner_text()

    page.wait_for_timeout(2200)

    assert paused.inner_text() == before
    assert "已暂停" in before


def test_nothing_moves_under_the_pointer_until_the_bar_is_pressed(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    rows(page).nth(2).hover()
    before = order(page)

    with_a_new_first_row(desk)
    expect(page.locator(".waiting")).to_contain_text("1 条新告警")
    page.wait_for_timeout(3500)
    assert order(page) == before

    page.locator(".waiting").click()
    assert order(page)[0] == "20260519-0499"
    expect(page.locator(".waiting")).to_be_hidden()


def test_the_queue_follows_when_the_pointer_has_left_for_three_seconds(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    rows(page).nth(2).hover()
    before = order(page)
    with_a_new_first_row(desk)
    expect(page.locator(".waiting")).to_be_visible()

    page.mouse.move(900, 400)
    page.wait_for_timeout(1500)
    assert order(page) == before
    expect(rows(page).first).to_have_attribute("data-case", "20260519-0499", timeout=4000)


def test_nothing_moves_while_a_row_has_the_focus(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    page.keyboard.press("j")
    page.keyboard.press("j")
    before = order(page)

    with_a_new_first_row(desk)
    expect(page.locator(".waiting")).to_be_visible()
    page.wait_for_timeout(3500)
    assert order(page) == before

    page.keyboard.press("u")
    assert order(page)[0] == "20260519-0499"
    assert page.evaluate("document.activeElement.dataset.case") == before[1]


def test_a_row_that_left_stays_where_it_was_and_says_so(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    rows(page).nth(2).hover()

    del desk.queue["groups"][0]["rows"][0]
    desk.changed()

    expect(rows(page).first).to_have_class("q alarm new gone")


def test_four_hundred_rows_never_block_the_page(open_page: OpenPage, desk: FakeDesk) -> None:
    desk.queue = sample.long_queue(400)
    page = open_page(1440, 900)
    page.add_init_script(
        "window.long = []; new PerformanceObserver((list) => list.getEntries().forEach((one) => "
        "window.long.push([Math.round(one.startTime), Math.round(one.duration)]))).observe({type: 'longtask'})"
    )
    opened(page, desk)
    expect(rows(page)).to_have_count(400)
    page.wait_for_timeout(1500)

    rounds = []  # a machine that is busy elsewhere stretches some of them; work of our own would stretch them all
    for number in range(6):
        page.evaluate("window.long = []")
        page.keyboard.press("j")
        desk.queue["groups"][3]["rows"][0]["tag"]["text"] = f"已催办 {number}"
        desk.changed()
        page.wait_for_timeout(1200)
        rounds.append([one for one in page.evaluate("window.long") if one[1] > 50])

    assert [] in rounds, rounds


# ---- by keyboard ----


def test_a_duty_by_keyboard_alone(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)

    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.case") == FIRST
    page.keyboard.press("Enter")
    expect(page.locator(".hold")).to_contain_text("您正在处理本案")
    assert page.evaluate("document.activeElement.id") == "desk-case"

    page.keyboard.press("c")
    expect(page.locator(".modal")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("已办")
    assert [(act["action"], act["fields"]["feedback_by"][:14]) for act in desk.acts] == [("urge", "2026-05-19T15:")]

    page.keyboard.press("d")
    expect(page.locator(".sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_be_hidden()

    page.keyboard.press("n")
    page.keyboard.type("dcs 现场已围挡")
    assert page.locator(".memo textarea").input_value() == "dcs 现场已围挡"
    expect(page.locator(".sheet")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".memo textarea")).to_have_value("")
    assert (desk.acts[-1]["action"], desk.acts[-1]["fields"]) == ("note", {"text": "dcs 现场已围挡"})

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".hold")).to_contain_text("尚未锁定")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement === document.querySelector('.find')")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator(".key-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".key-card")).to_be_hidden()


def test_tab_goes_from_queue_to_case_to_actions_to_side(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    page.keyboard.press("j")
    expect(page.locator(".case-head h1")).to_be_visible()
    page.wait_for_timeout(400)
    areas: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        area = page.evaluate(
            "(document.activeElement.closest('.actions, .memo, .case-middle, .hold, .side, .queue') || {}).className"
        )
        if area and (not areas or areas[-1] != area.split()[0]):
            areas.append(area.split()[0])
        if area == "side":
            break

    assert areas == ["hold", "case-middle", "memo", "actions", "side"]


def test_a_disabled_action_stays_and_says_why(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    rows(page).first.click()
    expect(page.locator("[data-action=receive]")).to_have_attribute("aria-disabled", "true")

    page.keyboard.press("s")

    expect(page.locator(".toast")).to_contain_text("单位已于 11:01 签收")
    assert desk.acts == []


# ---- exactly once ----


def test_a_double_click_is_one_action(open_page: OpenPage, desk: FakeDesk) -> None:
    desk.slow_s = 0.4
    desk.cases[FIRST] = sample.case()
    desk.cases[FIRST]["actions"][2] |= {"enabled": True, "why": ""}
    page = opened(open_page(1440, 900), desk)
    rows(page).first.click()
    receive = page.locator("[data-action=receive]")
    expect(receive).to_be_visible()

    receive.dblclick()
    expect(receive).to_contain_text("正在提交")
    page.keyboard.press("s")
    expect(page.locator(".toast")).to_contain_text("已办")

    assert [act["action"] for act in desk.acts] == ["receive"]


def test_a_lost_answer_is_asked_for_again_with_the_same_key(open_page: OpenPage, desk: FakeDesk, watch: Watch) -> None:
    watch.expect("502")
    desk.silent = 2
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("c")
    expect(page.locator(".modal")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.locator(".toast")).to_contain_text("已办", timeout=8000)

    assert len(desk.acts) == 3
    assert len({act["key"] for act in desk.acts}) == 1


def test_what_a_reload_left_unanswered_is_asked_about_and_sent_with_its_key(
    open_page: OpenPage, desk: FakeDesk, watch: Watch
) -> None:
    watch.expect("502")
    desk.silent = 50
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("c")
    expect(page.locator(".modal")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    desk.silent = 0

    page.reload()
    page.locator(".toast button", has_text="再试一次").click(timeout=10_000)
    expect(page.locator(".toast")).to_contain_text("已办")

    assert len({act["key"] for act in desk.acts}) == 1


def test_two_pages_see_each_others_hold_and_result_without_reloading(open_page: OpenPage, desk: FakeDesk) -> None:
    mine, other = opened(open_page(1440, 900), desk), opened(open_page(1440, 900), desk)
    rows(mine).first.click()
    rows(other).first.click()
    expect(other.locator(".hold")).to_contain_text("您正在处理本案")

    desk.holds[FIRST] = sample.hold("派遣员02")
    desk.case(FIRST)["log"].insert(0, {"at": "14:32:20", "who": "派遣员02", "what": "下达督办通知单", "tone": ""})
    desk.changed()

    for page in (mine, other):
        expect(page.locator(".hold.other")).to_contain_text("派遣员02 正在处理本案", timeout=2000)
        expect(page.locator(".log li").first).to_contain_text("下达督办通知单")
        expect(page.locator("[data-action=supervise]")).to_have_attribute("aria-disabled", "true")
    expect(mine.locator("#desk-alert")).to_contain_text("锁定已失去")


# ---- what interrupts ----


def test_who_was_first_is_shown_and_my_words_are_kept(
    open_page: OpenPage, desk: FakeDesk, watch: Watch, shot: Shot
) -> None:
    watch.expect("409")
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("d")
    page.locator(".sheet textarea").fill("三条要求")
    desk.answers.append((409, sample.conflict()))

    page.keyboard.press("Control+Enter")

    modal = page.locator(".modal")
    expect(modal).to_contain_text("未执行，派遣员02已先一步下达督办通知单")
    expect(modal).to_contain_text("版本 18")
    expect(modal).to_contain_text("学府街道办事处")
    shot(page, "desk-conflict")
    assert findings(page) == []
    assert page.evaluate("document.activeElement.textContent").startswith("查看最新案件")
    page.keyboard.press("Enter")
    expect(modal).to_be_hidden()
    expect(page.locator(".sheet")).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator(".sheet textarea")).to_have_value("三条要求")


def test_signed_out_keeps_the_words_and_comes_back_with_them(
    open_page: OpenPage, desk: FakeDesk, watch: Watch, shot: Shot
) -> None:
    watch.expect("401")
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("n")
    page.keyboard.type("等单位回电")
    desk.signed_out = True

    page.keyboard.press("Control+Enter")

    expect(page.locator(".modal")).to_contain_text("已退出")
    shot(page, "desk-signed-out")
    desk.signed_out = False
    page.goto(f"{desk.url}?case={FIRST}")
    expect(page.locator(".memo textarea")).to_have_value("等单位回电")


def test_without_the_server_one_may_look_and_not_act_and_the_page_comes_back(
    open_page: OpenPage, desk: FakeDesk, watch: Watch, shot: Shot
) -> None:
    watch.expect("502|ERR_")
    page = opened(open_page(1440, 900), desk)
    rows(page).first.click()
    expect(page.locator(".hold")).to_contain_text("您正在处理本案")
    desk.down = True

    expect(page.locator(".offline")).to_contain_text("离线，正在重连", timeout=12_000)
    expect(page.locator("[data-action=urge]")).to_have_attribute("aria-disabled", "true")
    shot(page, "desk-down")
    desk.down = False
    expect(page.locator(".offline")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-action=urge]")).not_to_have_attribute("aria-disabled", "true")


def test_a_case_that_does_not_exist_is_said_not_to(open_page: OpenPage, desk: FakeDesk, watch: Watch) -> None:
    watch.expect("404")
    page = open_page(1440, 900)
    page.goto(f"{desk.url}?case=20260519-9999")

    expect(page.locator(".no-case")).to_contain_text("没有编号 20260519-9999 的案件")


# ---- sheets ----


def test_a_sheet_is_computed_anew_and_takes_nothing_away_from_who_types(
    open_page: OpenPage, desk: FakeDesk, shot: Shot
) -> None:
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("d")
    words = page.locator(".sheet textarea")
    expect(words).to_be_focused()
    words.fill("")
    expect(page.locator(".sheet .pri")).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".sheet-foot")).to_contain_text("请写明办理要求")

    page.keyboard.type("一二三四五六七八九十", delay=60)
    expect(page.locator(".sheet .effects .new")).to_have_text("10")
    assert words.input_value() == "一二三四五六七八九十"
    assert page.evaluate("document.activeElement.selectionStart") == 10
    shot(page, "desk-sheet")
    assert findings(page) == []

    page.locator(".sheet .block.check input").focus()
    page.keyboard.press("3")
    expect(page.locator(".sheet .chips").first.locator("input").nth(2)).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sheet")).to_be_hidden()
    assert desk.acts[-1]["action"] == "propose_supervision"
    assert desk.acts[-1]["fields"]["reason"] == "shirked"
    assert desk.acts[-1]["version"] == 17


def test_a_list_is_chosen_from_by_typing(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("d")
    box = page.get_by_role("combobox", name="抄送")
    box.focus()
    page.keyboard.type("北环")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    expect(page.locator(".sheet")).to_be_visible()
    expect(box).to_have_value("学府街道办事处、北环街道办事处")
    page.keyboard.press("Control+Backspace")
    expect(page.locator(".sheet")).to_be_hidden()
    assert desk.acts[-1]["action"] == "refuse_application"
    assert desk.acts[-1]["fields"]["copies"] == "xuefu,beihuan"


def test_an_open_sheet_leaves_the_queue_alive_and_keeps_a_draft(open_page: OpenPage, desk: FakeDesk) -> None:
    page = opened(open_page(1440, 900), desk)
    pick(page)
    page.keyboard.press("d")
    page.locator(".sheet textarea").fill("写到一半")

    desk.queue["groups"][0]["rows"][2]["tag"]["text"] = "已催办 9"
    desk.changed()
    expect(rows(page).nth(2)).to_contain_text("已催办 9")

    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".case-head h1")).to_be_visible(timeout=15_000)
    page.keyboard.press("d")
    expect(page.locator(".sheet textarea")).to_have_value("写到一半")
    page.get_by_role("button", name="不要草稿").click()
    expect(page.locator(".sheet textarea")).to_have_value("一、立即到场设置围挡。")


def test_many_cases_of_a_unit_at_once_have_a_result_each(open_page: OpenPage, desk: FakeDesk, shot: Shot) -> None:
    page = opened(open_page(1440, 900), desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".several-list .refused")).to_contain_text("派遣员02正在处理")
    expect(page.locator(".several-list .coming")).to_have_count(3)
    assert (len(desk.previews), desk.acts) == (1, [])
    page.keyboard.press("Control+Enter")

    expect(page.locator(".several-list .refused")).to_contain_text("派遣员02正在处理")
    expect(page.locator(".several-list .done")).to_have_count(3)
    shot(page, "desk-several")
    assert len(desk.acts) == 1
    assert len(desk.acts[0]["items"]) == 4


# ---- looks ----


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_action_is_on_the_screen(
    open_page: OpenPage, fake: StartDesk, size: tuple[int, int], language: str, shot: Shot
) -> None:
    page = opened(open_page(*size), fake(language=language))
    rows(page).first.click()
    expect(page.locator(".actions .btn").first).to_be_visible()
    page.wait_for_timeout(300)

    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"desk-{language}-{size[0]}")


def test_nobody_is_kept_out_by_how_the_desk_is_drawn(open_page: OpenPage, desk: FakeDesk, shot: Shot) -> None:
    page = opened(open_page(1440, 900), desk)
    rows(page).first.click()
    expect(page.locator(".hold")).to_contain_text("您正在处理本案")
    assert findings(page) == []

    desk.holds[FIRST] = sample.hold("派遣员02")
    desk.changed()
    expect(page.locator(".hold.other")).to_be_visible()
    shot(page, "desk-locked")
    assert findings(page) == []


def test_a_leader_reads_and_writes_on_a_telephone(open_page: OpenPage, fake: StartDesk, shot: Shot) -> None:
    desk = fake(sample.LEADER)
    desk.cases[FIRST] = sample.case()
    desk.cases[FIRST]["actions"] = [sample.action("批示", "instruct", "批示", "P", primary=True)]
    page = opened(open_page(390, 844), desk)
    shot(page, "desk-phone-queue")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []

    rows(page).first.click()
    expect(page.locator(".case-head h1")).to_be_visible()
    expect(page.locator(".queue")).to_be_hidden()
    small = page.evaluate(
        "[...document.querySelectorAll('.case button, .case a')].filter((one) => one.offsetParent !== null && "
        "one.getBoundingClientRect().height < 43.5).map((one) => one.textContent)"
    )
    assert small == []
    shot(page, "desk-phone-case")
    assert findings(page) == []
    page.locator("[data-action=instruct]").click()
    expect(page.locator(".sheet")).to_be_visible()
    shot(page, "desk-phone-sheet")
    page.locator(".close-sheet").click()
    page.locator(".back").click()
    expect(page.locator(".queue")).to_be_visible()
