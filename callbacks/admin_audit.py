"""The page 审计日志: filters, pages, one line and its chain. Audit administrators only; nothing can be changed here."""

from dataclasses import dataclass
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.access import current_person, require
from config.texts import Texts
from domain.logbook import FILTERS
from domain.people import Post
from layouts import ids
from layouts.admin.audit import audit_body, audit_page
from layouts.admin.audit_drawer import audit_drawer
from layouts.admin.frame import admin_frame
from services.logbook import PAGES_AT_MOST, Logbook


@dataclass(frozen=True)
class AuditCallbacks:
    logbook: Logbook
    title: str
    texts: Texts

    @require(Post.AUDIT_ADMIN)
    def page(self) -> Component:
        city = self.logbook.register.city
        body = audit_page(self.logbook.state(), self.logbook.rows("all", 0), city, self.texts)
        return admin_frame("audit", self.title, current_person(), body, self.texts)

    def register(self, app: Dash) -> None:
        clicks = [
            Input({"type": kind, "name": ALL}, "n_clicks") for kind in (ids.AUDIT_DO, ids.AUDIT_ROW, ids.AUDIT_TAB)
        ]
        app.callback(
            Output(ids.AUDIT_BODY, "children"),
            Output(ids.AUDIT_DRAWER, "children"),
            Output(ids.AUDIT_STATE, "data"),
            *clicks,
            State(ids.AUDIT_STATE, "data"),
            prevent_initial_call=True,
        )(self.clicked)

    @require(Post.AUDIT_ADMIN)
    def clicked(self, _do: object, _row: object, _tab: object, data: Any) -> tuple[Any, Any, Any]:
        """Reads anew after every click."""
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:
            return (no_update,) * 3  # drawn just now, and not clicked
        kind, name = ctx.triggered_id["type"], ctx.triggered_id["name"]
        chosen, page, key = _looking(data)
        if kind == ids.AUDIT_TAB:
            chosen, page = name if name in FILTERS else "all", 0
        elif kind == ids.AUDIT_ROW:
            key = name
        else:
            page, key = self._do(name, page, key)
        city = self.logbook.register.city
        body = audit_body(self.logbook.state(), self.logbook.rows(chosen, page), chosen, page, key, city, self.texts)
        drawer = audit_drawer(self.logbook.entry(key), city, self.texts)
        return body, drawer, {"chosen": chosen, "page": page, "key": key}

    def _do(self, name: str, page: int, key: str) -> tuple[int, str]:
        """The page and the line to show after a button."""
        if name == "verify":
            self.logbook.verify(current_person())
            return 0, key
        if name == "close":
            return page, ""
        return max(0, min(PAGES_AT_MOST, page + {"back": -1, "on": 1}.get(name, 0))), key


def _looking(data: Any) -> tuple[str, int, str]:
    """What the page says it shows; only what fits is taken."""
    given = data if isinstance(data, dict) else {}
    chosen, page, key = given.get("chosen"), given.get("page"), given.get("key")
    return (
        str(chosen) if chosen in FILTERS else "all",
        page if isinstance(page, int) and 0 <= page <= PAGES_AT_MOST else 0,
        key if isinstance(key, str) else "",
    )
