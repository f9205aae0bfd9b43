"""The entrance and the page for addresses that do not exist."""

from config.texts import Texts
from layouts.door import Door, door_page, missing_page
from tests.layouts.trees import links, words


def test_each_way_in_is_a_link(texts: Texts) -> None:
    page = door_page("澜州市", [Door("/wall/main", "大屏 main", "城区运行总览，中文")], texts)

    assert links(page) == ["/wall/main"]


def test_a_missing_page_names_what_was_asked_and_one_way_on(texts: Texts) -> None:
    page = missing_page("澜州市", "/wall/mian", texts)

    assert "没有 /wall/mian 这个页面" in words(page)
    assert "404" in words(page)
    assert links(page) == ["/"]
