"""A wall page, and the views that fill it."""

import json
from collections.abc import Mapping
from typing import Any

import dash_leaflet as dl
from dash import dcc, html
from dash.development.base_component import Component

from config.texts import Texts
from config.walls import Page, Wall
from domain.city import City
from domain.refusals import Refusal
from domain.snapshot import Snapshot
from layouts import ids
from layouts.panel import OnError, loading_view, rendered
from layouts.panels.registry import PANELS
from layouts.views import plain

TITLE = "title"  # the title row is a panel too, on every page of every wall
AREAS = ("kpi", "left", "map", "right", "bottom")
SCRIPT_WORDS = ("clock", "duration", "fresh")  # phrases whose values only the browser knows
STILL = {
    name: False
    for name in (
        "zoomControl",
        "attributionControl",
        "dragging",
        "scrollWheelZoom",
        "doubleClickZoom",
        "boxZoom",
        "keyboard",
        "touchZoom",
        "tapHold",
        "zoomAnimation",
        "fadeAnimation",
        "markerZoomAnimation",
    )
}


def wall_page(wall: Wall, city: City, texts: Texts, key: str | None = None) -> Component:
    """The page of one wall. `key` is what the browser asks for when it is not the served city's (city.wall).

    Raises Refusal when the wall names a panel that does not exist.
    """
    refuse_unknown_panels(wall)
    page = wall.pages[0]
    areas = [_area(name, page.areas[name]) for name in AREAS if name in page.areas]
    settings = json.dumps(_settings(wall, city, texts, key or wall.key), ensure_ascii=False)
    return html.Main(
        [_title_row(wall, page, city, texts), *areas],
        id=ids.WALL,
        className="wall",
        **_data(fresh="loading", settings=settings),
    )


def render_wall(
    wall: Wall, snapshot: Snapshot, city: City, texts: Texts, on_error: OnError | None = None
) -> dict[str, dict[str, object]]:
    """Every panel of the wall by name, as plain JSON; rendered once for all viewers."""
    views: dict[str, dict[str, object]] = {}
    shown = snapshot.on_wall(wall.key)
    for name in (TITLE, *wall.panels):
        view = plain(rendered(PANELS[name], shown, city, texts, on_error))
        assert isinstance(view, dict)
        views[name] = view
    return views


def refuse_unknown_panels(wall: Wall) -> None:
    unknown = [name for name in wall.panels if name not in PANELS]
    if unknown:
        known = "、".join(PANELS)
        raise Refusal(f"大屏 {wall.key} 里没有这样的面板：{'、'.join(unknown)}", "config/walls", f"可用的面板：{known}")


def _settings(wall: Wall, city: City, texts: Texts, key: str) -> Mapping[str, object]:
    """What the scripts need before the first answer, and for words whose values only the browser knows."""
    names = (TITLE, *wall.panels)
    return {
        "key": key,
        "lang": texts.html_lang,
        "zone": city.zone.key,
        "stale_after_s": city.stale_after_s or wall.stale_after_s,
        "down_after_s": wall.down_after_s,
        "map": {"measures": wall.map.measures, "seconds": wall.map.seconds, "address": f"/geo/{city.id}"},
        "words": {f"{part}.{name}": word for part in SCRIPT_WORDS for name, word in texts.under(part).items()},
        "loading": {name: plain(loading_view(PANELS[name], city, texts)) for name in names},
    }


def _title_row(wall: Wall, page: Page, city: City, texts: Texts) -> Component:
    pages = [
        html.Span(texts(f"page.{one.name}_word"), className="on" if one is page else "")
        for one in wall.pages
        if len(wall.pages) > 1
    ]
    return html.Header(
        [
            html.H1(city.title),
            html.Span(texts(f"page.{page.name}"), className="page-name"),
            html.Div(className="words"),
            html.Nav(pages, className="pages"),
            html.Div(className="fresh"),
            html.Div(className="clock"),
        ],
        id=ids.panel(TITLE),
        className="title",
        **_data(panel=TITLE, kind=PANELS[TITLE].kind),
    )


def _data(**values: str) -> dict[str, Any]:
    """data-* attributes; Any, because a component's typed arguments cannot name them."""
    return {f"data-{name}": value for name, value in values.items()}


def _area(name: str, panels: list[str]) -> Component:
    return html.Div([_panel(panel) for panel in panels], className=f"area {name}-area")


def _panel(name: str) -> Component:
    """One place on the wall. The script owns `words`; components of other libraries stand beside it."""
    kind = PANELS[name].kind
    beside: list[Component] = [_graph()] if kind == "chart" else [_map()] if kind == "map" else []
    return html.Section(
        [html.Div(className="words"), *beside],
        id=ids.panel(name),
        className=f"panel {name}",
        **_data(panel=name, kind=kind),
    )


def _graph() -> Component:
    """An empty figure without template; the chart script sets arrays, tokens and sizes."""
    config: Any = {"staticPlot": True, "displayModeBar": False, "responsive": True}
    figure = {"data": [], "layout": {"template": None}}
    return html.Div(dcc.Graph(id=ids.TREND_GRAPH, figure=figure, config=config), className="graph")


def _map() -> Component:
    """Leaflet on canvas, each layer in its own pane: a rebuilt layer must not be drawn over the others.

    The layers are empty: the map script fetches the shapes when a view names their version (none may exist yet).
    """
    nothing: Any = {"type": "FeatureCollection", "features": []}
    base = [dl.Pane(name=name) for name in ("context", "land", "streets", "water", "outline")]
    cells = dl.GeoJSON(
        id=ids.MAP_CELLS,
        data=nothing,
        style={"variable": "gridwall.map.cell"},
        onEachFeature={"variable": "gridwall.map.measure_cells"},
        hideout={"classes": ""},
    )
    lines = dl.GeoJSON(
        id=ids.MAP_BASE,
        data=nothing,
        style={"variable": "gridwall.map.base"},
        onEachFeature={"variable": "gridwall.map.measure_outline"},
    )
    cameras = dl.GeoJSON(
        id=ids.MAP_CAMERAS,
        data=nothing,
        pointToLayer={"variable": "gridwall.map.camera"},
    )
    layers = [*base, dl.Pane(cells, name="cells"), lines, dl.Pane(cameras, name="cameras")]
    leaflet = dl.Map(layers, id=ids.MAP, center=[0, 0], zoom=3, zoomSnap=0, preferCanvas=True, **STILL)
    return html.Div([html.Div(leaflet, className="map-bleed"), html.Div(className="map-marks")], className="ground")
