"""Writes the demo city's lists: streets, communities, grids, map, units, categories, channels, cameras."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data_access import directory, tables
from domain.city import City
from services.cartography.geography import Geography
from services.cartography.rows import camera_rows, community_rows, feature_rows, grid_rows, street_rows
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
    streets = directory.ensure_rows(connection, tables.areas, city_id, street_rows(geography))
    communities = directory.ensure_rows(connection, tables.areas, city_id, community_rows(geography, streets))
    directory.ensure_rows(connection, tables.grids, city_id, grid_rows(geography, streets, communities, {}))
    directory.add_rows(connection, tables.map_features, city_id, feature_rows(geography))
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
    directory.ensure_rows(connection, tables.cameras, city_id, camera_rows(geography, now))
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
