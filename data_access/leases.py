"""A named lease in the database: at most one owner at a time, across processes and machines."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, update
from sqlalchemy.exc import IntegrityError

from data_access import tables


def take(connection: Connection, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
    """Takes or renews the lease; False while somebody else holds it. Its row stays locked until the commit."""
    c = tables.leases.c
    mine_or_free = (c.name == name, or_(c.owner == owner, c.until < now))
    if connection.execute(update(tables.leases).where(*mine_or_free).values(owner=owner, until=now + ttl)).rowcount:
        return True
    try:
        with connection.begin_nested():
            connection.execute(insert(tables.leases).values(name=name, owner=owner, until=now + ttl))
    except IntegrityError:
        return False
    return True


def give_up(connection: Connection, name: str, owner: str) -> None:
    """Frees the lease at an orderly stop, so that nobody has to wait for it to run out."""
    c = tables.leases.c
    connection.execute(delete(tables.leases).where(c.name == name, c.owner == owner))
