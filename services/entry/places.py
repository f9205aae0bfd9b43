"""Finding a place: by a click its grid, street and community; by words the roads, streets and communities in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
import shapely.ops
from sqlalchemy import Connection

from data_access import entry, lists
from data_access.entry import AreaRow, GridRow
from domain.duplicates import METRES_PER_DEGREE, Position
from domain.entry import Place
from domain.roads import without_house_number
from services.desk_view.side import NATIONAL_CODE, OF_THE_STREET
from services.grid_index import GridIndex, geometry_of, load_index

NEAR_ROAD = 110 / METRES_PER_DEGREE  # degrees: a place nearer than that takes the road's name
SHORTEST_NAME = 2
ENDINGS = ("街道", "社区", "镇", "乡")  # people leave them out


@dataclass(frozen=True)
class PlaceFinder:
    """The places of one city as they were at `version`; loaded once and kept until the map changes."""

    version: str
    index: GridIndex | None
    grids: Sequence[GridRow]
    areas: Mapping[int, AreaRow]
    roads: Mapping[str, Any]  # name -> geometry

    def at(self, position: Position) -> Place:
        """What lies there; without a grid where the city has none or the place is in none of them."""
        road = self._road_near(position)
        grid = self._grid(position)
        if grid is None:
            return Place(position=position, road=road)
        street = self._area(grid.street_id)
        community = self._area(grid.community_id)
        return Place(
            position=position,
            grid=grid.key,
            grid_name=grid.name or _grid_name(grid.key, street),
            street=street.key if street else None,
            street_name=street.name if street else "",
            community=community.key if community else None,
            community_name=community.name if community else "",
            road=road,
        )

    def inside(self, position: Position) -> bool:
        """Whether the place lies in the city, as far as its outline is known."""
        if self.index is None or self.index.outline is None:
            return True
        return bool(self.index.inside(GridIndex.points([position]))[0])

    def said(self, words: str) -> Place:
        """What the words name: roads and their crossing first, else the community, else the street; a guess."""
        if len(words) < SHORTEST_NAME:
            return Place()
        roads = self._named(words, self.roads)
        road = without_house_number(roads[0]) if roads else ""
        area = self._area_said(words)
        position = self._crossing(roads) or self._on_road(roads, area) or self._middle(area)
        if position is not None:
            found = self.at(position)
            return replace(found, road=road or found.road, guessed=True)
        if area is None:
            return Place(road=road)
        community = area if area.level == "community" else None
        street = self._area(area.parent_id) if community else area
        return Place(
            street=street.key if street else None,
            street_name=street.name if street else "",
            community=community.key if community else None,
            community_name=community.name if community else "",
            road=road,
        )

    def grid_id(self, key: str | None) -> int | None:
        return next((grid.grid_id for grid in self.grids if grid.key == key), None)

    def _grid(self, position: Position) -> GridRow | None:
        if self.index is None:
            return None
        found = int(self.index.places_of(GridIndex.points([position]))[0])
        if found < 0:
            return None
        number = self.index.grid_ids[found]
        return next((grid for grid in self.grids if grid.grid_id == number), None)

    def _area(self, number: int | None) -> AreaRow | None:
        return self.areas.get(number) if number is not None else None

    def _road_near(self, position: Position) -> str:
        point = shapely.Point(position)
        near = [(line.distance(point), name) for name, line in self.roads.items()]
        distance, name = min(near, default=(NEAR_ROAD, ""))
        return name if distance < NEAR_ROAD else ""

    @staticmethod
    def _named(words: str, names: Mapping[str, Any]) -> list[str]:
        """The names that stand in the words, in their order; a name inside a longer one does not count."""
        found = sorted((words.find(name), -len(name), name) for name in names if name in words)
        taken, kept = 0, []
        for place, _length, name in found:
            if place >= taken:
                kept.append(name)
                taken = place + len(name)
        return kept

    def _area_said(self, words: str) -> AreaRow | None:
        """The community that is named, else the street; the longest name wins."""
        said = [
            (area.level == "community", len(area.name), area.key, area)
            for area in self.areas.values()
            if _short(area.name) in words
        ]
        return max(said)[3] if said else None

    def _crossing(self, roads: Sequence[str]) -> Position | None:
        if len(roads) < 2:
            return None
        one, other = self.roads[roads[0]], self.roads[roads[1]]
        here, _there = shapely.ops.nearest_points(one, other)
        return _position(here) if one.distance(other) < NEAR_ROAD else None

    def _on_road(self, roads: Sequence[str], area: AreaRow | None) -> Position | None:
        """The place of the road that is nearest to the area named, else its middle."""
        if not roads:
            return None
        line, middle = self.roads[roads[0]], self._middle(area)
        if middle is not None:
            return _position(shapely.ops.nearest_points(line, shapely.Point(middle))[0])
        return _position(shapely.ops.nearest_points(line, line.centroid)[0])

    def _middle(self, area: AreaRow | None) -> Position | None:
        """Where its name stands on the map, else the grid of it that lies nearest to the middle of all of them."""
        if area is None or area.label is not None or self.index is None or self.index.tree is None:
            return area.label if area else None
        own = {grid.grid_id for grid in self.grids if area.area_id in (grid.street_id, grid.community_id)}
        cells = [
            cell for number, cell in zip(self.index.grid_ids, self.index.tree.geometries, strict=True) if number in own
        ]
        if not cells:
            return None
        middle = shapely.MultiPoint([cell.centroid for cell in cells]).centroid
        return _position(min(cells, key=middle.distance).representative_point())


def load_places(connection: Connection, city_id: int) -> PlaceFinder:
    """Reads every grid, area and named road of the city: about a tenth of a second for a thousand grids."""
    roads: dict[str, Any] = {}
    for name, text in entry.roads(connection, city_id):
        line = geometry_of(text)
        roads[name] = shapely.union(roads[name], line) if name in roads else line
    areas = {area.area_id: area for area in entry.areas(connection, city_id)}
    version = lists.map_version(connection, city_id)
    return PlaceFinder(version, load_index(connection, city_id), entry.grids(connection, city_id), areas, roads)


def _grid_name(key: str, street: AreaRow | None) -> str:
    """学府-008 for a national grid code (domain research 1.2), as the case view calls it; else the key."""
    if street is None or not re.fullmatch(NATIONAL_CODE, key):
        return key
    return f"{street.short_name}-{key[OF_THE_STREET]}"


def _short(name: str) -> str:
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_NAME:
            return name.removesuffix(ending)
    return name


def _position(point: Any) -> Position:
    return round(point.x, 6), round(point.y, 6)
