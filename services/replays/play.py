"""Putting a replay into a store: the city founded and its history written in one transaction, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from data_access import demo, directory, replays
from data_access.case_writer import NewCase, event_rows, insert_cases
from data_access.store import Store
from domain.city import City
from domain.events import CHAIN_START
from domain.published import PublishedReport
from domain.refusals import Refusal
from domain.structure import Structure
from services.cartography.geography import Geography
from services.demo.founding import numbers_of
from services.demo.history import without_collector
from services.demo.spots import build_places
from services.invented.geography import invent_geography
from services.invented.writing import lay_map, write_lists
from services.refusals import database_refusal
from services.replays.plan import Planned, plan
from services.replays.scene import Scene, make_scene
from services.replays.writing import days_written

Progress = Callable[[date, int], None]
LAST_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Played:
    """`cases` are in the store; `written` is False where exactly this replay was there already."""

    city: str
    replay: str
    seed: int
    cases: int
    written: bool
    as_of: datetime


def replay_of(city: City, reports: Mapping[str, PublishedReport], name: str) -> PublishedReport:
    """The report of that name. Raises Refusal for a demo city and for an unknown name, with the known ones."""
    if city.demo:
        raise Refusal(
            "示范城市有自己的模拟数据，不能复演报告", city.id, "请选有 replays.yaml 的城市，例如 --city qidong。"
        )
    if name not in reports:
        known = "、".join(reports) or f"无（config/cities/{city.id}/replays.yaml 没有写）"
        raise Refusal(f"这个城市没有名为“{name}”的报告", "--replay", f"现有：{known}。")
    return reports[name]


def play(
    store: Store,
    city: City,
    structure: Structure,
    report: PublishedReport,
    seed: int,
    now: datetime,
    progress: Progress | None = None,
) -> Played:
    """Founds the city and writes the history. The same seed gives the same cases, byte for byte.

    `now` is when it is written down. A killed run leaves nothing. A store that holds exactly this replay is left as
    it is. Raises Refusal for a store that holds a demo, other grids or other cases of the city, and when the database
    refuses.
    """
    geography = invent_geography(structure)
    scene = make_scene(city, structure, report, seed, build_places(geography, seed))
    stage = _Stage(scene, structure, geography, plan(scene))  # all thinking is done before a transaction begins
    as_of = city.midnight(report.end) - LAST_MOMENT
    try:
        with store.picture() as connection:
            known = _known_cases(connection, city)
            if known:
                count = _compare(connection, stage, known)
                return Played(city.id, report.key, seed, count, written=False, as_of=as_of)
        with without_collector(), store.write.begin() as connection:
            if _known_cases(connection, city):
                raise Refusal("别的程序刚刚写入了这个城市的案件", city.id, "没有写入任何数据，请核对后重试。")
            count = _write(connection, stage, as_of, now, progress)
    except DBAPIError as error:
        raise database_refusal(error) from error
    demo.free_page_cache(store)
    return Played(city.id, report.key, seed, count, written=True, as_of=as_of)


@dataclass(frozen=True)
class _Stage:
    scene: Scene
    structure: Structure
    geography: Geography
    planned: list[Planned]

    def days(self, connection: Connection, city_id: int) -> Iterator[tuple[date, list[NewCase]]]:
        """Every day's cases, one day in memory at a time."""
        scene = self.scene.stored(numbers_of(connection, city_id))
        for stretch in self.planned:
            yield from days_written(scene, stretch)


def _known_cases(connection: Connection, city: City) -> int:
    """How many cases of the city there are. Raises Refusal for a demo's database."""
    if replays.holds_a_demo(connection):
        raise Refusal(
            "这个数据库里是示范城市，复演的报告不能与它混在一起", "--database", "请换一个数据库，或不写 --database。"
        )
    number = directory.city_number(connection, city.id)
    return 0 if number is None else replays.count_cases(connection, number)


def _write(connection: Connection, stage: _Stage, as_of: datetime, now: datetime, progress: Progress | None) -> int:
    city_id = _found(connection, stage, as_of)
    count = 0
    for day, cases in stage.days(connection, city_id):
        insert_cases(connection, city_id, cases, now)
        count += len(cases)
        if progress is not None:
            progress(day, count)
    return count


def _found(connection: Connection, stage: _Stage, as_of: datetime) -> int:
    """The city's lists and its invented map. Raises Refusal for grids of its own, which cases would not fit."""
    city, structure = stage.scene.city, stage.structure
    city_id = directory.ensure_city(connection, city.id, city.zone.key, city.demo)
    write_lists(connection, city_id, city, structure)
    grids = replays.grid_keys(connection, city_id)
    if not grids:
        lay_map(connection, city_id, city, structure, stage.geography, as_of)
    elif set(grids) != {cell.key for cell in stage.geography.cells}:
        raise Refusal("这个城市已经装入了别的网格", city.id, "请换一个数据库复演；复演之后可以再装入真实的外廓和网格。")
    return city_id


def _compare(connection: Connection, stage: _Stage, known: int) -> int:
    """Writes the whole history in memory and compares it with what is stored. Raises Refusal where they differ."""
    city, report = stage.scene.city, stage.scene.report
    other = Refusal(
        f"这个城市已有 {known:,} 件案件，不是这次要复演的历史",
        f"{city.id}，--replay {report.key} --seed {stage.scene.seed}",
        "没有改动任何数据。请换一个数据库（--database），或用原来的 --seed。",
    )
    city_id = directory.city_number(connection, city.id)
    if known != report.statements[0].reported or city_id is None:
        raise other
    with closing(replays.ends_of_logs(connection, city_id)) as stored:
        for _, cases in stage.days(connection, city_id):
            for case in cases:
                end = event_rows({}, case.events, 0, CHAIN_START, case.events[0].at)[-1]
                if next(stored, None) != (case.columns["case_no"], len(case.events), end["hash"]):
                    raise other
    return known
