"""The bar over every page for people: the hall's name, the pages this person may open, and who is signed in."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.people import DESK_READERS, POST_WORDS, RANKING_READERS, Person, Post

PASSWORD, LEAVE = "/password", "/signout"
PAGES: Mapping[str, tuple[str, frozenset[Post]]] = {
    "rankings": ("/rankings", RANKING_READERS),
    "dispatch": ("/dispatch", DESK_READERS),
}


def top_bar(
    title: str,
    person: Person,
    texts: Texts,
    here: str,
    wall: str,
    *,
    beside: Sequence[Component] = (),
    heads: Sequence[Component] = (),
    prints: Sequence[Component] = (),
) -> Component:
    """`here` is the name of the page in PAGES; `wall` the key of the wall the first link opens. `beside` stands after
    the links, `heads` before the person, `prints` in the person's menu. The scripts fill `.age`."""
    links = [html.A(texts("top.wall"), href=f"/wall/{wall}")]
    for name, (address, posts) in PAGES.items():
        if name == here:
            links.append(html.A(texts(f"top.{name}"), href=address, className="on", **_aria(current="page")))
        elif person.posts & posts:
            links.append(html.A(texts(f"top.{name}"), href=address))
    return html.Header(
        [
            html.Span(title, className="brand"),
            html.Nav([*links, *beside], **_aria(label=texts("top.label"))),
            html.Div(className="age"),
            *heads,
            _menu(person, texts, prints),
        ],
        className="top-bar",
    )


def _menu(person: Person, texts: Texts, prints: Sequence[Component]) -> Component:
    """Who is signed in, with which posts, what may be printed, and the way out."""
    posts = "、".join(POST_WORDS[post] for post in Post if post in person.posts)
    inside = [
        html.Span(posts, className="posts"),
        *prints,
        html.A(texts("top.password"), href=PASSWORD),
        html.A(texts("top.leave"), href=LEAVE, className="leave"),
    ]
    return html.Details([html.Summary(person.name, title=posts), html.Div(inside)], className="who")


def _aria(**values: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in values.items()}
