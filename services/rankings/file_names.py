"""What exported rankings and case lists are called: period, 未定稿 and instant stand in the name of the file."""

import re

from domain.city import City
from domain.ranking_view import CaseList, RankingAsk, RankingTable, WatchTable
from domain.score_rule import Ranked
from services.rankings.table import unfinished
from services.reports.case_book import list_name
from services.reports.heads import ONE_DAY, is_month

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def table_name(table: RankingTable | WatchTable, city: City) -> str:
    """排名_一类单位_2026年5月_未定稿_截至20260519-1432, without the ending."""
    kind = "关注名单" if isinstance(table, WatchTable) else "排名"
    return _joined(kind, _whose(table.ask, city), *_when(table.ask, city, table.unfinished is not None))


def cases_name(cases: CaseList, city: City) -> str:
    """案件明细_环卫处_超期结案_2026年5月_…, without the ending."""
    open_end = unfinished(city, cases.ask.span, cases.ask.as_of) is not None
    return _joined("案件明细", cases.name, list_name(cases.which), *_when(cases.ask, city, open_end))


def _whose(ask: RankingAsk, city: City) -> str:
    objects = {
        Ranked.UNIT: "全部单位",
        Ranked.STREET: city.street_noun,
        Ranked.COMMUNITY: "社区",
        Ranked.PATROL: "责任网格",
        Ranked.GRID: city.grid_noun,
    }
    return city.unit_classes.get(ask.unit_class or "", objects[ask.ranked])


def _when(ask: RankingAsk, city: City, unsettled: bool) -> tuple[str, ...]:
    span, as_of = ask.span, city.local(ask.as_of)
    last = span.end - ONE_DAY
    days = f"{span.first:%Y%m%d}至{last:%Y%m%d}" if last > span.first else f"{span.first:%Y%m%d}"
    period = f"{span.first.year}年{span.first.month}月" if is_month(span) else days
    narrowed = ("筛选分析",) if ask.filters else ()
    return (period, *narrowed, *(("未定稿",) if unsettled else ()), f"截至{as_of:%Y%m%d-%H%M}")


def _joined(*words: str) -> str:
    return "_".join(UNSAFE.sub("-", word) for word in words)
