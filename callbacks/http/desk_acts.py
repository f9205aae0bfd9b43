"""What the desk writes: one act, the same act on many cases, and who is on a case. JSON in, JSON out."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from callbacks.access import current_person, require
from callbacks.http.answers import milliseconds
from domain.life_cycle import Action
from domain.people import CASE_ROLES
from domain.refusals import Refusal
from services.dispatch.commands import Command, Conflict, Done, Down, NotAllowed, NotFound
from services.dispatch.holds import Holding, HoldView
from services.serving import Serving

LARGEST_BODY = 64 * 1024
LONGEST_CASE_NO = 40
LARGEST_VERSION = 2**31 - 1
KINDS: tuple[tuple[type[Refusal], str, int], ...] = (
    (Conflict, "conflict", 409),
    (NotAllowed, "denied", 403),
    (NotFound, "missing", 404),
    (Down, "down", 503),
    (Refusal, "refused", 422),
)


class DeskActRoutes:
    """Thin: reads the request, lets the desk act in the name of who is signed in, and words the answer."""

    def __init__(self, serving: Serving) -> None:
        self.desk = serving.desk

    def blueprint(self) -> Blueprint:
        routes = Blueprint("desk_acts", __name__)
        for name in ("act", "bulk", "hold"):
            view = getattr(self, name)
            routes.add_url_rule(f"/api/desk/{name}", view_func=view, endpoint=name, methods=["POST"])
        return routes

    @require(*CASE_ROLES)
    def act(self) -> Response:
        """{case_no, action, key, version, fields} → {"done": …}; 409 says who was first and what differs."""
        return answered(lambda: {"done": done_json(self.desk.act(current_person(), _command(read_body())))})

    @require(*CASE_ROLES)
    def bulk(self) -> Response:
        """{action, key, items: [{case_no, version}], fields} → {"results": [{case_no, done or error}]}; with
        {preview: true} in place of the key the same answer, and nothing is written."""
        return answered(lambda: {"results": self._bulk(read_body())})

    def _bulk(self, body: Mapping[str, Any]) -> list[dict[str, object]]:
        items = body.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise unreadable("items")
        pairs = [(text_of(item, "case_no", LONGEST_CASE_NO), version_of(item)) for item in items]
        person, action, fields = current_person(), _action(body), fields_of(body)
        if body.get("preview") is True:
            outcomes = self.desk.preview(person, action, pairs, fields)
        else:
            outcomes = self.desk.bulk(person, action, text_of(body, "key", 80), pairs, fields)
        return [
            {"case_no": one.case_no} | ({"done": done_json(one.done)} if one.done else error_of(one.refusal)[0])
            for one in outcomes
        ]

    @require(*CASE_ROLES)
    def hold(self) -> Response:
        """{case_no, do: take, renew, release, ask or hand_over} → {"hold": … or null}."""
        return answered(lambda: {"hold": self._hold(read_body())})

    def _hold(self, body: Mapping[str, Any]) -> dict[str, object] | None:
        asked = text_of(body, "do", 20)
        if asked not in set(Holding):
            raise unreadable("do")
        return hold_json(
            self.desk.holds.do(current_person(), text_of(body, "case_no", LONGEST_CASE_NO), Holding(asked))
        )


def answered(work: Callable[[], dict[str, Any]]) -> Response:
    """What the work gives as JSON, or its refusal with the status that goes with it."""
    try:
        return _json(work(), 200)
    except Refusal as refusal:
        return refused(refusal)


def refused(refusal: Refusal) -> Response:
    return _json(*error_of(refusal))


def error_of(refusal: Refusal | None) -> tuple[dict[str, object], int]:
    """{"error": {kind, what, where, then, …}} and the status that goes with it."""
    assert refusal is not None
    kind, status = next((kind, status) for cause, kind, status in KINDS if isinstance(refusal, cause))
    error: dict[str, object] = {"kind": kind, "what": refusal.what, "where": refusal.where, "then": refusal.then}
    if isinstance(refusal, Conflict):
        error["kind"] = "held" if refusal.held_by else kind
        error |= {"version": refusal.version, "held_by": refusal.held_by}
        error["winners"] = [
            {"name": one.name, "post": one.post, "action": one.action.value, "at": milliseconds(one.at),
             "version": one.version, "sentence": one.sentence}
            for one in refusal.winners
        ]  # fmt: skip
        error["changes"] = [
            {"label": one.label, "theirs": one.theirs, "mine": one.mine} for one in refusal.changes
        ]  # fmt: skip
    return {"error": error}, status


def done_json(done: Done) -> dict[str, object]:
    """What was written, as every route of the desk says it."""
    return {
        "case_no": done.case_no, "action": done.action.value, "version": done.version, "at": milliseconds(done.at),
        "sentence": done.sentence, "notices": done.notices, "document": done.document, "repeated": done.repeated,
    }  # fmt: skip


def hold_json(hold: HoldView | None) -> dict[str, object] | None:
    if hold is None:
        return None
    return {
        "mine": hold.mine, "name": hold.name, "since": milliseconds(hold.since), "until": milliseconds(hold.until),
        "asked_by": hold.asked_by, "asked_at": milliseconds(hold.asked_at) if hold.asked_at else None,
    }  # fmt: skip


def read_body() -> Mapping[str, Any]:
    """The request's JSON object. Raises Refusal, as the readers of its parts below do."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refusal("提交的内容太大", request.path, "请改短后再提交。")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise unreadable("JSON")
    return body


def _command(body: Mapping[str, Any]) -> Command:
    case_no, key = text_of(body, "case_no", LONGEST_CASE_NO), text_of(body, "key", 80)
    return Command(case_no, _action(body), key, version_of(body), fields_of(body))


def text_of(body: Mapping[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not storable(value):
        raise unreadable(name)
    return value


def storable(text: str) -> bool:
    """No database takes a NUL, nor half a character."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)


def version_of(body: Mapping[str, Any]) -> int:
    value = body.get("version")
    if type(value) is not int or not 0 <= value <= LARGEST_VERSION:
        raise unreadable("version")
    return value


def _action(body: Mapping[str, Any]) -> Action:
    value = text_of(body, "action", 24)
    if value not in set(Action):
        raise unreadable("action")
    return Action(value)


def fields_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    value = body.get("fields", {})
    if not isinstance(value, dict):
        raise unreadable("fields")
    return value


def unreadable(what: str) -> Refusal:
    return Refusal("请求读不懂", what, "请刷新页面后重新操作。")


def _json(body: Mapping[str, object], status: int) -> Response:
    """A refusal may repeat what was written, half a character included, which no answer can carry."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, {"Cache-Control": "no-store"}, mimetype="application/json")
