"""What if: some late cases had been on time, some due ones closed on time, everybody else as they are."""

from domain.explanation import what_if
from domain.people import Person
from domain.ranking_view import WhatIf
from domain.refusals import Refusal
from domain.score_rule import ScoreRule
from services.rankings.standing import Looked, admit


def supposed(looked: Looked, key: str, late: int, open_: int, person: Person) -> WhatIf:
    """Score, rank and grade then. Raises Refusal for more cases than there are and for a watch list."""
    admit(person, looked.ask, key)
    looked.entry(key)
    if not isinstance(looked.rule, ScoreRule):
        raise Refusal("关注名单没有得分和名次", "score", "请改选评分后再测算。")
    unit = what_if(looked.rule, looked.gathered().figures, looked.city.options, key, late, open_)
    return WhatIf(late, open_, unit.score, unit.rank, unit.grade)
