"""The city's lists by key, number and name, each read when it is first asked for; and its people by number."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, select

from data_access import tables
from data_access.desk_tables import user_posts, users
from data_access.directory import ID_COLUMN


class Entry(NamedTuple):
    key: str
    number: int
    name: str


class Account(NamedTuple):
    """A person as the log may be read to others: name and posts, in the order in which they are stored."""

    user_id: int
    name: str
    posts: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True)
class Listing:
    """One list of the city."""

    by_key: Mapping[str, Entry]
    by_number: Mapping[int, Entry]

    def number(self, key: str | None) -> int | None:
        """The number of a key. Raises KeyError for one that the city does not have."""
        return None if key is None else self.by_key[key].number

    def key(self, number: int | None) -> str | None:
        return None if number is None else self.by_number[number].key

    def name(self, key: str | None) -> str:
        """The name to show; the key itself where the list does not know it."""
        found = self.by_key.get(key or "")
        return found.name if found else key or ""


class Keys:
    """Read inside one transaction and thrown away with it."""

    def __init__(self, connection: Connection, city_id: int) -> None:
        self._connection, self._city_id = connection, city_id

    @cached_property
    def units(self) -> Listing:
        return self._listing(tables.units)

    @cached_property
    def categories(self) -> Listing:
        return self._listing(tables.categories)

    @cached_property
    def channels(self) -> Listing:
        return self._listing(tables.channels)

    @cached_property
    def streets(self) -> Listing:
        return self._listing(tables.areas, tables.areas.c.level == "street")

    @cached_property
    def communities(self) -> Listing:
        return self._listing(tables.areas, tables.areas.c.level == "community")

    @cached_property
    def grids(self) -> Listing:
        return self._listing(tables.grids)

    @cached_property
    def people(self) -> Mapping[int, Account]:
        c, p = users.c, user_posts.c
        posts: dict[int, list[str]] = {}
        for number, post in self._connection.execute(select(p.user_id, p.post).where(p.city_id == self._city_id)):
            posts.setdefault(number, []).append(post)
        question = select(c.user_id, c.name, c.disabled_at).where(c.city_id == self._city_id)
        return {
            number: Account(number, name, tuple(posts.get(number, ())), disabled is not None)
            for number, name, disabled in self._connection.execute(question)
        }

    def _listing(self, table: Table, *where: ColumnElement[bool]) -> Listing:
        c = table.c
        question = select(c.key, c[ID_COLUMN[table]], c.name).where(c.city_id == self._city_id, *where)
        found = [Entry(key, number, name or key) for key, number, name in self._connection.execute(question)]
        return Listing({entry.key: entry for entry in found}, {entry.number: entry for entry in found})
