"""Giving a city its grids, its streets' shapes and its outline, and every case its place in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from data_access import places, tables
from data_access.directory import ensure_city, ensure_rows
from data_access.imports import lock_city
from data_access.store import Store
from domain.city import City
from domain.marks import OFF_THE_MAP
from domain.refusals import Refusal
from services.cartography.geography import SCHEMATIC
from services.grid_cases import assign_cases
from services.grid_cells import Cell, cut, stored
from services.grid_index import geometry_of, index_of, text_of
from services.imports.lists import short
from services.outlines import Shape, Shapes, dissolve, load_shapes
from services.projections import LocalMetres
from services.refusals import database_refusal

HULL_RATIO = 0.2  # 0 = tightest, 1 = convex
HULL_MARGIN_M = 150.0  # metres around the outermost cases


@dataclass(frozen=True)
class Plan:
    """What is asked for: an outline to cut (None = the hull of the cases) or own grids, and perhaps streets."""

    outline: Path | None = None
    cell_m: float | None = None
    crs: str | None = None
    grids: Path | None = None
    grid_key: str | None = None
    streets: Path | None = None
    street_key: str | None = None


@dataclass(frozen=True)
class GridReport:
    """`cases` = in_grid + no_position + off_map + outside + between: every case is in exactly one of them."""

    city: str
    grids: int
    area_km2: float
    merged: int  # slivers that joined a neighbour
    streets: int
    repairs: tuple[str, ...]
    cases: int
    in_grid: int
    no_position: int
    off_map: int  # (0, 0) or whole degrees
    outside: int  # outside the outline
    between: int  # inside the outline and in no grid
    moved: int  # cases whose grid, street or marks changed


@dataclass
class Layout:
    """Everything read from a plan's files, before the store is touched. No outline = the hull is still to be drawn."""

    cell_m: float | None
    outline: Any | None = None
    cells: tuple[Cell, ...] = ()
    merged: int = 0
    streets: tuple[tuple[str, Any], ...] = ()
    repairs: list[str] = field(default_factory=list)


def read_plan(plan: Plan) -> Layout:
    """Reads, repairs and cuts. Raises Refusal for a file or a size that cannot be used."""
    layout = Layout(plan.cell_m)
    if plan.grids is not None:
        own = _noted(layout, load_shapes(plan.grids, plan.crs))
        layout.cells = tuple(_own_cells(own, plan.grid_key or "", plan.grids.name))
        layout.outline = stored(dissolve(own))
    if plan.streets is not None:
        shapes = _noted(layout, load_shapes(plan.streets, plan.crs))
        layout.streets = tuple(_by_key(shapes, plan.street_key or "", plan.streets.name, 80).items())
    if plan.outline is not None:
        outline = dissolve(_noted(layout, load_shapes(plan.outline, plan.crs)))
        if plan.grids is None:
            _cut(layout, outline)
        else:
            layout.outline = stored(outline)
    return layout


def lay_grids(store: Store, city: City, layout: Layout) -> GridReport:
    """Replaces the city's grids by the layout's and assigns every case anew, in one transaction.

    Raises Refusal when the hull cannot be drawn or the database refuses; the store is then as it was.
    """
    try:
        with store.write.begin() as connection:
            city_id = ensure_city(connection, city.id, city.zone.key, city.demo)
            lock_city(connection, city_id)
            if layout.outline is None:
                _cut(layout, _hull(connection, city_id))
            return _lay(connection, city_id, city, layout)
    except DBAPIError as error:
        raise database_refusal(error) from error


def _noted(layout: Layout, shapes: Shapes) -> Sequence[Shape]:
    layout.repairs += shapes.repairs
    return shapes.shapes


def _cut(layout: Layout, outline: Any) -> None:
    if layout.cell_m is None:
        raise Refusal("没有给格子的边长", "--cell", "请写 --cell 500（米）。")
    made = cut(outline, layout.cell_m)
    layout.outline, layout.cells, layout.merged = made.outline, made.cells, made.merged


def _own_cells(shapes: Sequence[Shape], key: str, file: str) -> list[Cell]:
    everything = dissolve(shapes).centroid
    plane = LocalMetres(everything.x, everything.y)
    by_key = _by_key(shapes, key, file, 40)
    return [Cell(name, stored(shape), float(plane.metres(shape).area)) for name, shape in by_key.items()]


def _by_key(shapes: Sequence[Shape], key: str, file: str, width: int) -> dict[str, Any]:
    """Shapes by the text of their key column; several of one key are one place in several parts."""
    parts: dict[str, list[Shape]] = {}
    for shape in shapes:
        if key not in shape.properties:
            there = "、".join(shape.properties) or "无"
            raise Refusal(
                f"图形没有“{key}”这一列", shape.place, f"文件里的列：{there}。请用 --key 或 --streets-key 写明。"
            )
        name = str(shape.properties[key] if shape.properties[key] is not None else "").strip()
        if not name or len(name) > width:
            raise Refusal(f"“{key}”是空的，或超过 {width} 字", shape.place, f"请在 {file} 里补上编码后重试。")
        parts.setdefault(name, []).append(shape)
    return {name: dissolve(same) if len(same) > 1 else same[0].geometry for name, same in parts.items()}


def _hull(connection: Connection, city_id: int) -> Any:
    """An outline around the valid positions of the city's cases."""
    positions = places.valid_positions(connection, city_id, int(OFF_THE_MAP))
    if len(positions) < 3:
        raise Refusal("可用的案件坐标不足 3 个，画不出外廓", "--outline auto", "请先导入案件，或给出外廓文件。")
    cloud = shapely.MultiPoint(np.array(positions, dtype=np.float64))
    plane = LocalMetres(cloud.centroid.x, cloud.centroid.y)
    hull = shapely.concave_hull(plane.metres(cloud), ratio=HULL_RATIO)
    return plane.degrees(hull.buffer(HULL_MARGIN_M, quad_segs=4))


def _lay(connection: Connection, city_id: int, city: City, layout: Layout) -> GridReport:
    places.forget_invented(connection, city_id, SCHEMATIC)
    places.replace_outline(connection, city_id, city.name, text_of(layout.outline))
    ensure_rows(connection, tables.areas, city_id, [_street_row(name, shape) for name, shape in layout.streets])
    street_at = _street_finder(connection, city_id)
    streets = [street_at(cell.geometry) for cell in layout.cells]
    rows = [_grid_row(cell, street) for cell, street in zip(layout.cells, streets, strict=True)]
    numbers = places.replace_grids(connection, city_id, rows)
    shapes = [cell.geometry for cell in layout.cells]
    grids = list(zip(numbers, streets, shapes, strict=True))
    counts = assign_cases(connection, city_id, index_of(layout.outline, grids))
    return GridReport(
        city=city.id,
        grids=len(rows),
        area_km2=round(sum(cell.area_m2 for cell in layout.cells) / 1e6, 2),
        merged=layout.merged,
        streets=len(layout.streets),
        repairs=tuple(dict.fromkeys(layout.repairs)),
        **vars(counts),
    )


def _grid_row(cell: Cell, street_id: int | None) -> dict[str, Any]:
    geometry, area = text_of(cell.geometry), round(cell.area_m2, 1)
    return {"key": cell.key, "name": None, "street_id": street_id, "geometry": geometry, "area_m2": area}


def _street_row(name: str, shape: Any) -> dict[str, Any]:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    # The centre of the largest circle inside: a name there lies well within its street, also in a bent one.
    label = shapely.get_point(shapely.maximum_inscribed_circle(largest), 0)
    geometry = text_of(stored(shape))
    return {
        "key": name, "name": name, "short_name": short(name), "level": "street", "geometry": geometry,
        "label_lon": round(label.x, 6), "label_lat": round(label.y, 6),
    }  # fmt: skip


def _street_finder(connection: Connection, city_id: int) -> Callable[[Any], int | None]:
    """A function from a grid to the street that holds its inner point."""
    shaped = places.street_shapes(connection, city_id)
    if not shaped:
        return lambda geometry: None
    tree = shapely.STRtree([geometry_of(text) for _number, text in shaped])

    def find(geometry: Any) -> int | None:
        found = tree.query(geometry.representative_point(), predicate="intersects")
        return int(shaped[min(found)][0]) if len(found) else None

    return find
