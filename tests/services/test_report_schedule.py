"""What is due, what is made up for, and that nothing is made twice or in a frozen replay."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from data_access import directory
from data_access.store import Store
from domain.city import City, ReportPlan
from domain.editions import SCHEDULE
from domain.reports import ReportKind
from services.people.register import Register
from services.reports.office import ReportOffice
from services.reports.schedule import Schedule, due_periods, report_beside
from tests.services.ranking_world import CITY, a_ranked_world

W, M, C = ReportKind.WEEKLY, ReportKind.MONTHLY, ReportKind.CIRCULAR
PLAN = ReportPlan(weekly=True, monthly_day=6, circular_day=7, at=time(8))
PLANNED = replace(CITY, reports=PLAN)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CITY.zone)


class Office(ReportOffice):
    """With a clock to be moved and a press that may fail."""

    def __init__(self, store: Store, number: int, city: City = PLANNED, *, frozen: bool = False) -> None:
        self.now, self.fails, self.printed = at(5, 14), False, 0
        super().__init__(Register(store, city, number, lambda: self.now), self._paper, lambda: self.now, frozen=frozen)

    def _paper(self, _facts: Any) -> bytes:
        if self.fails:
            raise RuntimeError("no such font")
        self.printed += 1
        return b"%PDF-"

    def schedule(self) -> Schedule:
        return Schedule(self, lambda: self.now)


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store, a_ranked_world(sqlite_store, 3).city_number)


def spans(made: list[Any]) -> list[tuple[ReportKind, date]]:
    return [(one.edition.kind, one.edition.first) for one in made]


@pytest.mark.parametrize(
    ("kind", "now", "first", "due"),
    [
        (W, at(5, 11, 7, 59), date(2026, 4, 27), at(5, 4, 8)),  # Monday, not yet eight
        (W, at(5, 11, 8), date(2026, 5, 4), at(5, 11, 8)),
        (W, at(5, 17, 23), date(2026, 5, 4), at(5, 11, 8)),
        (M, at(6, 6, 7, 59), date(2026, 4, 1), at(5, 6, 8)),
        (M, at(6, 6, 8), date(2026, 5, 1), at(6, 6, 8)),
        (C, at(6, 6, 8), date(2026, 4, 1), at(5, 7, 8)),
        (M, at(1, 6, 8), date(2025, 12, 1), at(1, 6, 8)),
    ],
)
def test_what_is_due(kind: ReportKind, now: datetime, first: date, due: datetime) -> None:
    span, since = next(due_periods(PLANNED, kind, now))
    assert (span.first, since) == (first, due)


def test_due_periods_go_back_one_by_one() -> None:
    weeks = [span.first for span, _ in islice(due_periods(PLANNED, W, at(5, 13)), 3)]
    months = [(span.first, span.end) for span, _ in islice(due_periods(PLANNED, M, at(3, 20)), 3)]
    assert weeks == [date(2026, 5, 4), date(2026, 4, 27), date(2026, 4, 20)]
    assert months == [
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2025, 12, 1), date(2026, 1, 1)),
    ]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_city_without_a_plan_gets_none_by_itself(kind: ReportKind) -> None:
    assert list(due_periods(CITY, kind, at(5, 14))) == []


def test_the_first_time_only_the_last_period_is_made_and_then_nothing(office: Office) -> None:
    office.now = at(6, 20)
    schedule = office.schedule()

    assert spans(schedule.run()) == [(W, date(2026, 6, 8)), (M, date(2026, 5, 1)), (C, date(2026, 5, 1))]
    assert {edition.made_by for edition in office.editions()} == {SCHEDULE}
    assert schedule.run() == []
    assert office.schedule().run() == []  # another process, or this one again after a restart
    assert office.printed == 3


def test_what_was_missed_is_made_up_for_in_order(office: Office) -> None:
    office.now = at(5, 11, 9)
    assert spans(office.schedule().run())[0] == (W, date(2026, 5, 4))

    office.now = at(6, 2, 9)  # three Mondays later

    made = [one for one in spans(office.schedule().run()) if one[0] is W]
    assert made == [(W, date(2026, 5, 11)), (W, date(2026, 5, 18)), (W, date(2026, 5, 25))]
    assert office.schedule().run() == []


def test_old_gaps_are_left_to_people(office: Office) -> None:
    office.now = at(5, 11, 9)
    office.schedule().run()
    office.now = at(9, 1, 9)
    made = [one for one in spans(office.schedule().run()) if one[0] is W]
    assert len(made) == 6
    assert made[-1] == (W, date(2026, 8, 24))


def test_an_early_edition_by_hand_does_not_stand_for_the_one_that_is_due(office: Office) -> None:
    office.now = at(6, 2)
    month = next(due_periods(PLANNED, M, at(6, 7)))[0]
    office.make(M, month, office.now, None)

    office.now = at(6, 8)
    schedule = office.schedule()
    schedule.run()

    assert [edition.edition for edition in office.of_period(M, month)] == [1, 2]
    assert schedule.run() == []


def test_the_same_figures_early_and_when_due_are_asked_for_once(office: Office) -> None:
    """The edition that is given back is older than the hour at which it was due."""
    office.now = at(6, 6, 7)  # settled, and an hour early
    month = next(due_periods(PLANNED, M, at(6, 6, 8)))[0]
    office.make(M, month, office.now, None)
    office.now = at(6, 6, 8)
    schedule = office.schedule()

    assert (M, month.first) in spans(schedule.run())
    assert schedule.run() == []
    assert len(office.of_period(M, month)) == 1


def test_before_there_are_cases_there_are_no_reports(sqlite_store: Store) -> None:
    with sqlite_store.write.begin() as connection:
        number = directory.ensure_city(connection, "random", "Asia/Shanghai", demo=False)
    assert Office(sqlite_store, number).schedule().run() == []


def test_a_report_that_is_due_and_not_made_is_a_warning_and_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.now, office.fails = at(5, 14), True
    schedule = office.schedule()
    with caplog.at_level(logging.WARNING):
        assert schedule.run() == []
    assert "周统计表 2026-05-04 自 2026-05-11 08:00:00+08:00 应出，没有出来" in caplog.text

    office.fails = False
    assert (W, date(2026, 5, 4)) in spans(schedule.run())


@pytest.mark.parametrize(("leading", "frozen", "made"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_only_who_leads_makes_reports_and_no_replay(
    sqlite_store: Store, leading: bool, frozen: bool, made: int
) -> None:
    office = Office(sqlite_store, a_ranked_world(sqlite_store, 3).city_number, frozen=frozen)
    repeated: list[Callable[[], None]] = []
    background: Any = SimpleNamespace(
        refresher=SimpleNamespace(leading=leading),
        stopping=Event(),
        every=lambda _name, _s, work: repeated.append(work),
    )

    report_beside(background, office, lambda: office.now + timedelta(minutes=1))
    for work in repeated:
        work()

    assert len(office.editions(W)) == made
