"""Grouping neighbouring shapes: blocks into streets, cells into patrol areas. Every group hangs together."""

import math
from collections.abc import Sequence

import shapely
from shapely import Polygon

ROUNDS = 10  # how often the seeds are moved to the middle of their groups
BLUR = 1e-5  # of a shape's width: how far apart two sides may lie that are one
SHARED = 1e-2  # of the smaller shape's outline: less is a corner, not a side


def neighbours(shapes: Sequence[Polygon]) -> list[list[int]]:
    """For each shape those it shares a side with."""
    near: list[list[int]] = [[] for _ in shapes]
    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="intersects").T:
        least = SHARED * min(shapes[one].length, shapes[other].length)
        if one < other and shared_side(shapes[one], shapes[other]) > least:
            near[one].append(int(other))
            near[other].append(int(one))
    return near


def shared_side(one: Polygon, other: Polygon) -> float:
    """The length of the common side, also where a vertex of one lies a rounding away from the other's side."""
    reach = BLUR * math.sqrt(min(one.area, other.area))
    return float(shapely.length(shapely.intersection(one.boundary, shapely.buffer(other, reach, quad_segs=1))))


def spread(shapes: Sequence[Polygon], first: Sequence[int], count: int) -> list[int]:
    """`count` shapes far from each other, the first of them given."""
    middles = [shape.centroid for shape in shapes]
    chosen = list(first)
    while len(chosen) < count:
        far = max(
            (i for i in range(len(shapes)) if i not in chosen),
            key=lambda i: (min(middles[i].distance(middles[j]) for j in chosen), -i),
        )
        chosen.append(far)
    return chosen


def grouped(
    shapes: Sequence[Polygon], sizes: Sequence[float], targets: Sequence[float], seeds: Sequence[int]
) -> list[int]:
    """The number of each shape's group. Groups grow from their seeds towards their share of `targets`, stay in one
    piece and are never empty; the best of several rounds is taken."""
    near, middles = neighbours(shapes), [shape.centroid for shape in shapes]
    best, smallest = None, math.inf
    for _ in range(ROUNDS):
        groups = _grown(near, middles, sizes, targets, seeds)
        error = _imbalance(groups, sizes, targets)
        if error < smallest:
            best, smallest = groups, error
        seeds = _hearts(groups, middles, sizes, len(targets))
    assert best is not None  # ROUNDS > 0
    return best


def _grown(
    near: Sequence[Sequence[int]],
    middles: Sequence[shapely.Point],
    sizes: Sequence[float],
    targets: Sequence[float],
    seeds: Sequence[int],
) -> list[int]:
    groups = [-1] * len(middles)
    filled = [0.0] * len(targets)
    edge: list[set[int]] = [set() for _ in targets]

    def take(shape: int, group: int) -> None:
        groups[shape] = group
        filled[group] += sizes[shape] / targets[group]
        edge[group].update(other for other in near[shape] if groups[other] < 0)

    for group, seed in enumerate(seeds):
        groups[seed] = group  # all of them first: no group may take another's seed
    for group, seed in enumerate(seeds):
        take(seed, group)
    while any(edge):
        group = min((g for g in range(len(targets)) if edge[g]), key=lambda g: (filled[g], g))
        heart = middles[seeds[group]]
        shape = min(edge[group], key=lambda s: (_pull(s, near, groups, group, middles, heart), s))
        for others in edge:
            others.discard(shape)
        take(shape, group)
    return groups


def _pull(
    shape: int,
    near: Sequence[Sequence[int]],
    groups: Sequence[int],
    group: int,
    middles: Sequence[shapely.Point],
    heart: shapely.Point,
) -> float:
    """Near the heart first; a shape that is already half surrounded by the group costs less."""
    mine = sum(groups[other] == group for other in near[shape])
    return float(middles[shape].distance(heart)) * (1 - 0.5 * mine / len(near[shape]))


def _imbalance(groups: Sequence[int], sizes: Sequence[float], targets: Sequence[float]) -> float:
    filled = [0.0] * len(targets)
    for shape, group in enumerate(groups):
        filled[group] += sizes[shape]
    unit = sum(filled) / sum(targets)
    return sum((have / (want * unit) - 1) ** 2 for have, want in zip(filled, targets, strict=True))


def _hearts(groups: Sequence[int], middles: Sequence[shapely.Point], sizes: Sequence[float], count: int) -> list[int]:
    """For each group the shape nearest to its centre of mass."""
    hearts = []
    for group in range(count):
        members = [shape for shape, its in enumerate(groups) if its == group]
        whole = sum(sizes[shape] for shape in members)
        x = sum(middles[shape].x * sizes[shape] for shape in members) / whole
        y = sum(middles[shape].y * sizes[shape] for shape in members) / whole
        hearts.append(min(members, key=lambda s: (math.hypot(middles[s].x - x, middles[s].y - y), s)))
    return hearts
