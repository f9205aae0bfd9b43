"""Where the rows of an import lie: WGS-84, inside or outside the city, and in which grid."""

from collections.abc import Callable, Sequence

from domain.marks import Mark
from services.imports.canonical import Fields
from services.imports.case_rows import Columns

Position = tuple[float, float]


class Places:
    """`to_wgs84` converts a source's position; `bounds` stand in for the outline where none is loaded."""

    def __init__(
        self, to_wgs84: Callable[[float, float], Position], bounds: tuple[float, float, float, float] | None
    ) -> None:
        self._to_wgs84, self._bounds = to_wgs84, bounds

    def settle(self, rows: Sequence[tuple[Fields, Columns]]) -> None:
        """Fills lon, lat, the position's marks, grid and street of a batch."""
        for fields, columns in rows:
            self._place(fields, columns)

    def _place(self, fields: Fields, columns: Columns) -> None:
        lon, lat = fields.get("lon"), fields.get("lat")
        columns["lon"] = columns["lat"] = None
        if lon is None or lat is None:
            return
        if lon == 0 and lat == 0:
            columns["lon"], columns["lat"] = 0.0, 0.0
            columns["marks"] |= int(Mark.ZERO_POSITION)
            return
        columns["lon"], columns["lat"] = lon, lat = self._to_wgs84(lon, lat)
        if lon == round(lon) and lat == round(lat):
            columns["marks"] |= int(Mark.WHOLE_DEGREE)
        west, south, east, north = self._bounds or (-180.0, -90.0, 180.0, 90.0)
        if not (west <= lon <= east and south <= lat <= north):
            columns["marks"] |= int(Mark.OUTSIDE_CITY)
