"""How figures are written on paper: two decimals halves up, changes with their sign, days as documents write them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from domain.documents import WEEKDAYS, day_words, short_day
from domain.ranking import Rounding, rounded, rounded_share
from domain.reports import NOTHING_DUE, UNSETTLED, Amount, Distribution, MainFigure, ReportHead, StreetLine

MINUS = "−"


def share(value: Fraction | None) -> str:
    """Per cent with two decimals."""
    return NOTHING_DUE if value is None else f"{rounded_share(value)}"


def signed(value: Fraction, places: int) -> str:
    """A change in hundredths: +2.35, −0.20, 0.00."""
    shown = rounded(value * 100, places, Rounding.HALF_UP)
    return f"{'+' if shown > 0 else MINUS if shown < 0 else ''}{abs(shown)}"


def points(value: Fraction) -> str:
    return f"{rounded(value, 2, Rounding.HALF_UP)}"


def amount(value: Amount | None) -> str:
    if value is None:
        return NOTHING_DUE
    return f"{value.numerator:,}" if value.denominator is None else share(value.value)


def change(figure: MainFigure, value: Fraction | None) -> str:
    """Of counts in per cent, of rates in 点."""
    if value is None:
        return NOTHING_DUE
    return f"{signed(value, 2)}%" if figure.now.denominator is None else f"{signed(value, 2)} 点"


def weekday(day: date) -> str:
    return f"{short_day(day)} 周{WEEKDAYS[day.weekday()]}"


def place(rank: int | None, tied: bool) -> str:
    return NOTHING_DUE if rank is None else f"{rank}{'（并列）' if tied else ''}"


def street(line: StreetLine) -> list[str]:
    """名次, name, 立案 or 应处置, 处置, 处置率: numerator and denominator as the city's rate has them."""
    below, above = f"{line.rate.denominator:,}", f"{line.rate.numerator:,}"
    return [place(line.rank, line.tied), line.name, below, above, share(line.rate.value)]


def street_heads(noun: str, lines: Sequence[StreetLine]) -> list[str]:
    """The heads over `street`: what 处置率 divides by is a reading of the city's (DECISIONS 4)."""
    due = any(line.rate.definition.endswith("handling_due") for line in lines)
    return ["名次", noun, "应处置" if due else "立案", "处置", "处置率%"]


def head(report: ReportHead) -> dict[str, object]:
    """The red head. 第 n 期 and 总第 n 期 are empty where nothing has numbered the report."""
    return {
        "issue": f"{report.first.year}年第 {report.issue} 期" if report.issue else "",
        "issue_total": f"（总第 {report.issue_total} 期）" if report.issue_total else "",
        "issuer": report.issuer,
        "day": day_words(report.as_of.date()),
        "title": report.title,
        "unsettled": f"{UNSETTLED}，数据截至 {report.as_of:%Y-%m-%d %H:%M}" if report.unsettled else "",
    }


def foot(distribution: Distribution) -> dict[str, str]:
    """The box at the foot of the last page; empty lines are left out by the template."""
    copies = f"（共印 {distribution.copies} 份）" if distribution.copies else ""
    report = f"报：{distribution.report_to}" if distribution.report_to else ""
    return {"report": report, "send": f"送：{distribution.send_to}" if distribution.send_to else "", "copies": copies}
