"""Streets in the order of the city's area scheme, and the map they are drawn on."""

import json
from collections.abc import Sequence
from fractions import Fraction

from data_access import lists
from data_access.places import street_shapes
from domain.indicators import handling_rate
from domain.ranking_view import RankingTable
from domain.reports import Point, StreetLine, StreetMap, StreetShape
from domain.scoring import Unranked
from services.city_lines import WIDTH, Frame, Line, rings
from services.reports.picture import Picture

UNRANKED = {None: "", Unranked.NO_CASES: "本期无案件", Unranked.SMALL_SAMPLE: "样本不足", Unranked.NO_RATE: "不能计分"}
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
    street is at 90 % or above."""
    streets = lists.streets(picture.connection, picture.number)
    shapes = street_shapes(picture.connection, picture.number)
    found = [(streets[number], list(rings(json.loads(text)["coordinates"]))) for number, text in shapes]
    drawn = [(street, lines_of) for street, lines_of in found if lines_of]
    if not drawn:
        return None
    frame = Frame([point for _, lines_of in drawn for ring in lines_of for point in ring], margin=0)
    made = tuple(
        StreetShape(
            street.key,
            tuple(tuple(_rounded(point) for point in frame.thinned(ring)) for ring in lines_of),
            _rounded(frame.placed(street.label or _middle(max(lines_of, key=len)))),
        )
        for street, lines_of in drawn
    )
    rates = [line.rate.value for line in lines if line.rate.value is not None]
    breaks = FINE if rates and min(rates) >= FINE_FROM else COARSE
    return StreetMap(WIDTH, frame.height, made, breaks)


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _middle(ring: Line) -> Point:
    return sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)
