"""The city's lists while an import runs: keys become numbers, and new keys are added as they appear."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table

from data_access import directory, imports, tables
from domain.city import City
from services.imports.canonical import Fields

SHORT = 18  # characters of a name made short where no profile gives a better one


def short(name: str) -> str:
    return name if len(name) <= SHORT else f"{name[: SHORT - 1].rstrip()}…"


class Lists:
    """Units, categories, channels, streets, communities and grids of one city, by key."""

    def __init__(self, connection: Connection, city_id: int, city: City) -> None:
        self._connection, self._city_id = connection, city_id
        self._profiles = {unit.key: unit for unit in city.units}
        self.units = directory.keys(connection, tables.units, city_id)
        self.categories = directory.keys(connection, tables.categories, city_id)
        self.channels = directory.keys(connection, tables.channels, city_id)
        self.streets = directory.area_keys(connection, city_id, "street")
        self.communities = directory.area_keys(connection, city_id, "community")
        self.grids = directory.keys(connection, tables.grids, city_id)
        self._follow_profile()

    def numbers(self, fields: Fields) -> dict[str, int | None]:
        """The row's numbers: unit, category, channel, street, community, and the grid named by its code, if known."""
        street = self._street(fields.get("street"))
        return {
            "unit_id": self._unit(fields.get("unit")),
            "category_id": self._category(fields),
            "channel_id": self._channel(fields.get("channel")),
            "street_id": street,
            "community_id": self._community(fields.get("community"), street),
            "grid_id": self.grids.get(fields.get("grid", "")),
        }

    def _follow_profile(self) -> None:
        """Names, short names and classes of the profile reach units that are already stored."""
        stored = imports.names(self._connection, tables.units, self._city_id)
        for key, row in stored.items():
            wanted = self._unit_row(key)
            if key in self._profiles and row[2:] != tuple(wanted.values()):
                directory.ensure_rows(self._connection, tables.units, self._city_id, [wanted])

    def _unit_row(self, key: str) -> dict[str, str | None]:
        profile = self._profiles.get(key)
        if profile is None:
            return {"key": key, "name": key, "short_name": short(key), "unit_class": None}
        return {
            "key": key,
            "name": profile.name,
            "short_name": profile.short_name,
            "unit_class": profile.unit_class,
        }

    def _unit(self, key: str | None) -> int | None:
        if key is None:
            return None
        return self.units.get(key) or self._add(tables.units, self.units, key, self._unit_row(key))

    def _category(self, fields: Fields) -> int | None:
        name = fields.get("category")
        key = fields.get("category_key") or name
        if key is None:
            return None
        row = {
            "key": key,
            "name": name or key,
            "kind": fields.get("kind"),
            "major_name": fields.get("category_major"),
            "major_code": None,
            "minor_code": None,
        }
        return self.categories.get(key) or self._add(tables.categories, self.categories, key, row)

    def _channel(self, key: str | None) -> int | None:
        if key is None:
            return None
        return self.channels.get(key) or self._add(tables.channels, self.channels, key, {"key": key, "name": key})

    def _street(self, key: str | None) -> int | None:
        if key is None:
            return None
        row = {"key": key, "name": key, "short_name": short(key), "level": "street"}
        return self.streets.get(key) or self._add(tables.areas, self.streets, key, row)

    def _community(self, key: str | None, street: int | None) -> int | None:
        if key is None:
            return None
        row = {"key": key, "name": key, "short_name": short(key), "level": "community", "parent_id": street}
        return self.communities.get(key) or self._add(tables.areas, self.communities, key, row)

    def _add(self, table: Table, known: dict[str, int], key: str, row: Mapping[str, Any]) -> int:
        (number,) = directory.add_rows(self._connection, table, self._city_id, [row])
        known[key] = number
        return number
