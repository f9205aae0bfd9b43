"""The desk's page: top bar, queue, case and side. The scripts in assets/js/desk fill them from /api/desk/."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.people import Person, Post
from layouts import ids
from layouts.top import LEAVE, top_bar

SCRIPT_WORDS = "desk"
CASELESS = ("entry", "handover")  # sheets that are opened without a case


@dataclass(frozen=True)
class Desk:
    """What the page must know besides the person: the hall, its clock and its map."""

    title: str
    zone: str
    map_address: str
    wall: str  # the wall whose colours the map of the place repeats
    stale_after_s: float
    down_after_s: float
    prints: tuple[str, ...] = ("keys", "exposures")  # what the person menu prints: /desk/print/<name>


def desk_page(desk: Desk, person: Person, texts: Texts, sheets: Sequence[str] = ()) -> Component:
    """The page for one signed-in person; what it may do is decided by the server at every request.

    `sheets` are the names that a button of one sheet may open another by.
    """
    settings = json.dumps(_settings(desk, person, texts) | {"sheets": list(sheets)}, ensure_ascii=False)
    return html.Div(
        [
            html.A(texts("desk.skip"), href=f"#{ids.DESK_CASE}", className="skip"),
            _top(desk, person, texts),
            html.Div(
                [
                    _area("section", ids.DESK_QUEUE, "queue", texts("desk.area.queue")),
                    html.Main(id=ids.DESK_CASE, className="case", tabIndex=-1, **_aria(label=texts("desk.area.case"))),
                    _area("aside", ids.DESK_SIDE, "side", texts("desk.area.side")),
                ],
                className="columns-desk",
            ),
            html.Div(id=ids.DESK_TOASTS, className="toasts", role="status", **_aria(live="polite")),
            html.Div(id=ids.DESK_ALERT, className="unseen", role="alert", **_aria(live="assertive")),
        ],
        id=ids.DESK,
        className="dispatch",
        **_data(settings=settings, fresh="loading", view="queue"),
    )


def _top(desk: Desk, person: Person, texts: Texts) -> Component:
    sheets = [
        html.Button(texts(f"desk.nav.{name}"), type="button", className="open-sheet", **_data(sheet=name))
        for name in CASELESS
        if person.at_the_desk
    ]
    prints = [
        html.A(texts(f"desk.menu.{name}"), href=f"/desk/print/{name}", target="_blank")
        for name in desk.prints
        if person.at_the_desk
    ]
    heads = [html.Div(className="heads")]
    return top_bar(desk.title, person, texts, "dispatch", desk.wall, beside=sheets, heads=heads, prints=prints)


def _area(kind: str, key: str, class_name: str, label: str) -> Component:
    make: Any = html.Section if kind == "section" else html.Aside
    area: Component = make(id=key, className=class_name, **_aria(label=label))
    return area


def _settings(desk: Desk, person: Person, texts: Texts) -> dict[str, object]:
    return {
        "person": {
            "id": person.user_id,
            "name": person.name,
            "holds": person.at_the_desk,  # units and leaders act without the hold
            "desk": person.at_the_desk,
            "signs": Post.DUTY_CHIEF in person.posts,
            "notes": bool(person.posts - {Post.LEADER}),
        },
        "lang": texts.html_lang,
        "zone": desk.zone,
        "stale_after_s": desk.stale_after_s,
        "down_after_s": desk.down_after_s,
        "map": desk.map_address,
        "wall": desk.wall,
        "leave": LEAVE,
        "words": dict(texts.under(SCRIPT_WORDS)),
    }


def _data(**values: str) -> dict[str, Any]:
    """data-* attributes; Any, because a component's typed arguments cannot name them."""
    return {f"data-{name}": value for name, value in values.items()}


def _aria(**values: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in values.items()}
