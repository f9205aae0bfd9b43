"""Scores and watch lists on request: every unit or street of a city over any period, each explained to the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from config.scores import load_rule
from data_access.store import Store
from domain.city import City
from domain.explanation import Gap, displayed, exemptions_of, explain, median, movement_of
from domain.indicators import COUNTED, Counts, added
from domain.ranking import Rounding
from domain.refusals import Refusal
from domain.score_rule import Ranked, Rated, Scope, ScoreRule, WatchList
from domain.scoring import ScoredUnit, UnitFigures, score_units
from domain.watching import Watched, reading, watch
from services.figures import Question, city_number, figure_row, table_of
from services.rankings import gather
from services.rankings.periods import previous

PLACES = 2  # decimals of exports, half-up (DECISIONS 12)
Row = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """Everybody who is compared: names and classes by key, figures of the period and of the one before. Scores leave
    out what accepted appeals exempt; a watch list looks at the facts."""

    names: Mapping[str, str]
    figures: tuple[UnitFigures, ...]
    previous: tuple[UnitFigures, ...]

    @property
    def facts(self) -> tuple[UnitFigures, ...]:
        return tuple(replace(unit, counts=added([unit.counts, unit.exempted])) for unit in self.figures)


def score_table(store: Store, city: City, name: str, question: Question, explained: str | None = None) -> Row:
    """`indicator_table` by unit or by street with the score or watch list `name` in its rows: best first, those
    without cases next, then what belongs to nobody.

    `explained` is the key of a unit or street whose row also says what separates it from the next rank and grade.
    Raises Refusal when the question is narrowed (a rank is among all) and ConfigError for an unknown score.
    """
    rule = load_rule(name)
    if question.filters or question.unit_class:
        raise Refusal(
            "得分和名次要在全部单位之间比较", "--score", "请去掉其他筛选；--unit 或 --street 只用来说明一个。"
        )
    by = compared_by(rule)
    question = replace(question, cohort=question.cohort or (isinstance(rule, ScoreRule) and rule.cohort))
    if isinstance(rule, WatchList):
        question = replace(question, options=reading(question.options))
    with store.picture() as connection:
        table = table_of(connection, city, by, question)
        rows = {row["key"]: row for row in table["rows"]}
        field = _field(connection, city, by, question, rows)
    if explained is not None and explained not in field.names:
        raise Refusal(f"没有“{explained}”", f"--{by}", f"现有：{'、'.join(sorted(field.names)[:8])} …")
    if isinstance(rule, WatchList):
        head: Row = {}
        judged = [_watched(rule, unit) for unit in watch(rule, field.facts, question.options)]
    else:
        head = {
            "maximum": _number(rule.maximum),
            "pass_line": _optional(rule.pass_line),
            "consequence": rule.consequence,
            "previous": _days(city, previous(city, question)),
        }
        judged = _scored_rows(rule, field, question, explained)
    ordered = [
        (rows.pop(row["key"], None) or figure_row(row["key"], field.names[row["key"]], Counts(), question.options))
        | row
        for row in judged
    ]
    title = {"name": name, "title": rule.title, "version": rule.version, "source": rule.source}
    return table | {"score": title | head, "rows": ordered + list(rows.values())}


def compared_by(rule: ScoreRule | WatchList) -> str:
    """`unit` or `street`."""
    return rule.rated.value if isinstance(rule, ScoreRule) else Rated.UNIT.value


def _days(city: City, question: Question) -> list[str]:
    last = city.day_of(question.end - timedelta(microseconds=1))
    return [city.day_of(question.start).isoformat(), (last + timedelta(days=1)).isoformat()]


def _field(connection: Connection, city: City, by: str, question: Question, rows: Mapping[str, Row]) -> Field:
    """The period's counts are those of the table's rows: all are asked of one picture."""
    number, ranked = city_number(connection, city), Ranked(by)
    entries = gather.listed(connection, number, ranked)
    out = gather.exempted(gather.look(connection, number, city, question), ranked)
    before = gather.look(connection, number, city, previous(city, question))
    return Field(
        {entry.key: entry.name for entry in entries.values()},
        tuple(gather.without(e, _counts(rows.get(e.key, {})), out.get(n)) for n, e in entries.items()),
        gather.units_of(before, ranked, entries),
    )


def _counts(row: Mapping[str, Any]) -> Counts:
    return Counts(**{name: row.get(name, 0) for name in COUNTED})


def _scored_rows(rule: ScoreRule, field: Field, question: Question, explained: str | None) -> list[Row]:
    scored = score_units(rule, field.figures, question.options)
    before = {unit.key: unit for unit in score_units(rule, field.previous, question.options)}
    own = {unit.key: unit for unit in field.figures}
    medians = _medians(rule, scored)
    rows = []
    for unit in scored:
        row = _scored_row(rule, unit)
        moved = movement_of(unit, before.get(unit.key))
        row["movement"] = {"rank": moved.rank, "score": _optional(moved.score)}
        row["median"] = _optional(medians.get(_group(rule, unit)))
        row["exemptions"] = vars(exemptions_of(own[unit.key]))
        if unit.key == explained:
            of_unit = explain(rule, field.figures, question.options, unit.key, field.previous)
            row["next_rank"], row["next_grade"] = _gap(of_unit.next_rank), _gap(of_unit.next_grade)
        rows.append(row)
    return rows


def _group(rule: ScoreRule, unit: ScoredUnit) -> str | None:
    return unit.unit_class if rule.rank_scope is Scope.CLASS else None


def _medians(rule: ScoreRule, scored: Sequence[ScoredUnit]) -> dict[str | None, Fraction | None]:
    scores: dict[str | None, list[Fraction]] = {}
    for unit in scored:
        if unit.score is not None and unit.rank is not None:
            scores.setdefault(_group(rule, unit), []).append(unit.score)
    return {group: median(values) for group, values in scores.items()}


def _scored_row(rule: ScoreRule, unit: ScoredUnit) -> Row:
    shown_score, shown = displayed(rule, unit, PLACES, Rounding.HALF_UP)
    return {
        "key": unit.key,
        "class": unit.unit_class,
        "score": _optional(unit.score),
        "exact": None if unit.score is None else str(unit.score),
        "shown": None if shown_score is None else str(shown_score),
        "rank": unit.rank,
        "grade": unit.grade,
        "passed": unit.passed,
        "parts": [
            {
                "indicator": part.name,
                "numerator": _number(part.numerator),
                "denominator": _number(part.denominator),
                "weight": _number(part.weight),
                "complement": part.complement,
                "points": _number(part.points),
                "exact": str(part.points),
                "shown": str(points),
            }
            for part, points in zip(unit.parts, shown, strict=True)
        ],
    }


def _watched(rule: WatchList, unit: Watched) -> Row:
    return {
        "key": unit.key,
        "class": unit.unit_class,
        "crossed": list(unit.crossed),
        "lines": {line.indicator: _number(line.above) for line in rule.lines},
    }


def _gap(gap: Gap | None) -> Row | None:
    if gap is None:
        return None
    return {"to": gap.to, "points": _number(gap.points), "cases": gap.cases, "late": gap.late, "open": gap.open}


def _optional(value: Fraction | None) -> float | int | None:
    return None if value is None else _number(value)


def _number(value: Fraction) -> float | int:
    return value.numerator if value.denominator == 1 else float(value)
