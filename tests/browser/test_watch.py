"""The browser tests' own ears: a dirty console or a foreign request must not pass unnoticed."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import OpenPage, Watch

CHINESE = "城管指挥大屏"


def serve(page: Page, body: str) -> None:
    """Answers every request of the page without a server, so that these tests need none."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=body)

    page.route("**/*", answer)
    page.goto("http://127.0.0.1:9/")
    page.evaluate("null")  # one round trip, so that what the page said before has been heard


def test_a_clean_page_passes(page: Page, watch: Watch) -> None:
    serve(page, f"<title>t</title><p>{CHINESE}</p><img src='/here.png'>")

    watch.check()


def test_a_console_error_is_heard(open_page: OpenPage, watch: Watch) -> None:
    serve(open_page(), "<script>console.error('broken')</script>")

    with pytest.raises(AssertionError, match="broken"):
        watch.check()
    watch.errors.clear()


def test_an_error_thrown_in_the_page_is_heard(open_page: OpenPage, watch: Watch) -> None:
    serve(open_page(), "<script>throw new Error('thrown')</script>")

    with pytest.raises(AssertionError, match="thrown"):
        watch.check()
    watch.errors.clear()


def test_an_expected_console_error_passes(open_page: OpenPage, watch: Watch) -> None:
    watch.expect("^broken")

    serve(open_page(), "<script>console.error('broken on purpose')</script>")

    watch.check()


def test_a_request_to_another_origin_is_seen(open_page: OpenPage, watch: Watch) -> None:
    serve(open_page(), "<img src='http://127.0.0.2:9/elsewhere.png'>")

    with pytest.raises(AssertionError, match=re.escape("127.0.0.2")):
        watch.check()
    watch.foreign.clear()


def glyphs_differ(page: Page) -> bool:
    """Whether two different Chinese characters look different: where no font has them, both are the same empty box."""
    serve(page, "<style>p { height: 60px; margin: 0; font: 40px sans-serif }</style><p>城</p><p>管</p>")
    city, tube = page.locator("p").all()
    return city.screenshot() != tube.screenshot()


def test_chinese_is_drawn_only_where_a_font_has_it(open_page: OpenPage, browser_without_cjk: Browser) -> None:
    assert not glyphs_differ(open_page(within=browser_without_cjk))
    if not glyphs_differ(open_page()):
        pytest.xfail("this machine has no CJK font of its own")
