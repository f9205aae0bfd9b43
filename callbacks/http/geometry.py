"""/geo/<city>/<name>.json: the map's shapes, fetched once per map version."""

from flask import Blueprint, Response, request

from callbacks.access import public
from callbacks.http.answers import packed_json, unknown
from services.serving import Serving


class GeometryRoutes:
    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def blueprint(self) -> Blueprint:
        routes = Blueprint("geometry", __name__)
        routes.add_url_rule("/geo/<city>/<name>.json", view_func=self.file, endpoint="file")
        return routes

    @public
    def file(self, city: str, name: str) -> Response:
        """grids or map, as GeoJSON; cached by the browser for good when asked with the current ?v=."""
        serving = self.serving
        if city != serving.city.id or name not in ("grids", "map"):
            return unknown(f"没有地图文件 {city}/{name}", (f"{serving.city.id}/grids", f"{serving.city.id}/map"))
        version = serving.live.map_version
        etag = f"{name}-{version}"
        if etag in request.if_none_match:
            return Response(status=304, headers={"ETag": f'"{etag}"'})
        return packed_json(serving.map.file(name, version), etag, lasting=request.args.get("v") == version)
