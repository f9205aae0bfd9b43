"""Writes a city's structure and its invented map: streets, communities, areas, grids, units, classes, channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from data_access import places, tables
from data_access.directory import ensure_city, ensure_rows
from data_access.store import Store
from domain.city import City
from domain.structure import Structure
from services.cartography.geography import Geography
from services.cartography.rows import camera_rows, community_rows, feature_rows, geojson, grid_rows, street_rows
from services.grid_cases import assign_cases
from services.grid_index import index_of
from services.grids import GridReport
from services.invented.geography import invent_geography
from services.refusals import database_refusal

Row = dict[str, Any]


@dataclass(frozen=True)
class InventedReport(GridReport):
    """A GridReport, and how many of everything else was written."""

    communities: int
    patrol_areas: int
    cameras: int
    units: int
    categories: int
    channels: int


def lay_invented(store: Store, city: City, structure: Structure, now: datetime) -> InventedReport:
    """The city's lists become those of its profile and structure, its map an invented one, in one transaction.

    Every case is assigned anew. `now` is when the cameras were looked at. Raises Refusal when the database refuses;
    the store is then as it was.
    """
    geography = invent_geography(structure)
    try:
        with store.write.begin() as connection:
            city_id = ensure_city(connection, city.id, city.zone.key, city.demo)
            write_lists(connection, city_id, city, structure)
            return lay_map(connection, city_id, city, structure, geography, now)
    except DBAPIError as error:
        raise database_refusal(error) from error


def write_lists(connection: Connection, city_id: int, city: City, structure: Structure) -> None:
    """Units, categories and channels by key: new ones are added, known ones updated, none is removed."""
    units: list[Row] = [
        {"key": unit.key, "name": unit.name, "short_name": unit.short_name, "unit_class": unit.unit_class}
        for unit in city.units
    ]
    categories: list[Row] = [
        {
            "key": entry.key,
            "kind": entry.kind,
            "major_code": entry.major_code,
            "major_name": entry.major_name,
            "minor_code": entry.minor_code,
            "name": entry.name,
        }
        for entry in structure.classes.classes
    ]
    channels: list[Row] = [{"key": channel.key, "name": channel.name} for channel in structure.channels]
    for table, rows in ((tables.units, units), (tables.categories, categories), (tables.channels, channels)):
        ensure_rows(connection, table, city_id, rows)


def lay_map(
    connection: Connection, city_id: int, city: City, structure: Structure, geography: Geography, now: datetime
) -> InventedReport:
    """Map and cameras in place of whatever there was; the lists must have been written."""
    streets = ensure_rows(connection, tables.areas, city_id, street_rows(geography))
    communities = ensure_rows(connection, tables.areas, city_id, community_rows(geography, streets))
    patrols = ensure_rows(connection, tables.areas, city_id, _patrol_rows(geography))
    places.replace_features(connection, city_id, feature_rows(geography))
    places.replace_cameras(connection, city_id, camera_rows(geography, now))
    numbers = places.replace_grids(connection, city_id, grid_rows(geography, streets, communities, patrols))
    grids = [
        (number, streets[cell.street.key], cell.polygon) for number, cell in zip(numbers, geography.cells, strict=True)
    ]
    counts = assign_cases(connection, city_id, index_of(geography.outline, grids))
    return InventedReport(
        city=city.id,
        grids=len(grids),
        area_km2=round(sum(cell.area_m2 for cell in geography.cells) / 1e6, 2),
        merged=0,
        streets=len(streets),
        repairs=(),
        communities=len(communities),
        patrol_areas=len(geography.patrol_areas),
        cameras=len(geography.cameras),
        units=len(city.units),
        categories=len(structure.classes.classes),
        channels=len(structure.channels),
        **vars(counts),
    )


def _patrol_rows(geography: Geography) -> list[Row]:
    return [
        {
            "key": area.key,
            "name": area.name,
            "short_name": area.key,
            "level": "patrol",
            "parent_id": None,
            "geometry": geojson(area.polygon),
            "label_lon": None,
            "label_lat": None,
        }
        for area in geography.patrol_areas
    ]
