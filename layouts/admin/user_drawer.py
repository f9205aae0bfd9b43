"""One account in the drawer: its posts, what they allow, and what may be done; or the form for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.abilities import abilities
from domain.city import City
from domain.people import ADMINISTRATORS, POST_WORDS, Person, Post, exclusions
from domain.user_list import Account, PostChange, UserList
from layouts import ids
from layouts.admin.users import button, post_tags, when


@dataclass(frozen=True)
class Said:
    """What the last act brought: a sentence, and after an invitation the link, shown this once."""

    words: str
    went: bool = True
    link: str = ""


ALWAYS_SAID = ("reporters", "release")  # what somebody may not is worth saying of these


def no_drawer(texts: Texts) -> Component:
    return html.P(texts("users.choose"), className="ad-none")


def user_drawer(
    one: Account, register: UserList, me: Person, chosen: Sequence[Post], said: Said | None, city: City, texts: Texts
) -> Component:
    """`chosen` are the posts as ticked; they take effect when two persons have agreed."""
    change = register.waiting.get(one.user_id)
    facts = (one.account, one.unit_name, texts("users.made", time=when(one.created_at, register, city, texts)))
    may = Post.SYS_ADMIN in me.posts and change is None
    return html.Div(
        [
            _head(one.name, texts),
            html.P("，".join(fact for fact in facts if fact), className="ad-under"),
            *_said(said, texts),
            *([_waiting(change, register, city, texts)] if change else []),
            html.H2(texts("users.posts")),
            _posts(chosen, one.unit is not None, may, texts),
            html.H2([texts("users.then"), html.Small(texts("users.from_posts"))]),
            _abilities(chosen, texts),
            *([] if change else [_two(texts)]),
            html.Div(_buttons(one, change, register, me, texts), className="ad-buttons"),
        ],
        className="ad-one",
    )


def new_drawer(
    register: UserList, chosen: Sequence[Post], fields: dict[str, str], said: Said | None, texts: Texts
) -> Component:
    """The form for a new account; posts wait for the second person."""
    unit = Post.UNIT_USER in chosen
    options = [{"label": name, "value": key} for key, name in register.units]
    choice = dbc.Select(
        id=_field("unit"), options=options, value=fields.get("unit"), placeholder=texts("users.unit_which")
    )
    return html.Div(
        [
            _head(texts("users.new"), texts),
            *_said(said, texts),
            _labelled("name", dbc.Input(id=_field("name"), value=fields.get("name", ""), maxlength=40), texts),
            _labelled("account", dbc.Input(id=_field("account"), value=fields.get("account", ""), maxlength=32), texts),
            html.H2(texts("users.posts")),
            _posts(chosen, None, True, texts),
            html.Div(_labelled("unit", choice, texts), hidden=not unit),
            _two(texts),
            html.Div(
                button(texts("users.create"), "create", primary=True, disabled=not chosen), className="ad-buttons"
            ),
        ],
        className="ad-one",
    )


def _field(name: str) -> dict[str, str]:
    return ids.one_of(ids.USERS_FIELD, name)


def _head(words: str, texts: Texts) -> Component:
    close = html.Button(
        [texts("users.close"), html.Kbd("Esc")], id=ids.one_of(ids.USERS_DO, "close"), n_clicks=0, type="button",
        className="ad-close",
    )  # fmt: skip
    return html.Div([html.H1(words), close], className="ad-title")


def _said(said: Said | None, texts: Texts) -> list[Component]:
    if said is None:
        return []
    link: list[Any] = []
    if said.link:
        link = [html.Small(texts("users.link")), html.Code(said.link, className="ad-link", tabIndex=0)]
    return [html.Div([html.P(said.words), *link], className=f"ad-said {'went' if said.went else 'bad'}", role="status")]


def _labelled(name: str, field: Component, texts: Texts) -> Component:
    hint = html.Em(texts(f"users.hint.{name}"))
    return html.Label([html.Span([texts(f"users.field.{name}"), hint]), field], className="ad-field")


def _posts(chosen: Sequence[Post], unit: bool | None, may: bool, texts: Texts) -> Component:
    """Every post stays on the list; what cannot be chosen says why. `unit`: whether it is a unit's terminal."""
    options = []
    for post in Post:
        why = _why_not(post, chosen, unit, texts)
        line = html.Small(why or texts(f"users.post.{post.value}"))
        label = html.Span([POST_WORDS[post], line], className="closed" if why else "")
        options.append({"label": label, "value": post.value, "disabled": bool(why) or not may})
    made: Component = dbc.Checklist(id=_field("posts"), options=options, value=list(chosen), className="ad-posts")
    return made


def _why_not(post: Post, chosen: Sequence[Post], unit: bool | None, texts: Texts) -> str:
    if post in chosen:
        return ""
    if unit is not None and (post is Post.UNIT_USER) is not unit:
        return texts("users.terminal" if unit else "users.no_terminal")
    return next(iter(exclusions((*chosen, post))), "")


def _abilities(chosen: Sequence[Post], texts: Texts) -> Component:
    rows: list[Component] = []
    for name, can in abilities(chosen).items():
        if not can and name not in ALWAYS_SAID:
            continue
        rows.append(html.Dt(texts(f"users.ability.{name}")))
        rows.append(html.Dd(texts("users.can" if can else "users.cannot"), className="can" if can else ""))
    return html.Dl(rows, className="ad-pairs")


def _two(texts: Texts) -> Component:
    return html.Div([html.Small(texts("users.two")), html.P(texts("users.two_line"))], className="ad-said")


def _waiting(change: PostChange, register: UserList, city: City, texts: Texts) -> Component:
    who = texts(
        "users.proposed", name=register.named(change.proposed_by), time=when(change.proposed_at, register, city, texts)
    )
    wanted = post_tags(change.posts) or [html.Span(texts("users.no_posts"))]
    return html.Div([html.Small(who), html.P([texts("users.wanted"), *wanted])], className="ad-said wait")


def _buttons(one: Account, change: PostChange | None, register: UserList, me: Person, texts: Texts) -> list[Component]:
    """Only what this person may do; the service decides again."""
    if Post.SECURITY_ADMIN in me.posts and change is not None:
        return [button(texts("users.refuse"), "refuse"), button(texts("users.confirm"), "confirm", primary=True)]
    if Post.SYS_ADMIN not in me.posts:
        return []
    own = one.user_id == me.user_id or bool(ADMINISTRATORS.intersection(one.posts))
    locked = one.state(register.now) == "locked"
    first = button(texts("users.unlock"), "unlock") if locked else button(
        texts("users.disable"), "disable", disabled=own or one.disabled
    )  # fmt: skip
    propose = texts("users.enable" if one.disabled else "users.propose")
    return [
        first,
        button(texts("users.reset"), "reset", disabled=own or one.disabled),
        button(propose, "propose", primary=True, disabled=change is not None),
    ]
