"""Cutting outlines, loading own grids and streets, and where every case ends up."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.geometry

from config.cities import load_city
from config.mappings import load_mapping
from data_access.store import Store
from domain.coordinates import wgs84_to_gcj02
from domain.marks import OFF_THE_MAP, Mark
from domain.refusals import Refusal
from services.grid_cells import cut
from services.grids import GridReport, Plan, lay_grids, read_plan
from services.imports import import_file
from services.outlines import dissolve, load_shapes
from tests.services.import_files import CITY, NOW, a_file, a_row, everything, imported, rows_of
from tests.shared_data import shared_file

WEST, SOUTH = 116.20, 39.90
DEGREE = 0.02  # the side of the square town: about 1.7 km by 2.2 km
TOWN = [[WEST, SOUTH], [WEST + DEGREE, SOUTH], [WEST + DEGREE, SOUTH + DEGREE], [WEST, SOUTH + DEGREE], [WEST, SOUTH]]
FIGURE_OF_EIGHT = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def a_geojson(folder: Path, *features: tuple[dict[str, Any], list[Any]], name: str = "o.geojson", **more: Any) -> Path:
    """Polygons of one ring each, with their properties."""
    members = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for properties, ring in features
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": members, **more}), encoding="utf-8")
    return path


def laid(store: Store, **plan: Any) -> GridReport:
    return lay_grids(store, CITY, read_plan(Plan(**plan)))


def at(case_no: str, east: float, north: float, **changes: str) -> dict[str, str]:
    """A case at a place in the town, 0 to 1 from its south-west corner."""
    return a_row(case_no, 经度=f"{WEST + east * DEGREE:.6f}", 纬度=f"{SOUTH + north * DEGREE:.6f}", **changes)


def grids_of_cases(store: Store) -> dict[str, str | None]:
    keys = {row["grid_id"]: row["key"] for row in rows_of(store, "grids")}
    return {row["case_no"]: keys.get(row["grid_id"]) for row in rows_of(store, "cases")}


def marks_of(store: Store) -> dict[str, int]:
    return {row["case_no"]: row["marks"] for row in rows_of(store, "cases")}


def test_cells_are_coded_west_to_east_and_north_to_south(sqlite_store: Store, tmp_path: Path) -> None:
    laid(sqlite_store, outline=a_geojson(tmp_path, ({}, TOWN)), cell_m=1000.0)

    cells = {row["key"]: shapely.geometry.shape(json.loads(row["geometry"])) for row in rows_of(sqlite_store, "grids")}
    assert sorted(cells) == ["G001-001", "G001-002", "G002-001", "G002-002", "G003-001", "G003-002"]
    assert cells["G001-001"].centroid.x < cells["G001-002"].centroid.x
    assert cells["G001-001"].centroid.y > cells["G002-001"].centroid.y


@pytest.mark.parametrize("cell_m", [120.0, 333.0, 1000.0])
def test_cells_cover_the_outline_once_and_are_no_slivers(tmp_path: Path, cell_m: float) -> None:
    rough = [[116.2, 39.9], [116.24, 39.905], [116.23, 39.93], [116.215, 39.912], [116.2, 39.94], [116.2, 39.9]]
    outline = dissolve(load_shapes(a_geojson(tmp_path, ({}, rough)), None).shapes)

    made = cut(outline, cell_m)

    shapes = [cell.geometry for cell in made.cells]
    union = shapely.union_all(shapes)
    assert all(shape.is_valid for shape in shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area, rel=1e-4)  # no overlap
    assert union.symmetric_difference(made.outline).area < 3e-4 * made.outline.area
    assert min(cell.area_m2 for cell in made.cells) >= 0.05 * cell_m**2
    assert made.merged > 0


def test_areas_are_true(tmp_path: Path) -> None:
    outline = dissolve(load_shapes(a_geojson(tmp_path, ({}, TOWN)), None).shapes)

    total = sum(cell.area_m2 for cell in cut(outline, 200.0).cells)

    # A degree of latitude is 111,035 m and one of longitude 85,520 m on WGS-84 at 39.91° north.
    assert total == pytest.approx(0.02 * 111_035 * 0.02 * 85_520, rel=1e-3)


def test_every_case_finds_its_grid_on_cutting_and_on_import(store: Store, tmp_path: Path) -> None:
    outline = a_geojson(tmp_path, ({}, TOWN))
    rows = [at("NW", 0.1, 0.99), at("SE", 0.99, 0.05), at("out", 1.5, 0.5), a_row("none", 经度="", 纬度="")]
    rows += [a_row("zero", 经度="0", 纬度="0"), a_row("whole", 经度="116", 纬度="40")]
    expected = {"NW": "G001-001", "SE": "G003-002", "out": None, "none": None, "zero": None, "whole": None}
    imported(store, a_file(tmp_path, *rows))

    report = laid(store, outline=outline, cell_m=1000.0)

    assert grids_of_cases(store) == expected
    assert (report.cases, report.in_grid, report.no_position, report.off_map) == (6, 2, 1, 2)
    assert (report.outside, report.between, report.moved) == (1, 0, 3)
    imported(store, a_file(tmp_path, *(row | {"案件号": f"{row['案件号']}2"} for row in rows)))
    assert grids_of_cases(store) == expected | {f"{name}2": grid for name, grid in expected.items()}
    work = {row["case_id"]: (row["grid_id"], row["street_id"], row["marks"]) for row in rows_of(store, "assignments")}
    assert work == {row["case_id"]: (row["grid_id"], row["street_id"], row["marks"]) for row in rows_of(store, "cases")}


def test_the_outline_decides_what_is_outside(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, at("in", 0.5, 0.5), at("out", 1.5, 0.5)))
    assert marks_of(store) == {"in": 0, "out": 0}

    laid(store, outline=a_geojson(tmp_path, ({}, TOWN)), cell_m=1000.0)
    assert marks_of(store) == {"in": 0, "out": Mark.OUTSIDE_CITY}

    wider = [[x + (0.02 if x > WEST else 0), y] for x, y in TOWN]
    laid(store, outline=a_geojson(tmp_path, ({}, wider)), cell_m=1000.0)
    assert marks_of(store) == {"in": 0, "out": 0}


def test_laying_again_changes_nothing_but_what_differs(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, at("A1", 0.5, 0.5)))
    outline = a_geojson(tmp_path, ({}, TOWN))
    laid(store, outline=outline, cell_m=1000.0)
    before = everything(store)

    again = laid(store, outline=outline, cell_m=1000.0)

    assert again.moved == 0
    assert everything(store) == before


def test_own_grids_are_taken_by_code_first_and_by_position_else(store: Store, tmp_path: Path) -> None:
    half = WEST + DEGREE / 2
    left = [[x if x == WEST else half, y] for x, y in TOWN]
    right = [[x if x != WEST else half, y] for x, y in TOWN]
    own = a_geojson(tmp_path, ({"编码": "110107001001001"}, left), ({"编码": "110107001001002"}, right))
    rows = [
        at("by code", 0.1, 0.5, 网格编码="110107001001002"), at("by place", 0.1, 0.5),
        at("unknown code", 0.9, 0.5, 网格编码="999"), a_row("only code", 经度="", 纬度="", 网格编码="110107001001001"),
    ]  # fmt: skip
    expected = {
        "by code": "110107001001002", "by place": "110107001001001", "unknown code": "110107001001002",
        "only code": "110107001001001",
    }  # fmt: skip
    imported(store, a_file(tmp_path, *rows))

    report = laid(store, grids=own, grid_key="编码")

    assert grids_of_cases(store) == expected
    assert (report.grids, report.in_grid, report.no_position) == (2, 4, 0)
    imported(store, a_file(tmp_path, *(row | {"案件号": f"{row['案件号']}2"} for row in rows)))
    assert grids_of_cases(store) == expected | {f"{name}2": grid for name, grid in expected.items()}


def test_streets_get_their_shape_and_grids_and_cases_their_street(store: Store, tmp_path: Path) -> None:
    half = WEST + DEGREE / 2
    west = [[x if x == WEST else half, y] for x, y in TOWN]
    east = [[x if x != WEST else half, y] for x, y in TOWN]
    streets = a_geojson(tmp_path, ({"名称": "东湖街道"}, east), ({"名称": "西湖街道"}, west), name="s.geojson")
    imported(store, a_file(tmp_path, at("named", 0.1, 0.5, 街道="东湖街道"), at("placed", 0.1, 0.5, 街道="")))

    laid(store, outline=a_geojson(tmp_path, ({}, TOWN)), cell_m=500.0, streets=streets, street_key="名称")

    areas = {row["area_id"]: row for row in rows_of(store, "areas")}
    assert {row["key"] for row in areas.values()} == {"东湖街道", "西湖街道"}
    for row in areas.values():
        label = shapely.Point(row["label_lon"], row["label_lat"])
        assert shapely.geometry.shape(json.loads(row["geometry"])).contains(label)
    found = {row["case_no"]: areas[row["street_id"]]["key"] for row in rows_of(store, "cases")}
    assert found == {"named": "东湖街道", "placed": "西湖街道"}
    assert Counter(areas[row["street_id"]]["key"] for row in rows_of(store, "grids"))["西湖街道"] > 0


@pytest.mark.parametrize("how", ["option", "file", "old form"])
def test_a_declared_system_is_converted(tmp_path: Path, how: str) -> None:
    ring = [list(wgs84_to_gcj02(x, y)) for x, y in TOWN]
    more: dict[str, Any] = {} if how == "option" else {"crs": "gcj02"}
    if how == "old form":
        from pyproj import Transformer

        there = Transformer.from_crs("epsg:4326", "epsg:4548", always_xy=True)
        ring = [list(there.transform(x, y)) for x, y in TOWN]
        more = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}}

    (shape,) = load_shapes(a_geojson(tmp_path, ({}, ring), **more), "gcj02" if how == "option" else None).shapes

    assert shape.geometry.bounds == pytest.approx((WEST, SOUTH, WEST + DEGREE, SOUTH + DEGREE), abs=1e-8)


def test_a_bd09_import_lands_where_a_wgs84_one_does(store: Store, tmp_path: Path) -> None:
    from dataclasses import replace

    from domain.coordinates import wgs84_to_bd09

    lon, lat = wgs84_to_bd09(116.21, 39.91)
    path = a_file(tmp_path, a_row(经度=f"{lon:.9f}", 纬度=f"{lat:.9f}"))

    import_file(store, CITY, replace(load_mapping("generic"), crs="bd09"), path, NOW)

    (case,) = rows_of(store, "cases")
    assert (case["lon"], case["lat"]) == pytest.approx((116.21, 39.91), abs=1e-7)


def test_a_small_self_crossing_is_repaired_and_reported(tmp_path: Path) -> None:
    spike = [[WEST, SOUTH], [WEST + DEGREE, SOUTH], [WEST + DEGREE, SOUTH + DEGREE], [WEST + 0.010, SOUTH + DEGREE],
             [WEST + 0.0101, SOUTH + 0.0199], [WEST + 0.0099, SOUTH + 0.0199], [WEST + 0.01005, SOUTH + DEGREE],
             [WEST, SOUTH + DEGREE], [WEST, SOUTH]]  # fmt: skip

    shapes = load_shapes(a_geojson(tmp_path, ({}, spike)), None)

    assert shapes.shapes[0].geometry.is_valid
    assert len(shapes.repairs) == 1
    assert "o.geojson 第 1 个图形：Self-intersection" in shapes.repairs[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"type": "Polygon", "coordinates": [FIGURE_OF_EIGHT]}, "多边形自相交，无法可靠地修复"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "图形的坐标读不懂"),
        ({"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [1, 0], ["a", 0]]]}, "图形的坐标读不懂"),
        ({"type": "Polygon", "coordinates": []}, "图形是空的"),
        ({"type": "Polygon", "coordinates": [[[5e5, 4e6], [6e5, 4e6], [6e5, 5e6], [5e5, 4e6]]]}, "不是经纬度"),
        ({"type": "Point", "coordinates": [0, 0]}, "文件里没有面"),
        ({"type": "FeatureCollection", "features": []}, "文件里没有图形"),
        ({"type": "Polygon", "coordinates": [TOWN], "crs": "mercator"}, "不认识的坐标系“mercator”"),
        ({"type": "Polygon", "coordinates": [TOWN], "crs": "epsg:99999"}, "不认识的坐标系“epsg:99999”"),
        ([1, 2], "不是 GeoJSON"),
    ],
)
def test_a_bad_outline_is_refused_and_nothing_changes(
    sqlite_store: Store, tmp_path: Path, content: Any, expected: str
) -> None:
    imported(sqlite_store, a_file(tmp_path, at("A1", 0.5, 0.5)))
    laid(sqlite_store, outline=a_geojson(tmp_path, ({}, TOWN)), cell_m=500.0)
    before = everything(sqlite_store)
    path = tmp_path / "bad.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(Refusal) as caught:
        laid(sqlite_store, outline=path, cell_m=500.0)

    assert expected in caught.value.what
    assert everything(sqlite_store) == before


@pytest.mark.parametrize(
    ("cell_m", "expected"), [(5000.0, "比整个城市还大"), (1.0, "切出太多格子"), (None, "没有给格子的边长")]
)
def test_a_senseless_cell_is_refused(tmp_path: Path, cell_m: float | None, expected: str) -> None:
    with pytest.raises(Refusal, match=expected):
        read_plan(Plan(outline=a_geojson(tmp_path, ({}, TOWN)), cell_m=cell_m))


def test_a_missing_key_column_names_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"图形没有“code”这一列.*文件里的列：编码"):
        read_plan(Plan(grids=a_geojson(tmp_path, ({"编码": "1"}, TOWN)), grid_key="code"))


def test_the_hull_needs_positions(sqlite_store: Store) -> None:
    with pytest.raises(Refusal, match="不足 3 个"):
        laid(sqlite_store, cell_m=500.0)

    assert rows_of(sqlite_store, "cities") == []


def test_the_hull_holds_every_valid_case(store: Store, tmp_path: Path) -> None:
    places = [(0.1, 0.1), (0.9, 0.2), (0.8, 0.9), (0.2, 0.8), (0.5, 0.5)]
    rows = [at(f"A{n}", east, north) for n, (east, north) in enumerate(places)]
    imported(store, a_file(tmp_path, *rows, a_row("zero", 经度="0", 纬度="0")))

    report = laid(store, cell_m=300.0)

    assert (report.in_grid, report.off_map, report.outside) == (5, 1, 0)


def test_boston_adds_up_by_grid_and_finds_its_neighbourhoods(sqlite_store: Store) -> None:
    boston, shapes = load_city("boston"), shared_file("us-boundaries/boston_neighborhoods.geojson")
    cases = shared_file("boston-311-2026/cases.csv.gz")
    import_file(sqlite_store, boston, load_mapping("boston-311"), cases, NOW)
    plan = Plan(outline=shapes, cell_m=500.0, streets=shapes, street_key="name")

    report = lay_grids(sqlite_store, boston, read_plan(plan))

    rows = rows_of(sqlite_store, "cases")
    by_grid = Counter(row["grid_id"] for row in rows)
    assert by_grid[None] + sum(n for grid, n in by_grid.items() if grid is not None) == len(rows) == 38_738
    assert report.in_grid == sum(n for grid, n in by_grid.items() if grid is not None)
    assert report.cases == report.in_grid + report.no_position + report.off_map + report.outside + report.between
    assert report.no_position == 99
    assert report.between == 0
    assert len(report.repairs) == 1
    # An independent look: each case lies in the cell that it was given.
    cells = {
        row["grid_id"]: shapely.geometry.shape(json.loads(row["geometry"])) for row in rows_of(sqlite_store, "grids")
    }
    placed = [row for row in rows if row["grid_id"] is not None]
    distances = shapely.distance(
        shapely.points([(row["lon"], row["lat"]) for row in placed]), [cells[row["grid_id"]] for row in placed]
    )
    assert max(distances) < 3e-5
    assert not any(row["marks"] & OFF_THE_MAP for row in placed)


def test_no_case_falls_between_the_grids_along_a_long_straight_side(sqlite_store: Store, tmp_path: Path) -> None:
    """A side of 34 km is six metres apart in degrees and in metres."""
    wide = [[116.0, 39.9], [116.4, 39.9], [116.4, 39.95], [116.0, 39.95], [116.0, 39.9]]
    side = [
        a_row(f"A{n}", 经度=f"{116.001 + n * 0.0021:.6f}", 纬度="39.949999" if n % 2 else "39.900001")
        for n in range(190)
    ]
    imported(sqlite_store, a_file(tmp_path, *side))

    report = laid(sqlite_store, outline=a_geojson(tmp_path, ({}, wide)), cell_m=700.0)

    assert (report.in_grid + report.outside, report.between) == (190, 0)
    assert report.outside == 0
