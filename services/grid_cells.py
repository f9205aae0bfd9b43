"""Cutting a city's outline into coded cells of one size."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import shapely

from domain.refusals import Refusal
from services.outlines import polygonal
from services.projections import DECIMALS, LocalMetres

SLIVER = 0.05  # a piece smaller than this share of a cell joins a neighbour
MOST_CELLS = 50_000  # a wall draws thousands at best; more is a mistaken unit
SIMPLIFIED_M = 1.0  # metres the outline may move where it is drawn finer than that
LONGEST_SIDE = 0.005  # degrees, about 500 m
ON_THE_GROUND = 10**-DECIMALS


@dataclass(frozen=True)
class Cell:
    key: str
    geometry: Any  # WGS-84
    area_m2: float


@dataclass(frozen=True)
class Cut:
    outline: Any  # WGS-84, as the cells cover it
    cells: tuple[Cell, ...]
    merged: int  # slivers that joined a neighbour


def cut(outline: Any, cell_m: float) -> Cut:
    """Cells of `cell_m` metres over the outline, clipped to it; codes run west to east and north to south.

    Raises Refusal when the cell is not a sensible size for this outline.
    """
    centre = outline.centroid
    plane = LocalMetres(centre.x, centre.y)
    # A long straight side is straight in degrees and not in metres: short steps keep the cells along it.
    followed = plane.metres(shapely.segmentize(outline, LONGEST_SIDE))
    ground = polygonal(shapely.make_valid(followed).simplify(SIMPLIFIED_M))
    west, south, east, north = ground.bounds
    columns, rows = ceil((east - west) / cell_m), ceil((north - south) / cell_m)
    if ground.area < cell_m * cell_m:
        raise Refusal(f"格子边长 {cell_m:g} 米比整个城市还大", "--cell", "请减小边长。")
    if columns * rows > 40 * MOST_CELLS or ground.area / cell_m**2 > MOST_CELLS:
        raise Refusal(f"边长 {cell_m:g} 米会切出太多格子", "--cell", f"至多 {MOST_CELLS} 格；请加大边长或核对坐标系。")
    pieces = dict(_pieces(ground, cell_m, columns, rows))
    merged = _join_slivers(pieces, SLIVER * cell_m * cell_m)
    cells = tuple(
        Cell(f"G{row + 1:03}-{column + 1:03}", stored(plane.degrees(piece)), piece.area)
        for (row, column), piece in sorted(pieces.items())
    )
    return Cut(stored(plane.degrees(ground)), cells, merged)


def stored(geometry: Any) -> Any:
    """The geometry at the precision it is stored with, still valid."""
    return polygonal(shapely.set_precision(geometry, ON_THE_GROUND))


def _pieces(ground: Any, cell_m: float, columns: int, rows: int) -> Iterator[tuple[tuple[int, int], Any]]:
    west, _south, _east, north = ground.bounds
    shapely.prepare(ground)
    left = west + cell_m * np.arange(columns)
    for row in range(rows):
        top = north - cell_m * row
        boxes = shapely.box(left, top - cell_m, left + cell_m, top)
        inside = shapely.contains_properly(ground, boxes)
        for column in np.flatnonzero(shapely.intersects(ground, boxes)):
            box = boxes[column]
            piece = box if inside[column] else polygonal(shapely.intersection(ground, box))
            if not piece.is_empty:
                yield (row, int(column)), piece


def _join_slivers(pieces: dict[tuple[int, int], Any], smallest: float) -> int:
    """Joins every piece below `smallest` m² to the neighbour with which it shares the longest border."""
    merged = 0
    for place in sorted((p for p, piece in pieces.items() if piece.area < smallest), key=lambda p: (pieces[p].area, p)):
        piece = pieces[place]
        if piece.area >= smallest:
            continue  # it has grown by an even smaller one
        row, column = place
        around = ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column))
        borders = {there: _border(piece, pieces[there]) for there in around if there in pieces}
        best = max(borders, key=lambda there: borders[there], default=None)
        if best is None or borders[best] <= 0:
            continue  # an islet of its own: it stays, or its cases would have no grid
        pieces[best] = polygonal(shapely.union(pieces[best], piece))
        del pieces[place]
        merged += 1
    return merged


def _border(piece: Any, other: Any) -> float:
    return float(shapely.length(shapely.intersection(shapely.boundary(piece), shapely.boundary(other))))
