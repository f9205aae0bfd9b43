"""工作简报 on paper: sentences and tables of the month, the days as lines."""

from fractions import Fraction

from domain.reports import NOTHING_DUE, UNSETTLED, Amount, BriefFacts, ClassScores, MainFigure
from layouts.reports.circular import _hundredths, _street
from layouts.reports.press import press

Json = dict[str, object]


def brief_paper(facts: BriefFacts) -> bytes:
    """PDF, DESIGN_LANGUAGE section 17."""
    return press("brief", brief_sheet(facts), facts.head.as_of)


def brief_sheet(facts: BriefFacts) -> Json:
    """What the template sets: words, and the numbers of the days."""
    head, said, sent = facts.head, facts.sentences, facts.distribution
    known = [day for day in facts.days if day.known]
    return {
        "title": head.title,
        "issuer": head.issuer,
        "issued": f"{head.as_of.year}年{head.as_of.month}月{head.as_of.day}日",
        "issue": f"{head.first.year}年第 {head.issue} 期" if head.issue else "",
        "issue_total": f"（总第 {head.issue_total} 期）" if head.issue_total else "",
        "unsettled": UNSETTLED if head.unsettled else "",
        "overall": said.overall,
        "main_heads": ["指标", facts.period_name, facts.before_name, "环比", facts.last_year_name, "同比"],
        "main": [_main(figure) for figure in facts.main],
        "missing": [each for each in (facts.before_missing, facts.last_year_missing) if each],
        "days": [[day.day.day, day.registered, day.closed, day.holiday] for day in known],
        "days_said": said.days,
        "categories": said.categories,
        "streets_said": said.streets,
        "street_noun": facts.street_noun,
        "streets": [_street(line) for line in facts.streets],
        "units": said.units,
        "classes": [_scores(scores, facts.score_title) for scores in facts.classes],
        "notes": [score.formula for score in head.scores],
        "supervision": said.supervision,
        "report_to": sent.report_to,
        "send_to": sent.send_to,
        "copies": "" if sent.copies is None else f"（共印 {sent.copies} 份）",
    }


def _main(figure: MainFigure) -> list[str]:
    rate = figure.now.denominator is not None
    return [
        f"{figure.name}（{figure.unit}）",
        _amount(figure.now),
        _amount(figure.before),
        _change(figure.against_before, rate),
        _amount(figure.last_year),
        _change(figure.against_last_year, rate),
    ]


def _amount(amount: Amount | None) -> str:
    if amount is None or amount.value is None:
        return NOTHING_DUE
    return f"{amount.numerator:,}" if amount.denominator is None else _hundredths(amount.value * 100)


def _change(change: Fraction | None, rate: bool) -> str:
    if change is None:
        return NOTHING_DUE
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{_hundredths(abs(change) * 100)}{' 点' if rate else '%'}"


def _scores(scores: ClassScores, title: str) -> Json:
    rows = [
        [f"{line.rank}", line.short_name, f"{line.closure_due:,}", f"{line.closed:,}"]
        + [
            _hundredths(Fraction(rate.numerator, rate.denominator) * 100) if rate.denominator else NOTHING_DUE
            for rate in (line.rates[key] for key, _ in scores.columns)
        ]
        + [_hundredths(line.score)]
        for line in scores.first + scores.last
    ]
    heads = ["名次", "单位", "应结案", "结案", *(f"{head}%" for _, head in scores.columns), "得分"]
    return {"title": f"{scores.name}{title}", "heads": heads, "rows": rows}
