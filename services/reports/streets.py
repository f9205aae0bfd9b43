"""Streets in the order of the city's area scheme, and the map they are drawn on."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import cos, radians
from typing import Any

from data_access import lists
from data_access.places import street_shapes
from domain.indicators import handling_rate
from domain.ranking_view import RankingTable
from domain.reports import Point, StreetLine, StreetMap, StreetShape
from domain.scoring import Unranked
from services.reports.picture import Picture

UNRANKED = {None: "", Unranked.NO_CASES: "本期无案件", Unranked.SMALL_SAMPLE: "样本不足"}
WIDTH = 1000.0
STEP = 1.5  # points nearer than this to the last one are left out
FINE = tuple(Fraction(share, 1000) for share in (930, 950, 970, 985))
COARSE = tuple(Fraction(share, 100) for share in (60, 70, 80, 90))
FINE_FROM = Fraction(9, 10)


def street_lines(picture: Picture, table: RankingTable) -> tuple[StreetLine, ...]:
    return tuple(
        StreetLine(
            key=row.unit.key,
            name=row.name,
            short_name=row.short_name,
            rank=row.unit.rank,
            tied=row.tied,
            unranked=UNRANKED[row.unit.unranked],
            rate=row.rates.get("handling_rate") or handling_rate(row.counts, picture.city.options),
            score=row.unit.score,
        )
        for row in table.rows
    )


def street_map(picture: Picture, lines: Sequence[StreetLine]) -> StreetMap | None:
    """The streets that have a shape; None in a city without a map. One of two fixed scales: the finer one while every
    street is at 90 % or above. North is up, and a metre is as long in both directions."""
    streets = lists.streets(picture.connection, picture.number)
    shapes = street_shapes(picture.connection, picture.number)
    found = [(streets[number], list(_rings(json.loads(text)["coordinates"]))) for number, text in shapes]
    drawn = [(street, rings) for street, rings in found if rings]
    if not drawn:
        return None
    everywhere = [point for _, rings in drawn for ring in rings for point in ring]
    west, north = min(lon for lon, _ in everywhere), max(lat for _, lat in everywhere)
    east, south = max(lon for lon, _ in everywhere), min(lat for _, lat in everywhere)
    narrow = cos(radians((north + south) / 2))
    scale = WIDTH / max((east - west) * narrow, 1e-9)

    def placed(point: Point) -> Point:
        return round((point[0] - west) * narrow * scale, 1), round((north - point[1]) * scale, 1)

    made = tuple(
        StreetShape(
            street.key,
            tuple(_thinned([placed(point) for point in ring]) for ring in rings),
            placed(street.label or _middle(max(rings, key=len))),
        )
        for street, rings in drawn
    )
    rates = [line.rate.value for line in lines if line.rate.value is not None]
    breaks = FINE if rates and min(rates) >= FINE_FROM else COARSE
    return StreetMap(WIDTH, round((north - south) * scale, 1), made, breaks)


def _rings(coordinates: Any) -> Iterator[list[Point]]:
    if coordinates and isinstance(coordinates[0][0], int | float):
        yield [(float(lon), float(lat)) for lon, lat, *_ in coordinates]
    else:
        for part in coordinates:
            yield from _rings(part)


def _thinned(ring: Sequence[Point]) -> tuple[Point, ...]:
    kept: list[Point] = []
    for place, (x, y) in enumerate(ring):
        if not kept or place == len(ring) - 1 or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= STEP:
            kept.append((x, y))
    return tuple(kept)


def _middle(ring: Sequence[Point]) -> Point:
    return sum(lon for lon, _ in ring) / len(ring), sum(lat for _, lat in ring) / len(ring)
