"""The page 用户与岗位: what a click, a search or a tick changes. System and security administrators only."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from flask import request

from callbacks.access import current_person, require
from config.texts import Texts
from domain.people import Person, Post
from domain.refusals import Refusal
from domain.user_list import TABS, Account, UserList
from layouts import ids
from layouts.admin.frame import admin_frame
from layouts.admin.user_drawer import Said, new_drawer, no_drawer, user_drawer
from layouts.admin.users import Looking, users_page, users_table
from services.people import People
from services.people.accounts import Invitation
from services.people.register_csv import register_csv

Fields = dict[str, Any]


@dataclass(frozen=True)
class UserCallbacks:
    people: People
    title: str
    texts: Texts

    @require(Post.SYS_ADMIN, Post.SECURITY_ADMIN)
    def page(self) -> Component:
        me, register = current_person(), self.people.listed()
        body = users_page(
            register, self.people.register.city, no_drawer(self.texts), self.texts, Post.SYS_ADMIN in me.posts
        )
        return admin_frame("users", self.title, me, body, self.texts)

    def register(self, app: Dash) -> None:
        clicks = [
            Input({"type": kind, "name": ALL}, "n_clicks") for kind in (ids.USERS_DO, ids.USERS_ROW, ids.USERS_TAB)
        ]
        fields = {"type": ids.USERS_FIELD, "name": ALL}
        app.callback(
            Output(ids.USERS_TABLE, "children"),
            Output(ids.USERS_DRAWER, "children"),
            Output(ids.USERS_STATE, "data"),
            Output(ids.USERS_FILE, "data"),
            *clicks,
            Input(ids.USERS_SEARCH, "value"),
            Input(fields, "value"),
            State(fields, "id"),
            State(ids.USERS_STATE, "data"),
            prevent_initial_call=True,
        )(self.changed)

    @require(Post.SYS_ADMIN, Post.SECURITY_ADMIN)
    def changed(
        self, _do: object, _row: object, _tab: object, text: str | None, values: list[Any], names: list[Any], data: Any
    ) -> tuple[Any, ...]:
        """Draws the list anew after every act, the drawer only where it is meant: a search leaves a form as it is."""
        trigger, value = ctx.triggered_id, ctx.triggered[0]["value"] if ctx.triggered else None
        if trigger is None or (isinstance(trigger, dict) and trigger["type"] != ids.USERS_FIELD and not value):
            return (no_update,) * 4  # drawn just now, and not clicked
        fields: Fields = {name["name"]: value for name, value in zip(names, values, strict=True)}
        looking = replace(_looking(data), text=text or "")
        if trigger == ids.USERS_SEARCH:
            return self._answer(replace(looking, page=0))
        kind, name = trigger["type"], trigger["name"]
        if kind == ids.USERS_TAB:
            return self._answer(replace(looking, tab=name if name in TABS else "all", page=0))
        if kind == ids.USERS_ROW:
            return self._answer(replace(looking, user_id=int(name), new=False), drawer=True)
        if kind == ids.USERS_FIELD:
            return self._answer(looking, drawer=True, fields=fields) if name == "posts" else (no_update,) * 4
        return self._done(name, looking, fields)

    def _done(self, name: str, looking: Looking, fields: Fields) -> tuple[Any, ...]:
        """After a button: turning pages, opening and closing, or an act with what it brought."""
        turned = {"back": -1, "on": 1}
        if name in turned:
            return self._answer(replace(looking, page=looking.page + turned[name]))
        if name == "export":
            file = {"content": register_csv(self.people, current_person()), "filename": "users.csv"}
            return no_update, no_update, no_update, file
        if name in ("new", "close"):
            return self._answer(replace(looking, user_id=None, new=name == "new"), drawer=True)
        said = self._act(name, looking, fields)
        created = name == "create" and said.went
        kept = None if said.went else fields
        return self._answer(looking, drawer=True, fields={} if created else kept, said=said)

    def _act(self, name: str, looking: Looking, fields: Fields) -> Said:
        me, user_id = current_person(), looking.user_id or 0
        accounts, changes = self.people.accounts, self.people.changes
        acts: Mapping[str, Callable[[], object]] = {
            "create": lambda: self._create(me, fields),
            "reset": lambda: accounts.reset(user_id, me),
            "disable": lambda: accounts.disable(user_id, me),
            "unlock": lambda: accounts.unlock(user_id, me),
            "propose": lambda: changes.propose(me, user_id, _posts(fields)),
            "confirm": lambda: changes.decide(me, user_id, True),
            "refuse": lambda: changes.decide(me, user_id, False),
        }
        if name not in acts:
            return Said(self.texts("users.unknown"), False)
        try:
            brought = acts[name]()
        except Refusal as refusal:
            return Said(str(refusal), False)
        if isinstance(brought, Invitation):
            until = self.people.register.city.local(brought.until).strftime("%Y-%m-%d %H:%M")
            words = self.texts(f"users.done.{name}", account=brought.account, until=until)
            return Said(words, link=request.host_url.rstrip("/") + brought.path)
        return Said(self.texts(f"users.done.{name}"))

    def _create(self, me: Person, fields: Fields) -> Invitation:
        posts = _posts(fields)
        unit = fields.get("unit") or None if Post.UNIT_USER in posts else None
        return self.people.accounts.add(fields.get("name") or "", posts, unit, fields.get("account") or None, me)

    def _answer(
        self, looking: Looking, drawer: bool = False, fields: Fields | None = None, said: Said | None = None
    ) -> tuple[Any, ...]:
        register, city = self.people.listed(), self.people.register.city
        table = users_table(register, looking, city, self.texts)
        beside = self._drawer(register, looking, fields, said) if drawer else no_update
        return table, beside, asdict(looking), no_update

    def _drawer(self, register: UserList, looking: Looking, fields: Fields | None, said: Said | None) -> Component:
        if looking.new:
            given = fields or {}
            return new_drawer(register, _posts(given), given, said, self.texts)
        one = next((one for one in register.accounts if one.user_id == looking.user_id), None)
        if one is None:
            return no_drawer(self.texts)
        chosen = _posts(fields) if fields else _held(one, register)
        return user_drawer(one, register, current_person(), chosen, said, self.people.register.city, self.texts)


def _held(one: Account, register: UserList) -> list[Post]:
    """What is ticked when the drawer opens: the posts that are wanted, or held."""
    change = register.waiting.get(one.user_id)
    return list(change.posts if change else one.posts)


def _posts(fields: Fields) -> list[Post]:
    known = {post.value for post in Post}
    return [Post(value) for value in fields.get("posts") or () if value in known]


def _looking(data: Any) -> Looking:
    """What the page says it shows. It may say anything: only what fits is taken."""
    given = data if isinstance(data, dict) else {}
    tab, page, user_id = given.get("tab"), given.get("page"), given.get("user_id")
    return Looking(
        str(tab) if tab in TABS else "all",
        page=page if isinstance(page, int) else 0,
        user_id=user_id if isinstance(user_id, int) else None,
        new=given.get("new") is True,
    )
