"""/healthz: the process answers; /readyz: it has a picture; /freshz: the picture is young enough."""

import json

from flask import Blueprint, Response

from callbacks.access import public
from services.serving import Serving


class HealthRoutes:
    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def blueprint(self) -> Blueprint:
        routes = Blueprint("health", __name__)
        for name in ("healthz", "readyz", "freshz"):
            routes.add_url_rule(f"/{name}", view_func=getattr(self, name), endpoint=name)
        return routes

    @public
    def healthz(self) -> Response:
        return Response("ok\n", mimetype="text/plain")

    @public
    def readyz(self) -> Response:
        """200 once a picture of this process's start or later is there, 503 before."""
        ready = self.serving.ready
        words = "已就绪。\n" if ready else self.serving.not_ready
        return Response(words, 200 if ready else 503, mimetype="text/plain")

    @public
    def freshz(self) -> Response:
        """Age of the picture in seconds; 503 when it is older than its limit."""
        age, limit = self.serving.age_s, self.serving.stale_after_s
        fresh = age is not None and (self.serving.mode == "replay" or age <= limit)
        failure = self.serving.failure
        cause = failure[1] if failure else self.serving.no_picture if age is None else None
        body = {
            "fresh": fresh,
            "age_s": age,
            "limit_s": limit,
            "failure": cause,
        }
        return Response(json.dumps(body, ensure_ascii=False), 200 if fresh else 503, mimetype="application/json")
