"""What the sheets of rankings share: which counts a rate is made of, and what a view says of itself."""

from collections.abc import Mapping

from domain.city import City
from domain.documents import day_words, long_moment
from domain.indicator_options import ClosureDue
from domain.indicators import Rate
from domain.ranking_view import RankingAsk, RankingTable, WatchTable
from domain.reports import UNSETTLED
from services.reports.heads import ONE_DAY
from services.reports.sheets import Formula

COUNT_WORDS: Mapping[str, str] = {
    "reported": "上报",
    "registered": "立案",
    "dispatched": "派遣",
    "handled": "处置",
    "closed": "结案",
    "on_time": "按期结案",
    "rework": "返工",
    "rework_times": "返工次数",
    "handled_rework": "处置中返工",
    "handled_rework_times": "处置中返工次数",
    "handled_on_time": "按期处置",
    "handling_due": "应处置",
    "overdue_pending": "超期待处置",
    "overdue_unclosed": "超期未结",
    "handling_due_extended": "应处置中延期",
    "dispatched_extended": "派遣中延期",
    "dispatched_suspended": "派遣中挂账",
    "dispatched_returned": "派遣中回退",
    "registered_extension_asked": "立案中申请延期",
    "closure_due": "应结案",
    "valid_reports": "有效上报",
    "verified_on_time": "按时核实",
    "verification_due": "应核实",
    "registered_on_time": "按时立案",
    "registration_due": "应按时立案",
    "registered_accurately": "准确立案",
    "dispatched_on_time": "按时派遣",
    "dispatched_accurately": "准确派遣",
    "dispatch_due": "应派遣",
    "rechecked_on_time": "按时核查",
    "recheck_due": "应核查",
    "urgent_closed": "紧急结案",
    "urgent_closure_due": "紧急应结案",
}
NARROWED, NARROWED_WORDS = "筛选", "已按条件筛选，仅供分析，不作考核依据"
CLOSURE_DUE = "closure_due"
CLOSURE_READINGS = frozenset(ClosureDue)
WITH_DEADLINE = {"on_time_closure_rate": ("closure_due", "closed"), "on_time_handling_rate": ("handling_due",)}


def made_of(rate: Rate) -> tuple[tuple[str, str], tuple[str, str]]:
    """(key, head) of the columns of numerator and denominator, from the rate's definition. All readings of 应结案 are
    one column; an on-time rate divides only by what has a deadline."""
    above, below = rate.definition.split(" / ")
    key = CLOSURE_DUE if below in CLOSURE_READINGS else below
    head = COUNT_WORDS.get(key, key)
    if key in WITH_DEADLINE.get(rate.name, ()):
        key, head = f"{key}_timed", f"{head}（有期限）"
    return (above, COUNT_WORDS.get(above, above)), (key, head)


def rate_formula(rate: Rate) -> Formula:
    (above, _), (below, _) = made_of(rate)
    return Formula(f'IF([{below}]=0,"—",[{above}]/[{below}])', rate.value)


def days_of(ask: RankingAsk) -> str:
    return f"{day_words(ask.span.first)}至{day_words(ask.span.end - ONE_DAY)}"


def subtitle(ask: RankingAsk, city: City) -> str:
    return f"{city.title}　{days_of(ask)}　截至 {long_moment(city.local(ask.as_of))}"


def view_notes(table: RankingTable | WatchTable, city: City) -> list[tuple[str, str]]:
    notes = [("周期", days_of(table.ask)), ("数据时间", long_moment(city.local(table.ask.as_of)))]
    if table.unfinished:
        notes.append((UNSETTLED, f"数据尚未定稿，{day_words(table.unfinished.settles_on)}定稿"))
    if table.ask.filters:
        notes.append((NARROWED, NARROWED_WORDS))
    return notes
