"""Which machines may ask for anything at all (DECISIONS 22)."""

import hmac
from ipaddress import ip_address

from flask import Flask, Request, Response, request

TOKEN_COOKIE = "gridwall_wall"


def guard(server: Flask, wall_token: str | None) -> None:
    """Only this machine may read, or whoever shows the wall's token: in ?token=… once, then a cookie."""

    @server.before_request
    def admit() -> Response | None:
        if from_here(request) or (wall_token and _shows(request, wall_token)):
            return None
        return Response("此地址只供本机或已授权的屏幕访问。\n", 403, content_type="text/plain; charset=utf-8")

    @server.after_request
    def remember(response: Response) -> Response:
        if wall_token and request.args.get("token") and _shows(request, wall_token):
            response.set_cookie(TOKEN_COOKIE, wall_token, httponly=True, samesite="Strict", max_age=400 * 86400)
        return response


def from_here(asked: Request) -> bool:
    """A loopback peer, and not one that a proxy on this machine speaks for."""
    if "X-Forwarded-For" in asked.headers or "Forwarded" in asked.headers:
        return False
    try:
        return ip_address(asked.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shows(asked: Request, wall_token: str) -> bool:
    shown = asked.args.get("token") or asked.cookies.get(TOKEN_COOKIE) or ""
    return hmac.compare_digest(shown.encode(), wall_token.encode())
