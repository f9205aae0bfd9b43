"""The first and the last of every class by score, and who is below the pass line."""

from collections.abc import Sequence

from domain.ranking_view import RankingRow, RankingTable
from domain.reports import ClassScores, ScoreLine
from domain.score_rule import Scope, ScoreRule
from domain.scoring import WORK_VALUE, Unranked
from services.reports.heads import INDICATORS
from services.reports.picture import Picture

SHOWN = 3  # at either end


def class_scores(picture: Picture, table: RankingTable) -> tuple[ClassScores, ...]:
    """A table per class where ranks are within classes, else one of all units; classes without a unit are left out."""
    if table.rule.rank_scope is not Scope.CLASS:
        return (_scores(picture, table.rule, "", table.rows),) if table.rows else ()
    present = dict.fromkeys(unit.extra for unit in picture.units.values())
    several = len(present) > 1 or None not in present
    return tuple(
        _scores(
            picture,
            table.rule,
            picture.class_name(unit_class) if several else "",
            [row for row in table.rows if row.unit.unit_class == unit_class],
        )
        for unit_class in present
    )


def _scores(picture: Picture, rule: ScoreRule, name: str, rows: Sequence[RankingRow]) -> ClassScores:
    lines = [_line(row) for row in rows if row.unit.rank is not None]
    below = [line for line in lines if rule.pass_line is not None and line.score < rule.pass_line]
    return ClassScores(
        name=name,
        columns=tuple((p.indicator, INDICATORS[p.indicator]) for p in rule.parts if p.indicator != WORK_VALUE),
        first=tuple(lines[:SHOWN]),
        last=tuple(lines[max(SHOWN, len(lines) - SHOWN) :]),
        ranked=len(lines),
        small=sum(row.unit.unranked is Unranked.SMALL_SAMPLE for row in rows),
        without_cases=sum(row.unit.unranked is Unranked.NO_CASES for row in rows),
        below=tuple((line.short_name, line.score) for line in below),
        pass_line=rule.pass_line,
        pass_grade=next((grade.name for grade in rule.grades if grade.at_least == rule.pass_line), ""),
    )


def _line(row: RankingRow) -> ScoreLine:
    assert row.unit.rank is not None  # only the ranked ones are asked for
    assert row.unit.score is not None
    return ScoreLine(
        key=row.unit.key,
        name=row.name,
        short_name=row.short_name,
        rank=row.unit.rank,
        tied=row.tied,
        closure_due=row.counts.closure_due,
        closed=row.counts.closed,
        rates=row.rates,
        score=row.unit.score,
        grade=row.unit.grade,
    )
