"""What all reports say of themselves: period and instant in words, the scores they use, what their counts count."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from domain.city import City
from domain.documents import WEEKDAYS, day_words, short_day
from domain.indicator_options import ClosureDue, IndicatorOptions
from domain.periods import settles_on
from domain.ranking_view import Span
from domain.reports import ReportHead, ReportKind, ScoreNote
from domain.score_rule import ScoreRule, WatchList

ONE_DAY = timedelta(days=1)
INDICATORS: Mapping[str, str] = {
    "registration_rate": "立案率",
    "valid_report_rate": "有效上报率",
    "on_time_verification_rate": "按时核实率",
    "on_time_registration_rate": "按时立案率",
    "accurate_registration_rate": "准确立案率",
    "on_time_dispatch_rate": "按时派遣率",
    "dispatch_accuracy_rate": "派遣准确率",
    "handling_rate": "处置率",
    "on_time_handling_rate": "按期处置率",
    "overdue_pending_rate": "超期待处置率",
    "extension_rate": "延期率",
    "extension_share_of_registered": "延期申请率",
    "suspension_rate": "挂账率",
    "return_rate": "回退率",
    "on_time_recheck_rate": "按时核查率",
    "closure_rate": "结案率",
    "on_time_closure_rate": "按期结案率",
    "urgent_closure_rate": "紧急问题结案率",
    "overdue_open_rate": "超期未结率",
    "rework_rate": "返工率",
    "work_value": "工作值",
    "base_points": "基础分",
}
"""Names as documents write them (domain research 1.7)."""
CLOSURE_DUE_WORDS: Mapping[ClosureDue, str] = {
    ClosureDue.CLOSED_PLUS_OVERDUE: "应结案数＝本期结案数＋期末超期未结数，已扣除作废和在挂账案件",
    ClosureDue.DUE_IN_PERIOD: "应结案数＝处置期限在本期内的案件数，已扣除作废和在挂账案件",
    ClosureDue.REGISTERED_IN_PERIOD: "应结案数＝本期立案数，已扣除作废和在挂账案件",
}


def report_head(
    kind: ReportKind, city: City, span: Span, as_of: datetime, title: str, scores: Sequence[ScoreRule | WatchList] = ()
) -> ReportHead:
    """The head of a report over `span` as seen at `as_of`."""
    settles = settles_on(span.end, city.settle_days)
    return ReportHead(
        kind=kind,
        city=city.id,
        issuer=city.reports.issuer or city.title,
        title=title,
        period=period_words(kind, span),
        first=span.first,
        end=span.end,
        as_of=city.local(as_of),
        settles_on=settles,
        unsettled=as_of < city.midnight(settles),
        scores=tuple(score_note(rule) for rule in scores),
        definitions=definitions(city.options),
    )


def period_words(kind: ReportKind, span: Span) -> str:
    """2026年第 20 周，5月11日（周一）至 5月17日（周日）; 2026年4月; else both days."""
    last = span.end - ONE_DAY
    if kind is ReportKind.WEEKLY and span.first.weekday() == 0 and (span.end - span.first).days == len(WEEKDAYS):
        year, week, _ = span.first.isocalendar()
        return f"{year}年第 {week} 周，{with_weekday(span.first)}至 {with_weekday(last)}"
    if is_month(span):
        return f"{span.first.year}年{span.first.month}月"
    if span.name:
        return f"{span.name}（{day_words(span.first)}至{day_words(last)}）"
    return f"{day_words(span.first)}至{day_words(last)}"


def is_month(span: Span) -> bool:
    return span.first.day == 1 and span.end == (span.first + timedelta(days=31)).replace(day=1)


def with_weekday(day: date) -> str:
    return f"{short_day(day)}（周{WEEKDAYS[day.weekday()]}）"


def plain(value: Fraction) -> str:
    """A weight or a line as people write it: 40, 12.5."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def formula_of(rule: ScoreRule) -> str:
    """综合得分＝按期结案率×40＋结案率×30＋工作值×20－返工率×10，满分 90 分."""
    terms = [(rule.base_points * rule.scale, plain(rule.base_points * rule.scale))] if rule.base_points else []
    for part in rule.parts:
        weight = part.weight * rule.rate_scale * rule.scale
        name = INDICATORS[part.indicator]
        terms.append((weight, f"{f'（1－{name}）' if part.complement else name}×{plain(abs(weight))}"))
    text = "".join(f"{'－' if weight < 0 else '＋'}{term}" for weight, term in terms).removeprefix("＋")
    return f"{rule.title}＝{text}，满分 {plain(rule.maximum)} 分"


def score_note(rule: ScoreRule | WatchList) -> ScoreNote:
    if isinstance(rule, ScoreRule):
        return ScoreNote(rule.name, rule.title, rule.version, rule.source, formula_of(rule))
    lines = "，".join(f"{INDICATORS[line.indicator]}警戒线 {plain(line.above * 100)}%" for line in rule.lines)
    return ScoreNote(rule.name, rule.title, rule.version, rule.source, lines)


def definitions(options: IndicatorOptions) -> tuple[str, ...]:
    return (
        CLOSURE_DUE_WORDS[options.closure_due_definition],
        "按期：最后一次处置（没有处置记录的以结案）不晚于期限，批准的延期计入期限；没有期限的案件不计入按期率",
        "率由件数计算，两位小数，四舍五入；分母为零记「—」，不作 0%",
    )
