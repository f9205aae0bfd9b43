"""What the reports say: exact figures, put on paper by layouts/reports and into cells by services/reports/books.py.

Sources: weekly statistics and the monthly brief of 启东 (domain research 2.3), the monthly ranking of streets and the
circular of departments' unfinished cases of 石景山 (2.6). Words are those of official documents: Chinese only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from domain.indicators import Rate
from domain.ranking_view import RankingTable

UNSETTLED = "未定稿"
NOTHING_DUE = "—"  # a rate without a denominator: never 0 %
Point = tuple[float, float]


class ReportKind(StrEnum):
    """The value is stored and is the word of the command."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CIRCULAR = "circular"


KIND_WORDS: Mapping[ReportKind, str] = {
    ReportKind.WEEKLY: "周统计表", ReportKind.MONTHLY: "工作简报", ReportKind.CIRCULAR: "通报",
}  # fmt: skip


@dataclass(frozen=True)
class ScoreNote:
    """A score, or a watch list, as it is cited below a table. `formula` spells it out."""

    name: str
    title: str
    version: str
    source: str
    formula: str


@dataclass(frozen=True)
class Distribution:
    """The box at the foot of the last page: 报 …, 送 …, 共印 n 份. Empty texts and None = no such line."""

    report_to: str = ""
    send_to: str = ""
    copies: int | None = None


@dataclass(frozen=True)
class ReportHead:
    """What every report says of itself. [first, end) are local days, `as_of` is local to the city.

    The archive numbers a report when it keeps it (`numbered`); until then edition and issues are 0.
    """

    kind: ReportKind
    city: str  # key of the city
    issuer: str
    title: str
    period: str  # the period in words
    first: date
    end: date
    as_of: datetime
    settles_on: date  # 定稿
    unsettled: bool  # as_of is before settles_on: 未定稿 stands on every page
    scores: tuple[ScoreNote, ...] = ()
    definitions: tuple[str, ...] = ()  # what the counts count, a sentence each
    edition: int = 0  # 第 n 版
    issue: int = 0  # 第 n 期 of the year
    issue_total: int = 0  # 总第 n 期


# Weekly statistics


class ColumnKind(StrEnum):
    COUNT = "count"
    RATE = "rate"  # a share: 0.9723 is printed 97.23 under a head with %
    CHANGE = "change"  # a relative change with its sign, one decimal: +5.8


@dataclass(frozen=True)
class WeeklyColumn:
    """One column. `group` is the head above it (结案, 返工, 延期); `letter` is A, or the formula C÷B over letters."""

    key: str
    group: str
    head: str
    letter: str
    kind: ColumnKind


@dataclass(frozen=True)
class WeeklyRow:
    """`values` by column key, exact; None is printed as —. `before` is 立案 of the week before, for 环比."""

    name: str
    short_name: str
    values: Mapping[str, Fraction | None]
    before: int | None  # None = no data of the week before


@dataclass(frozen=True)
class WeeklyGroup:
    """The units of one class, those with nothing in the week among them, and their sum. `name` empty = no classes."""

    name: str
    rows: tuple[WeeklyRow, ...]
    subtotal: WeeklyRow | None  # None where there is one group only


@dataclass(frozen=True)
class WeeklyFacts:
    head: ReportHead
    columns: tuple[WeeklyColumn, ...]
    groups: tuple[WeeklyGroup, ...]
    total: WeeklyRow
    notes: tuple[str, ...]  # below the table


# Monthly brief


@dataclass(frozen=True)
class Amount:
    """A count (denominator None), or a rate with what it is made of."""

    numerator: int
    denominator: int | None = None

    @property
    def value(self) -> Fraction | None:
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class MainFigure:
    """A row of 主要指标. `unit` is 件 or %; without data of the other period the amount is None, never 0."""

    key: str
    name: str
    unit: str
    now: Amount
    before: Amount | None
    last_year: Amount | None

    @property
    def against_before(self) -> Fraction | None:
        return self._against(self.before)

    @property
    def against_last_year(self) -> Fraction | None:
        return self._against(self.last_year)

    def _against(self, other: Amount | None) -> Fraction | None:
        """Of counts the relative change (0.0235 = +2.35 %), of rates the difference (0.0138 = +1.38 点)."""
        now, then = self.now.value, other.value if other is not None else None
        if now is None or then is None:
            return None
        if self.now.denominator is not None:
            return now - then
        return now / then - 1 if then else None


@dataclass(frozen=True)
class DayFigures:
    """`holiday` is the name of the public holiday (清明), empty on other days; `known` = not after as_of."""

    day: date
    registered: int
    closed: int
    holiday: str = ""
    known: bool = True


@dataclass(frozen=True)
class CategoryLine:
    name: str
    registered: int
    share: Fraction | None  # of all that was registered


@dataclass(frozen=True)
class StreetLine:
    """A street in the order of the city's area scheme. `rate` is 处置率 with numerator and denominator."""

    key: str
    name: str
    short_name: str
    rank: int | None
    tied: bool
    unranked: str  # 本期无案件, 样本不足, or empty
    rate: Rate
    score: Fraction | None


@dataclass(frozen=True)
class StreetShape:
    """A street's polygons, outer rings and holes alike (filled even-odd), and where its name stands."""

    key: str
    rings: tuple[tuple[Point, ...], ...]
    label: Point


@dataclass(frozen=True)
class StreetMap:
    """The streets in a box of width × height, y down. `breaks` are the lower bounds of classes 1 to 4 of 处置率."""

    width: float
    height: float
    shapes: tuple[StreetShape, ...]
    breaks: tuple[Fraction, ...]


@dataclass(frozen=True)
class ScoreLine:
    """A unit in the order of its class. `rates` by indicator, in the order of ClassScores.columns."""

    key: str
    name: str
    short_name: str
    rank: int
    tied: bool
    closure_due: int
    closed: int
    rates: Mapping[str, Rate]
    score: Fraction
    grade: str | None


@dataclass(frozen=True)
class ClassScores:
    """The first and the last of one class; `below` are the short names and scores of all below the pass line."""

    name: str  # empty in a city without classes
    columns: tuple[tuple[str, str], ...]  # indicator, its head in the table (without %)
    first: tuple[ScoreLine, ...]
    last: tuple[ScoreLine, ...]  # none of them is also in `first`
    ranked: int
    small: int  # 样本不足
    without_cases: int  # 本期无案件
    below: tuple[tuple[str, Fraction], ...]
    pass_line: Fraction | None
    pass_grade: str  # the grade the pass line opens, or empty


@dataclass(frozen=True)
class Supervisions:
    """督办通知单 signed in the period, as they stand at as_of: issued = met + missed + running + replaced."""

    issued: int
    met: int
    missed: int
    running: int
    replaced: int
    candidates: int  # 曝光候选 among the missed


@dataclass(frozen=True)
class Crossing:
    """A unit above a line of the watch list."""

    name: str
    indicator: str  # its Chinese name
    rate: Rate
    above: Fraction


@dataclass(frozen=True)
class BriefSentences:
    """The text of each section; every statement with its number, none with an invented cause."""

    overall: tuple[str, ...]
    days: tuple[str, ...]
    categories: tuple[str, ...]
    streets: tuple[str, ...]
    units: tuple[str, ...]
    supervision: tuple[str, ...]


@dataclass(frozen=True)
class BriefFacts:
    """`before_name` and `last_year_name` head the columns (3月, 上年4月); a reason says why a column is empty."""

    head: ReportHead
    period_name: str
    before_name: str
    last_year_name: str
    before_missing: str
    last_year_missing: str
    main: tuple[MainFigure, ...]
    days: tuple[DayFigures, ...]
    categories: tuple[CategoryLine, ...]  # the most registered, events and parts together
    events: tuple[CategoryLine, ...]
    parts: tuple[CategoryLine, ...]
    suspended: int  # at the period's end
    streets: tuple[StreetLine, ...]
    street_noun: str
    street_map: StreetMap | None
    classes: tuple[ClassScores, ...]
    score_title: str
    supervisions: Supervisions | None  # None in a city that sends none
    crossings: tuple[Crossing, ...] | None  # None in a city without a watch list
    sentences: BriefSentences
    distribution: Distribution
    unit_table: RankingTable | None = None  # the whole rankings behind `classes` and `streets`, for the workbook
    street_table: RankingTable | None = None


# Circular


@dataclass(frozen=True)
class UnfinishedCase:
    """Street and road, never a house number or who reported it. `late_s` are seconds past the deadline."""

    case_no: str
    category: str
    street: str
    road: str
    registered_at: datetime | None
    due_at: datetime
    late_s: int


@dataclass(frozen=True)
class UnfinishedUnit:
    """A department with cases past their deadline at the period's end, the longest first."""

    key: str
    name: str
    short_name: str
    class_name: str
    open: int
    overdue: int
    longest_s: int
    cases: tuple[UnfinishedCase, ...]


@dataclass(frozen=True)
class CircularFacts:
    head: ReportHead
    streets: tuple[StreetLine, ...]
    street_noun: str
    units: tuple[UnfinishedUnit, ...]  # most overdue first
    overdue: int  # of all departments together
    none_overdue: int  # departments without an overdue case
    stock_at: datetime  # local: what is unfinished is unfinished at this instant
    sentences: tuple[str, ...]
    distribution: Distribution
    street_table: RankingTable | None = None  # the whole ranking behind `streets`, for the workbook


Facts = WeeklyFacts | BriefFacts | CircularFacts
Report = TypeVar("Report", WeeklyFacts, BriefFacts, CircularFacts)


def numbered(facts: Report, edition: int, issue: int = 0, issue_total: int = 0) -> Report:
    """The same report with its place in the archive."""
    return replace(facts, head=replace(facts.head, edition=edition, issue=issue, issue_total=issue_total))


def fingerprint(facts: Facts) -> bytes:
    """SHA-256 of what a report says, whenever it is asked and whichever edition it becomes: two reports with the same
    fingerprint print the same figures. Whether they are settled is part of it."""
    numberless = replace(facts.head, edition=0, issue=0, issue_total=0)
    return hashlib.sha256(repr(_plain(replace(facts, head=numberless))).encode()).digest()


WHEN_ASKED = frozenset({"as_of", "read_at"})


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        said = (field.name for field in fields(value) if field.name not in WHEN_ASKED)
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in said)]
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(each)) for key, each in value.items())
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value
