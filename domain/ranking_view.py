"""What the page of rankings shows: exact figures, put into words and places by layouts/rankings.

Everything of one view belongs to one question: a period, as seen at one instant, by one rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from domain.closeness import GapAbove
from domain.explanation import Explanation, Movement
from domain.indicators import Counts, Rate
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import ScoredUnit
from domain.watching import Watched


@dataclass(frozen=True)
class Span:
    """[first, end), local days. `key` is how an address names it: a word of services.rankings.periods, the key of one
    of the city's own periods, or `custom`; `name` is the city's own word for it, empty for ours."""

    key: str
    first: date
    end: date
    name: str = ""


@dataclass(frozen=True)
class RankingAsk:
    """A view that can be sent as a link. `as_of` is never later than now; `pinned` = it was given, so that the same
    link shows the same instant for ever."""

    span: Span
    as_of: datetime
    pinned: bool
    ranked: Ranked
    score: str  # a score or a watch list of the city
    unit_class: str | None = None  # the tab; None = all units together (a city without classes, or areas)
    filters: Mapping[str, str] = field(default_factory=dict)  # category, channel, street → key: 分析用，不作考核依据


@dataclass(frozen=True)
class Choice:
    """One thing to choose from a list, by key."""

    key: str
    name: str


@dataclass(frozen=True)
class ClassTab:
    key: str
    name: str
    size: int


@dataclass(frozen=True)
class PeriodChoice:
    """`group`: common (常用), own (本市周期) or finished (已过周期). `word` names it to people: a word of
    services.rankings.periods (today, last_month, year_to_date, last_30_days, year_before …) or a city period's key.
    `address` = the parameters that ask for exactly this one."""

    span: Span
    group: str
    word: str = ""
    address: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choices:
    """Everything the page may be asked for instead."""

    periods: tuple[PeriodChoice, ...]
    ranked: tuple[Ranked, ...]  # those the city has at least two of
    scores: tuple[Choice, ...]  # scores and watch lists of the chosen kind of object
    filters: Mapping[str, tuple[Choice, ...]]  # category, channel, street


@dataclass(frozen=True)
class Unfinished:
    """未定稿: the period is not over, or not settled yet. `passed` days (halves allowed) of `days`."""

    passed: Fraction
    days: int
    settles_on: date
    over: bool  # the period is over, the day of 定稿 has not come


@dataclass(frozen=True)
class RankingRow:
    """`counts` are what the score is made of (accepted appeals left out); `facts` include them."""

    unit: ScoredUnit
    name: str
    short_name: str
    counts: Counts
    facts: Counts
    rates: Mapping[str, Rate]  # every indicator of the rule, and those of RankingTable.columns
    movement: Movement
    gap: GapAbove | None  # to the row ranked before; None for the first, the tied with it, and the unranked
    tied: bool  # 并列: another row of the table has the same rank


@dataclass(frozen=True)
class RankingTable:
    ask: RankingAsk
    rule: ScoreRule
    classes: tuple[ClassTab, ...]  # empty where the city has none, or areas are ranked
    rows: tuple[RankingRow, ...]  # ranked ones first, then 样本不足, then 本期无案件
    columns: tuple[str, ...]  # indicators beside the score, in the order of the rule's parts, work_value among them
    due: int  # 应结案数 of the rows together; of handling-only scores what 处置率 divides by
    previous: Span  # what movement compares with
    unfinished: Unfinished | None
    narrowed: bool  # filtered: 仅供分析，不作考核依据
    counted_twice: bool  # 单位合计含多派: units together have more assignments than there are cases
    nobody: int  # 应结案 cases of no unit (未定单位), or of no area: in no row
    read_at: datetime  # when the database was asked


@dataclass(frozen=True)
class WatchRow:
    name: str
    short_name: str
    counts: Counts
    watched: Watched
    special: int  # 特殊案件 open now: returned at least twice


@dataclass(frozen=True)
class WatchTable:
    """延期、挂账、回退监看: no rank, no grade, no score; rows by the lines they cross."""

    ask: RankingAsk
    rules: WatchList
    classes: tuple[ClassTab, ...]
    rows: tuple[WatchRow, ...]
    total: Mapping[str, Rate]  # of the rows together, by indicator
    unfinished: Unfinished | None
    read_at: datetime


@dataclass(frozen=True)
class PartView:
    """One line of the proof: numerator ÷ denominator × weight = points. `shown` of all parts add up to the score shown.
    `median` is the middle of the same rate among the ranked units it is compared with."""

    indicator: str
    definition: str
    numerator: Fraction
    denominator: Fraction
    weight: Fraction
    complement: bool
    shown: Decimal
    median: Fraction | None
    behind: tuple[str, ...]  # the counts whose cases stand behind numerator and denominator, for CaseList.which


@dataclass(frozen=True)
class CaseCost:
    """What one case costs this unit in points, everything else as it is. None = there is no such case."""

    late: Fraction | None
    open: Fraction | None  # 到期未结
    rework: Fraction | None


@dataclass(frozen=True)
class Why:
    """Why this rank. `tabs`: the lists behind it with their counts, `in_score` as the score counts them."""

    ask: RankingAsk
    rule: ScoreRule
    row: RankingRow
    class_name: str
    explanation: Explanation
    parts: tuple[PartView, ...]
    cost: CaseCost
    extended_on_time: int  # closed inside an approved extension: 计为按期
    freed: int  # 派遣错误、有理回退: assignments taken out of the unit's figures
    tabs: tuple[tuple[str, int], ...]
    unfinished: Unfinished | None
    previous: Span | None = None  # what the movement compares with


@dataclass(frozen=True)
class WatchWhy:
    """What stands behind a unit on the watch list: reasons, decisions, and twelve periods of each rate."""

    ask: RankingAsk
    rules: WatchList
    row: WatchRow
    reasons: tuple[tuple[str, int], ...]  # 延期申请原因 → how many
    asked: int
    granted: int
    returns: tuple[tuple[str, int], ...]  # returned, dispatcher_error, refused, undecided → how many
    suspended_now: int
    tabs: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class CaseLine:
    """A case behind a number: street and road, never a house number or who reported it."""

    case_no: str
    stage: str
    category: str
    street: str
    road: str
    registered_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    late_s: int | None  # seconds past the due time when handled, closed or (open) at as_of; None = not late
    rework_count: int
    extension_count: int
    urged: int  # 催办
    supervised: bool  # 督办通知单
    exempted: bool  # 申诉成立: the score leaves it out
    cost: Fraction | None  # points this case costs, late or reworked


@dataclass(frozen=True)
class CaseList:
    """One page of the cases behind a count; `total` equals the count."""

    ask: RankingAsk
    key: str
    name: str
    which: str
    in_score: bool
    total: int
    page: int
    pages: int
    lines: tuple[CaseLine, ...]


@dataclass(frozen=True)
class WhatIf:
    """Where the unit would stand, everybody else as they are."""

    late: int
    open: int
    score: Fraction | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True)
class Trend:
    """The last periods of the same kind, oldest first, the asked one last; None = no score or rate in it."""

    spans: tuple[Span, ...]
    values: Mapping[str, tuple[Fraction | None, ...]]  # key of the row → a score, or the first watched rate, per span


@dataclass(frozen=True)
class Heat:
    """Any indicator, or a count, of every grid. `breaks` are the lower bounds of classes 1 to 5 (class 0 below)."""

    indicator: str
    values: Mapping[str, Fraction | None]  # grid key → value; None = nothing was due there
    counts: Mapping[str, tuple[int, int]]  # grid key → numerator, denominator
    breaks: tuple[Fraction, ...]
