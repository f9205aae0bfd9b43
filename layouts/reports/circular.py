"""通报 on paper: streets by 处置率, then every unit with cases past their deadline."""

from datetime import datetime
from fractions import Fraction

from domain.reports import NOTHING_DUE, UNSETTLED, CircularFacts, StreetLine, UnfinishedCase, UnfinishedUnit
from layouts.reports.press import press

Json = dict[str, object]
LISTED = 20  # cases of one unit on paper; the workbook has them all
DAY_S = 86_400


def circular_paper(facts: CircularFacts) -> bytes:
    """PDF, DESIGN_LANGUAGE section 17."""
    return press("circular", circular_sheet(facts), facts.head.as_of)


def circular_sheet(facts: CircularFacts) -> Json:
    """What the template sets: words only."""
    head, sent = facts.head, facts.distribution
    return {
        "title": head.title,
        "issuer": head.issuer,
        "issued": f"{head.as_of.year}年{head.as_of.month}月{head.as_of.day}日",
        "issue": f"{head.first.year}年第 {head.issue} 期" if head.issue else "",
        "unsettled": UNSETTLED if head.unsettled else "",
        "sentences": list(facts.sentences),
        "street_noun": facts.street_noun,
        "streets": [_street(line) for line in facts.streets],
        "units": [_unit(unit) for unit in facts.units],
        "definitions": list(head.definitions),
        "report_to": sent.report_to,
        "send_to": sent.send_to,
        "copies": "" if sent.copies is None else f"（共印 {sent.copies} 份）",
    }


def _street(line: StreetLine) -> list[str]:
    rank = line.unranked if line.rank is None else f"{line.rank}{'（并列）' if line.tied else ''}"
    rate = line.rate
    share = _hundredths(Fraction(rate.numerator, rate.denominator) * 100) if rate.denominator else NOTHING_DUE
    return [rank, line.name, f"{rate.denominator:,}", f"{rate.numerator:,}", share]


def _unit(unit: UnfinishedUnit) -> Json:
    more = max(unit.overdue, len(unit.cases)) - LISTED
    return {
        "name": unit.name,
        "counts": f"未结 {unit.open:,} 件，其中超期 {unit.overdue:,} 件，最长超期 {_days(unit.longest_s)} 天",
        "cases": [_case(case) for case in unit.cases[:LISTED]],
        "more": f"另有 {more:,} 件未列，见附表。" if more > 0 else "",
    }


def _case(case: UnfinishedCase) -> list[str]:
    return [case.case_no, case.category, f"{case.street}{case.road}", _moment(case.due_at), _days(case.late_s)]


def _moment(at: datetime) -> str:
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _days(seconds: int) -> str:
    tenths = seconds * 10 // DAY_S
    return f"{tenths // 10:,}.{tenths % 10}"


def _hundredths(value: Fraction) -> str:
    whole = (value * 100 + Fraction(1, 2)).__floor__()
    return f"{whole // 100}.{whole % 100:02d}"
