"""The city as lines, for pages that show where one is without a map."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CityLines:
    """SVG path data in a box of width × height; empty text where nothing is known."""

    width: int
    height: int
    outline: str
    streets: str
    water: str
