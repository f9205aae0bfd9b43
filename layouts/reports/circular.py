"""通报 on paper: streets by 处置率, and the departments' cases past their deadline."""

from datetime import datetime

from domain.reports import CircularFacts, UnfinishedCase, UnfinishedUnit
from layouts.reports import words
from layouts.reports.press import press

Json = dict[str, object]
LISTED = 20  # cases of one department on paper; all of them are in the workbook
DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60


def circular_paper(facts: CircularFacts) -> bytes:
    """PDF, DESIGN_LANGUAGE section 17."""
    return press("circular", circular_sheet(facts), facts.head.as_of)


def circular_sheet(facts: CircularFacts) -> Json:
    """What the template sets: words only."""
    return words.head(facts.head) | {
        "sentences": list(facts.sentences),
        "noun": facts.street_noun,
        "street_heads": words.street_heads(facts.street_noun, facts.streets),
        "streets": [words.street(line) for line in facts.streets],
        "units": [_unit(unit, facts.stock_at) for unit in facts.units],
        "note": f"未结与超期为 {facts.stock_at:%Y-%m-%d %H:%M} 的存量。道路只到路名，不含门牌。",
        **words.foot(facts.distribution),
    }


def _unit(unit: UnfinishedUnit, at: datetime) -> Json:
    more = len(unit.cases) - LISTED
    return {
        "name": unit.name,
        "line": f"在办 {unit.open:,} 件，超期 {unit.overdue:,} 件，最长 {_long(unit.longest_s)}",
        "cases": [_case(case, at) for case in unit.cases[:LISTED]],
        "more": f"另有 {more:,} 件，见同期工作簿。" if more > 0 else "",
    }


def _case(case: UnfinishedCase, at: datetime) -> list[str]:
    due = case.due_at.astimezone(at.tzinfo)
    where = " ".join(part for part in (case.street, case.road) if part)
    return [case.case_no, case.category, where, f"{due.month}-{due.day} {due:%H:%M}", _long(case.late_s)]


def _long(seconds: int) -> str:
    """6时52分, 1天6时, 38分: two units at most."""
    days, hours, minutes = seconds // DAY_S, seconds % DAY_S // HOUR_S, seconds % HOUR_S // MINUTE_S
    if days:
        return f"{days}天{hours}时"
    return f"{hours}时{minutes:02d}分" if hours else f"{minutes}分"
