"""用户与岗位: the list of accounts. The drawer beside it is layouts.admin.user_drawer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from config.texts import Texts
from domain.city import City
from domain.people import POST_WORDS, Post
from domain.user_list import PER_PAGE, TABS, Account, UserList, found, in_tab
from layouts import ids
from layouts.admin.frame import aria
from layouts.formats import row_time

MARKS = {"online": ("●", "flow"), "ran_out": ("▲", "warn"), "invited": ("▲", "warn"), "locked": ("✕", "alarm")}
HEADS = ("name", "account", "posts", "unit", "signed_in", "password", "state")
NUMBERS = ("signed_in", "password")  # columns set right


@dataclass(frozen=True)
class Looking:
    """What the administrator looks at."""

    tab: str = "all"
    text: str = ""
    page: int = 0
    user_id: int | None = None
    new: bool = False


def users_page(register: UserList, city: City, drawer: Component, texts: Texts, may_add: bool) -> Component:
    """As it is opened: the list of everybody, and the drawer with nobody in it."""
    search = dbc.Input(
        id=ids.USERS_SEARCH, type="search", placeholder=texts("users.search"), debounce=False, autocomplete="off"
    )
    looked_for = html.Label([html.Span(texts("users.search")), search, html.Kbd("/")], className="ad-search")
    add = [button(texts("users.new"), "new", primary=True)] if may_add else []
    head = html.Div(
        [
            html.H1(texts("users.title")),
            html.Small(_counts(register, texts)),
            html.Div(
                [
                    looked_for,
                    button(texts("users.export"), "export"),
                    *add,
                ]
            ),
        ],
        className="ad-head",
    )
    return html.Div(
        [
            dcc.Store(id=ids.USERS_STATE, data={}),
            dcc.Download(id=ids.USERS_FILE),
            html.Main(
                [head, html.Div(users_table(register, Looking(), city, texts), id=ids.USERS_TABLE)], className="ad-main"
            ),
            html.Aside(drawer, id=ids.USERS_DRAWER, className="ad-drawer", **aria(label=texts("users.drawer"))),
        ],
        className="ad-cols",
    )


def users_table(register: UserList, looking: Looking, city: City, texts: Texts) -> list[Component]:
    """Tabs with their counts, the rows of one page, and where one is among them."""
    shown = found(in_tab(register.accounts, looking.tab), looking.text)
    page = max(0, min(looking.page, (len(shown) - 1) // PER_PAGE))
    first = page * PER_PAGE
    rows = [_row(one, register, looking.user_id, city, texts) for one in shown[first : first + PER_PAGE]]
    heads = [
        html.Th(texts(f"users.head.{name}"), className="n" if name in NUMBERS else None, scope="col") for name in HEADS
    ]
    if not rows:
        return [_tabs(register, looking, texts), html.P(texts("users.none"), className="ad-none")]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="ad-table")
    return [_tabs(register, looking, texts), table, _foot(first, len(rows), len(shown), texts)]


def button(words: str, name: str, primary: bool = False, disabled: bool = False) -> Component:
    made: Component = dbc.Button(
        words,
        id=ids.one_of(ids.USERS_DO, name),
        color="primary" if primary else "secondary",
        disabled=disabled,
        n_clicks=0,
    )
    return made


def when(moment: Any, register: UserList, city: City, texts: Texts) -> str:
    return row_time(moment, city.day_of(register.now), city, texts) if moment else "—"


def post_tags(posts: Sequence[Post]) -> list[Component]:
    return [html.Span(POST_WORDS[post], className="ad-tag") for post in posts]


def _counts(register: UserList, texts: Texts) -> str:
    online = sum(one.online for one in register.accounts)
    disabled = sum(one.disabled for one in register.accounts)
    return texts("users.counts", all=len(register.accounts), online=online, disabled=disabled)


def _tabs(register: UserList, looking: Looking, texts: Texts) -> Component:
    tabs = [
        html.Button(
            [texts(f"users.tab.{tab}"), " ", str(len(in_tab(register.accounts, tab)))],
            id=ids.one_of(ids.USERS_TAB, tab), n_clicks=0, type="button", className="on" if tab == looking.tab else "",
            **aria(pressed="true" if tab == looking.tab else "false"),
        )
        for tab in TABS
    ]  # fmt: skip
    return html.Div(tabs, className="ad-tabs")


def _row(one: Account, register: UserList, chosen: int | None, city: City, texts: Texts) -> Component:
    state = one.state(register.now)
    mark, tone = MARKS.get(state, ("", ""))
    pick = html.Button(
        one.name, id=ids.one_of(ids.USERS_ROW, str(one.user_id)), n_clicks=0, type="button", className="ad-pick"
    )
    waiting = [html.Span(texts("users.waiting"), className="ad-tag warn")] if one.user_id in register.waiting else []
    return html.Tr(
        [
            html.Td(pick),
            html.Td(one.account, className="mute"),
            html.Td([*post_tags(one.posts), *waiting]),
            html.Td(one.unit_name or "—"),
            html.Td(when(one.signed_in_at, register, city, texts), className="n"),
            _password(one, register, texts),
            html.Td([html.I(mark, className=tone), texts(f"users.state.{state}")], className=f"ad-state {state}"),
        ],
        className="on" if one.user_id == chosen else "",
    )


def _password(one: Account, register: UserList, texts: Texts) -> Component:
    days = one.days_left(register.now)
    if days is None:
        return html.Td("—", className="n")
    words = texts("users.days", days=days) if days >= 0 else texts("users.over")
    return html.Td(f"▲ {words}", className="n warn") if one.soon(register.now) else html.Td(words, className="n")


def _foot(first: int, many: int, total: int, texts: Texts) -> Component:
    turns = [
        button(texts("users.back"), "back", disabled=first == 0),
        button(texts("users.on"), "on", disabled=first + many >= total),
    ]
    told = html.Span(texts("users.shown", first=first + 1, last=first + many, total=total))
    return html.Div([told, *(turns if total > PER_PAGE else [])], className="ad-foot")
