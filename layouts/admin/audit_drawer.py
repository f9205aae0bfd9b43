"""One line of the log in the drawer: all that was written with it, and its place in its chain."""

import json

from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.city import City
from domain.logbook import Link, LogEntry
from layouts import ids
from layouts.admin.audit import action_words, posts_words, who_words

NOT_HERE = frozenset(
    {"address", "description", "place", "lon", "lat", "position"}
)  # where somebody lives is not for this log
COMMAND = "python app.py verify --city {city}"


def audit_drawer(entry: LogEntry | None, city: City, texts: Texts) -> Component:
    """`entry` is None when there is no such line, or no longer."""
    if entry is None:
        return html.P(texts("audit.choose"), className="ad-none")
    row = entry.row
    at = city.local(row.at)
    number = "audit.version" if row.case_id is not None else "audit.number"
    facts = [
        (texts("audit.head.time"), f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}"),
        (texts("audit.head.who"), f"{who_words(row, texts)}{f'，{row.post}' if row.post else ''}"),
        (texts("audit.head.about"), row.about or "—"),
        (texts(number), str(row.number)),
        (texts("audit.result"), texts("audit.not_done" if row.refused else "audit.done")),
    ]
    written = [
        (_named(name, texts), _shown(name, value, texts))
        for name, value in row.detail.items()
        if row.case_id is None or name not in NOT_HERE
    ]
    told = texts("audit.link_whole" if entry.whole else "audit.link_broken")
    case = html.A(texts("audit.case"), href=f"/dispatch?case={row.about}", className="btn") if row.case_id else None
    return html.Div(
        [
            html.Div([html.H1(action_words(row, texts)), _close(texts)], className="ad-title"),
            _pairs(facts),
            *([html.H2(texts("audit.written")), _pairs(written)] if written else []),
            html.H2([texts("audit.chain"), html.Small(texts("audit.chain_of"))]),
            _links(entry, city, texts),
            html.Div([html.P(told)], className="ad-said" if entry.whole else "ad-said bad"),
            html.Div(
                [html.Small(texts("audit.command")), html.Code(COMMAND.format(city=city.id), className="ad-link")],
                className="ad-said",
            ),
            *([html.Div(case, className="ad-buttons")] if case else []),
        ],
        className="ad-one",
    )


def _close(texts: Texts) -> Component:
    return html.Button(
        [texts("users.close"), html.Kbd("Esc")], id=ids.one_of(ids.AUDIT_DO, "close"), n_clicks=0, type="button",
        className="ad-close",
    )  # fmt: skip


def _pairs(pairs: list[tuple[str, str]]) -> Component:
    return html.Dl([part for key, value in pairs for part in (html.Dt(key), html.Dd(value))], className="ad-pairs")


def _links(entry: LogEntry, city: City, texts: Texts) -> Component:
    here = Link(entry.row.at, entry.row.hash)
    rows = [("audit.before", entry.before), ("audit.here", here), ("audit.after", entry.after)]
    lines = []
    for key, one in rows:
        if one is None:
            continue
        digest = " ".join(one.hash.hex()[place : place + 4] for place in (0, 4, 8))
        words = f"{texts(key)} {city.local(one.at):%H:%M:%S}"
        lines.append(
            html.Li([words, html.Span(f"{digest}…", className="hash")], className="here" if one is here else "")
        )
    return html.Ul(lines, className="ad-links")


def _named(name: str, texts: Texts) -> str:
    key = f"audit.detail.{name}"
    return texts(key) if texts.has(key) else name


def _shown(name: str, value: object, texts: Texts) -> str:
    if name in ("posts", "held", "wanted"):
        return posts_words(value, texts)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
