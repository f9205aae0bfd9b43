"""What a request that was not admitted is told: JSON for programs, a page for people, a word on a Dash page."""

import json
import logging
import secrets
from urllib.parse import quote

from dash import html
from flask import Flask, Response, redirect, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from callbacks.access import Denied, SignedOut
from config.texts import Texts
from domain.people import POST_WORDS, Post
from domain.refusals import Refusal
from layouts import ids
from layouts.sign_in import notice_page
from services.causes import cause_in_words
from services.photos import LARGEST_REQUEST

log = logging.getLogger(__name__)

DASH = "/_dash-update-component"
PROGRAMS = "/api/"


class Denials:
    """`title` is the city's, `texts` speak the language of notices."""

    def __init__(self, title: str, texts: Texts) -> None:
        self.title, self.texts = title, texts

    def install(self, server: Flask) -> None:
        server.register_error_handler(SignedOut, self.signed_out)
        server.register_error_handler(Denied, self.denied)
        server.register_error_handler(CSRFError, self.forged)
        server.register_error_handler(Refusal, self.refused)
        server.register_error_handler(SQLAlchemyError, self.away)
        server.register_error_handler(InternalServerError, self.failed)
        server.register_error_handler(RequestEntityTooLarge, self.too_large)

    def signed_out(self, _error: Exception) -> AnyResponse:
        """401, or the sign-in page with the way back."""
        out = session.get("out", "")
        idle = out in ("idle", "too_long")
        what = self.texts("denied.idle" if idle else "denied.signed_out")
        then = self.texts("denied.sign_in_again")
        if request.path.startswith(PROGRAMS):
            return error_json("signed_out", Refusal(what, self.texts("denied.where"), then), 401)
        if request.path.endswith(DASH):
            return _word(what, then, "/signin")
        back = quote(request.full_path.rstrip("?")) if request.method == "GET" else "/"
        why = f"&why={out}" if out else ""
        return redirect(f"/signin?next={back}{why}")

    def denied(self, error: Denied) -> AnyResponse:
        """403, naming who may and as whom one is signed in."""
        may = "、".join(POST_WORDS[post] for post in Post if post in error.posts)
        mine = "、".join(POST_WORDS[post] for post in Post if post in current_user.person.posts)
        what = self.texts("denied.post")
        then = self.texts("denied.whose", posts=may, mine=mine or self.texts("denied.no_post"))
        if request.path.startswith(PROGRAMS):
            return error_json("denied", Refusal(what, self.texts("denied.where"), then), 403)
        if request.path.endswith(DASH):
            return _word(what, then, None)
        return self._page(403, self.texts("denied.kind_post"), what, then, self.texts("denied.back"), "/")

    def forged(self, _error: CSRFError) -> AnyResponse:
        """400: a post without the page's token, or with one of a session that is over."""
        what, then = self.texts("denied.stale"), self.texts("denied.reload")
        if request.path.startswith(PROGRAMS):
            kind = "stale" if current_user.is_authenticated else "signed_out"
            return error_json(kind, Refusal(what, self.texts("denied.where"), then), 400)
        if request.path.endswith(DASH):
            return _word(what, then, None)
        return self._page(400, self.texts("denied.kind_stale"), what, then, self.texts("denied.again"), request.path)

    def refused(self, error: Refusal) -> AnyResponse:
        """422: said by a service in words for people; nothing was written."""
        if request.path.startswith(PROGRAMS):
            return error_json("refused", error, 422)
        if request.path.endswith(DASH):
            return _word(f"{error.what}（{error.where}）", error.then, None)
        return self._page(422, error.where, error.what, error.then, self.texts("denied.back"), "/")

    def too_large(self, _error: RequestEntityTooLarge) -> AnyResponse:
        """422, said before the post was read to its end."""
        then = f"照片一次合计不超过 {LARGEST_REQUEST // 1024 // 1024} MB，请分几次提交。没有保存任何内容。"
        return self.refused(Refusal("提交的内容太大", request.path, then))

    def away(self, error: Exception) -> AnyResponse:
        """503: the database does not answer, so nobody can even be known."""
        log.error("the database did not answer %s: %s", request.path, error)
        what, then = self.texts("denied.away", cause=cause_in_words(error)), self.texts("denied.away_then")
        return self._trouble("down", 503, self.texts("denied.kind_away"), what, then)

    def failed(self, error: InternalServerError) -> AnyResponse:
        """500, with a number that the log knows as well."""
        number = f"E-{secrets.token_hex(2).upper()}"
        log.error("%s: %s %s", number, request.method, request.path, exc_info=error.original_exception)
        then = self.texts("denied.failed_then", number=number)
        return self._trouble("failed", 500, self.texts("denied.kind_failed"), self.texts("denied.failed"), then)

    def _trouble(self, kind: str, status: int, title: str, what: str, then: str) -> AnyResponse:
        if request.path.startswith(PROGRAMS):
            return error_json(kind, Refusal(what, request.path, then), status)
        if request.path.endswith(DASH):
            return _word(what, then, None)
        return self._page(status, title, what, then, self.texts("denied.once_more"), request.path)

    def _page(self, status: int, kind: str, head: str, line: str, way: str, href: str) -> Response:
        page = notice_page(self.title, kind, status, head, line, way, href)
        return Response(page, status, mimetype="text/html")


def error_json(kind: str, error: Refusal, status: int) -> Response:
    """{"error": {"kind", "what", "where", "then"}}: the shape of every refusal of the interface."""
    body = {"error": {"kind": kind, "what": error.what, "where": error.where, "then": error.then}}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def _word(what: str, then: str, href: str | None) -> Response:
    """An answer that Dash's renderer takes without complaint: no output changes, the page's notice line speaks."""
    rest = html.A(then, href=href) if href else html.Span(then)
    said = [part.to_plotly_json() for part in (html.B(what), rest)]  # type: ignore[no-untyped-call]
    body = {"multi": True, "response": {}, "sideUpdate": {ids.NOTICE_LINE: {"children": said}}}
    return Response(json.dumps(body, ensure_ascii=False), 200, mimetype="application/json")
