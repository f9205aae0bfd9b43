"""Which machines may ask for anything at all (DECISIONS 22), and from where a request comes."""

import hmac
from ipaddress import ip_address

from flask import Flask, Request, Response, request
from flask_login import current_user

TOKEN_COOKIE = "gridwall_wall"
FOR_PEOPLE = (
    "/dispatch",
    "/unit",
    "/admin/",
    "/desk/",
    "/api/desk/",
    "/rankings",
    "/api/rankings/",
    "/password",
    "/signout",
)  # they ask for a session
OPEN = ("/signin", "/choose/", "/assets/", *FOR_PEOPLE)
SIGNED_IN = ("/geo/", "/_")  # what those pages need besides


def guard(server: Flask, wall_token: str | None, *, https: bool) -> None:
    """This machine may ask for everything, and so may a screen that shows the wall's token: in ?token=… once, then by
    a cookie. Others reach the sign-in and what is for people, if passwords travel by https; never walls and figures.
    """

    @server.before_request
    def admit() -> Response | None:
        if from_here(request) or (wall_token and _shows(request, wall_token)):
            return None
        if https and (request.path.startswith(OPEN) or _for_somebody(request.path)):
            return None
        return Response("此地址只供本机或已授权的屏幕访问。\n", 403, content_type="text/plain; charset=utf-8")

    @server.after_request
    def remember(response: Response) -> Response:
        if wall_token and request.args.get("token") and _shows(request, wall_token):
            response.set_cookie(
                TOKEN_COOKIE, wall_token, httponly=True, samesite="Strict", secure=https, max_age=400 * 86400
            )
        return response


def from_here(asked: Request) -> bool:
    """A loopback peer, and not one that a proxy on this machine speaks for."""
    if "X-Forwarded-For" in asked.headers or "Forwarded" in asked.headers:
        return False
    return _is_loopback(asked.remote_addr)


def address_of() -> str:
    """Where this request comes from: the last hop that a proxy on this machine names, or the peer itself."""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    peer = request.remote_addr or ""
    return named[:45] if named and _is_loopback(peer) else peer


def _for_somebody(path: str) -> bool:
    return path.startswith(SIGNED_IN) and bool(current_user.is_authenticated)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _shows(asked: Request, wall_token: str) -> bool:
    shown = asked.args.get("token") or asked.cookies.get(TOKEN_COOKIE) or ""
    return hmac.compare_digest(shown.encode(), wall_token.encode())
