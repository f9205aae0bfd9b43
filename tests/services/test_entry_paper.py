"""The quick entry's paper in the demo city: place, class, duplicates, unit and deadline follow from what is written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.calendars import working_time
from config.cities import load_city
from data_access import directory, tables
from data_access.store import Store
from domain.deadlines import due
from domain.duplicates import metres_between
from domain.entry import GUESSED
from domain.refusals import Refusal
from services.demo import build_demo
from services.entry.paper import Entries
from services.stores import open_store, register_city
from tests.services.demo_city import TUESDAY, city, settings

WORKING = working_time(city())


@pytest.fixture(scope="module")
def demo(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo city on SQLite, read only by these tests."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('entry')}/demo.sqlite")
    build_demo(store, city(), settings(), TUESDAY)
    yield store
    store.close()


@pytest.fixture
def entries(demo: Store) -> Entries:
    with demo.picture() as connection:
        number = directory.city_number(connection, "demo")
    assert number is not None
    return Entries(demo, city(), number, lambda: TUESDAY, WORKING)


def an_open_case(store: Store) -> Any:
    """The newest dispatched case that is still open."""
    c, kind, grid = tables.cases.c, tables.categories.c, tables.grids.c
    question = (
        select(c.case_no, c.lon, c.lat, c.address, kind.key, grid.key.label("grid"))
        .where(c.category_id == kind.category_id, c.grid_id == grid.grid_id, c.stage.in_(("dispatched", "received")))
        .order_by(c.case_id.desc())
    )
    with store.picture() as connection:
        return connection.execute(question.limit(1)).one()


def test_an_empty_paper_offers_classes_and_says_what_is_missing(entries: Entries) -> None:
    paper = entries.paper({})

    assert paper.missing == ("问题类别", "位置", "问题描述", "立案条件", "派遣单位")
    assert paper.draft.channel == "hotline_12319"
    assert (paper.called_at, paper.errors, paper.duplicates, paper.deadline) == (TUESDAY, {}, (), None)
    assert {offer.key: offer.code for offer in paper.classes}["C0103"] == "部件 0103"


def test_a_click_gives_grid_street_and_community_and_finds_the_case_that_is_there(
    entries: Entries, demo: Store
) -> None:
    known = an_open_case(demo)

    paper = entries.paper({"spot": f"{known.lon},{known.lat}", "category": known.key})

    assert (paper.place.grid, paper.place.guessed) == (known.grid, False)
    assert paper.place.street_name
    assert paper.place.community_name
    assert paper.into is not None
    assert paper.into.case.case_no == known.case_no
    assert paper.into.metres == pytest.approx(0, abs=0.2)
    assert not {"问题类别", "位置"} & set(paper.missing)


def test_a_case_chosen_to_be_added_to_comes_before_the_very_likely_one(entries: Entries, demo: Store) -> None:
    known = an_open_case(demo)
    fields = {"spot": f"{known.lon},{known.lat}", "category": known.key}
    others = [like.case.case_no for like in entries.paper(fields).duplicates if like.case.open]

    chosen = entries.paper({**fields, "into": others[-1]}).into

    assert chosen is not None
    assert chosen.case.case_no == others[-1]
    fallback = entries.paper({**fields, "into": "no such case"}).into
    assert fallback is not None
    assert fallback.case.case_no == known.case_no


@pytest.mark.parametrize(
    ("words", "street", "community"),
    [
        ("学府街道", "学府街道", ""),
        ("学府一社区门口", "学府街道", "学府一社区"),
        ("南浦街道盐仓巷206号", "南浦街道", ""),
    ],
)  # fmt: skip
def test_words_find_their_street(entries: Entries, words: str, street: str, community: str) -> None:
    place = entries.paper({"place": words}).place

    assert place.street_name == street
    assert place.guessed or place.position is None
    assert not community or place.community_name == community


def test_a_crossing_lies_on_both_roads(entries: Entries, demo: Store) -> None:
    with demo.picture() as connection:
        roads = entries.places(connection).roads
    names = sorted(roads)
    one, other = next((a, b) for a in names for b in names if a < b and roads[a].crosses(roads[b]))

    place = entries.paper({"place": f"{one}与{other}路口东侧"}).place

    assert place.position is not None
    assert place.road == one
    here = roads[one].intersection(roads[other])
    nearest = min(metres_between(place.position, (p.x, p.y)) for p in getattr(here, "geoms", [here]))
    assert nearest < 1


def test_a_guessed_position_stays_a_guess_when_it_comes_back(entries: Entries) -> None:
    paper = entries.paper({"place": "学府一社区", "spot": f"119.1,31.4{GUESSED}"})
    assert paper.place.guessed
    assert paper.place.community_name == "学府一社区"


def test_a_click_outside_the_city_is_said(entries: Entries) -> None:
    paper = entries.paper({"spot": "0,0", "category": "C0103"})
    assert "范围之外" in paper.errors["place"]
    assert (paper.place.grid, paper.duplicates) == (None, ())
    with pytest.raises(Refusal):
        entries.paper({"spot": "here"})


def test_the_limit_belongs_to_the_condition_and_none_is_guessed(entries: Entries) -> None:
    assert WORKING is not None
    several = entries.paper({"category": "C0103"})
    assert (several.condition, several.deadline) == (None, None)
    for number, offer in enumerate(several.chosen.conditions if several.chosen else ()):
        paper = entries.paper({"category": "C0103", "condition": str(number)})
        assert paper.condition == offer
        assert paper.deadline is not None
        assert (paper.deadline.due, paper.deadline.provisional) == due(TUESDAY, offer.limit, WORKING)
    assert entries.paper({"category": "E0129"}).condition is not None  # 露天烧烤 has one condition
    assert entries.paper({"category": "C0103", "condition": "99"}).condition is None


def test_parts_go_to_their_owner_and_events_to_who_works_there(entries: Entries) -> None:
    part = entries.paper({"category": "C0103"}).suggested
    assert part is not None
    assert (part.key, part.why) == ("paishui", "先属主后属地：雨水井盖按职责由其办理")
    event = entries.paper({"category": "E0405", "place": "学府一社区"}).suggested
    assert event is not None
    assert event.key in {"zhifa1", "zhifa2", "shichang", "wenlv", "jiaoyu"}
    assert event.why.startswith("先属地后属主：")
    assert entries.paper({"category": "C0103", "unit": "shizheng"}).draft.unit == "shizheng"


@pytest.mark.parametrize(
    ("called_at", "said"),
    [
        ("14:00", ""), ("2026-05-19 14:33", ""), ("15:00", "将来"), ("2026-05-01 15:00", "核对"),
        ("tomorrow", "看不懂"), ("2026-13-40 99:00", "看不懂"),
    ],
)  # fmt: skip
def test_the_time_of_the_call_is_checked(entries: Entries, called_at: str, said: str) -> None:
    paper = entries.paper({"called_at": called_at})
    assert said in paper.errors.get("called_at", "")
    assert bool(said) == ("called_at" in paper.errors)
    assert paper.called_at <= TUESDAY


def test_a_limit_across_a_year_without_calendar_is_provisional(demo: Store, entries: Entries) -> None:
    entries.clock = lambda: TUESDAY.replace(year=2026, month=12, day=31)
    paper = entries.paper({"category": "C0103", "condition": "3"})
    assert paper.deadline is not None
    assert paper.deadline.provisional


def test_another_systems_classes_are_offered_with_limits_alone(sqlite_store: Store) -> None:
    boston = load_city("boston")
    number = register_city(sqlite_store, boston)
    with sqlite_store.write.begin() as connection:
        directory.add_rows(connection, tables.categories, number, [{"key": "Pothole", "name": "Pothole"}])
    entries = Entries(sqlite_store, boston, number, lambda: TUESDAY, working_time(boston))

    paper = entries.paper({"category": "Pothole", "condition": "1", "place": "Main St", "description": "deep"})

    assert paper.chosen is not None
    assert paper.condition is not None
    assert paper.deadline is not None
    assert paper.deadline.due - paper.deadline.start >= timedelta(hours=1)
    assert (paper.place.grid, paper.missing) == (None, ("派遣单位",))
