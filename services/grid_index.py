"""Finding the grid of a position, for many positions at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry
from sqlalchemy import Connection

from data_access import places

# Cells are stored to a tenth of a metre, so that between two of them a hair's breadth may be left over.
GAP = 2e-5  # degrees, about two metres


@dataclass(frozen=True)
class GridIndex:
    """The grids and the outline of one city."""

    outline: Any | None
    grid_ids: tuple[int, ...]
    street_by_grid: Mapping[int, int | None]
    tree: Any | None

    @staticmethod
    def points(positions: Sequence[tuple[float, float]]) -> Any:
        """Longitudes and latitudes as an array of points."""
        return shapely.points(np.array(positions, dtype=np.float64).reshape(-1, 2))

    def street_of(self, grid_id: int | None) -> int | None:
        return self.street_by_grid.get(grid_id) if grid_id is not None else None

    def inside(self, points: Any) -> npt.NDArray[np.bool_]:
        """Whether each point lies in the outline. Ask only where there is one."""
        shapely.prepare(self.outline)
        found: npt.NDArray[np.bool_] = shapely.intersects(self.outline, points)
        return found

    def places_of(self, points: Any) -> npt.NDArray[np.int64]:
        """For each point the place of its grid in `grid_ids`, or -1. On a border the first grid takes it."""
        found = np.full(len(points), -1, dtype=np.int64)
        if self.tree is None or not len(points):
            return found
        self._fill(found, np.arange(len(points)), self.tree.query(points, predicate="intersects"))
        lost = np.flatnonzero(found < 0)
        if len(lost):
            self._fill(found, lost, self.tree.query_nearest(points[lost], max_distance=GAP))
        return found

    @staticmethod
    def _fill(found: npt.NDArray[np.int64], of: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]) -> None:
        # Last written wins, so the pairs go in from the last grid to the first.
        order = np.argsort(-pairs[1], kind="stable")
        found[of[pairs[0][order]]] = pairs[1][order]


def load_index(connection: Connection, city_id: int) -> GridIndex | None:
    """The city's index, or None where neither an outline nor grids have been loaded."""
    outline, grids = places.outline(connection, city_id), places.grid_places(connection, city_id)
    if outline is None and not grids:
        return None
    return index_of(geometry_of(outline) if outline is not None else None, [
        (grid_id, street_id, geometry_of(text)) for grid_id, street_id, text in grids
    ])  # fmt: skip


def index_of(outline: Any | None, grids: Sequence[tuple[int, int | None, Any]]) -> GridIndex:
    tree = shapely.STRtree([geometry for _id, _street, geometry in grids]) if grids else None
    return GridIndex(outline, tuple(grid[0] for grid in grids), {grid[0]: grid[1] for grid in grids}, tree)


def geometry_of(text: str) -> Any:
    return shapely.geometry.shape(json.loads(text))


def text_of(geometry: Any) -> str:
    """GeoJSON text of a geometry in stored precision."""
    return json.dumps(_rounded(shapely.geometry.mapping(geometry)), separators=(",", ":"))


def _rounded(member: Any) -> Any:
    if isinstance(member, dict):
        return {key: _rounded(value) for key, value in member.items()}
    if isinstance(member, list | tuple):
        return [_rounded(value) for value in member]
    return round(member, 6) if isinstance(member, float) else member
