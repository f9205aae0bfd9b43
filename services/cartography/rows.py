"""The rows that a store keeps of a map."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from services.cartography.geography import Geography

Row = dict[str, Any]


def geojson(shape: BaseGeometry) -> str:
    """Compact GeoJSON with six decimals, the lattice of the map."""
    text: str = shapely.to_geojson(shapely.transform(shape, lambda points: points.round(6)))
    return json.dumps(json.loads(text), separators=(",", ":"))


def street_rows(geography: Geography) -> list[Row]:
    return [
        {
            "key": street.key,
            "name": street.name,
            "short_name": street.short_name,
            "level": "street",
            "parent_id": None,
            "geometry": geojson(polygon),
            "label_lon": label[0],
            "label_lat": label[1],
        }
        for street, polygon, label in geography.streets
    ]


def community_rows(geography: Geography, streets: Mapping[str, int]) -> list[Row]:
    return [
        {
            "key": community.key,
            "name": community.name,
            "short_name": community.name,
            "level": "community",
            "parent_id": streets[community.street.key],
            "geometry": geojson(community.polygon),
            "label_lon": None,
            "label_lat": None,
        }
        for community in geography.communities
    ]


def grid_rows(
    geography: Geography,
    streets: Mapping[str, int],
    communities: Mapping[str, int],
    patrol_areas: Mapping[str, int],
) -> list[Row]:
    """The mappings are the store's numbers by key."""
    return [
        {
            "key": cell.key,
            "name": None,
            "street_id": streets[cell.street.key],
            "community_id": communities[cell.community_key],
            "patrol_area_id": patrol_areas[cell.patrol_key] if cell.patrol_key is not None else None,
            "grid_class": cell.grid_class,
            "geometry": geojson(cell.polygon),
            "area_m2": cell.area_m2,
        }
        for cell in geography.cells
    ]


def feature_rows(geography: Geography) -> list[Row]:
    return [{"kind": kind, "name": name, "geometry": geojson(shape)} for kind, name, shape in geography.features]


def camera_rows(geography: Geography, now: datetime) -> list[Row]:
    """`now` is when the cameras were looked at."""
    return [
        {"key": c.key, "name": c.name, "lon": c.lon, "lat": c.lat, "state": c.state, "checked_at": now}
        for c in geography.cameras
    ]
