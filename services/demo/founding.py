"""Writes the demo city's lists: streets, communities, grids, map, units, categories, channels, cameras."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from data_access import directory, tables
from domain.city import City
from services.demo.geometry import Geography
from services.demo.plan import WorkPlan


@dataclass(frozen=True)
class Numbers:
    """The database's numbers of the lists, by key."""

    city_id: int
    units: Mapping[str, int]
    categories: Mapping[str, int]
    channels: Mapping[str, int]
    grids: Mapping[str, int]
    streets: Mapping[str, int]
    communities: Mapping[str, int]


def found_city(connection: Connection, city: City, geography: Geography, work: WorkPlan, now: datetime) -> int:
    """Writes every list, once; returns the city's number. `now` is when the cameras were looked at."""
    city_id = directory.ensure_city(connection, city.id, city.zone.key, demo=True)
    streets = directory.ensure_rows(connection, tables.areas, city_id, _street_rows(geography))
    communities = directory.ensure_rows(connection, tables.areas, city_id, _community_rows(geography, streets))
    grids = [
        {
            "key": cell.key,
            "name": None,
            "street_id": streets[cell.street.key],
            "community_id": communities[cell.community_key],
            "grid_class": None,
            "geometry": geojson(cell.polygon),
            "area_m2": cell.area_m2,
        }
        for cell in geography.cells
    ]
    directory.ensure_rows(connection, tables.grids, city_id, grids)
    features = [{"kind": kind, "name": name, "geometry": geojson(shape)} for kind, name, shape in geography.features]
    directory.add_rows(connection, tables.map_features, city_id, features)
    units = [
        {"key": unit.key, "name": unit.name, "short_name": unit.short_name, "unit_class": unit.unit_class}
        for unit in city.units
    ]
    directory.ensure_rows(connection, tables.units, city_id, units)
    categories = [
        {
            "key": entry.key,
            "kind": entry.kind,
            "major_code": entry.major_code,
            "major_name": entry.major_name,
            "minor_code": entry.minor_code,
            "name": entry.name,
        }
        for entry in work.categories
    ]
    directory.ensure_rows(connection, tables.categories, city_id, categories)
    channels = [{"key": key, "name": name} for key, name, _ in work.channels]
    directory.ensure_rows(connection, tables.channels, city_id, channels)
    cameras = [
        {"key": c.key, "name": c.name, "lon": c.lon, "lat": c.lat, "state": c.state, "checked_at": now}
        for c in geography.cameras
    ]
    directory.ensure_rows(connection, tables.cameras, city_id, cameras)
    return city_id


def numbers_of(connection: Connection, city_id: int) -> Numbers:
    """The numbers under which the city's lists are stored."""
    return Numbers(
        city_id,
        directory.keys(connection, tables.units, city_id),
        directory.keys(connection, tables.categories, city_id),
        directory.keys(connection, tables.channels, city_id),
        directory.keys(connection, tables.grids, city_id),
        directory.area_keys(connection, city_id, "street"),
        directory.area_keys(connection, city_id, "community"),
    )


def geojson(shape: BaseGeometry) -> str:
    """Compact GeoJSON with six decimals, the lattice of the map."""
    text: str = shapely.to_geojson(shapely.transform(shape, lambda points: points.round(6)))
    return json.dumps(json.loads(text), separators=(",", ":"))


def _street_rows(geography: Geography) -> list[dict[str, object]]:
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


def _community_rows(geography: Geography, streets: Mapping[str, int]) -> list[dict[str, object]]:
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
