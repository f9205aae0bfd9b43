"""Where every case of a city lies: its grid by the code that its source gave, else by its position."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from data_access import places, tables
from data_access.directory import area_keys, keys
from data_access.places import CasePlace
from domain.marks import OFF_THE_MAP, Mark
from services.grid_index import GridIndex

OUTSIDE = int(Mark.OUTSIDE_CITY)
NOWHERE = int(OFF_THE_MAP) & ~OUTSIDE


@dataclass
class Counts:
    """Every case is in exactly one of the middle five."""

    cases: int = 0
    in_grid: int = 0
    no_position: int = 0
    off_map: int = 0  # (0, 0) or whole degrees
    outside: int = 0  # outside the outline
    between: int = 0  # inside the outline and in no grid
    moved: int = 0  # whose grid, street or marks changed


def assign_cases(connection: Connection, city_id: int, index: GridIndex) -> Counts:
    """Every case gets its grid: by the code its source gave, else by its position."""
    counts = Counts()
    codes = keys(connection, tables.grids, city_id)
    streets = area_keys(connection, city_id, "street")
    for rows in places.case_places(connection, city_id):
        said = _said(places.source_bodies(connection, city_id, rows[0].case_id, rows[-1].case_id))
        changes = []
        for row, wanted in zip(rows, _wanted(index, rows, said, codes, streets), strict=True):
            _count(counts, row, wanted)
            if wanted != (row.grid_id, row.street_id, row.marks):
                grid_id, street_id, marks = wanted
                changes.append(
                    {"the_case": row.case_id, "grid_id": grid_id, "street_id": street_id, "marks": marks}
                )  # fmt: skip
        places.move_cases(connection, city_id, changes)
        counts.moved += len(changes)
    return counts


Wanted = tuple[int | None, int | None, int]  # grid, street, marks


def _wanted(
    index: GridIndex,
    rows: Sequence[CasePlace],
    said: Mapping[int, tuple[str | None, str | None]],
    codes: Mapping[str, int],
    streets: Mapping[str, int],
) -> list[Wanted]:
    positions = {
        i: (row.lon, row.lat)
        for i, row in enumerate(rows)
        if row.lon is not None and row.lat is not None and not row.marks & NOWHERE
    }
    points = index.points(list(positions.values()))
    inside = dict(zip(positions, index.inside(points), strict=True))
    found = dict(zip(positions, index.places_of(points), strict=True))
    wanted: list[Wanted] = []
    for i, row in enumerate(rows):
        marks = row.marks if i not in inside or inside[i] == (not row.marks & OUTSIDE) else row.marks ^ OUTSIDE
        code, street = said.get(row.case_id, (None, None))
        grid_id = codes.get(code) if code is not None else None
        if grid_id is None and inside.get(i, False) and found[i] >= 0:
            grid_id = index.grid_ids[found[i]]
        known = row.case_id in said
        street_id = streets.get(street) if street is not None else (None if known else row.street_id)
        wanted.append((grid_id, street_id if street_id is not None else index.street_of(grid_id), marks))
    return wanted


def _said(bodies: Sequence[tuple[int, str]]) -> dict[int, tuple[str | None, str | None]]:
    """case_id → (grid code, street) as its source last said."""
    said: dict[int, tuple[str | None, str | None]] = {}
    for case_id, body in bodies:
        fields = json.loads(body).get("fields", {}) if '"grid":' in body or '"street":' in body else {}
        said[case_id] = (fields.get("grid"), fields.get("street"))
    return said


def _count(counts: Counts, row: CasePlace, wanted: Wanted) -> None:
    grid_id, _street, marks = wanted
    counts.cases += 1
    if grid_id is not None:
        counts.in_grid += 1
    elif row.lon is None:
        counts.no_position += 1
    elif marks & NOWHERE:
        counts.off_map += 1
    elif marks & OUTSIDE:
        counts.outside += 1
    else:
        counts.between += 1
