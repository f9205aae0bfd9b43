"""Reports played back: the figures come out to the case, and the cases are sound."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from callbacks.commands import indicators as figures
from callbacks.commands import simulate
from config.calendars import working_time
from config.cities import load_city, load_structure
from config.replays import load_replays
from config.settings import Settings
from data_access import directory, tables
from data_access.store import Store
from domain.city import City
from domain.deadlines import Limit, due
from domain.events import CHAIN_START, chain
from domain.published import PublishedReport, Statement
from domain.ranking import Rounding, rounded
from domain.refusals import Refusal
from domain.replay import state
from layouts.formats import percent
from services.cartography.geography import SCHEMATIC
from services.figures import Question, indicator_table
from services.parts import Parts
from services.replays import play
from services.replays.endings import Fate
from services.replays.plan import plan
from services.replays.scene import make_scene
from services.stores import open_store, register_city
from tests.conftest import FreshDatabase
from tests.services.demo_city import setting as demo_setting
from tests.worlds import a_world

NOW = datetime(2026, 8, 18, tzinfo=UTC)
QIDONG, SHIJINGSHAN = load_city("qidong"), load_city("shijingshan")
TURN = (  # a winter in small: cases are carried over the year's end
    Statement(date(2014, 12, 1), date(2015, 2, 1), 420, 380, 352, 345, 240),
    Statement(date(2015, 1, 1), date(2015, 2, 1), 200, 180, 175, 170, 150),
)
DECEMBER = (Statement(date(2018, 12, 1), date(2019, 1, 1), 1500, 1310, 1297, 1297, 1270),)


def the_report(city: City) -> PublishedReport:
    return load_replays(city)["report"]


def small(city: City) -> PublishedReport:
    statements, carried = (TURN, 12) if city is QIDONG else (DECEMBER, 0)
    return replace(the_report(city), statements=statements, carried=carried)


def played(store: Store, city: City, report: PublishedReport | None = None, seed: int = 1, **more: Any) -> Any:
    structure = load_structure(city)
    assert structure is not None
    return play(store, city, structure, report or small(city), seed, NOW, **more)


def asked(url: str, city: City, statement: Statement, *more: str) -> dict[str, Any]:
    """What `indicators` answers for the statement's period, seen in its last second."""
    parts = Parts(Settings(database=url), lambda: NOW, lambda: NOW)
    as_of = f"{statement.end - timedelta(days=1)}T23:59:59"
    period = ("--from", str(statement.first), "--to", str(statement.end), "--as-of", as_of)
    options = [part for name, value in statement.options.items() for part in ("--option", f"{name}={value}")]
    arguments = ("--city", city.id, *period, *options, "--format", "json", *more)
    result = CliRunner().invoke(figures.indicators, arguments, obj=parts, catch_exceptions=False)
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def counted(total: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(total[name] for name in ("reported", "registered", "handled", "closed", "on_time"))


def stated(said: Statement) -> tuple[int, ...]:
    return said.reported, said.registered, said.handled, said.closed, said.on_time


def printed(rate: Mapping[str, Any]) -> str:
    exact = Fraction(100 * rate["numerator"], rate["denominator"])
    return str(rounded(exact, 2, Rounding.HALF_UP))


@pytest.fixture(scope="module")
def qidong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """启东's whole report, in a file of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('replay')}/gridwall.sqlite")
    assert played(store, QIDONG, the_report(QIDONG)).written
    yield store
    store.close()


@pytest.mark.parametrize("said", the_report(QIDONG).statements, ids=lambda said: str(said.first))
def test_qidongs_report_comes_out_to_the_case_and_to_the_printed_digit(qidong: Store, said: Statement) -> None:
    total = asked(qidong.url, QIDONG, said)["total"]

    assert counted(total) == stated(said)
    assert {name: printed(total["rates"][name]) for name in said.printed} == said.printed
    assert total["rates"]["on_time_closure_rate"]["denominator"] == said.registered


@pytest.mark.parametrize(("period", "filed", "handled"), [(0, "96.07", "99.91"), (1, "97.25", "99.93")])
def test_qidongs_closed_cases_as_shares_of_the_filed_and_the_handled(
    qidong: Store, period: int, filed: str, handled: str
) -> None:
    total = asked(qidong.url, QIDONG, the_report(QIDONG).statements[period])["total"]

    assert printed({"numerator": total["closed"], "denominator": total["registered"]}) == filed
    assert printed({"numerator": total["closed"], "denominator": total["handled"]}) == handled


def test_qidongs_last_months_of_2014_are_the_difference(qidong: Store) -> None:
    options = the_report(QIDONG).statements[0].options
    said = Statement(date(2014, 8, 1), date(2015, 1, 1), 16990, 15430, 14694, 14678, 6156, options=options)
    total = asked(qidong.url, QIDONG, said)["total"]

    assert counted(total) == stated(said)
    assert printed(total["rates"]["handling_rate"]) == "95.23"
    assert printed(total["rates"]["on_time_closure_rate"]) == "39.90"


def test_qidongs_cases_seen_earlier_are_those_that_had_happened(qidong: Store) -> None:
    """The last second of 2014, asked of a store that knows the spring: 752 open, 16 of them handled."""
    said = replace(TURN[0], first=date(2014, 8, 1), end=date(2015, 1, 1))
    total = asked(qidong.url, QIDONG, said)["total"]

    assert (total["open"] + total["suspended"], total["handled"], total["closed"]) == (752, 14694, 14678)


def test_open_cases_are_what_is_left(qidong: Store) -> None:
    total = asked(qidong.url, QIDONG, the_report(QIDONG).statements[0])["total"]

    assert total["open"] + total["suspended"] == 27844 - 26751
    assert total["suspended"] > 400
    assert 0 < total["overdue_open"] < total["open"]


def rows(store: Store, table: Any, *where: Any) -> list[dict[str, Any]]:
    with store.picture() as connection:
        question = select(table).where(*where).order_by(*table.primary_key.columns)
        return [dict(row) for row in connection.execute(question).mappings()]


class Event:
    def __init__(self, row: Mapping[str, Any]) -> None:
        self.action, self.at, self.body = row["action"], row["at"], json.loads(row["body"])


def test_every_tenth_case_follows_from_its_events_and_its_chain_is_whole(qidong: Store) -> None:
    log = tables.case_events
    by_case = groupby(rows(qidong, log, log.c.case_id % 10 == 0), key=lambda row: row["case_id"])
    stored = {row["case_id"]: row for row in rows(qidong, tables.cases, tables.cases.c.case_id % 10 == 0)}
    for case_id, group in by_case:
        events = list(group)
        reached = state([Event(row) for row in events])
        case = stored.pop(case_id)
        assert reached is not None
        shared = reached.case.keys() & case.keys()
        assert len(shared) > 30
        for name in shared - {"limit_value"}:
            assert reached.case[name] == case[name], (case["case_no"], name)
        link = CHAIN_START
        for row in events:
            link = chain(link, row["version"], row["action"], row["at"], row["actor"], row["body"])
            assert link == row["hash"]
        assert [row["at"] for row in events] == sorted(row["at"] for row in events)
    assert not stored


def test_due_times_are_the_limits_of_the_class_table_in_working_time(qidong: Store) -> None:
    working, checked = working_time(QIDONG), 0
    for row in rows(qidong, tables.cases, tables.cases.c.case_id % 25 == 0):
        if row["dispatched_at"] is not None:
            limit = Limit.parse(f"{row['limit_value']} {row['limit_unit']}")
            assert (row["due_at"], False) == due(row["dispatched_at"], limit, working)
            checked += 1
    assert checked > 1000


def test_nothing_happens_after_the_report(qidong: Store) -> None:
    with qidong.picture() as connection:
        last = connection.scalar(select(func.max(tables.case_events.c.at)))

    assert QIDONG.midnight(date(2015, 5, 7)) < last < QIDONG.midnight(date(2015, 5, 8))


def test_the_city_has_its_structure(qidong: Store) -> None:
    with qidong.picture() as connection:
        number = directory.city_number(connection, "qidong")
        features = tables.map_features.c
        kinds = {kind: name for kind, name in connection.execute(select(features.kind, features.name))}

        def used(column: Any) -> int:
            return connection.scalar(select(func.count(column.distinct())).where(tables.cases.c.city_id == number)) or 0

        c = tables.cases.c
        assert used(c.grid_id) > 570
        assert (used(c.street_id), used(c.channel_id)) == (2, 5)
        assert used(c.unit_id) == 41
        assert used(c.category_id) > 40
        assert kinds["outline"] == SCHEMATIC


def test_played_again_it_says_so_and_changes_nothing(qidong: Store) -> None:
    again = played(qidong, QIDONG, the_report(QIDONG))

    assert (again.written, again.cases) == (False, 30550)
    assert len(rows(qidong, tables.cases)) == 30550


@pytest.mark.parametrize("changes", [{"seed": 2}, {"report": small(QIDONG)}], ids=["another seed", "another report"])
def test_any_other_history_is_refused(qidong: Store, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"已有 30,550 件案件，不是这次要复演的历史.*没有改动任何数据"):
        played(qidong, QIDONG, **{"report": the_report(QIDONG), **changes})


def test_a_small_report_on_both_databases(store: Store) -> None:
    assert played(store, QIDONG).written
    as_of = QIDONG.midnight(date(2015, 2, 1)) - timedelta(seconds=1)
    for said in TURN:
        first, end = QIDONG.midnight(said.first), QIDONG.midnight(said.end)
        question = Question(first, end, as_of, cohort=False, options=QIDONG.options)
        assert counted(indicator_table(store, QIDONG, "city", question)["total"]) == stated(said)
    assert not played(store, QIDONG).written


@pytest.mark.parametrize("seed", [0, 2, 77, 20150507])
def test_every_seed_gives_the_same_figures(sqlite_store: Store, seed: int) -> None:
    played(sqlite_store, QIDONG, seed=seed)

    assert [counted(asked(sqlite_store.url, QIDONG, said)["total"]) for said in TURN] == [stated(s) for s in TURN]


def contents(store: Store) -> list[Any]:
    """Every case, assignment and event."""
    return [rows(store, table) for table in (tables.cases, tables.assignments, tables.case_events)]


def test_the_same_seed_gives_the_same_cases_and_another_gives_others(fresh_sqlite: FreshDatabase) -> None:
    stores = [open_store(fresh_sqlite()) for _ in range(3)]
    for store, seed in zip(stores, (5, 5, 6), strict=True):
        played(store, QIDONG, seed=seed)
    first, same, other = map(contents, stores)
    for store in stores:
        store.close()

    assert first == same
    assert first != other


def test_a_killed_run_leaves_nothing(sqlite_store: Store) -> None:
    def killed(day: date, _count: int) -> None:
        if day == date(2015, 1, 10):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        played(sqlite_store, QIDONG, progress=killed)

    lists = (tables.cities, tables.units, tables.grids)
    assert [rows(sqlite_store, table) for table in lists] == [[], [], []]
    assert contents(sqlite_store) == [[], [], []]
    assert played(sqlite_store, QIDONG).written


def test_a_demo_is_not_mixed_in(sqlite_store: Store) -> None:
    register_city(sqlite_store, demo_setting().city)

    with pytest.raises(Refusal, match="这个数据库里是示范城市"):
        played(sqlite_store, QIDONG)


def test_cases_of_the_citys_own_are_kept(sqlite_store: Store) -> None:
    a_world(sqlite_store, 1, 20, city="qidong")
    before = contents(sqlite_store)

    with pytest.raises(Refusal, match="已有 20 件案件"):
        played(sqlite_store, QIDONG)
    assert contents(sqlite_store) == before


def test_grids_of_the_citys_own_are_kept(sqlite_store: Store) -> None:
    number = register_city(sqlite_store, QIDONG)
    shape = '{"type":"Polygon","coordinates":[[[121,31],[121.1,31],[121.1,31.1],[121,31]]]}'
    with sqlite_store.write.begin() as connection:
        directory.ensure_rows(
            connection, tables.grids, number, [{"key": "own", "street_id": None, "geometry": shape, "area_m2": 1.0}]
        )

    with pytest.raises(Refusal, match="已经装入了别的网格"):
        played(sqlite_store, QIDONG)
    assert [row["key"] for row in rows(sqlite_store, tables.grids)] == ["own"]
    assert rows(sqlite_store, tables.units) == []


@pytest.fixture(scope="module")
def december(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A month of 石景山, with as many cases left open as in the whole year."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('replay')}/gridwall.sqlite")
    played(store, SHIJINGSHAN)
    yield store
    store.close()


def test_a_month_of_shijingshan_comes_out_to_the_case(december: Store) -> None:
    total = asked(december.url, SHIJINGSHAN, DECEMBER[0])["total"]

    assert counted(total) == stated(DECEMBER[0])
    assert (total["open"], total["suspended"]) == (13, 0)


def test_units_exceed_cases_by_those_who_assist_and_never_by_those_who_only_know(december: Store) -> None:
    work = tables.assignments
    per_role = {role: rows(december, work, work.c.role == role) for role in ("lead", "assist", "informed")}
    answer = asked(december.url, SHIJINGSHAN, DECEMBER[0], "--by", "unit")
    by_units = sum(row["closed"] for row in answer["rows"])
    helped = sum(row["closed_at"] is not None for row in per_role["assist"])

    assert helped > 0
    assert by_units == answer["total"]["closed"] + helped
    assert len(per_role["informed"]) > 300
    streets = {row["unit_id"] for row in rows(december, tables.units, tables.units.c.unit_class == "street")}
    assert {row["unit_id"] for row in per_role["informed"]} == streets
    leads = {(row["case_id"], row["dispatched_at"]): row["unit_id"] for row in per_role["lead"]}
    assert not {leads[row["case_id"], row["dispatched_at"]] for row in per_role["informed"]} & streets


def test_all_of_shijingshan_is_there(december: Store) -> None:
    c = tables.cases.c
    with december.picture() as connection:
        used = [connection.scalar(select(func.count(column.distinct()))) for column in (c.street_id, c.channel_id)]

    assert used == [9, 7]


def test_the_plan_of_shijingshans_year_is_its_report() -> None:
    """The whole year is planned; writing it takes a minute and is left to the command."""
    structure, (said,) = load_structure(SHIJINGSHAN), the_report(SHIJINGSHAN).statements
    assert structure is not None
    scene = make_scene(SHIJINGSHAN, structure, the_report(SHIJINGSHAN), 1, demo_setting().places)
    (year,) = plan(scene)
    fates = {fate: year.fates.count(fate) for fate in Fate}

    assert sum(year.counts) == len(year.fates) == 188_000
    assert fates[Fate.NEVER_FILED] == said.reported - said.registered
    assert fates[Fate.ON_TIME] == said.on_time
    assert fates[Fate.ON_TIME] + fates[Fate.LATE] == said.closed == 164_083
    assert fates[Fate.NEVER_HANDLED] == 13


def test_thirteen_open_cases_never_read_a_hundred_per_cent() -> None:
    """Domain research section 2.5: the paper's 99.9 % is the truncation; half-up would say 100.0."""
    share = Fraction(164_083, 164_096)

    assert percent(share) == "99.9"
    assert str(rounded(share * 100, 2, Rounding.HALF_UP)) == "99.99"
    assert str(rounded(share * 100, 1, Rounding.HALF_UP)) == "100.0"
    assert str(rounded(Fraction(164_096 * 100, 188_000), 1, Rounding.HALF_UP)) == "87.3"


def run(folder: Path, *arguments: str) -> str:
    parts = Parts(Settings(data=folder), lambda: NOW, lambda: NOW)
    return CliRunner().invoke(simulate.command, arguments, obj=parts, catch_exceptions=False).stdout


def test_the_command_lists_what_can_be_replayed(tmp_path: Path) -> None:
    assert run(tmp_path, "--city", "qidong", "--replay", "list").startswith("report：市人大常委会主任会议报告")
    assert [
        r["key"] for r in json.loads(run(tmp_path, "--city", "qidong", "--replay", "list", "--format", "json"))
    ] == ["report"]
    assert run(tmp_path, "--city", "boston", "--replay", "list").startswith("波士顿市没有可复演的报告")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("city", "name", "what"),
    [
        ("qidong", "weekly", "没有名为“weekly”的报告.*现有：report"),
        ("boston", "report", "没有名为“report”的报告"),
        ("demo", "report", "示范城市有自己的模拟数据"),
        ("demo", "list", "示范城市有自己的模拟数据"),
        ("atlantis", "report", "没有“atlantis”这个城市"),
    ],
)
def test_the_command_refuses_what_there_is_not(tmp_path: Path, city: str, name: str, what: str) -> None:
    with pytest.raises(Refusal, match=what):
        run(tmp_path, "--city", city, "--replay", name)
    assert not list(tmp_path.iterdir())
