"""POST /api/desk/sheet: a work sheet, computed anew from its fields at every change. Writes nothing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from callbacks.access import DESK, current_person, require
from callbacks.http.desk_acts import storable
from callbacks.http.desk_reads import STATUS, refused
from config.calendars import working_time
from config.texts import Texts
from domain.people import DESK_POSTS, Person, Post
from domain.refusals import Refusal
from layouts.sheets import appeal as show_appeal
from layouts.sheets import entry as show_entry
from layouts.sheets import extension as show_extension
from layouts.sheets import filing as show_filing
from layouts.sheets import handover as show_handover
from layouts.sheets import instruct as show_instruct
from layouts.sheets import reassign as show_reassign
from layouts.sheets import returns as show_returns
from layouts.sheets import supervise as show_supervise
from layouts.sheets import suspension as show_suspension
from layouts.sheets.blocks import SheetView, plain
from services.serving import Serving
from services.sheets import (
    appeal,
    entry,
    extension,
    filing,
    handover,
    instruct,
    reassign,
    returns,
    supervise,
    suspension,
)
from services.sheets.parts import SheetParts

Fields = Mapping[str, Any]
LONGEST_BODY = 64 * 1024  # a sheet is typed by hand


@dataclass(frozen=True)
class Sheet:
    """`prepare` reads and computes, and may raise Refusal; `render` puts what it found into words and blocks."""

    prepare: Callable[[SheetParts, Person, str, Fields], Any]
    render: Callable[[Any, Texts], SheetView]
    posts: frozenset[Post] = DESK


APPLYING = frozenset({Post.DISPATCHER, Post.DUTY_CHIEF, Post.UNIT_USER})
APPROVING = frozenset({Post.DISPATCHER, Post.DUTY_CHIEF})
DISPATCHING = frozenset({Post.DISPATCHER})
RETURNING = frozenset({Post.UNIT_USER, Post.DISPATCHER})
FILING = frozenset({Post.DUTY_CHIEF})
SHEETS: dict[str, Sheet] = {
    "register": Sheet(filing.prepare_register, show_filing.render, FILING),
    "dispatch": Sheet(filing.prepare_dispatch, show_filing.render, DISPATCHING),
    "escalate": Sheet(filing.prepare_escalate, show_filing.render, DISPATCHING),
    "supervise": Sheet(supervise.prepare, show_supervise.render, APPROVING),
    "reassign": Sheet(reassign.prepare, show_reassign.render, DISPATCHING),
    "co_dispatch": Sheet(reassign.prepare_co_dispatch, show_reassign.render, DISPATCHING),
    "return": Sheet(returns.prepare_return, show_returns.render_return, RETURNING),
    "return_decision": Sheet(returns.prepare, show_returns.render, APPROVING),
    "extension": Sheet(extension.prepare, show_extension.render, APPLYING),
    "extension_instead": Sheet(extension.prepare_instead, show_extension.render, APPLYING),
    "suspension": Sheet(suspension.prepare, show_suspension.render, APPLYING),
    "suspension_instead": Sheet(suspension.prepare_instead, show_suspension.render, APPLYING),
    "appeal": Sheet(appeal.prepare, show_appeal.render, APPLYING),
    "entry": Sheet(entry.prepare, show_entry.render, frozenset({Post.DISPATCHER, Post.REGISTRAR})),
    "handover": Sheet(handover.prepare, show_handover.render, DESK_POSTS),
    "instruct": Sheet(instruct.prepare, show_instruct.render, frozenset({Post.LEADER})),
}


class SheetRoutes:
    def __init__(self, serving: Serving) -> None:
        view, city = serving.desk_view, serving.city
        self.parts = SheetParts(view.store, city, view.number, serving.parts.clock, working_time(city))
        self.texts = view.words.texts

    def blueprint(self) -> Blueprint:
        routes = Blueprint("sheets", __name__)
        routes.add_url_rule("/api/desk/sheet", view_func=self.sheet, endpoint="sheet", methods=["POST"])
        return routes

    @require(*DESK)
    def sheet(self) -> Response:
        """{sheet, case_no, fields} → the sheet as blocks."""
        asked = _asked()
        if asked is None:
            return refused("refused", "请求的格式不对", request.path, "请刷新页面后再试。", 422)
        name, case_no, fields = asked
        sheet = SHEETS.get(name)
        if sheet is None:
            return refused("missing", f"没有作业单 {name}", request.path, "请刷新页面后再试。", 404)
        person = current_person()
        if not person.posts & sheet.posts:
            return refused("denied", "您的岗位不能使用这张作业单", name, "请联系值班长。", 403)
        try:
            view = sheet.render(sheet.prepare(self.parts, person, case_no, fields), self.texts)
        except Refusal as refusal:
            kind, status = next((kind, status) for cause, kind, status in STATUS if isinstance(refusal, cause))
            return refused(kind, refusal.what, refusal.where, refusal.then, status)
        body = json.dumps(plain(view), ensure_ascii=False, separators=(",", ":"))
        return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _asked() -> tuple[str, str, Fields] | None:
    """Name, case and fields of a well-formed request."""
    if (request.content_length or 0) > LONGEST_BODY:
        return None
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        return None
    name, case_no, fields = given.get("sheet"), given.get("case_no") or "", given.get("fields") or {}
    if not isinstance(name, str) or not isinstance(case_no, str) or not isinstance(fields, dict):
        return None
    if not storable(case_no):
        return None
    return name, case_no, fields
