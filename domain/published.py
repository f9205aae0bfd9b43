"""A published report as its own figures state it, and what those figures demand of every stretch of time in it.

A report like 启东's says the same counts for a long period and for its last part (domain research section 2.3). Flows
count what happened in a period, so a case registered in one stretch may be handled and closed in the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from domain.refusals import Refusal

COUNTED = ("reported", "registered", "handled", "closed", "on_time")


@dataclass(frozen=True)
class Statement:
    """What a report says of [first, end), local days, as seen in its last second. `printed`: rate → digits, in per
    cent with two decimals; `options` are the readings under which the rates come out as printed."""

    first: date
    end: date
    reported: int
    registered: int
    handled: int
    closed: int
    on_time: int
    printed: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedReport:
    """`statements`: the longest period first, all with the same end. The rest says how an invented history fills what
    the report leaves open: cases handed from one stretch to the next, shares of suspended and co-dispatched cases."""

    key: str
    title: str
    source: str
    statements: tuple[Statement, ...]
    carried: int = 0  # not handled when a stretch ends, handled and closed in the next
    suspended: Fraction = Fraction(0)  # of the cases that are never handled
    informed: Fraction = Fraction(0)  # 双派: of the cases of departments, the street is informed
    assist: Fraction = Fraction(0)  # a second unit takes part
    people: Mapping[str, int] = field(default_factory=dict)  # role word → how many

    @property
    def end(self) -> date:
        return self.statements[0].end


@dataclass(frozen=True)
class Stretch:
    """The fates of the cases registered in [first, end), which together give the statements.

    `closed` of them are closed within the stretch, `on_time` of those in time. `awaiting` are handled in its last
    hours and wait for their recheck; `carried` are handled and closed in the next stretch; `never` are not handled.
    The on-time cases that come from the stretch before are already subtracted from `on_time`, except those among the
    `carried_in`: how many of these were in time shows only when their due times are known.
    """

    first: date
    end: date
    reported: int
    registered: int
    closed: int
    on_time: int
    awaiting: int
    carried: int
    never: int
    carried_in: int


def stretches(report: PublishedReport) -> tuple[Stretch, ...]:
    """The consecutive stretches between the statements' first days.

    Raises Refusal when no history could give these figures.
    """
    found: list[Stretch] = []
    awaiting = carried = 0
    for first, end, counts in _differences(report.statements):
        last = end == report.end
        closed = counts["closed"] - awaiting - carried  # of its own cases
        later = counts["handled"] - carried - closed  # handled here, closed later
        stretch = Stretch(
            first=first,
            end=end,
            reported=counts["reported"],
            registered=counts["registered"],
            closed=closed,
            on_time=counts["on_time"] - awaiting,
            awaiting=later,
            carried=0 if last else report.carried,
            never=counts["registered"] - closed - later - (0 if last else report.carried),
            carried_in=carried,
        )
        _require_possible(stretch)
        found.append(stretch)
        awaiting, carried = later, stretch.carried
    return tuple(found)


def _differences(statements: Sequence[Statement]) -> list[tuple[date, date, dict[str, int]]]:
    """Counts between one statement's first day and the next one's: the longer period less the shorter."""
    parts = []
    for longer, shorter in pairwise(statements):
        if longer.end != shorter.end or longer.first >= shorter.first:
            raise Refusal(
                "报告的各段时间应当同日结束、由长到短", f"{longer.first} 与 {shorter.first}", "请改 replays.yaml。"
            )
        counts = {name: getattr(longer, name) - getattr(shorter, name) for name in COUNTED}
        parts.append((longer.first, shorter.first, counts))
    last = statements[-1]
    return [*parts, (last.first, last.end, {name: getattr(last, name) for name in COUNTED})]


def _require_possible(stretch: Stretch) -> None:
    possible = (
        stretch.reported >= stretch.registered
        and stretch.on_time - stretch.carried_in <= stretch.closed
        and min(stretch.closed, stretch.on_time, stretch.awaiting, stretch.never) >= 0
    )
    if not possible:
        raise Refusal(
            "没有一段历史能得出这些数",
            f"{stretch.first} 至 {stretch.end}",
            "请核对上报 ≥ 立案 ≥ 处置 ≥ 结案 ≥ 按期，以及 carried。",
        )
