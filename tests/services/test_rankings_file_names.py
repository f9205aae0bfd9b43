"""The names of exported files tell whose ranking, which period, and as of when."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.ranking_view import CaseList, RankingAsk, Span
from domain.score_rule import Ranked
from services.rankings.file_names import cases_name
from tests.services.ranking_world import CITY, SHANGHAI

MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))
WEEK = Span("week", date(2026, 5, 11), date(2026, 5, 18))
DAY = Span("today", date(2026, 5, 14), date(2026, 5, 15))
MIDDLE, SETTLED = datetime(2026, 5, 14, 10, 30, tzinfo=SHANGHAI), datetime(2026, 6, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("span", "as_of", "more", "name"),
    [
        (MAY, MIDDLE, {}, "案件明细_市政-园林处_结案_2026年5月_未定稿_截至20260514-1030"),
        (MAY, SETTLED, {}, "案件明细_市政-园林处_结案_2026年5月_截至20260620-0900"),
        (WEEK, SETTLED, {}, "案件明细_市政-园林处_结案_20260511至20260517_截至20260620-0900"),
        (DAY, MIDDLE, {}, "案件明细_市政-园林处_结案_20260514_未定稿_截至20260514-1030"),
        (WEEK, SETTLED, {"street": "s0"}, "案件明细_市政-园林处_结案_20260511至20260517_筛选分析_截至20260620-0900"),
    ],
)
def test_lists(span: Span, as_of: datetime, more: dict[str, Any], name: str) -> None:
    ask = RankingAsk(span, as_of, True, Ranked.UNIT, "demo", "1", more)
    assert cases_name(CaseList(ask, "u0", "市政/园林处", "closed", False, 0, 1, 1, ()), CITY) == name
