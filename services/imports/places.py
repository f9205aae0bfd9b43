"""Where the rows of an import lie: WGS-84, inside or outside the city, and in which grid."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.mappings import Mapping
from domain.coordinates import TO_WGS84, Conversion
from domain.marks import OFF_THE_MAP, Mark
from services.imports.canonical import Fields
from services.imports.case_rows import Columns

if TYPE_CHECKING:
    from services.grid_index import GridIndex

Row = tuple[Fields, Columns]
WORLD = (-180.0, -90.0, 180.0, 90.0)


class Places:
    """Settles positions for one file. The mapping's bounds stand in for an outline where none is loaded."""

    def __init__(self, mapping: Mapping, index: "GridIndex | None") -> None:
        self._to_wgs84 = conversion(mapping.crs)
        self._bounds = mapping.bounds or WORLD
        self._index = index

    def settle(self, rows: Sequence[Row]) -> None:
        """Fills lon, lat, the marks of the position, grid and street of a batch; a known grid code goes first."""
        for fields, columns in rows:
            self._position(fields, columns)
        if self._index is not None:
            self._find(self._index, [columns for _fields, columns in rows if _has_place(columns)])

    def _position(self, fields: Fields, columns: Columns) -> None:
        columns["lon"] = columns["lat"] = None
        if "lon" not in fields or "lat" not in fields:
            return
        lon, lat = fields["lon"], fields["lat"]
        if lon == 0 and lat == 0:  # before any conversion: it means that there was no position
            columns["lon"], columns["lat"] = 0.0, 0.0
            columns["marks"] |= int(Mark.ZERO_POSITION)
            return
        columns["lon"], columns["lat"] = lon, lat = self._to_wgs84(lon, lat)
        if lon == round(lon) and lat == round(lat):
            columns["marks"] |= int(Mark.WHOLE_DEGREE)
        west, south, east, north = self._bounds if self._index is None or self._index.outline is None else WORLD
        if not (west <= lon <= east and south <= lat <= north):
            columns["marks"] |= int(Mark.OUTSIDE_CITY)

    def _find(self, index: "GridIndex", rows: Sequence[Columns]) -> None:
        points = index.points([(columns["lon"], columns["lat"]) for columns in rows])
        inside = index.inside(points) if index.outline is not None else [True] * len(rows)
        for columns, here, place in zip(rows, inside, index.places_of(points), strict=True):
            if not here:
                columns["marks"] |= int(Mark.OUTSIDE_CITY)
            elif columns["grid_id"] is None and place >= 0:
                columns["grid_id"] = index.grid_ids[place]
        for columns in rows:
            if columns["street_id"] is None:
                columns["street_id"] = index.street_of(columns["grid_id"])


def conversion(crs: str) -> Conversion:
    """To WGS-84; the projection library is loaded only for a projected system. Raises Refusal for an unknown one."""
    known = TO_WGS84.get(crs)
    if known is None:
        from services.projections import to_wgs84

        known = to_wgs84(crs)
    return known


def _has_place(columns: Columns) -> bool:
    return columns["lon"] is not None and not columns["marks"] & OFF_THE_MAP
