"""A ranking as the page draws it: every number, word and class is decided here, the scripts only place them."""

from collections.abc import Mapping
from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.closeness import ON_TIME
from domain.ranking_view import RankingRow, RankingTable
from domain.score_rule import Rated, ScoreRule
from domain.scoring import BASE_POINTS, WORK_VALUE, PartScore, ScoredUnit, Unranked
from layouts import formats
from layouts.rankings import frame, notes, streets, wording

Cell = dict[str, object]
TONES = ("k1", "k2", "k3", "k4", "k5")
BAD_SHARE = Fraction(4, 100)  # 返工 above this is said in amber, as in the pictures
COUNTS = {Rated.UNIT: ("closed", "overdue_open"), Rated.STREET: ("handled", "registered")}


def table_view(table: RankingTable, city: City, texts: Texts) -> dict[str, object]:
    """The JSON of /api/rankings/view for a score. Places with a single rate also as dots on a line (`streets`)."""
    rule = table.rule
    columns = _columns(table, texts)
    return frame.frame(table, city, texts) | {
        "title": frame.title(table.ask.ranked, texts),
        "line": _line(table, city, texts),
        "scheme": rule.title,
        "legend": _legend(rule, texts),
        "line_words": _pass_words(rule, texts),
        "columns": columns,
        "rows": [_row(row, table, city, texts, [str(column["key"]) for column in columns]) for row in table.rows],
        "notes": notes.notes(table, city, texts),
        "narrowed": texts("rankings.narrowed") if table.narrowed else "",
        "streets": streets.dots(table, city, texts),
    }


def _columns(table: RankingTable, texts: Texts) -> list[Cell]:
    rule = table.rule
    keys = ["rank", "move", "name", "score", "gap", "bar"]
    keys += ["grade"] if rule.grades else []
    keys += [*table.columns, *COUNTS[rule.rated], "spark"]
    left = {"rank", "move", "name", "gap", "bar", "spark"}
    kinds = {"rank", "move", "name", "score", "gap", "bar", "grade", "spark"}
    unsorted = {"move", "bar", "spark"}
    return [
        {
            "key": key,
            "kind": key if key in kinds else "number",
            "label": _label(key, table, texts),
            "left": key in left,
            "sorts": key not in unsorted,
        }
        for key in keys
    ]


def _label(key: str, table: RankingTable, texts: Texts) -> str:
    if key == "name":
        return texts(f"rankings.object.{table.ask.ranked.value}")
    if key == "spark":
        word = table.ask.span.key
        own = f"rankings.spark.{word}"
        return texts(own if texts.has(own) else "rankings.spark.other")
    own = f"rankings.column.{key}"
    return texts(own) if texts.has(own) else wording.indicator(key, texts)


def _line(table: RankingTable, city: City, texts: Texts) -> str:
    """2026年5月1日 至 19日，应结案 22,525 件，未定稿"""
    days = wording.days(wording.seen(table.ask.span, table.ask.as_of, city), texts)
    said = texts(f"rankings.due_{table.rule.rated.value}", days=days, due=formats.count(table.due))
    more = [texts("rankings.unfinished.tag")] if table.unfinished else []
    if table.nobody:
        more.append(texts("rankings.nobody", count=formats.count(table.nobody)))
    if table.counted_twice:
        more.append(texts("rankings.counted_twice"))
    return texts("rankings.comma").join([said, *more])


def _legend(rule: ScoreRule, texts: Texts) -> list[Cell]:
    items: list[Cell] = []
    if rule.base_points:
        base = wording.number(rule.base_points * rule.scale)
        items.append({"tone": "kb", "words": f"{texts('rankings.base_points')} {base}", "short": base})
    positive = 0
    for part in rule.parts:
        weight = part.weight * rule.rate_scale * rule.scale
        long, short = wording.indicator(part.indicator, texts), wording.short_indicator(part.indicator, texts)
        if weight < 0:
            said = f"×{wording.number(-weight)}"
            long = texts("rankings.legend.less", name=f"{long}{said}")
            items.append({"tone": "kn", "words": long, "short": f"{short}{said}"})
            continue
        if part.complement:
            long, short = texts("rankings.legend.rest", name=long), texts("rankings.legend.rest", name=short)
        said = f"×{wording.number(weight)}"
        items.append({"tone": TONES[positive % len(TONES)], "words": f"{long}{said}", "short": f"{short}{said}"})
        positive += 1
    return items


def _pass_words(rule: ScoreRule, texts: Texts) -> Cell | None:
    if rule.pass_line is None:
        return None
    line = wording.number(rule.pass_line)
    grade = next((grade.name for grade in rule.grades if grade.at_least == rule.pass_line), "")
    words = texts("rankings.pass_grade", line=line, grade=grade) if grade else texts("rankings.pass", line=line)
    return {"words": words, "short": texts("rankings.pass_short", line=line)}


def _row(row: RankingRow, table: RankingTable, city: City, texts: Texts, keys: list[str]) -> Cell:
    unit = row.unit
    return {
        "key": unit.key,
        "name": row.short_name,
        "full": row.name,
        "find": f"{row.short_name} {row.name}".lower(),
        "tone": "un" if unit.unranked else "",
        "close": bool(row.gap and row.gap.close),
        "words": _spoken(row, texts),
        "phone": _phone(row, table.rule, city, texts),
        "cells": [_cell(key, row, table, city, texts) for key in keys],
    }


def _spoken(row: RankingRow, texts: Texts) -> str:
    unit = row.unit
    if unit.rank is None:
        return texts("rankings.spoken_unranked", name=row.name)
    return texts("rankings.spoken", name=row.name, rank=unit.rank, score=wording.points(unit.score))


def _phone(row: RankingRow, rule: ScoreRule, city: City, texts: Texts) -> Cell:
    """What stands beside the name on a phone: the first rate, and what a unit has overdue."""
    first = ON_TIME if ON_TIME in row.rates else next(iter(row.rates), "")
    rate = wording.percent(row.rates[first]) if first else ""
    late = row.facts.overdue_open
    return {
        "rate": f"{wording.short_indicator(first, texts)} {rate}" if first else "",
        "late": formats.count(late) if rule.rated is Rated.UNIT else "",
        "tone": "od" if late >= city.alarm_unit_overdue else "",
    }


def _cell(key: str, row: RankingRow, table: RankingTable, city: City, texts: Texts) -> Cell:
    own = {"rank": _rank, "move": _move, "score": _score, "gap": _gap, "grade": _grade}
    if key == "name":
        return {"text": row.short_name, "sort": row.short_name}
    if key == "spark":
        return {"text": "", "sort": None}
    if key == "bar":
        return _bar(row, table.rule, texts)
    if key in own:
        return own[key](row, table, texts)
    if key in COUNTS[table.rule.rated]:
        return _count(key, row, city)
    return _rate(key, row)


def _rank(row: RankingRow, _table: RankingTable, texts: Texts) -> Cell:
    if row.unit.rank is None:
        return {"text": formats.NONE, "sort": None}
    tied = texts("rankings.tied") if row.tied else ""
    return {"text": str(row.unit.rank), "after": tied, "sort": row.unit.rank}


def _move(row: RankingRow, _table: RankingTable, texts: Texts) -> Cell:
    by = row.movement.rank
    if row.unit.rank is None:
        return {"text": "", "sort": None}
    if not by:
        words = texts("rankings.moved.same" if by == 0 else "rankings.moved.unknown")
        return {"text": formats.NONE, "tone": "same", "words": words, "sort": by}
    word = "up" if by > 0 else "down"
    return {
        "text": f"{'▲' if by > 0 else '▼'}{abs(by)}",
        "words": texts(f"rankings.moved.{word}", by=abs(by)),
        "sort": by,
    }


def _score(row: RankingRow, _table: RankingTable, _texts: Texts) -> Cell:
    score = row.unit.score
    return {"text": wording.points(score), "sort": None if score is None else float(score)}


def _gap(row: RankingRow, table: RankingTable, texts: Texts) -> Cell:
    if row.gap is None:
        return {"text": formats.NONE if row.unit.rank is not None else "", "sort": None}
    words = texts("rankings.gap", points=wording.points(row.gap.points), cases=formats.count(row.gap.cases))
    tag = texts("rankings.close.tag") if row.gap.close else ""
    return {"text": words, "tag": tag, "sort": float(row.gap.points)}


def _grade(row: RankingRow, table: RankingTable, texts: Texts) -> Cell:
    grade = row.unit.grade
    if grade is None:
        return {"text": "", "sort": None}
    place = [one.name for one in table.rule.grades].index(grade)
    said = texts("rankings.unfinished.grade") if table.unfinished else ""
    tone = grade_tone(row.unit, table.rule, open_end=table.unfinished is not None)
    return {"text": grade, "tone": tone, "words": said, "sort": place}


def grade_tone(unit: ScoredUnit, rule: ScoreRule, *, open_end: bool) -> str:
    """A and B filled, the last but one outlined, the last and what failed amber; dashed while it may change."""
    names = [one.name for one in rule.grades]
    left = len(names) - names.index(unit.grade or names[0])
    tone = "d" if unit.passed is False or left == 1 else "c" if left == 2 else "a"
    return f"{tone} prov" if open_end else tone


def _bar(row: RankingRow, rule: ScoreRule, texts: Texts) -> Cell:
    """Parts from left to right; the full width is 满分. Deductions stand hatched behind the end."""
    if row.unit.unranked is Unranked.NO_RATE:
        return {"note": texts("rankings.no_rate"), "parts": []}
    if row.unit.unranked is Unranked.NO_CASES or not row.unit.parts:
        return {"note": texts("rankings.no_cases"), "parts": []}
    if row.unit.unranked is Unranked.SMALL_SAMPLE:
        return {"note": texts("rankings.small_sample", minimum=rule.minimum_sample), "parts": []}
    words = texts("rankings.comma").join(
        f"{wording.part_name(part.name, texts)} {wording.points(part.points)}" for part in row.unit.parts
    )
    line = None if rule.pass_line is None else _width(rule.pass_line, rule)
    return {"parts": _strips(row.unit.parts, rule), "line": line, "words": words}


def _strips(parts: tuple[PartScore, ...], rule: ScoreRule) -> list[Cell]:
    strips: list[Cell] = []
    positive = 0
    for part in sorted(parts, key=lambda part: part.points < 0 or part.weight < 0):
        if part.name == BASE_POINTS:
            tone = "kb"
        elif part.weight < 0:
            tone = "kn"
        else:
            tone = TONES[positive % len(TONES)]
            positive += 1
        if part.points:
            strips.append({"tone": tone, "width": _width(abs(part.points), rule)})
    return strips


def _width(points: Fraction, rule: ScoreRule) -> str:
    return f"{float(points / rule.maximum * 100):.2f}%"


def _count(key: str, row: RankingRow, city: City) -> Cell:
    number: int = getattr(row.facts, key)
    alarm = key == "overdue_open" and number >= city.alarm_unit_overdue
    return {"text": formats.count(number), "tone": "od" if alarm else "", "sort": number}


def _rate(key: str, row: RankingRow) -> Cell:
    if key == WORK_VALUE:
        parts: Mapping[str, PartScore] = {part.name: part for part in row.unit.parts}
        part = parts.get(WORK_VALUE)
        if part is None or not part.denominator:
            return {"text": formats.NONE, "sort": None}
        share = part.numerator / part.denominator
        return {"text": f"{wording.number(part.numerator)}/{wording.number(part.denominator)}", "sort": float(share)}
    rate = row.rates[key]
    bad = key == "rework_rate" and rate.value is not None and rate.value > BAD_SHARE
    value = None if rate.value is None else float(rate.value)
    return {"text": wording.percent(rate), "tone": "w" if bad else "", "sort": value}
