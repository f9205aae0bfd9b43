"""A whole wall: its page, its views, and one failed panel among good ones."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.texts import Texts, load_texts
from config.walls import Wall, load_walls
from domain.city import City
from domain.figures import figures_of
from domain.refusals import Refusal
from domain.snapshot import Snapshot
from layouts import ids
from layouts.panel import loading_view
from layouts.panels.registry import PANELS
from layouts.views import PanelView, plain
from layouts.wall import render_wall, wall_page
from tests.builders import a_city, a_snapshot, a_spotlight, an_empty_snapshot
from tests.layouts.trees import components, wall_settings

WALLS = load_walls()
MOST_COMPONENTS = 300  # Dash subscribes each one: rows are drawn by script instead


@pytest.fixture
def wall() -> Wall:
    return WALLS["main"]


def addresses_in(view: object) -> Iterator[str]:
    if isinstance(view, dict):
        if view.get("address"):
            yield view["address"]
        for part in view.values():
            yield from addresses_in(part)
    elif isinstance(view, list):
        for part in view:
            yield from addresses_in(part)


@pytest.mark.parametrize("key", WALLS)
def test_every_panel_has_its_place_once(key: str) -> None:
    wall = WALLS[key]

    page = wall_page(wall, a_city(), load_texts(wall.language))
    panels = [props["data-panel"] for props in components(page) if "data-panel" in props]

    assert sorted(panels) == sorted({"title", *wall.panels})


@pytest.mark.parametrize("key", WALLS)
def test_a_page_has_few_components(key: str) -> None:
    wall = WALLS[key]

    assert len(list(components(wall_page(wall, a_city(), load_texts(wall.language))))) < MOST_COMPONENTS


def test_the_page_asks_for_its_own_city_and_key(wall: Wall, texts: Texts) -> None:
    page = wall_page(wall, a_city(id="mou"), texts, "mou.main")

    assert wall_settings(page)["key"] == "mou.main"
    assert wall_settings(page)["map"]["address"] == "/geo/mou"


def test_the_map_is_empty_until_a_view_names_its_version(wall: Wall, texts: Texts) -> None:
    """A page opened before the first picture would otherwise keep the shapes of a city that had none yet."""
    layers = {props["id"]: props for props in components(wall_page(wall, a_city(), texts)) if "onEachFeature" in props}

    assert set(layers) == {ids.MAP_CELLS, ids.MAP_BASE}
    assert all("url" not in props and props["data"]["features"] == [] for props in layers.values())


def test_the_citys_own_limit_of_age_wins(wall: Wall, texts: Texts) -> None:
    cities = (a_city(), a_city(stale_after_s=120.0))

    assert [wall_settings(wall_page(wall, city, texts))["stale_after_s"] for city in cities] == [15, 120]


@pytest.mark.parametrize("changes", [{}, {"no_position_today": 3}])
def test_every_address_on_the_wall_is_a_figure_of_the_snapshot(
    wall: Wall, city: City, texts: Texts, changes: dict[str, object]
) -> None:
    snapshot = a_snapshot(**changes)
    drawn = set(addresses_in(render_wall(wall, snapshot, city, texts)))

    assert len(drawn) > 80
    assert drawn <= figures_of(snapshot, city.zone).keys()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("snapshot", [a_snapshot(), an_empty_snapshot()], ids=["afternoon", "empty"])
def test_views_are_plain_json(wall: Wall, city: City, language: str, snapshot: Snapshot) -> None:
    views = render_wall(wall, snapshot, city, load_texts(language))

    assert json.loads(json.dumps(views)) == views


def test_the_same_snapshot_gives_the_same_views(wall: Wall, city: City, texts: Texts) -> None:
    assert render_wall(wall, a_snapshot(), city, texts) == render_wall(wall, a_snapshot(), city, texts)


def test_a_panel_that_fails_leaves_the_others_alone(
    wall: Wall, city: City, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> PanelView:
        raise ZeroDivisionError

    monkeypatch.setattr("layouts.wall.PANELS", {**PANELS, "trend": replace(PANELS["trend"], render=breaks)})
    heard: list[tuple[str, str]] = []

    views = render_wall(wall, a_snapshot(), city, texts, lambda name, error: heard.append((name, type(error).__name__)))

    assert [name for name, view in views.items() if view["state"] == "error"] == ["trend"]
    assert "body" not in views["trend"]
    assert heard == [("trend", "ZeroDivisionError")]


@pytest.mark.parametrize("name", sorted(set(PANELS) - {"title", "kpi"}))
def test_a_panel_whose_check_failed_shows_no_number(name: str, wall: Wall, city: City, texts: Texts) -> None:
    view = render_wall(wall, a_snapshot(failed_checks=(name,)), city, texts)[name]

    assert view["state"] == "error"
    assert not list(addresses_in(view))


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_has_a_place_before_the_first_picture(name: str, city: City, texts: Texts) -> None:
    view = plain(loading_view(PANELS[name], city, texts))

    assert isinstance(view, dict)
    assert view["state"] == "loading"
    assert not list(addresses_in(view))


def test_a_wall_with_an_unknown_panel_is_refused(wall: Wall, city: City, texts: Texts) -> None:
    page = wall.pages[0].model_copy(update={"areas": {"left": ["trend", "weather"]}})

    with pytest.raises(Refusal, match="weather"):
        wall_page(wall.model_copy(update={"pages": [page]}), city, texts)


def test_each_wall_shows_only_what_the_desk_shows_on_it(city: City, texts: Texts) -> None:
    shown = a_snapshot(spotlights=(a_spotlight(),))
    here, there = render_wall(WALLS["main"], shown, city, texts), render_wall(WALLS["main-en"], shown, city, texts)

    assert json.dumps(here["alerts"], ensure_ascii=False).count("20260519-0888") == 1
    assert here["map"]["body"]["spot"] == [113.09, 30.60]  # type: ignore[index]
    assert there == render_wall(WALLS["main-en"], a_snapshot(), city, texts)
