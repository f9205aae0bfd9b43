"""The frame of the administration (管理台): top bar, list of its pages, and one page beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.people import POST_WORDS, Person, Post

# group -> (name, address, who may open it); a page that does not exist yet is not on the list
PAGES: Mapping[str, Sequence[tuple[str, str, frozenset[Post]]]] = {
    "people": (
        ("users", "/admin/users", frozenset({Post.SYS_ADMIN, Post.SECURITY_ADMIN})),
        ("channels", "/admin/channels", frozenset({Post.SYS_ADMIN})),
    ),
    "safety": (("audit", "/admin/audit", frozenset({Post.AUDIT_ADMIN})),),
}


def admin_frame(active: str, title: str, person: Person, content: Component, texts: Texts) -> Component:
    """`content` fills what is right of the list of pages: a middle, and a drawer of 24rem where there is one."""
    return html.Div(
        [
            _top(title, person, texts),
            html.Div([_list(active, person, texts), html.Div(content, className="admin-page")], className="admin-body"),
        ],
        className="admin",
    )


def _top(title: str, person: Person, texts: Texts) -> Component:
    posts = "、".join(POST_WORDS[post] for post in Post if post in person.posts)
    return html.Header(
        [
            html.Span(title, className="brand"),
            html.Nav(
                [
                    html.A(texts("admin.nav.entrance"), href="/"),
                    html.A(texts("admin.nav.admin"), className="on", **aria(current="true")),
                ],
                **aria(label=texts("admin.nav.label")),
            ),
            html.Span(f"{person.name}，{posts}", className="who"),
            html.A(texts("admin.nav.password"), href="/password"),
            html.A(texts("admin.nav.leave"), href="/signout"),
        ],
        className="admin-top",
    )


def _list(active: str, person: Person, texts: Texts) -> Component:
    rows: list[Component] = []
    for group, pages in PAGES.items():
        rows.append(html.B(texts(f"admin.group.{group}")))
        rows += [_entry(name, href, posts, active, person, texts) for name, href, posts in pages]
    return html.Nav(rows, className="admin-list", **aria(label=texts("admin.nav.admin")))


def _entry(name: str, href: str, posts: frozenset[Post], active: str, person: Person, texts: Texts) -> Component:
    """A page that this person may not open stays on the list, with the reason."""
    words = texts(f"admin.page.{name}")
    if not person.posts & posts:
        whose = "、".join(POST_WORDS[post] for post in Post if post in posts)
        return html.Span(words, className="closed", title=texts("admin.only", posts=whose))
    current = aria(current="page") if name == active else {}
    return html.A(words, href=href, className="on" if name == active else "", **current)


def aria(**values: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in values.items()}
