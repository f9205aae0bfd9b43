"""The skeleton of the rankings. The scripts in assets/js/rankings fill it from /api/rankings/."""

import json
from dataclasses import dataclass
from typing import Any

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.people import Person
from layouts.top import LEAVE, top_bar

ROOT, MAIN, DRAWER, SAID = "rankings", "rankings-main", "rankings-drawer", "rankings-said"
HEAT_MAP, HEAT_CELLS, HEAT_LINES = "heat-map", "heat-cells", "heat-lines"


@dataclass(frozen=True)
class RankingsPage:
    """What the page must know besides the person: the hall, its clock and its map."""

    title: str
    zone: str
    map_address: str
    wall: str  # the wall that the first link opens
    stale_after_s: float
    refresh_s: float = 60  # how often a live view is read again


def rankings_page(page: RankingsPage, person: Person, texts: Texts) -> Component:
    """The page for one signed-in person; what it may see is decided by the server at every question."""
    main = [
        html.Div(className="head"),
        html.Div(className="choosing", hidden=True),
        html.Div(className="states"),
        html.Div(className="body"),
        html.Div(_heat_map(), className="heat", hidden=True),
        html.Div(className="under"),
    ]
    settings = json.dumps(_settings(page, person, texts), ensure_ascii=False)
    return html.Div(
        [
            html.A(texts("rankings.skip"), href=f"#{MAIN}", className="skip"),
            top_bar(page.title, person, texts, "rankings", page.wall),
            html.Div(
                [
                    html.Main(main, id=MAIN, tabIndex=-1, **_aria(label=texts("rankings.title"))),
                    html.Aside(id=DRAWER, hidden=True, **_aria(label=texts("rankings.drawer"))),
                ],
                className="columns",
            ),
            html.Div(id=SAID, className="said", role="status", **_aria(live="polite")),
        ],
        id=ROOT,
        className="rankings",
        **_data(settings=settings, view="table"),
    )


def _heat_map() -> list[Component]:
    """Cells coloured by a hideout that only carries their classes; still, so that nothing but colours changes."""
    nothing: Any = {"type": "FeatureCollection", "features": []}
    panes = [dl.Pane(name=name) for name in ("context", "land", "streets", "water", "outline")]
    cells = dl.GeoJSON(id=HEAT_CELLS, data=nothing, style={"variable": "gridwall.rankings.heat.cell"}, hideout={})
    lines = dl.GeoJSON(id=HEAT_LINES, data=nothing, style={"variable": "gridwall.map.base"})
    layers = [*panes, dl.Pane(cells, name="cells"), lines]
    still = {name: False for name in ("zoomControl", "attributionControl", "keyboard", "scrollWheelZoom")}
    ground = dl.Map(layers, id=HEAT_MAP, center=[0, 0], zoom=3, zoomSnap=0, **still)
    return [html.Div(className="heat-head"), html.Div(ground, className="ground"), html.Div(className="heat-list")]


def _settings(page: RankingsPage, person: Person, texts: Texts) -> dict[str, object]:
    return {
        "person": {"id": person.user_id, "name": person.name},
        "lang": texts.html_lang,
        "zone": page.zone,
        "map": page.map_address,
        "stale_after_s": page.stale_after_s,
        "refresh_ms": round(page.refresh_s * 1000),
        "leave": LEAVE,
        "words": dict(texts.under("rankings")),
        "why": dict(texts.under("rankings_why")),  # of the drawer
    }


def _data(**values: str) -> dict[str, Any]:
    """data-* attributes; Any, because a component's typed arguments cannot name them."""
    return {f"data-{name}": value for name, value in values.items()}


def _aria(**values: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in values.items()}
