"""/api/v1/snapshot: every figure on the wall by its address, exact, with what it was made of."""

import gzip
import json

from flask import Blueprint, Response, request

from callbacks.access import public
from callbacks.http.answers import packed_body, packed_json, unknown
from services.serving import Serving


class FigureRoutes:
    """The figures of the picture that the walls show at this moment."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def blueprint(self) -> Blueprint:
        routes = Blueprint("figures", __name__)
        routes.add_url_rule("/api/v1/snapshot", view_func=self.snapshot, endpoint="snapshot")
        return routes

    @public
    def snapshot(self) -> Response:
        """{"city", "as_of", "version", "figures": {address: {"value", …}}}; times with the city's offset."""
        serving = self.serving
        asked = request.args.get("city", serving.city.id)
        if asked != serving.city.id:
            return unknown(f"本服务不提供城市 {asked}", (serving.city.id,))
        beat, figures = serving.live.beat, serving.live.figures
        if beat is None:
            return Response(serving.not_ready, 503, {"Retry-After": "1"}, content_type="text/plain; charset=utf-8")
        etag = f"{serving.boot}-{beat.version}-{beat.as_of.timestamp()}"
        if etag in request.if_none_match:
            return Response(status=304, headers={"ETag": f'"{etag}"'})
        body = {
            "city": serving.city.id,
            "as_of": serving.city.local(beat.as_of).isoformat(),
            "version": beat.version,
            "mode": serving.mode,
            "failure": serving.failure[1] if serving.failure else None,
            "figures": json.loads(gzip.decompress(figures)),
        }
        return packed_json(packed_body(body), etag)
