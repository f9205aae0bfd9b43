"""Camera points of an invented map."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from shapely.geometry.base import BaseGeometry

from services.cartography.geography import Camera
from services.cartography.lattice import METRES_PER_DEGREE


def cameras_along(
    roads: Sequence[tuple[str, BaseGeometry]], counts: Mapping[str, int], rng: Random
) -> tuple[Camera, ...]:
    """Evenly along the roads, never close together; which of them are dark is the seed's choice.

    `counts` are total, offline and late.
    """
    total = counts["total"]
    spacing = 420.0  # metres
    places: list[tuple[str, Any]] = []
    while len(places) < total:
        spacing *= 0.95
        places = _spaced(roads, spacing / METRES_PER_DEGREE)
    chosen = sorted(rng.sample(range(len(places)), total))
    states = ["offline"] * counts["offline"] + ["late"] * counts["late"]
    states += ["online"] * (total - len(states))
    rng.shuffle(states)
    counted: dict[str, int] = {}
    cameras = []
    for number, (index, state) in enumerate(zip(chosen, states, strict=True), 1):
        road, point = places[index]
        counted[road] = counted.get(road, 0) + 1
        name = f"{road}{counted[road]}号监控点"
        cameras.append(Camera(f"JK{number:03d}", name, round(point.x, 6), round(point.y, 6), state))
    return tuple(cameras)


def _spaced(roads: Sequence[tuple[str, BaseGeometry]], spacing: float) -> list[tuple[str, Any]]:
    places: list[tuple[str, Any]] = []
    for name, road in roads:
        steps = max(1, round(road.length / spacing))
        for step in range(steps):
            point = road.interpolate((step + 0.5) / steps, normalized=True)
            if all(point.distance(other) > spacing * 0.55 for _, other in places):
                places.append((name, point))
    return places
