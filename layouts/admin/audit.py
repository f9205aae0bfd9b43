"""审计日志: the state of the chain, thirty days of seals, the rows. The drawer is layouts.admin.audit_drawer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.texts import Texts
from domain.audit import SYSTEM
from domain.city import City
from domain.life_cycle import ACTION_WORDS
from domain.logbook import DAYS, FILTERS, PER_PAGE, ChainState, LogRow
from domain.people import POST_WORDS
from layouts import ids
from layouts.admin.frame import aria
from layouts.formats import count, dated_time

HEADS = ("time", "who", "what", "about", "words", "digest")
POSTS = {post.value: words for post, words in POST_WORDS.items()}
CASE_ACTIONS = {action.value: words for action, words in ACTION_WORDS.items()}


def audit_page(state: ChainState, rows: Sequence[LogRow], city: City, texts: Texts) -> Component:
    """As it is opened: everything, newest first, nothing chosen."""
    head = html.Div(
        [
            html.H1(texts("audit.title")),
            html.Small(texts("audit.kept")),
            html.Div([audit_button(texts("audit.verify"), "verify", primary=True)]),
        ],
        className="ad-head",
    )
    body = html.Div(audit_body(state, rows, "all", 0, "", city, texts), id=ids.AUDIT_BODY)
    nothing = html.P(texts("audit.choose"), className="ad-none")
    return html.Div(
        [
            dcc.Store(id=ids.AUDIT_STATE, data={}),
            html.Main([head, body], className="ad-main"),
            html.Aside(nothing, id=ids.AUDIT_DRAWER, className="ad-drawer", **aria(label=texts("audit.drawer"))),
        ],
        className="ad-cols",
    )


def audit_body(
    state: ChainState, rows: Sequence[LogRow], chosen: str, page: int, key: str, city: City, texts: Texts
) -> list[Component]:
    """`rows` may hold one more than a page: then there are older ones."""
    shown = rows[:PER_PAGE]
    heads = [
        html.Th(texts(f"audit.head.{name}"), scope="col", className="n" if name == "digest" else None) for name in HEADS
    ]
    lines = [_line(row, row.key == key, state, city, texts) for row in shown]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="ad-table logs")
    turns = [
        audit_button(texts("audit.newer"), "back", disabled=page == 0),
        audit_button(texts("audit.older"), "on", disabled=len(rows) <= PER_PAGE),
    ]
    told = html.Span(texts("audit.shown", first=page * PER_PAGE + 1, last=page * PER_PAGE + len(shown)))
    foot = html.Div([told, *turns], className="ad-foot")
    none = html.P(texts("audit.none"), className="ad-none")
    return [
        _chain(state, city, texts), _seals(state, texts), _filters(state, chosen, texts),
        *([table, foot] if shown else [none]),
    ]  # fmt: skip


def audit_button(words: str, name: str, primary: bool = False, disabled: bool = False) -> Component:
    look = "btn btn-primary" if primary else "btn"
    return html.Button(
        words, id=ids.one_of(ids.AUDIT_DO, name), n_clicks=0, type="button", className=look, disabled=disabled
    )


def action_words(row: LogRow, texts: Texts) -> str:
    if row.case_id is not None:
        return CASE_ACTIONS.get(row.action, row.action)
    key = f"audit.actions.{row.action}"
    return texts(key) if texts.has(key) else row.action


def who_words(row: LogRow, texts: Texts) -> str:
    return texts("audit.system") if row.who == SYSTEM else row.who


def to_the_second(moment: datetime, today: date, city: City, texts: Texts) -> str:
    at = city.local(moment)
    return f"{at:%H:%M:%S}" if at.date() == today else dated_time(moment, today, city, texts)


def posts_words(posts: Any, texts: Texts) -> str:
    named = "、".join(POSTS.get(str(post), str(post)) for post in posts or ())
    return named or texts("audit.no_posts")


def row_words(row: LogRow, texts: Texts) -> str:
    """What happened, in one line: the reason of a refusal, the posts of a change, or what was written with it."""
    if why := row.detail.get("why"):
        key = f"audit.why.{why}"
        return texts(key, failures=row.detail.get("failures", "")) if texts.has(key) else str(why)
    if "wanted" in row.detail:
        held, wanted = (posts_words(row.detail.get(name), texts) for name in ("held", "wanted"))
        return f"{held} → {wanted}" if "held" in row.detail else wanted
    if "posts" in row.detail:
        return posts_words(row.detail["posts"], texts)
    told = ("reason", "note", "text") if row.case_id is not None else ("address",)  # a case's place is not for this log
    return next((str(row.detail[name])[:80] for name in told if row.detail.get(name)), "")


def short(digest: bytes) -> str:
    return f"{digest.hex()[:4]}…"


def _chain(state: ChainState, city: City, texts: Texts) -> Component:
    broken = state.broken
    facts: Mapping[str, str] = {
        "state": broken.what if broken else texts("audit.whole"),
        "entries": count(state.entries),
        "checked": to_the_second(state.checked_at, state.today, city, texts),
        "refused": count(state.refused_today),
    }
    boxes = []
    for name, value in facts.items():
        mark = [html.I("✕" if broken else "●", className="alarm" if broken else "flow")] if name == "state" else []
        boxes.append(html.Div([html.Span([*mark, texts(f"audit.fact.{name}")]), html.B(value)]))
    return html.Div(boxes, className="ad-chain bad" if broken else "ad-chain")


def _seals(state: ChainState, texts: Texts) -> Component:
    days = [state.today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    cells = [html.I(className="sealed" if day in state.sealed else "", title=day.isoformat()) for day in days]
    told = texts("audit.sealed", sealed=sum(day in state.sealed for day in days))
    return html.Div(
        [html.Span(texts("audit.seals")), html.Div(cells, **aria(hidden="true")), html.Span(told)], className="ad-days"
    )


def _filters(state: ChainState, chosen: str, texts: Texts) -> Component:
    buttons = []
    for name in FILTERS:
        words = texts(f"audit.filter.{name}") + (f" {state.refused_today}" if name == "refused" else "")
        on = name == chosen
        buttons.append(
            html.Button(
                words, id=ids.one_of(ids.AUDIT_TAB, name), n_clicks=0, type="button", className="on" if on else "",
                **aria(pressed="true" if on else "false"),
            )
        )  # fmt: skip
    return html.Div(buttons, className="ad-tabs apart")


def _line(row: LogRow, on: bool, state: ChainState, city: City, texts: Texts) -> Component:
    words = row_words(row, texts)
    shown = html.Td(
        f"▲ {texts('audit.refused')}{words}" if row.refused else words, className="warn" if row.refused else "ad-words"
    )
    pick = html.Button(
        to_the_second(row.at, state.today, city, texts),
        id=ids.one_of(ids.AUDIT_ROW, row.key),
        n_clicks=0,
        type="button",
        className="ad-pick plain",
    )
    return html.Tr(
        [
            html.Td(pick),
            html.Td(html.B(who_words(row, texts))),
            html.Td(action_words(row, texts)),
            html.Td(row.about or "—"),
            shown,
            html.Td(short(row.hash), className="n hash"),
        ],
        className="on" if on else "",
    )
