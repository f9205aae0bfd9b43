"""What stands below a ranking: the rules behind its marks, and which rule of which version made the scores."""

from config.texts import Texts
from domain.city import City
from domain.closeness import measure_of, points_of
from domain.ranking_view import RankingTable
from domain.scoring import Unranked
from layouts.rankings import wording

Note = dict[str, str]


def notes(table: RankingTable, city: City, texts: Texts) -> list[Note]:
    """差距不显著, 样本不足 and 未定稿 where they may occur, then the method."""
    rule = table.rule
    found = []
    if any(row.gap and row.gap.close for row in table.rows):
        found.append(_note("close", texts, cases=rule.close_cases, **_case_value(table, texts)))
    if rule.minimum_sample:
        small = sum(row.unit.unranked is Unranked.SMALL_SAMPLE for row in table.rows)
        found.append(_note("small", texts, minimum=rule.minimum_sample, count=small))
    if table.unfinished:
        found.append(_note("unfinished", texts, previous=wording.days(table.previous, texts)))
    else:
        found.append(_note("moved", texts, previous=wording.days(table.previous, texts)))
    grades = "、".join(
        f"{grade.name} ≥ {wording.number(grade.at_least)}" for grade in rule.grades if grade.at_least is not None
    )
    method = texts(
        "rankings.note.method_line",
        title=rule.title,
        version=rule.version,
        day=wording.dated(rule.effective_from, texts),
        maximum=wording.number(rule.maximum),
        source=rule.source,
    )
    if grades:
        method += texts("rankings.note.grades", grades=grades)
    if not rule.minimum_sample:
        method += texts("rankings.note.no_minimum")
    found.append({"head": texts("rankings.note.method"), "line": method})
    return found


def _note(name: str, texts: Texts, **values: object) -> Note:
    return {"head": texts(f"rankings.note.{name}"), "line": texts(f"rankings.note.{name}_line", **values)}


def _case_value(table: RankingTable, texts: Texts) -> dict[str, str]:
    """What one on-time case is measured by, times the cases: 80 ÷ 应结案数."""
    measure = measure_of(table.rule)
    if measure is None or not table.rows:
        return {"weight": "0", "due": ""}
    weight = points_of(measure, table.rule) * table.rule.close_cases
    _, below = wording.made_of(table.rows[0].rates[measure.indicator].definition, texts)
    return {"weight": wording.number(weight), "due": below}
