"""The figures of weekly table, brief and circular equal an independent recount of the raw rows, on both databases."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import insert, update

from data_access import tables
from data_access.desk_tables import supervisions
from data_access.store import Store
from domain.indicator_options import IndicatorOptions, OnTimeDenominator
from domain.ranking_view import Span
from domain.reports import Distribution, WeeklyFacts, fingerprint, numbered
from services.rankings.rankings import Rankings
from services.reports import brief, circular, weekly
from services.reports.books import (
    brief_book,
    brief_csv,
    circular_book,
    circular_csv,
    weekly_book,
    weekly_csv,
)
from tests.recount import recount
from tests.services.ranking_world import CITY, CLASS_OF, LATER, a_ranked_world, in_area, midnight, of_unit
from tests.services.test_reports_books import recomputed, table_below
from tests.worlds import World

WEEK = Span("week", date(2026, 5, 4), date(2026, 5, 11))
MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))
JUNE = Span("month", date(2026, 6, 1), date(2026, 7, 1))
SETTLED = datetime(2026, 6, 20, 9, tzinfo=CITY.zone)
MIDWEEK = datetime(2026, 5, 8, 15, tzinfo=CITY.zone)


def bounds(span: Span) -> tuple[datetime, datetime]:
    return CITY.midnight(span.first), CITY.midnight(span.end)


def a_week(store: Store, world: World, as_of: datetime, span: Span = WEEK, **options: Any) -> WeeklyFacts:
    city = replace(CITY, options=IndicatorOptions(**options))
    with store.picture() as connection:
        return weekly.facts(connection, city, world.city_number, span, as_of)


@pytest.mark.parametrize(("seed", "as_of"), [(3, SETTLED), (4, MIDWEEK)])
def test_the_weekly_table_equals_a_recount(store: Store, seed: int, as_of: datetime) -> None:
    world = a_ranked_world(store, seed)
    start, end = bounds(WEEK)

    facts = a_week(store, world, as_of)

    by_name = {row.short_name: row for group in facts.groups for row in group.rows}
    assert len(by_name) == len(CLASS_OF)
    for key in CLASS_OF:
        rows = of_unit(world, key)
        c, stock = recount(rows, start, end, as_of), recount(rows, start, end, min(as_of, end))
        granted = recount([row for row in rows if row["extension_count"]], start, end, as_of)["registered"]
        timed = c["closure_due"] - c["closure_due_without_deadline"]
        wanted = {
            "registered": c["registered"],
            "closure_due": c["closure_due"],
            "closed": c["closed"],
            "closure_rate": Fraction(c["closed"], c["closure_due"]) if c["closure_due"] else None,
            "on_time": c["on_time"],
            "on_time_closure_rate": Fraction(c["on_time"], timed) if timed else None,
            "unclosed": c["closure_due"] - c["closed"],
            "overdue_open": stock["overdue_open"],
            "rework": c["rework"],
            "rework_rate": Fraction(c["rework"], c["closure_due"]) if c["closure_due"] else None,
            "asked": c["registered_extension_asked"],
            "granted": granted,
            "extension_share_of_registered": (
                Fraction(c["registered_extension_asked"], c["registered"]) if c["registered"] else None
            ),
            "suspended": stock["suspended"],
            "returned": c["returned"],
            "closure_due_without_deadline": c["closure_due_without_deadline"],
            "change": None,
        }
        assert dict(by_name[f"单位{key[1:]}" if key[0] == "u" else key].values) == wanted


def test_the_weekly_table_has_its_sums_and_says_what_they_are(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 5)
    start, end = bounds(WEEK)
    everybody = [row for key in CLASS_OF for row in of_unit(world, key)]

    facts = a_week(sqlite_store, world, SETTLED)

    c = recount(everybody, start, end, SETTLED)
    of_city = recount(world.cases, start, end, SETTLED)["registered"]
    lost = recount([row for row in world.cases if row["unit_id"] is None], start, end, SETTLED)["registered"]
    assert [group.name for group in facts.groups] == ["一类单位", "二类单位", "其他单位"]
    assert [[row.short_name for row in group.rows] for group in facts.groups][2] == ["stray"]
    for key in ("registered", "closure_due", "closed", "on_time", "rework", "returned"):
        assert facts.total.values[key] == c[key]
        assert facts.total.values[key] == sum(
            group.subtotal.values[key] or 0 for group in facts.groups if group.subtotal
        )
    assert facts.total.values["closure_rate"] == Fraction(c["closed"], c["closure_due"])
    twice, nobody = facts.notes[3], facts.notes[4]
    assert f"{of_city:,} 件多 {c['registered'] - (of_city - lost):,} 件" in twice
    assert f"{lost} 件立案未定单位" in nobody
    assert not facts.head.unsettled
    assert facts.head.period == "2026年第 19 周，5月4日（周一）至 5月10日（周日）"


def test_the_week_before_is_compared_with_where_there_is_one(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 6)
    second = Span("week", date(2026, 5, 11), date(2026, 5, 18))

    first_facts, facts = a_week(sqlite_store, world, SETTLED), a_week(sqlite_store, world, SETTLED, second)

    row, before = facts.groups[0].rows[0], first_facts.groups[0].rows[0]
    now, then = row.values["registered"], before.values["registered"]
    assert now is not None
    assert then
    assert row.before == then
    assert row.values["change"] == now / then - 1
    assert facts.total.values["change"] is not None
    assert first_facts.total.values["change"] is None
    assert "本市数据自2026年5月1日起，上周没有完整数据，环比不列" in first_facts.notes


def test_a_week_that_is_not_over_is_compared_with_as_many_days(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 6)
    second, wednesday = Span("week", date(2026, 5, 11), date(2026, 5, 18)), datetime(2026, 5, 13, 12, tzinfo=CITY.zone)
    start, end = CITY.midnight(date(2026, 5, 4)), CITY.midnight(date(2026, 5, 7))

    facts = a_week(sqlite_store, world, wednesday, second)

    row = facts.groups[0].rows[0]
    assert row.before == recount(of_unit(world, "u0"), start, end, wednesday)["registered"]
    assert facts.notes[-1] == "本周未结束，环比与5月4日至5月6日比较"


@pytest.mark.parametrize(
    ("denominator", "letter"),
    [(OnTimeDenominator.CLOSURE_DUE, "D÷(B−L)"), (OnTimeDenominator.REGISTERED, "D÷A"),
     (OnTimeDenominator.CLOSED, "D÷(C−L)")],
)  # fmt: skip
def test_the_letters_are_those_of_the_reading(sqlite_store: Store, denominator: OnTimeDenominator, letter: str) -> None:
    world = a_ranked_world(sqlite_store, 7)

    facts = a_week(sqlite_store, world, SETTLED, on_time_denominator=denominator)

    assert {column.key: column.letter for column in facts.columns}["on_time_closure_rate"] == letter
    recomputed(weekly_book(facts))


def test_the_weekly_book_is_the_paper(sqlite_store: Store) -> None:
    facts = numbered(a_week(sqlite_store, a_ranked_world(sqlite_store, 8), MIDWEEK), 2)

    rows = table_below(recomputed(weekly_book(facts))["周统计"], "类别")

    papers = [row for group in facts.groups for row in (*group.rows, group.subtotal) if row] + [facts.total]
    assert [row["单位"] for row in rows] == [row.name for row in papers]
    for mine, paper in zip(rows, papers, strict=True):
        assert mine["立案"] == paper.values["registered"]
        for head, key in (("结案：率", "closure_rate"), ("结案：按期率", "on_time_closure_rate")):
            found = mine.get(head, mine.get(head.split("：")[1]))
            assert found == ("—" if paper.values[key] is None else paper.values[key])
    text = weekly_csv(facts).decode("utf-8-sig")
    assert text.count("\r\n") == len(papers) + 1
    assert facts.head.unsettled


def test_a_week_in_a_city_without_anybody(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 9)
    nowhere = replace(world, city_number=world.city_number + 1)

    facts = a_week(sqlite_store, nowhere, SETTLED)

    assert facts.groups == ()
    assert facts.total.values["registered"] == 0
    assert facts.total.values["closure_rate"] is None
    recomputed(weekly_book(facts))


# The brief


def a_brief(store: Store, world: World, as_of: datetime = LATER, span: Span = MAY, **changes: Any) -> Any:
    with store.picture() as connection:
        return brief.facts(connection, replace(CITY, **changes), world.city_number, span, as_of)


def test_the_brief_equals_a_recount(store: Store) -> None:
    world = a_ranked_world(store, 11)
    start, end = bounds(MAY)
    c, aged = recount(world.cases, start, end, LATER), recount(world.cases, start, end, LATER, cohort=True)

    facts = a_brief(store, world, calendar="china")

    main = {figure.key: figure.now for figure in facts.main}
    assert [main[key].value for key in ("registered", "closure_due", "closed")] == [
        c["registered"],
        c["closure_due"],
        c["closed"],
    ]
    assert main["closure_rate"].value == Fraction(c["closed"], c["closure_due"])
    timed = c["closure_due"] - c["closure_due_without_deadline"]
    assert main["on_time_closure_rate"].value == Fraction(c["on_time"], timed)
    assert main["handling_rate"].value == Fraction(aged["handled"], aged["handling_due"])
    assert facts.suspended == recount(world.cases, start, end, end)["suspended"]
    assert (sum(day.registered for day in facts.days), sum(day.closed for day in facts.days)) == (
        c["registered"],
        c["closed"],
    )
    for day in facts.days:
        begin = CITY.midnight(day.day)
        of_day = recount(world.cases, begin, begin + timedelta(days=1), LATER)
        assert (day.registered, day.closed) == (of_day["registered"], of_day["closed"])
    assert [day.day.day for day in facts.days if day.holiday == "劳动节"] == [1, 2, 3, 4, 5]
    garbage = recount([row for row in world.cases if row["category_id"]], start, end, LATER)["registered"]
    assert [(line.name, line.registered, line.share) for line in facts.categories] == [
        ("暴露垃圾", garbage, Fraction(garbage, c["registered"]))
    ]
    for line in facts.streets:
        here = recount(in_area(world, line.key), start, end, LATER, cohort=True)
        assert (line.rate.numerator, line.rate.denominator) == (here["handled"], here["handling_due"])


def test_the_brief_has_the_ranks_and_scores_of_the_page(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 12)
    page = Rankings(sqlite_store, CITY, world.city_number, lambda: LATER)
    facts = a_brief(sqlite_store, world)

    for one, key in zip(facts.classes, ("1", "2"), strict=False):
        table = page.table(
            page.ask({"period": "month", "on": "2026-05-03", "by": "unit", "class": key, "score": "demo"})
        )
        ranked = [row for row in table.rows if row.unit.rank is not None]
        told = {line.key: (line.rank, line.score, line.closed) for line in (*one.first, *one.last)}
        assert told == {row.unit.key: (row.unit.rank, row.unit.score, row.counts.closed) for row in ranked}
        assert [name for name, _ in one.below] == [row.short_name for row in ranked if (row.unit.score or 0) < 60]


def test_what_is_missing_is_said_and_is_not_zero(sqlite_store: Store) -> None:
    facts = a_brief(sqlite_store, a_ranked_world(sqlite_store, 13))

    assert facts.before_missing == "本市数据自2026年5月1日起，4月没有完整数据"
    assert facts.last_year_missing == "本市数据自2026年5月1日起，上年5月没有完整数据"
    assert all(figure.before is None and figure.against_before is None for figure in facts.main)
    assert "比4月" not in "".join(facts.sentences.overall)


def test_a_month_without_cases_says_so(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 13)
    nowhere = replace(world, city_number=world.city_number + 1)

    facts = a_brief(sqlite_store, nowhere)

    assert facts.sentences.overall == ("5月没有立案，也没有应结案件。",)
    assert (facts.sentences.days, facts.sentences.categories, facts.street_map) == ((), (), None)
    recomputed(brief_book(facts, CITY))


def test_a_month_is_compared_with_the_one_before(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 14)
    may, june = (CITY.midnight(date(2026, month, 1)) for month in (5, 6))
    as_of = datetime(2026, 7, 20, tzinfo=CITY.zone)
    before = recount(world.cases, may, june, as_of)

    facts = a_brief(sqlite_store, world, as_of, JUNE)

    registered = facts.main[0]
    assert registered.before is not None
    assert registered.before.value == before["registered"]
    assert registered.against_before == Fraction(registered.now.numerator, before["registered"]) - 1


def a_notice(store: Store, world: World, number: int, **more: Any) -> None:
    case = next(row for row in world.cases if row["unit_id"] and row["voided_at"] is None)
    work = next(row for row in world.assignments if row["case_id"] == case["case_id"] and row["role"] == "lead")
    row = {"city_id": world.city_number, "supervision_id": number, "case_id": case["case_id"], "kind": "notice",
           "number": f"任督办〔2026〕{number} 号", "unit_id": work["unit_id"], "issued_by": 1, "exposure": True,
           "issued_at": midnight(2026, 5, 6), "due_at": midnight(2026, 5, 8)}  # fmt: skip
    with store.write.begin() as connection:
        connection.execute(insert(supervisions).values({**row, **more}))


def test_notices_are_counted_by_where_they_stand(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 15)
    assert a_brief(sqlite_store, world).supervisions is None
    a_notice(sqlite_store, world, 1, met_at=midnight(2026, 5, 7))
    a_notice(sqlite_store, world, 2, met_at=midnight(2026, 5, 9))
    a_notice(sqlite_store, world, 3, exposure=False)
    a_notice(sqlite_store, world, 4, due_at=midnight(2026, 7, 1))
    a_notice(sqlite_store, world, 5, issued_at=midnight(2026, 4, 30))

    found = a_brief(sqlite_store, world).supervisions

    assert found is not None
    assert (found.issued, found.met, found.missed, found.running, found.replaced) == (4, 1, 2, 1, 0)
    told = a_brief(sqlite_store, world).sentences.supervision[0]
    assert told.startswith("5月下发督办通知单 4 份，按期办结 1 份，逾期 2 份")


def test_the_brief_draws_its_streets(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 16)
    square = [[120.0, 31.0], [120.2, 31.0], [120.2, 31.1], [120.0, 31.1], [120.0, 31.0]]
    with sqlite_store.write.begin() as connection:
        area = tables.areas.c
        connection.execute(
            update(tables.areas)
            .where(area.city_id == world.city_number, area.key == "s0")
            .values(geometry=json.dumps({"type": "Polygon", "coordinates": [square]}))
        )

    drawn = a_brief(sqlite_store, world).street_map

    assert drawn is not None
    assert [shape.key for shape in drawn.shapes] == ["s0"]
    (ring,) = drawn.shapes[0].rings
    assert (ring[0][0], ring[2]) == (0.0, (drawn.width, 0.0))
    assert abs(ring[0][1] - drawn.height) < 1
    assert drawn.breaks == tuple(sorted(drawn.breaks))


def test_the_books_of_brief_and_circular_recompute(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 17)
    facts, told = a_brief(sqlite_store, world), a_circular(sqlite_store, world)

    sheets = recomputed(brief_book(facts, CITY))
    papers = recomputed(circular_book(told, CITY))

    assert set(sheets) == {"主要指标", "逐日", "高发问题", "街道", "单位得分", "超警戒线", "说明"}
    assert set(papers) == {"街道", "部门", "案件", "说明"}
    assert [row["单位"] for row in table_below(papers["案件"], "单位")] == [
        unit.name for unit in told.units for _ in unit.cases
    ]
    assert brief_csv(facts).startswith(b"\xef\xbb\xbf")
    assert circular_csv(told).decode("utf-8-sig").count("\r\n") == told.overdue + 1


# The circular


def a_circular(store: Store, world: World, as_of: datetime = LATER, span: Span = MAY) -> Any:
    with store.picture() as connection:
        return circular.facts(connection, CITY, world.city_number, span, as_of, Distribution("市政府", "各单位", 20))


@pytest.mark.parametrize("as_of", [LATER, datetime(2026, 5, 12, 9, tzinfo=CITY.zone)])
def test_the_circular_lists_what_it_counts(store: Store, as_of: datetime) -> None:
    world = a_ranked_world(store, 19)
    start, end = bounds(MAY)
    stock_at = min(as_of, end)

    facts = a_circular(store, world, as_of)

    wanted = {key: recount(of_unit(world, key), start, end, stock_at) for key in CLASS_OF}
    assert {unit.key: (unit.open, unit.overdue) for unit in facts.units} == {
        key: (c["open"], c["overdue_open"]) for key, c in wanted.items() if c["overdue_open"]
    }
    assert facts.none_overdue == sum(not c["overdue_open"] for c in wanted.values())
    for unit in facts.units:
        late = [case.late_s for case in unit.cases]
        assert len(late) == unit.overdue
        assert late == sorted(late, reverse=True)
        assert late[0] == unit.longest_s == (stock_at - min(case.due_at for case in unit.cases)).total_seconds()
    assert facts.distribution.copies == 20


# One report again


@pytest.mark.parametrize("make", [a_week, a_brief, a_circular])
def test_the_same_figures_have_the_same_fingerprint_whenever_they_are_asked(
    sqlite_store: Store, make: Callable[..., Any]
) -> None:
    world = a_ranked_world(sqlite_store, 21)

    first, later = make(sqlite_store, world, LATER), make(sqlite_store, world, LATER + timedelta(hours=5))

    assert first != later
    assert fingerprint(first) == fingerprint(numbered(later, 3, 4, 41))
    with sqlite_store.write.begin() as connection:
        c = tables.assignments.c
        connection.execute(
            update(tables.assignments)
            .where(c.city_id == world.city_number, c.closed_at.is_not(None))
            .values(closed_at=None, ended_at=None, end_reason=None)
        )
    assert fingerprint(make(sqlite_store, world, LATER)) != fingerprint(first)


@pytest.mark.parametrize(("make", "end"), [(a_week, WEEK.end), (a_brief, MAY.end), (a_circular, MAY.end)])
def test_before_its_settling_a_report_says_so(sqlite_store: Store, make: Callable[..., Any], end: date) -> None:
    world = a_ranked_world(sqlite_store, 22)
    settles = CITY.midnight(make(sqlite_store, world, LATER).head.settles_on)

    assert make(sqlite_store, world, settles - timedelta(seconds=1)).head.unsettled
    assert not make(sqlite_store, world, settles).head.unsettled
    assert settles > CITY.midnight(end)
