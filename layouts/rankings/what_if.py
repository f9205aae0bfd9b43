"""What if, in one sentence: the score, the place and the grade it would give."""

from config.texts import Texts
from domain.city import City
from domain.ranking_view import WhatIf
from layouts.rankings import wording

P = "rankings_why.what_if"


def what_if_view(found: WhatIf, _city: City, texts: Texts) -> dict[str, object]:
    """The JSON of /api/rankings/what-if."""
    score = wording.points(found.score)
    said = texts(f"{P}.unranked", score=score)
    if found.rank is not None:
        said = texts(f"{P}.answer", score=score, rank=found.rank)
        said += texts(f"{P}.grade", grade=found.grade) if found.grade else ""
    return {"late": found.late, "open": found.open, "rank": found.rank, "says": said}
