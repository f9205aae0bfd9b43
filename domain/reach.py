"""Where the rows lie that a condition can hold of: the moments that have to be in a window, or still to come.

A database finds such rows by its indexes; of those it finds, it asks the condition itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.conditions import All, Any, Compare, Condition, Present

Range = tuple[Compare, Compare]  # a column's lower and upper bound


@dataclass(frozen=True)
class Unclosed:
    """Rows not closed before `since`; `before` are bounds that every one of them keeps besides.

    `a | b` holds of every row of either.
    """

    since: datetime
    before: frozenset[tuple[str, datetime]]

    def __or__(self, other: "Unclosed") -> "Unclosed":
        mine, theirs = dict(self.before), dict(other.before)
        both = {(name, max(mine[name], theirs[name])) for name in mine.keys() & theirs.keys()}
        return Unclosed(min(self.since, other.since), frozenset(both))


@dataclass(frozen=True)
class Reach:
    """Rows with a moment in one of the ranges, or not closed before one of some instants, each of which is there once:
    the bounds of what is open now are no bounds of what was open at an earlier end.
    """

    ranges: frozenset[Range] = frozenset()
    unclosed: frozenset[Unclosed] = frozenset()

    def __or__(self, other: "Reach") -> "Reach":
        alike: dict[datetime, Unclosed] = {}
        for one in (*self.unclosed, *other.unclosed):
            alike[one.since] = alike[one.since] | one if one.since in alike else one
        return Reach(self.ranges | other.ranges, frozenset(alike.values()))


def reach(conditions: Iterable[Condition], indexed: frozenset[str]) -> Reach | None:
    """What holds of a row of which any of the conditions holds; None = they may hold of any row.

    `indexed` are the moments by which rows can be found.
    """
    found = Reach()
    for condition in conditions:
        one = _reach(condition, indexed)
        if one is None:
            return None
        found |= one
    return found


def _reach(condition: Condition, indexed: frozenset[str]) -> Reach | None:
    match condition:
        case All():
            known = [one for one in _of_all(list(_parts(condition)), indexed) if one is not None]
            return min(known, key=lambda one: (len(one.unclosed), len(one.ranges)), default=None)
        case Any():
            return reach(condition.parts, indexed)
    return None


def _of_all(parts: list[Condition], indexed: frozenset[str]) -> Iterator[Reach | None]:
    """Each is enough: all parts have to hold."""
    compared = [part for part in parts if isinstance(part, Compare)]
    lower = {part.column: part for part in compared if part.sign in (">", ">=")}
    upper = {part.column: part for part in compared if part.sign in ("<", "<=")}
    for column in lower.keys() & upper.keys() & indexed:
        yield Reach(frozenset({(lower[column], upper[column])}))
    before = {(name, part.value) for name, part in upper.items() if isinstance(part.value, datetime)}
    for part in parts:
        since = _not_closed_before(part)
        yield (
            _reach(part, indexed) if since is None else Reach(unclosed=frozenset({Unclosed(since, frozenset(before))}))
        )


def _parts(condition: All) -> Iterator[Condition]:
    for part in condition.parts:
        if isinstance(part, All):
            yield from _parts(part)
        else:
            yield part


def _not_closed_before(condition: Condition) -> datetime | None:
    """The instant, of a condition that says that the row was not closed before it."""
    match condition:
        case Any(parts=(Present("closed_at", False), Compare("closed_at", ">" | ">=", datetime() as since))):
            return since
    return None
