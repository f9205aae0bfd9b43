"""What only the reports ask of the cases."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from data_access import tables


def first_registered(connection: Connection, city_id: int) -> datetime | None:
    """When the first case of the city was filed: figures of periods before it are missing, not zero."""
    c = tables.cases.c
    first: datetime | None = connection.scalar(select(func.min(c.registered_at)).where(c.city_id == city_id))
    return first
