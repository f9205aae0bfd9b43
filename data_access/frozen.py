"""The case tables as they stood at an earlier instant, for a frozen replay: every question of a tick, unchanged.

A row keeps only the newest handling, due time and counts. Where a case has gone on since, the questions must not see
that: temporary tables of the same names stand before the stored ones on one connection, with the replayed rows in them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, Table, func, insert, or_, select

from data_access import tables
from data_access.history import Earlier, earlier
from data_access.store import Store

REACH = timedelta(days=70)  # a tick asks about open cases, this month and the one before


class FrozenReader:
    """Pictures of one city at one instant. Cases that change while it is in use are seen after a restart."""

    def __init__(self, store: Store, city_number: int, as_of: datetime) -> None:
        self.store, self.city_number, self.as_of = store, city_number, as_of
        self._kept: Connection | None = None
        self._asked = False

    @contextmanager
    def picture(self) -> Iterator[Connection]:
        """As Store.picture. Nothing has changed since as_of: the stored rows serve."""
        if not self._asked:
            self._prepare()
        if self._kept is None:
            with self.store.picture() as connection:
                yield connection
        else:
            with self._kept.begin():
                yield self._kept

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _prepare(self) -> None:
        connection = self.store.read.connect()
        try:
            with connection.begin():
                changed = earlier(connection, self.city_number, self.as_of)
            if changed is not None:
                self._stand_at(connection, changed)
                self._kept = connection
        finally:
            self._asked = True
            if self._kept is None:
                connection.close()

    def _stand_at(self, connection: Connection, changed: Earlier) -> None:
        if self.store.is_sqlite:
            connection.exec_driver_sql("PRAGMA query_only=OFF")  # this connection only, for its temporary tables
            connection.commit()
        with connection.begin():
            schema = "main" if self.store.is_sqlite else str(connection.scalar(select(func.current_schema())))
            for table, rows in ((tables.assignments, changed.assignments), (tables.cases, changed.cases)):
                self._shadow(connection, table, schema, rows)

    def _shadow(self, connection: Connection, table: Table, schema: str, rows: list[dict[str, Any]]) -> None:
        """A temporary table of the same name: the rows that are as they were, and the others as they stood."""
        stored, cases = (one.to_metadata(MetaData(), schema=schema).c for one in (table, tables.cases))
        here = (stored.city_id == self.city_number, stored.reported_at <= self.as_of)
        since = self.as_of - REACH
        recent = or_(stored.closed_at.is_(None), stored.closed_at >= since, stored.reported_at >= since)
        gone_on = select(cases.case_id).where(cases.city_id == self.city_number, cases.changed_at > self.as_of)
        shadow = Table(table.name, MetaData(), *(_plain(column) for column in table.c), prefixes=["TEMPORARY"])
        shadow.create(connection)
        names = [column.name for column in table.c]
        kept = select(*(stored[name] for name in names)).where(*here, recent, stored.case_id.not_in(gone_on))
        connection.execute(insert(shadow).from_select(names, kept))
        blank = dict.fromkeys(names) | {"city_id": self.city_number}
        replayed = [blank | {name: value for name, value in row.items() if name in blank} for row in rows]
        if replayed:
            connection.execute(insert(shadow), replayed)
        Index(f"ix_frozen_{table.name}", shadow.c.closed_at, shadow.c.registered_at).create(connection)


def _plain(column: Column[Any]) -> Column[Any]:
    """The column without keys and rules: what a shadow holds has been checked before."""
    return Column(column.name, column.type)
