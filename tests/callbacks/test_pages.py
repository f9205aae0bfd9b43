"""Which page an address opens."""

import pytest
from dash import Dash

from callbacks.pages import Pages, draw_page, page_at, register, wall_key
from config.texts import load_texts
from config.walls import load_walls
from layouts import ids
from layouts.frame import frame
from tests.builders import a_city
from tests.layouts.trees import links, wall_settings, words


@pytest.fixture
def pages() -> Pages:
    served, other = a_city(), a_city(id="mou", title="某市指挥中心")
    return Pages(served, {"demo": served, "mou": other}, load_walls(), {one: load_texts(one) for one in ("zh", "en")})


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/wall/main", "main"),
        ("/wall/main/", "main"),
        ("/wall/main-en", "main-en"),
        ("/wall/demo/main", "main"),
        ("/wall/mou/main", "mou.main"),
    ],
)
def test_a_walls_address_opens_that_wall(pages: Pages, path: str, key: str) -> None:
    assert wall_settings(page_at(pages, path))["key"] == key


def test_each_wall_speaks_its_language(pages: Pages) -> None:
    assert wall_settings(page_at(pages, "/wall/main"))["lang"] == "zh-CN"
    assert wall_settings(page_at(pages, "/wall/main-en"))["lang"] == "en"


def test_the_root_lists_every_wall(pages: Pages) -> None:
    assert set(links(page_at(pages, "/"))) == {
        "/wall/main",
        "/wall/main-en",
        "/dispatch",
        "/rankings",
        "/signin",
        "/api/v1/snapshot?city=demo",
    }


@pytest.mark.parametrize("path", ["/wall", "/wall/lobby", "/wall/nowhere/main", "/wall/main/main/main", "/reports"])
def test_an_unknown_address_is_said_to_be_unknown(pages: Pages, path: str) -> None:
    assert f"没有 {path} 这个页面" in words(page_at(pages, path))


def test_a_city_that_is_not_served_has_its_own_key(pages: Pages) -> None:
    wall = pages.walls["main"]

    assert [wall_key(pages, city, wall) for city in pages.cities.values()] == ["main", "mou.main"]


def test_the_page_is_put_into_the_frame_by_one_callback(pages: Pages) -> None:
    app = Dash("pages")
    app.layout = frame
    register(app, pages)
    asked = {
        "output": f"{ids.PAGE}.children",
        "outputs": {"id": ids.PAGE, "property": "children"},
        "inputs": [{"id": ids.LOCATION, "property": "pathname", "value": "/wall/main"}],
        "changedPropIds": [f"{ids.LOCATION}.pathname"],
    }

    answer = app.server.test_client().post("/_dash-update-component", json=asked)

    assert answer.status_code == 200
    assert answer.json["response"][ids.PAGE]["children"]["props"]["id"] == ids.WALL


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/wall/main", 200), ("/wall/mou/main-en/", 200), ("/wall/lobby", 404), ("/x", 404)],
)
def test_an_unknown_address_is_unknown_by_its_status_too(pages: Pages, path: str, status: int) -> None:
    app = Dash("pages")
    app.layout = frame
    register(app, pages)

    answer = app.server.test_client().get(path)

    assert answer.status_code == status
    assert "_dash-renderer" in answer.get_data(as_text=True)  # the page that says so is drawn all the same


def test_anybody_may_ask_for_a_page() -> None:
    assert draw_page.__access__ == "public"  # type: ignore[attr-defined]
