"""The city's geometry as the map needs it: GeoJSON geometry texts, WGS-84."""

from sqlalchemy import Connection, select

from data_access import tables

Rows = list[tuple[str, ...]]


def grid_shapes(connection: Connection, city_id: int) -> Rows:
    """(key, geometry text), in the order of data_access.lists.grids."""
    c = tables.grids.c
    question = select(c.key, c.geometry).where(c.city_id == city_id).order_by(c.grid_id)
    return [tuple(row) for row in connection.execute(question)]


def features(connection: Connection, city_id: int) -> Rows:
    """(kind, name, geometry text) of outline, water and roads."""
    c = tables.map_features.c
    question = select(c.kind, c.name, c.geometry).where(c.city_id == city_id).order_by(c.feature_id)
    return [tuple(row) for row in connection.execute(question)]


def street_shapes(connection: Connection, city_id: int) -> Rows:
    """(key, short name, geometry text) of the streets that have a shape."""
    c = tables.areas.c
    question = select(c.key, c.short_name, c.geometry)
    where = (c.city_id == city_id, c.level == "street", c.geometry.is_not(None))
    return [tuple(row) for row in connection.execute(question.where(*where).order_by(c.area_id))]
