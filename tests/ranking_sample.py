"""A month of rankings after the pictures: figures of invented units, ranked by the rules as they are."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from config.scores import load_rule, load_score
from domain.city import City, UnitProfile
from domain.indicators import RATES, Counts, added
from domain.people import Person, Post
from domain.ranking_view import (
    Choice,
    Choices,
    ClassTab,
    Heat,
    RankingAsk,
    RankingTable,
    Span,
    Trend,
    WatchRow,
    WatchTable,
)
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import UnitFigures
from domain.watching import reading, watch
from services.rankings import periods
from services.rankings.gather import Entry, Gathered
from services.rankings.table import table_of, unfinished

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 19, 14, 32, 5, tzinfo=ZONE)
LEADER = Person(31, "leader01", "领导01", frozenset({Post.LEADER}))
MONTH = Span("month", date(2026, 5, 1), date(2026, 6, 1))
APRIL = Span("month", date(2026, 4, 1), date(2026, 5, 1))
CLASSES = {"first": "一类单位", "second": "二类单位", "third": "三类单位"}

FIRST = (  # name, 应结案, 按期结案, 结案, 返工, 超期
    ("环卫处", 4820, 4671, 4781, 58, 2),
    ("执法一大队", 4104, 3837, 4018, 94, 5),
    ("交警支队", 2951, 2780, 2904, 41, 4),
    ("执法二大队", 3876, 3446, 3712, 133, 7),
    ("市政处", 2210, 1971, 2128, 73, 6),
    ("园林局", 1684, 1529, 1627, 34, 3),
    ("供电公司", 412, 396, 408, 4, 1),
    ("住建局", 1321, 1104, 1236, 61, 5),
    ("住房中心", 388, 349, 371, 9, 1),
    ("城投公司", 760, 591, 684, 48, 3),
)
SECOND = (
    ("自来水公司", 251, 243, 249, 2, 2),
    ("燃气公司", 174, 169, 172, 1, 2),
    ("水务局", 210, 184, 201, 5, 9),
    ("交通局", 182, 161, 175, 5, 7),
    ("电信公司", 124, 110, 120, 3, 4),
    ("移动公司", 114, 104, 111, 2, 3),
    ("生态环境局", 100, 90, 96, 1, 4),
    ("民政局", 58, 55, 57, 0, 1),
    ("联通公司", 87, 69, 80, 4, 7),
    ("广电网络", 24, 17, 21, 1, 3),
    ("铁路办", 0, 0, 0, 0, 0),
)
STREETS = (  # name, 处置, 立案
    ("新桥街道", 80, 80), ("望江街道", 510, 520), ("东湖街道", 736, 760), ("北塔街道", 1466, 1540),
    ("槐岭街道", 1284, 1360), ("柳荫街道", 1657, 1780), ("南浦街道", 1045, 1140), ("高新街道", 1662, 1840),
    ("学府街道", 1600, 1800), ("文昌街道", 4387, 5020), ("钟楼街道", 4873, 5660), ("青石街道", 1128, 1340),
)  # fmt: skip
WATCHED = (  # name, 派遣, 延期, 挂账, 回退
    ("城投公司", 750, 97, 9, 71), ("住建局", 1303, 158, 2, 88), ("市政处", 2181, 243, 1, 154),
    ("执法一大队", 4052, 318, 0, 97), ("园林局", 1662, 118, 0, 52), ("执法二大队", 3826, 247, 6, 118),
    ("住房中心", 383, 21, 0, 9), ("交警支队", 2912, 142, 0, 143), ("供电公司", 407, 9, 0, 21),
    ("环卫处", 4757, 96, 0, 61),
)  # fmt: skip


def city() -> City:
    return City(
        id="demo",
        name="澜州市",
        title="澜州市数字城管",
        zone=ZONE,
        units=tuple(UnitProfile(f"u{n}", row[0], row[0], "first") for n, row in enumerate(FIRST)),
        unit_classes=CLASSES,
        wall_unit_class="first",
        score="demo",
        scores=("demo", "demo-streets", "demo-watch"),
    )


def ask(span: Span = MONTH, *, score: str = "demo", ranked: Ranked = Ranked.UNIT, **changes: object) -> RankingAsk:
    unit_class = "first" if ranked is Ranked.UNIT else None
    made = RankingAsk(span, NOW, False, ranked, score, unit_class)
    return replace(made, **changes)  # type: ignore[arg-type]


def counts(due: int, on_time: int, closed: int, rework: int, overdue: int) -> Counts:
    return Counts(closure_due=due, on_time=on_time, closed=closed, rework=rework, overdue_open=overdue, registered=due)


def table(wanted: RankingAsk | None = None, rows: int | None = None) -> RankingTable:
    """The units of one class; with `rows` so many invented ones instead."""
    wanted = wanted or ask()
    listed: tuple[tuple[str, int, int, int, int, int], ...] = SECOND if wanted.unit_class == "second" else FIRST
    if rows:
        listed = tuple((f"第{n:03}队", 400 + n, 300 + n * 7 % 100, 390 + n % 11, n % 40, n % 9) for n in range(rows))
    key = wanted.unit_class or "first"
    figures = tuple(UnitFigures(f"u{n}", key, counts(*row[1:])) for n, row in enumerate(listed))
    before = tuple(
        replace(one, counts=replace(one.counts, on_time=one.counts.on_time * (88 + n * 7 % 13) // 100))
        for n, one in enumerate(figures)
    )
    entries = {n: Entry(f"u{n}", row[0], row[0], key) for n, row in enumerate(listed)}
    made = table_of(city(), wanted, load_score("demo"), gathered(entries, figures, before), wanted.as_of)
    sizes = {"first": len(FIRST), "second": len(SECOND), "third": 8}
    return replace(made, classes=tuple(ClassTab(one, name, sizes[one]) for one, name in CLASSES.items()))


def of_rule(rule: ScoreRule) -> RankingTable:
    """The same units by any rule of units."""
    figures = tuple(
        UnitFigures(
            f"u{n}", "first", replace(counts(*row[1:]), handling_due=row[1], handled=row[3], handled_on_time=row[2])
        )
        for n, row in enumerate(FIRST)
    )
    entries = {n: Entry(f"u{n}", row[0], row[0], "first") for n, row in enumerate(FIRST)}
    return table_of(city(), ask(score=rule.name), rule, gathered(entries, figures, ()), NOW)


def streets() -> RankingTable:
    figures = tuple(
        UnitFigures(f"s{n}", None, Counts(handled=handled, registered=registered, handling_due=registered))
        for n, (_, handled, registered) in enumerate(STREETS)
    )
    entries = {n: Entry(f"s{n}", row[0], row[0].removesuffix("街道")) for n, row in enumerate(STREETS)}
    wanted = ask(score="demo-streets", ranked=Ranked.STREET)
    return table_of(city(), wanted, load_score("demo-streets"), gathered(entries, figures, ()), NOW)


def gathered(entries: dict[int, Entry], figures: tuple[UnitFigures, ...], before: tuple[UnitFigures, ...]) -> Gathered:
    return Gathered(entries, figures, before, added([one.counts for one in figures]), Counts())


def watched() -> WatchTable:
    rules = load_rule("demo-watch")
    assert isinstance(rules, WatchList)
    figures = tuple(
        UnitFigures(
            f"u{n}",
            "first",
            Counts(dispatched=base, dispatched_extended=late, dispatched_suspended=held, dispatched_returned=back),
        )
        for n, (_, base, late, held, back) in enumerate(WATCHED)
    )
    names = {f"u{n}": row[0] for n, row in enumerate(WATCHED)}
    options = reading(city().options)
    by_key = {one.key: one.counts for one in figures}
    total = added(by_key.values())
    wanted = ask(score="demo-watch")
    return WatchTable(
        ask=wanted,
        rules=rules,
        classes=tuple(ClassTab(key, name, 10) for key, name in CLASSES.items()),
        rows=tuple(WatchRow(names[w.key], names[w.key], by_key[w.key], w, 0) for w in watch(rules, figures, options)),
        total={line.indicator: RATES[line.indicator](total, options) for line in rules.lines},
        unfinished=unfinished(city(), wanted.span, wanted.as_of),
        read_at=NOW,
    )


def choices(wanted: RankingAsk) -> Choices:
    units = wanted.ranked is Ranked.UNIT
    return Choices(
        periods=periods.choices(city(), wanted.span, NOW),
        ranked=(Ranked.UNIT, Ranked.STREET, Ranked.GRID),
        scores=(Choice("demo", "综合得分"), Choice("demo-watch", "延期、挂账、回退监看"))
        if units
        else (Choice("demo-streets", "处置率排名"),),
        filters={
            "category": (Choice("01", "市容环境"), Choice("02", "街面秩序")),
            "channel": (Choice("hotline", "12345 热线"),),
            "street": tuple(Choice(f"s{n}", row[0]) for n, row in enumerate(STREETS)),
        },
    )


def trend(wanted: RankingTable) -> Trend:
    spans = periods.earlier_spans(wanted.ask.span, 12)
    values = {
        row.unit.key: tuple(Fraction(60 + (n * 7 + index * 5) % 23 + index) for n in range(12))
        for index, row in enumerate(wanted.rows)
    }
    return Trend(spans, values)


def heat(indicator: str = "handling_rate", side: int = 12) -> Heat:
    parts = {f"cell{n}": (70 + n * 13 % 31, 100 if n % 17 else 0) for n in range(side * side)}
    values = {key: Fraction(above, below) if below else None for key, (above, below) in parts.items()}
    return Heat(indicator, values, parts, tuple(Fraction(n, 100) for n in (75, 80, 85, 90, 95)))
