"""The page of rankings: what it asks for, what a link keeps, what it says when something is not so, and its looks."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from domain.people import Person
from tests import ranking_sample as sample
from tests.browser.conftest import OpenPage, Watch, becomes
from tests.browser.fake_rankings import FakeRankings

StartRankings = Callable[..., FakeRankings]
Shot = Callable[..., Path]
SIZES = ((1440, 900), (1280, 800), (390, 844))
LONG_TASKS = """window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: 'longtask', buffered: false })"""


@pytest.fixture
def fake(servers: ExitStack) -> StartRankings:
    def start(person: Person = sample.LEADER, language: str = "zh", refresh_s: float = 60) -> FakeRankings:
        one = FakeRankings(person, language, refresh_s=refresh_s).start()
        servers.callback(one.stop)
        return one

    return start


@pytest.fixture
def rankings(fake: StartRankings) -> FakeRankings:
    return fake()


def opened(page: Page, rankings: FakeRankings, query: str = "") -> Page:
    page.goto(rankings.url + query)
    expect(page.locator("main tbody tr[data-key]").first).to_be_visible(timeout=15_000)
    return page


def names(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "main tbody tr[data-key]",
        "rows => rows.filter((row) => !row.hidden).map((row) => row.querySelector('.open').textContent)",
    )
    return found


def findings(page: Page) -> list[str]:
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]


def sideways(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    ("name", "query"),
    [("units", ""), ("second", "?class=second"), ("watch", "?score=demo-watch"), ("streets", "?by=street")],
)
def test_every_view_stands_without_findings(
    open_page: OpenPage, rankings: FakeRankings, shot: Shot, width: int, height: int, name: str, query: str
) -> None:
    page = opened(open_page(width, height), rankings, query)
    page.wait_for_timeout(600)
    shot(page, f"rankings-{name}-{width}")
    assert findings(page) == []
    assert sideways(page) <= 0


def test_a_row_opens_by_key_and_the_link_shows_the_same(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.locator("main tbody tr").nth(3).locator(".open").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("tr.selected .open")).to_have_attribute("aria-expanded", "true")
    address = page.url
    assert all(part in address for part in ("open=", "on=2026-05-01", "class=first"))

    again = opened(open_page(1440, 900), rankings, address.removeprefix(rankings.url))
    assert names(again) == names(page)
    expect(again.locator("tr.selected")).to_have_count(1)


def test_columns_sort_both_ways_and_back(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    given = names(page)
    late = page.locator("th.c-overdue_open .sort")
    late.press("Enter")
    assert page.locator("th.c-overdue_open").get_attribute("aria-sort") == "descending"
    assert names(page)[0] == "执法二大队"
    late.press("Enter")
    assert names(page)[-1] == "执法二大队"
    late.press("Enter")
    assert names(page) == given
    assert [path for path, _ in rankings.asked].count("view") == 2  # the table and its streets: sorting asks nothing


def test_searching_hides_rows_and_says_when_none_is_left(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.locator(".find").fill("执法")
    expect(page.locator("main tbody tr[data-key]:not([hidden])")).to_have_count(2)
    page.locator(".find").fill("没有这个单位")
    expect(page.locator(".none")).to_contain_text("没有名称含“没有这个单位”的行")


def test_a_class_is_changed_and_the_way_back_leads_back(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.get_by_role("button", name="二类 11").click()
    expect(page.locator("tr.close")).to_have_count(1)
    expect(page.locator("tr.un")).to_have_count(2)
    assert names(page)[-1] == "铁路办"
    page.go_back()
    expect(page.get_by_role("button", name="一类 10")).to_have_attribute("aria-pressed", "true")


def test_the_picker_counts_working_days_and_writes_the_address(
    open_page: OpenPage, rankings: FakeRankings, shot: Shot
) -> None:
    page = opened(open_page(1440, 900), rankings)
    custom = page.get_by_role("button", name="自定义")
    custom.click()
    page.locator(".picker [name=from]").fill("2026-04-20")
    page.locator(".picker [name=to]").fill("2026-05-19")
    page.locator(".picker [name=to]").blur()
    expect(page.locator(".chosen")).to_contain_text("30 日，其中工作日 20 天")
    expect(page.locator(".chosen")).to_contain_text("2026-03-21 至 2026-04-19")
    assert page.locator(".day:disabled").first.get_attribute("data-day") == "2026-05-20"
    shot(page, "rankings-picker-1440")
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(custom).to_be_focused()

    custom.click()
    page.locator("[data-day='2026-05-06']").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="查看排名").click()
    expect(page.locator(".picker")).to_have_count(0)
    assert "from=2026-05-06&to=2026-05-13" in page.url
    assert ("2026-05-06", "2026-05-13") in [(given.get("from"), given.get("to")) for _, given in rankings.asked]


def test_the_picker_and_the_heat_fit_a_phone(open_page: OpenPage, rankings: FakeRankings, shot: Shot) -> None:
    page = opened(open_page(390, 844), rankings)
    page.get_by_role("button", name="自定义").click()
    shot(page, "rankings-picker-390")
    assert findings(page) == []


def test_the_heat_colours_the_grids_and_lists_them(open_page: OpenPage, rankings: FakeRankings, shot: Shot) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.get_by_role("button", name="热力图").click()
    expect(page.locator(".heat-list tbody tr")).to_have_count(135)
    page.locator(".heat-list .sort").click()
    expect(page.locator(".heat-list tbody tr td").first).to_have_text("70.0%")
    expect(page.locator("#heat-map path.leaflet-interactive, #heat-map path")).to_have_count(144, timeout=10_000)
    becomes(
        page,
        "new Set([...document.querySelectorAll('#heat-map path')].map((one) => one.getAttribute('fill'))).size >= 5",
    )
    shot(page, "rankings-heat-1440")
    assert "url(#rankings-hatch)" in page.eval_on_selector_all(
        "#heat-map path", "all => all.map((one) => one.getAttribute('fill'))"
    )
    assert findings(page) == []


def test_filters_say_that_nobody_is_assessed_by_them(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.get_by_label("渠道").select_option("hotline")
    expect(page.locator(".narrowed")).to_contain_text("不作考核依据")
    page.get_by_role("button", name="去掉筛选").click()
    expect(page.locator(".narrowed")).to_be_hidden()


def test_a_replay_shows_how_far_it_is(open_page: OpenPage, rankings: FakeRankings, shot: Shot) -> None:
    rankings.progress = [0.25] * 3
    page = open_page(1440, 900)
    page.goto(rankings.url + "?as_of=2026-05-01T08:00")
    expect(page.locator("[role=progressbar]")).to_have_attribute("aria-valuenow", "25")
    shot(page, "rankings-progress-1440")
    assert findings(page) == []
    expect(page.locator("main tbody tr[data-key]")).to_have_count(10, timeout=15_000)
    expect(page.locator("[role=progressbar]")).to_be_hidden()


def test_a_refused_question_keeps_what_was_shown(
    open_page: OpenPage, rankings: FakeRankings, watch: Watch, shot: Shot
) -> None:
    watch.expect("422")
    page = opened(open_page(1440, 900), rankings)
    rankings.error = (422, {"kind": "refused", "what": "没有“x”这个周期", "where": "period", "then": "请另选一个"})
    page.get_by_role("button", name="本周").click()
    expect(page.locator(".failed")).to_contain_text("没有“x”这个周期。请另选一个")
    expect(page.locator(".failed")).to_contain_text("上一次读到的数字")
    assert len(names(page)) == 10
    shot(page, "rankings-refused-1440")
    assert findings(page) == []
    rankings.error = None
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".failed")).to_be_hidden()


def test_a_link_that_cannot_be_answered_shows_a_way_on(
    open_page: OpenPage, rankings: FakeRankings, watch: Watch
) -> None:
    watch.expect("422")
    rankings.error = (422, {"kind": "refused", "what": "周期还没有开始", "where": "as_of", "then": "请选较早的周期"})
    page = open_page(1440, 900)
    page.goto(rankings.url + "?as_of=2020-01-01T00:00")
    expect(page.locator(".failed")).to_contain_text("周期还没有开始")
    assert findings(page) == []
    rankings.error = None
    page.get_by_role("link", name="看本月的排名").click()
    expect(page.locator("main tbody tr[data-key]")).to_have_count(10)


def test_print_is_light_and_repeats_the_heads(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate("getComputedStyle(document.querySelector('main thead')).display") == "table-header-group"
    expect(page.locator(".choosing")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_a_city_without_units_says_so(open_page: OpenPage, rankings: FakeRankings) -> None:
    rankings.table = replace(sample.table(), rows=())
    page = open_page(1440, 900)
    page.goto(rankings.url)
    expect(page.locator(".none")).to_contain_text("没有可排名的对象")
    assert findings(page) == []


def test_the_age_of_the_figures_is_said(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings)
    expect(page.locator(".age")).to_contain_text("实时")
    rankings.age_s = 200
    expect(page.locator(".age")).to_contain_text("滞后", timeout=15_000)


def test_a_live_view_follows_without_moving_focus_and_keeps_what_it_has_when_it_cannot(
    open_page: OpenPage, fake: StartRankings, watch: Watch
) -> None:
    rankings = fake(refresh_s=1)
    page = opened(open_page(1440, 900), rankings)
    page.locator("main tbody tr").nth(5).locator(".open").focus()
    key = page.evaluate("document.activeElement.closest('tr').dataset.key")
    first = sample.table()
    rankings.table = replace(first, rows=tuple(reversed(first.rows)))
    expect(page.locator("main tbody tr").first.locator(".open")).to_have_text("城投公司", timeout=10_000)
    assert page.evaluate("document.activeElement.closest('tr').dataset.key") == key

    watch.expect("502")
    rankings.down = True
    expect(page.locator(".failed")).to_contain_text("上一次读到的数字", timeout=10_000)
    assert len(names(page)) == 10
    rankings.down = False
    expect(page.locator(".failed")).to_be_hidden(timeout=10_000)


def test_a_pinned_view_stands_still(open_page: OpenPage, fake: StartRankings) -> None:
    rankings = fake(refresh_s=0.5)
    page = opened(open_page(1440, 900), rankings, "?as_of=2026-05-10T08:00")
    page.wait_for_timeout(500)
    before = len([path for path, given in rankings.asked if path == "view"])
    page.wait_for_timeout(2000)
    assert len([path for path, given in rankings.asked if path == "view"]) == before
    expect(page.locator(".age")).to_contain_text("截至过去时刻")


def test_english_has_every_word(open_page: OpenPage, fake: StartRankings, shot: Shot) -> None:
    page = opened(open_page(1440, 900), fake(language="en"))
    shot(page, "rankings-english-1440")
    assert findings(page) == []


def test_five_hundred_units_stay_fluid(open_page: OpenPage, rankings: FakeRankings) -> None:
    rankings.table = sample.table(rows=500)
    page = open_page(1440, 900)
    page.add_init_script(LONG_TASKS)
    opened(page, rankings)
    becomes(page, "document.querySelector('main table').dataset.drawn === '500'")
    page.wait_for_timeout(1000)
    page.evaluate("longTasks.length = 0")
    page.locator("th.c-overdue_open .sort").click()
    becomes(page, "document.querySelector('main table').dataset.drawn === '500'")
    page.locator(".find").type("第1", delay=60)
    page.locator(".find").fill("")
    page.wait_for_timeout(500)
    assert max(page.evaluate("longTasks"), default=0) < 150  # alone 50 and less; others may load this machine


def test_what_was_cleared_stays_cleared_when_the_answer_fails(
    open_page: OpenPage, rankings: FakeRankings, watch: Watch
) -> None:
    watch.expect("503")
    page = opened(open_page(1440, 900), rankings, "?channel=hotline")
    rankings.error = (503, {"what": "数据库读不出来"})
    page.get_by_role("button", name="去掉筛选").click()
    expect(page.locator(".failed")).to_be_visible(timeout=15_000)
    rankings.error = None
    page.get_by_role("button", name="二类").click()
    expect(page.locator(".failed")).to_be_hidden(timeout=15_000)
    assert "channel" not in page.url
    assert "channel" not in rankings.asked[-1][1]


def test_from_a_past_instant_a_button_leads_back_to_now(open_page: OpenPage, rankings: FakeRankings) -> None:
    page = opened(open_page(1440, 900), rankings, "?as_of=2026-05-18T10:00&period=month&on=2026-05-18")
    rankings.table = replace(sample.table(), ask=replace(sample.ask(), pinned=True))
    page.reload()
    page.get_by_role("button", name="回到现在").click()
    expect(page).not_to_have_url("*as_of*")
    assert "as_of" not in page.url


def test_english_has_no_chinese_marks(open_page: OpenPage, fake: StartRankings) -> None:
    page = opened(open_page(1440, 900), fake(language="en"))
    for said in page.locator(
        "main button:not(.open), main label > span, main thead, .line, .unfinished"
    ).all_inner_texts():
        assert not set("，。、（）：") & set(said), said
