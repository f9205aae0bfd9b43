"""The log as one list on both databases: newest first, by filter, each line with its place in its chain."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from config.cities import load_city
from data_access import desk_tables, tables
from data_access.store import Store
from domain.logbook import PER_PAGE
from domain.people import Post
from services.logbook import Logbook
from services.people import People
from services.people.sign_in import NotSignedIn
from services.stores import register_city
from tests.signing_in import PASSWORD, a_user
from tests.worlds import a_world

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def people(store: Store) -> People:
    a_world(store, 31, size=40, city="boston")
    city = load_city("boston")
    return People(store, city, register_city(store, city), lambda: NOW)


@pytest.fixture
def logbook(people: People) -> Logbook:
    account = a_user(people, Post.DISPATCHER, name="派遣员01")
    with pytest.raises(NotSignedIn):
        people.sign_in.enter(account, "wrong", "127.0.0.1")
    people.sign_in.enter(account, PASSWORD, "127.0.0.1")
    return Logbook(people.register)


def test_the_newest_events_are_those_of_the_whole_table(logbook: Logbook, store: Store) -> None:
    with store.read.connect() as connection:
        e = tables.case_events.c
        every = [tuple(row) for row in connection.execute(select(e.at, e.case_id, e.version))]

    pages = [row for page in range(3) for row in logbook.rows("cases", page)[:PER_PAGE]]

    wanted = sorted(every, reverse=True)[: 3 * PER_PAGE]
    assert [(row.at, row.case_id, row.number) for row in pages] == wanted
    assert len({row.key for row in pages}) == 3 * PER_PAGE


def test_filters(logbook: Logbook) -> None:
    assert [row.action for row in logbook.rows("people", 0)] == ["sign_in", "sign_in", "choose_password", "add_user"]
    assert [(row.who, row.post) for row in logbook.rows("people", 0)[:2]] == [
        ("派遣员01", "派遣员"),
        ("dispatcher01", ""),
    ]
    assert [row.detail["why"] for row in logbook.rows("refused", 0)] == ["wrong"]
    assert logbook.rows("settings", 0) == []
    assert {row.case_id is None for row in logbook.rows("all", 0)} == {True, False}


def test_a_line_stands_between_its_neighbours(logbook: Logbook) -> None:
    for chosen in ("cases", "people"):
        rows = logbook.rows(chosen, 0)
        entries = [logbook.entry(row.key) for row in rows]
        assert all(
            entry is not None and entry.whole and entry.row == row for entry, row in zip(entries, rows, strict=True)
        )
    assert logbook.entry("-/99") is None
    assert logbook.entry("1/x") is None
    assert logbook.entry("") is None


def test_an_altered_line_shows_itself(logbook: Logbook, store: Store) -> None:
    row = logbook.rows("cases", 0)[0]
    e, c = tables.case_events.c, desk_tables.audit.c
    with store.write.begin() as connection:
        connection.execute(
            update(tables.case_events).where(e.case_id == row.case_id, e.version == row.number).values(actor="x")
        )
        connection.execute(update(desk_tables.audit).where(c.entry_id == 3).values(refused=False))

    for key in (row.key, "-/3"):
        entry = logbook.entry(key)
        assert entry is not None
        assert not entry.whole
    assert logbook.state().broken is not None
