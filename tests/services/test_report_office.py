"""Editions: the same figures are one edition, other figures another, and nothing that was kept changes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from data_access import audit_log, report_tables, tables
from data_access.store import Store
from domain.audit import SYSTEM
from domain.people import Person, Post
from domain.ranking_view import Span
from domain.refusals import Refusal
from domain.reports import ReportKind
from services.dispatch.commands import NotAllowed, NotFound
from services.people.register import Register
from services.reports.office import ReportOffice
from tests.services.ranking_world import CITY, LATER, a_ranked_world
from tests.worlds import World

WEEK = Span("week", date(2026, 5, 4), date(2026, 5, 11))
MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))
APRIL = Span("month", date(2026, 4, 1), date(2026, 5, 1))
MIDWEEK = datetime(2026, 5, 8, 15, tzinfo=CITY.zone)
EVALUATOR = Person(7, "kaohe", "考核员01", frozenset({Post.EVALUATOR}))
W, M, C = ReportKind.WEEKLY, ReportKind.MONTHLY, ReportKind.CIRCULAR


def a_paper(facts: Any) -> bytes:
    head = facts.head
    return f"%PDF- {head.kind} {head.edition}/{head.issue}/{head.issue_total}".encode()


def an_office(
    store: Store, world: World, paper: Callable[[Any], bytes] = a_paper, *, frozen: bool = False
) -> ReportOffice:
    return ReportOffice(Register(store, CITY, world.city_number, lambda: LATER), paper, lambda: LATER, frozen=frozen)


def closed_later(store: Store, world: World) -> None:
    """One more case of the week is closed in the week: the figures change."""
    row = next(row for row in world.cases if row["closed_at"] is None and row["unit_id"] and not row["voided_at"])
    at = datetime(2026, 5, 8, 9, tzinfo=CITY.zone)
    with store.write.begin() as connection:
        for table in (tables.cases, tables.assignments):
            mine = (table.c.city_id == world.city_number, table.c.case_id == row["case_id"])
            connection.execute(
                update(table).where(*mine).values(registered_at=at, dispatched_at=at, handled_at=at, closed_at=at)
            )


def kept(store: Store) -> list[Any]:
    with store.picture() as connection:
        return [
            list(connection.execute(select(table).order_by(*table.primary_key)).all())
            for table in (report_tables.reports, report_tables.report_files)
        ]


def test_the_same_figures_are_one_edition(store: Store) -> None:
    world = a_ranked_world(store, 3)
    office = an_office(store, world)

    first = office.make(W, WEEK, LATER, EVALUATOR)
    before = kept(store)
    again = office.make(W, WEEK, LATER + timedelta(days=1), None)

    assert (first.new, again.new) == (True, False)
    assert again.edition == first.edition
    assert kept(store) == before
    assert (first.edition.edition, first.edition.made_by, first.edition.as_of) == (1, "evaluator#7", LATER)
    assert [name.rpartition(".")[2] for name in first.edition.files] == ["pdf", "xlsx", "csv"]
    content = office.files(first.edition)
    assert {name: len(body) for name, body in content.items()} == first.edition.files
    assert b"%PDF- weekly 1/0/0" in content.values()


def test_other_figures_are_another_edition_and_the_old_one_stays(store: Store) -> None:
    world = a_ranked_world(store, 3)
    office = an_office(store, world)
    first = office.make(W, WEEK, LATER, EVALUATOR).edition
    old = office.files(first)
    closed_later(store, world)

    second = office.make(W, WEEK, LATER, None)

    assert second.new
    assert (second.edition.edition, second.edition.made_by) == (2, SYSTEM)
    assert office.of_period(W, WEEK) == [first, second.edition]
    assert office.files(first) == old
    assert not set(first.files) & set(second.edition.files)
    assert all("第2版" in name for name in second.edition.files)


def test_an_unsettled_edition_is_followed_by_the_settled_one(store: Store) -> None:
    world = a_ranked_world(store, 4)
    office = an_office(store, world)
    soon, settled = (datetime(2026, 5, day, 9, tzinfo=CITY.zone) for day in (11, 20))

    early, late = (office.make(W, WEEK, at, None).edition for at in (soon, settled))

    assert (early.edition, late.edition) == (1, 2)
    assert all("未定稿" in name for name in early.files)
    assert all("未定稿" not in name for name in late.files)


def test_issues_are_numbered_by_kind_and_shared_by_editions(store: Store) -> None:
    world = a_ranked_world(store, 5)
    office = an_office(store, world)
    january = Span("month", date(2027, 1, 1), date(2027, 2, 1))
    later = datetime(2027, 3, 1, 9, tzinfo=CITY.zone)

    made = [office.make(M, span, at, None).edition for span, at in ((MAY, MIDWEEK), (APRIL, LATER), (january, later))]
    may_again = office.make(M, MAY, LATER, None).edition
    circular = office.make(C, MAY, LATER, None).edition

    assert [edition.issue_total for edition in (*made, may_again, circular)] == [1, 2, 3, 1, 1]
    printed = [next(body for name, body in office.files(e).items() if name.endswith("pdf")) for e in (*made, may_again)]
    assert printed == [
        b"%PDF- monthly 1/1/1", b"%PDF- monthly 1/2/2", b"%PDF- monthly 1/1/3", b"%PDF- monthly 2/1/1",
    ]  # fmt: skip


@pytest.mark.parametrize("error", [RuntimeError("no such font"), OSError(28, "No space left on device")])
def test_a_press_that_fails_leaves_nothing(store: Store, error: Exception) -> None:
    world = a_ranked_world(store, 3)

    def broken(_facts: Any) -> bytes:
        raise error

    with pytest.raises(Refusal, match="报告没有印出来") as refused:
        an_office(store, world, broken).make(W, WEEK, LATER, None)
    assert "没有写入任何内容" in refused.value.then
    assert kept(store) == [[], []]


def test_a_file_that_cannot_be_stored_leaves_no_edition(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_ranked_world(sqlite_store, 3)
    office = an_office(sqlite_store, world)
    monkeypatch.setattr(office.register.__class__, "record", _full)
    with pytest.raises(OSError, match="full"):
        office.make(W, WEEK, LATER, None)
    assert kept(sqlite_store) == [[], []]


def _full(*_given: Any, **_more: Any) -> None:
    raise OSError(28, "full")


@pytest.mark.parametrize("both_say_the_same", [True, False])
def test_two_at_once_are_never_one_number(store: Store, both_say_the_same: bool) -> None:
    """Both have read that there is no edition before either keeps one."""
    world = a_ranked_world(store, 3)
    meet = threading.Barrier(2, timeout=20)
    instants = [LATER, LATER if both_say_the_same else MIDWEEK]
    made: list[Any] = []

    def maker(as_of: datetime) -> None:
        waited: list[bool] = []

        def paper(facts: Any) -> bytes:
            if not waited:
                waited.append(True)
                meet.wait()
            return a_paper(facts)

        made.append(an_office(store, world, paper).make(W, WEEK, as_of, None))

    threads = [threading.Thread(target=maker, args=(as_of,)) for as_of in instants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    wanted = [1] if both_say_the_same else [1, 2]
    assert [edition.edition for edition in an_office(store, world).of_period(W, WEEK)] == wanted
    assert sorted(one.new for one in made) == ([False, True] if both_say_the_same else [True, True])


def test_an_edition_that_came_past_the_lock_is_seen(sqlite_store: Store) -> None:
    """A row with the next number, written by something that takes no number, is not written over."""
    world = a_ranked_world(sqlite_store, 3)
    row = {"city_id": world.city_number, "report_id": 900, "kind": "weekly", "first": WEEK.first, "end": WEEK.end,
           "edition": 1, "as_of": LATER, "made_at": LATER, "made_by": SYSTEM, "rules": "{}",
           "figures": bytes(32)}  # fmt: skip
    came: list[bool] = []

    def paper(facts: Any) -> bytes:
        if not came:
            came.append(True)
            with sqlite_store.write.begin() as connection:
                connection.execute(insert(report_tables.reports).values(row))
        return a_paper(facts)

    made = an_office(sqlite_store, world, paper).make(W, WEEK, LATER, None)
    assert (made.edition.edition, made.new) == (2, True)


def test_making_and_handing_out_stand_in_the_log(store: Store) -> None:
    world = a_ranked_world(store, 3)
    office = an_office(store, world)
    made = office.make(W, WEEK, LATER, EVALUATOR).edition
    name = next(iter(made.files))

    given = office.hand_out(made.report_id, name, EVALUATOR)

    assert given.content == office.files(made)[name]
    with pytest.raises(NotFound):
        office.hand_out(made.report_id, "another.pdf", EVALUATOR)
    with store.picture() as connection:
        entries = list(audit_log.entries(connection, world.city_number))
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("make_report", "evaluator#7"), ("export_report", "evaluator#7"),
    ]  # fmt: skip
    assert entries[1].object == name


def test_the_newest_come_first_and_go_on(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 3)
    office = an_office(sqlite_store, world)
    week, month, circular = (
        office.make(kind, span, LATER, None).edition for kind, span in ((W, WEEK), (M, MAY), (C, MAY))
    )

    assert office.editions() == [circular, month, week]
    assert office.editions(M) == [month]
    assert office.editions(before=month.report_id) == [week]


def test_a_replay_issues_nothing(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 3)
    with pytest.raises(NotAllowed, match="回放"):
        an_office(sqlite_store, world, frozen=True).make(W, WEEK, LATER, EVALUATOR)
    assert kept(sqlite_store) == [[], []]


def test_another_city_has_its_own(sqlite_store: Store) -> None:
    world = a_ranked_world(sqlite_store, 3)
    office = an_office(sqlite_store, world)
    made = office.make(M, MAY, LATER, None).edition
    other = replace(office.register, number=world.city_number + 1)
    elsewhere = ReportOffice(other, a_paper, lambda: LATER)

    assert elsewhere.editions() == []
    with pytest.raises(NotFound):
        elsewhere.hand_out(made.report_id, next(iter(made.files)), EVALUATOR)
    with sqlite_store.picture() as connection:
        assert connection.scalar(select(func.count()).select_from(report_tables.reports)) == 1
