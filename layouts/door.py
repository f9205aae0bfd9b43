"""The entrance: a list of the surfaces that exist; and the page for addresses that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from config.texts import Texts


@dataclass(frozen=True)
class Door:
    """One way in."""

    href: str
    name: str
    line: str


def door_page(title: str, doors: Sequence[Door], texts: Texts) -> Component:
    ways = [html.A([html.B(door.name), html.Span(door.line)], href=door.href, className="way") for door in doors]
    return _desk(title, [html.H2(texts("door.title")), html.Div(ways, className="ways")])


def missing_page(title: str, path: str, texts: Texts) -> Component:
    """What is so, and one way on. No picture, no apology (DESIGN_LANGUAGE §15)."""
    return _desk(
        title,
        [
            html.Section(
                [
                    html.P([texts("missing.kind"), html.Em(texts("missing.code"))], className="kind"),
                    html.H2(texts("missing.head", path=path)),
                    html.P(texts("missing.line")),
                    html.A(texts("missing.back"), href="/", className="button"),
                ],
                className="notice",
            )
        ],
    )


def _desk(title: str, children: Sequence[Component]) -> Component:
    return html.Div(
        [html.Header(html.H1(title), className="desk-top"), html.Main(children, className="desk-body")],
        className="desk",
    )
