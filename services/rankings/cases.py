"""The cases behind a number of a ranking, page by page: the very rows that its count counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from data_access.case_marks import pressed
from data_access.counts import Figures, names_of
from domain.case_cost import case_cost
from domain.counting import NAMES, RECURRENCE
from domain.life_cycle import STAGE_WORDS, Action, Stage
from domain.marks import Mark
from domain.people import Person
from domain.ranking_view import CaseCost, CaseLine, CaseList
from domain.refusals import Refusal
from domain.returns import SPECIAL
from domain.score_rule import Ranked, ScoreRule
from services.rankings.standing import Looked, admit

Row = Mapping[str, Any]
PAGE = 50
NO_COST = CaseCost(None, None, None)
LESS: Mapping[str, tuple[str, str]] = {
    "closure_due_timed": ("closure_due", "closure_due_without_deadline"),
    "closed_timed": ("closed", "closed_without_deadline"),
    "handling_due_timed": ("handling_due", "handling_due_without_deadline"),
}
"""What rates divide by where a case without a deadline is in no fraction: the first list without the second."""
EXEMPTED, SPECIALS = "exempted", "special"
WHICH = (*NAMES, RECURRENCE, *LESS, EXEMPTED, SPECIALS)
IDENTITY = ("case_id", "unit_id", "registered_at", "handled_at", "closed_at", "effective_due_at", "ended_at")
BY_HANDLING = ("handl", "overdue_pending")
"""Lists about handling: a case is late by its handling there, elsewhere only its closing ends it."""


def cases(looked: Looked, key: str, which: str, page: int | None, person: Person, in_score: bool = False) -> CaseList:
    """One page of the cases behind a count, the longest overdue first, then the newest; all of them without a page.

    `in_score` leaves out what accepted appeals exempt. Raises Refusal for an unknown count or page, NotAllowed for
    another unit's user, NotFound for an unknown key.
    """
    admit(person, looked.ask, key)
    n, entry = looked.entry(key)
    if which not in WHICH:
        raise Refusal(f"没有“{which}”这种明细", "which", f"可选：{'、'.join(WHICH[:12])} …")
    rows = rows_behind(looked.figures_of(n), which, in_score)
    clock = _Lateness(looked.ask.as_of, which)
    rows.sort(key=lambda row: _place(row, clock(row)))
    pages = max(1, -(-len(rows) // PAGE))
    if page is not None and not 1 <= page <= pages:
        raise Refusal(f"没有第 {page} 页", f"共 {len(rows)} 件，{pages} 页", f"请选 1 到 {pages} 页。")
    shown = rows if page is None else rows[(page - 1) * PAGE : page * PAGE]
    lines = _lines(looked, shown, clock, _cost(looked, key) if shown else NO_COST)
    return CaseList(looked.ask, key, entry.name, which, in_score, len(rows), page or 1, pages, lines)


def rows_behind(figures: Figures, which: str, in_score: bool = False) -> list[Row]:
    """The rows behind a count or behind one of the lists made of two; as many as it counts."""
    if which == EXEMPTED:
        return _without(figures.behind("closure_due"), figures.behind("closure_due", in_score=True))
    if which == SPECIALS:
        return [row for row in figures.behind("open", in_score=in_score) if row["return_count"] >= SPECIAL]
    if which in LESS:
        whole, part = (figures.behind(name, in_score=in_score) for name in LESS[which])
        return _without(whole, part)
    return list(figures.behind(which, in_score=in_score))


def _without(whole: Iterable[Row], part: Iterable[Row]) -> list[Row]:
    out = Counter(_identity(row) for row in part)
    kept = []
    for row in whole:
        if out[_identity(row)]:
            out[_identity(row)] -= 1
        else:
            kept.append(row)
    return kept


def _identity(row: Row) -> tuple[object, ...]:
    return (*(row.get(name) for name in IDENTITY), row["exempted_at"])


@dataclass(frozen=True)
class _Lateness:
    """Seconds past the due time, as seen at as_of; None = not late, or nobody's fault: paused, impossible, gone."""

    as_of: datetime
    which: str

    def __call__(self, row: Row) -> int | None:
        due = row["effective_due_at"]
        impossible = row["closed_at"] is not None and row["marks"] & Mark.CLOSED_BEFORE_OPENED
        if due is None or impossible:
            return None
        moment = self._moment(row)
        return int((moment - due).total_seconds()) if moment is not None and moment > due else None

    def _moment(self, row: Row) -> datetime | None:
        handled: datetime | None = row["handled_at"]
        closed: datetime | None = row["closed_at"]
        if closed is not None or self.which.startswith(BY_HANDLING):
            done = handled or closed
            if done is not None:
                return done
        away = (row["suspended_at"], row.get("ended_at"))
        return None if any(at is not None and at <= self.as_of for at in away) else self.as_of


def _place(row: Row, late: int | None) -> tuple[bool, int, float, str]:
    registered = row["registered_at"]
    return late is None, -(late or 0), -registered.timestamp() if registered else 0.0, str(row["case_no"])


def _cost(looked: Looked, key: str) -> CaseCost:
    if not isinstance(looked.rule, ScoreRule):
        return NO_COST
    return case_cost(looked.rule, looked.gathered().figures, looked.city.options, key)


def _lines(looked: Looked, rows: Sequence[Row], late: _Lateness, cost: CaseCost) -> tuple[CaseLine, ...]:
    connection, number, as_of = looked.connection, looked.number, looked.ask.as_of
    categories, streets = (names_of(connection, number, by) for by in ("category", "street"))
    marks = pressed(connection, number, {row["case_id"] for row in rows}, as_of)

    def named(names: Mapping[Any, tuple[str, str]], n: object) -> str:
        return names[n][1] if n in names else ""

    def line(row: Row) -> CaseLine:
        seconds, pressure = late(row), marks.get(row["case_id"], {})
        exempted = looked.ask.ranked is Ranked.UNIT and row["exempted_at"] is not None and row["exempted_at"] <= as_of
        return CaseLine(
            case_no=row["case_no"],
            stage=STAGE_WORDS[Stage(row["stage"])],
            category=named(categories, row["category_id"]),
            street=named(streets, row["street_id"]),
            road=row["road"] or "",
            registered_at=row["registered_at"],
            handled_at=row["handled_at"],
            closed_at=row["closed_at"],
            due_at=row["effective_due_at"],
            late_s=seconds,
            rework_count=row["rework_count"],
            extension_count=row["extension_count"],
            urged=pressure.get(Action.URGE, 0),
            supervised=Action.SUPERVISE in pressure,
            exempted=exempted,
            cost=None if exempted else _costs(row, seconds, cost),
        )

    return tuple(line(row) for row in rows)


def _costs(row: Row, late: int | None, cost: CaseCost) -> Fraction | None:
    """What the case costs by being late and by having been done again."""
    applying: list[tuple[bool, Fraction | None]] = [
        (late is not None, cost.late if row["closed_at"] else cost.open),
        (row["rework_count"] > 0, cost.rework),
    ]
    points = [value for applies, value in applying if applies and value is not None]
    return sum(points, Fraction()) if points else None
