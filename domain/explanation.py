"""Why a unit has its score, and how many cases it is short of the next grade and the next rank.

The answer in cases is a search over whole cases with everything else fixed: a case that was closed late had been on
time, or a case that is due and open had been closed on time. Closing one more case also moves the unit's work value
and, where it passes others, theirs (肃宁 Art. 26).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts, handling_rate
from domain.ranking import RankDisplay, Rounding, rounded
from domain.refusals import Refusal
from domain.score_rule import Scope, ScoreRule
from domain.scoring import WORK_VALUE, ScoredUnit, UnitFigures, points_at, score_units, shown_parts, work_place

CLOSING = frozenset({WORK_VALUE, "closure_rate", "on_time_closure_rate"})


class Goal(StrEnum):
    RANK = "rank"
    GRADE = "grade"
    PASS_LINE = "pass_line"


@dataclass(frozen=True)
class Gap:
    """What separates a unit from a goal. `points` are missing now; `late` + `open` = `cases` would do.

    `cases` None: not even all of the unit's late and open cases would be enough.
    """

    goal: Goal
    to: str  # the rank or the grade
    points: Fraction
    cases: int | None
    late: int = 0  # closed late, had they been on time
    open: int = 0  # due and open, had they been closed on time


@dataclass(frozen=True)
class Exemptions:
    """Cases that weigh on nothing, counted so that nobody has to guess: DECISIONS 3, 4 and 10."""

    suspended: int
    without_deadline: int
    extended: int  # closed inside an approved extension counts as on time
    marked: int
    appealed: int  # due for closing, and left out of the score by an accepted appeal: the figures keep them


@dataclass(frozen=True)
class Movement:
    """Against the previous comparable period; positive = better. None where either period has no rank or score."""

    rank: int | None
    score: Fraction | None


@dataclass(frozen=True)
class Explanation:
    """`shown` are the points of the parts as displayed; they add up to `shown_score` (DECISIONS 11)."""

    unit: ScoredUnit
    shown: tuple[Decimal, ...]
    shown_score: Decimal | None
    next_rank: Gap | None
    next_grade: Gap | None
    exemptions: Exemptions
    movement: Movement
    median: Fraction | None  # of the ranked units it is compared with, itself among them
    peers: int


def explain(
    rule: ScoreRule,
    figures: Sequence[UnitFigures],
    options: IndicatorOptions,
    key: str,
    previous: Sequence[UnitFigures] = (),
    places: int = 2,
    rounding: Rounding = Rounding.HALF_UP,
) -> Explanation:
    """The explanation of one unit among all of them. Raises KeyError for a key that is not in the figures."""
    standing = {unit.key: unit for unit in score_units(rule, figures, options)}
    unit = standing[key]
    own = next(entry for entry in figures if entry.key == key)
    peers = [other for other in standing.values() if other.rank is not None and _compared(rule, unit, other)]
    before = {entry.key: entry for entry in score_units(rule, previous, options)}.get(key)
    search = _Search(rule, figures, options, own, unit)
    shown_score, shown = displayed(rule, unit, places, rounding)
    return Explanation(
        unit=unit,
        shown=shown,
        shown_score=shown_score,
        next_rank=search.next_rank(),
        next_grade=search.next_grade(),
        exemptions=exemptions_of(own),
        movement=movement_of(unit, before),
        median=median([peer.score for peer in peers if peer.score is not None]),
        peers=len(peers),
    )


def displayed(
    rule: ScoreRule, unit: ScoredUnit, places: int, rounding: Rounding
) -> tuple[Decimal | None, tuple[Decimal, ...]]:
    """The score and its parts as shown; the parts add up to it. What falls short of the maximum never shows it: a
    street with one open case has no 100 % (DECISIONS 12)."""
    if unit.score is None:
        return None, ()
    if unit.score < rule.maximum <= Fraction(rounded(unit.score, places, rounding)):
        rounding = Rounding.TRUNCATED
    return rounded(unit.score, places, rounding), shown_parts(unit, places, rounding)


def exemptions_of(unit: UnitFigures) -> Exemptions:
    """How many cases weigh on nothing, by reason (DECISIONS 3, 4 and 10; appeals)."""
    counts = unit.counts
    return Exemptions(
        counts.suspended, counts.closed_without_deadline, counts.extended, counts.marked, unit.exempted.closure_due
    )


def movement_of(unit: ScoredUnit, before: ScoredUnit | None) -> Movement:
    """Ranks gained and points gained since the previous period.

    Ours: no source fixes it.
    """
    if before is None:
        return Movement(None, None)
    rank = None if unit.rank is None or before.rank is None else before.rank - unit.rank
    score = None if unit.score is None or before.score is None else unit.score - before.score
    return Movement(rank, score)


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The exact middle; of an even number the mean of the two middle ones."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _compared(rule: ScoreRule, unit: ScoredUnit, other: ScoredUnit) -> bool:
    return rule.rank_scope is Scope.CITY or unit.unit_class == other.unit_class


def bettered(counts: Counts, late: int, open_: int, options: IndicatorOptions) -> Counts:
    """The counts if so many late cases had been on time and so many open ones closed on time.

    A case that is closed has been handled, and one that is on time was handled on time; both grow only as long as
    something was not handled, or handled late.
    Source: 肃宁 Art. 26, whose parts are made of these counts.
    """
    unhandled = min(open_, max(0, handling_rate(counts, options).denominator - counts.handled))
    pending = min(open_, counts.overdue_pending)
    in_time = counts.handled_on_time + pending
    return replace(
        counts,
        on_time=counts.on_time + late + open_,
        late=counts.late - min(late, counts.late),
        closed=counts.closed + open_,
        open=counts.open - min(open_, counts.open),
        overdue_open=counts.overdue_open - min(open_, counts.overdue_open),
        overdue_unclosed=counts.overdue_unclosed - min(open_, counts.overdue_unclosed),
        handled=counts.handled + unhandled,
        overdue_pending=counts.overdue_pending - pending,
        handled_on_time=in_time + min(late, _handled_late(counts)),
    )


def _handled_late(counts: Counts) -> int:
    with_deadline = counts.handling_due - counts.handling_due_without_deadline - counts.overdue_pending
    return max(0, with_deadline - counts.handled_on_time)


def most_bettered(rule: ScoreRule, counts: Counts, options: IndicatorOptions) -> tuple[int, int]:
    """How many late and how many open cases there are to be bettered under this rule."""
    names = {part.indicator for part in rule.parts}
    late = counts.late if "on_time_closure_rate" in names else 0
    if "on_time_handling_rate" in names:
        late = max(late, _handled_late(counts))
    if names & CLOSING:
        return late, max(0, counts.closure_due - counts.closed)
    return late, max(0, handling_rate(counts, options).denominator - counts.handled)


def what_if(
    rule: ScoreRule, figures: Sequence[UnitFigures], options: IndicatorOptions, key: str, late: int, open_: int
) -> ScoredUnit:
    """The unit, had `late` of its late cases been on time and `open_` of its due ones closed on time; everybody else as
    they are. Raises Refusal for more than there are, KeyError for a key that is not in the figures."""
    own = {unit.key: unit for unit in figures}[key]
    most_late, most_open = most_bettered(rule, own.counts, options)
    for wanted, most, name in ((late, most_late, "超期办结"), (open_, most_open, "到期未结")):
        if not 0 <= wanted <= most:
            raise Refusal(f"没有 {wanted} 件{name}的案件", f"本期{name}共 {most} 件", f"请填 0 到 {most} 之间的整数。")
    better = replace(own, counts=bettered(own.counts, late, open_, options))
    changed = [better if unit.key == key else unit for unit in figures]
    return next(unit for unit in score_units(rule, changed, options) if unit.key == key)


class _Search:
    """The smallest number of cases to a goal: for every number of open cases the late ones are found by halving,
    because nobody else's score depends on them and the unit's own only grows with them."""

    def __init__(
        self,
        rule: ScoreRule,
        figures: Sequence[UnitFigures],
        options: IndicatorOptions,
        own: UnitFigures,
        unit: ScoredUnit,
    ) -> None:
        self.rule, self.figures, self.options, self.own, self.unit = rule, figures, options, own, unit
        self._known: dict[tuple[int, int], tuple[tuple[Fraction, Fraction] | None, list[Fraction]]] = {}

    def next_rank(self) -> Gap | None:
        rank = self.unit.rank
        if rank is None or rank == 1:
            return None
        score, others = self._after(0, 0)
        target = _wanted_for_rank(others, rank, self.rule.rank_display)
        ahead = sum(other > target for other in set(others) if self.rule.rank_display is RankDisplay.DENSE)
        if self.rule.rank_display is RankDisplay.COMPETITION:
            ahead = sum(other > target for other in others)
        return self._gap(Goal.RANK, str(ahead + 1), target - score, rank=rank)

    def next_grade(self) -> Gap | None:
        score = self.unit.score
        if score is None or self.unit.rank is None:
            return None
        above = [g for g in self.rule.grades if g.at_least is not None and g.at_least > score]
        if above:
            nearest = above[-1]
            assert nearest.at_least is not None  # above is filtered by it
            return self._gap(Goal.GRADE, nearest.name, nearest.at_least - score, line=nearest.at_least)
        line = self.rule.pass_line
        if self.rule.grades or line is None or score >= line:
            return None
        return self._gap(Goal.PASS_LINE, str(line), line - score, line=line)

    def _gap(
        self, goal: Goal, to: str, points: Fraction, *, rank: int | None = None, line: Fraction | None = None
    ) -> Gap:
        best: tuple[int, int] | None = None
        most_late, most_open = most_bettered(self.rule, self.own.counts, self.options)
        for open_ in range(most_open + 1):
            if best is not None and open_ >= sum(best):
                break
            late = self._late_needed(open_, most_late, rank, line)
            if late is not None and (best is None or late + open_ < sum(best)):
                best = (late, open_)
        return Gap(goal, to, points, None) if best is None else Gap(goal, to, points, sum(best), *best)

    def _late_needed(self, open_: int, most: int, rank: int | None, line: Fraction | None) -> int | None:
        """How many late cases are needed besides; None if all of them are not enough."""
        score, others = self._after(0, open_)
        target = line if line is not None else _wanted_for_rank(others, rank or 1, self.rule.rank_display)
        if score >= target:
            return 0
        if not most or self._after(most, open_)[0] < target:
            return None
        too_few, enough = 0, most
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if self._after(middle, open_)[0] >= target:
                enough = middle
            else:
                too_few = middle
        return enough

    def _after(self, late: int, open_: int) -> tuple[Fraction, list[Fraction]]:
        """The unit's score and those of the units it is ranked with, had so many cases gone better."""
        better = replace(self.own, counts=bettered(self.own.counts, late, open_, self.options))
        place, others = self._standing(better)
        score = points_at(self.rule, better, self.options, place)
        assert score is not None  # it has a rank or a grade, and more closed cases take neither away
        return score, others

    def _standing(self, better: UnitFigures) -> tuple[tuple[Fraction, Fraction] | None, list[Fraction]]:
        """The unit's place by closed cases and the others' scores: both depend only on whom it has passed."""
        closed = [unit.counts.closed for unit in self.figures if unit.key != better.key]
        passed = sum(c < better.counts.closed for c in closed), sum(c == better.counts.closed for c in closed)
        if passed not in self._known:
            figures = list(self._with(better))
            others = [
                unit.score
                for unit in score_units(self.rule, figures, self.options)
                if unit.score is not None
                and unit.rank is not None
                and unit.key != better.key
                and _compared(self.rule, self.unit, unit)
            ]
            self._known[passed] = work_place(self.rule, figures, better.key, self.options), others
        return self._known[passed]

    def _with(self, better: UnitFigures) -> Iterator[UnitFigures]:
        return (better if unit.key == better.key else unit for unit in self.figures)


def _wanted_for_rank(others: Sequence[Fraction], rank: int, display: RankDisplay) -> Fraction:
    """The lowest score with which a unit stands before `rank`: at most rank − 2 others are then ahead of it."""
    ordered = sorted(set(others) if display is RankDisplay.DENSE else others, reverse=True)
    place = rank - 2
    return ordered[place] if place < len(ordered) else Fraction(-(10**9))
