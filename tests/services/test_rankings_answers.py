"""Views are made once, tell how far they are, and forget their failures."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from data_access import history
from domain.ranking_view import RankingAsk, RankingTable, Span, Trend, WatchTable
from domain.refusals import Refusal
from domain.score_rule import Ranked, WatchList
from services.rankings import answers
from services.rankings.answers import Answers, Progress
from tests.services.ranking_world import NOW
from tests.services.test_rankings_table import a_table

MAY = Span("month", date(2026, 5, 1), date(2026, 6, 1))
LIVE = RankingAsk(MAY, NOW, False, Ranked.UNIT, "demo", "1")
PINNED = replace(LIVE, pinned=True)
LONG_S = 10


RULES = WatchList("watch", "监看", "1", MAY.first, "", ())


class Kitchen:
    """Makes views slowly: not before `ready`, telling half of it at once."""

    def __init__(self) -> None:
        self.now: datetime = NOW
        self.made: list[RankingAsk] = []
        self.ready, self.begun = threading.Event(), threading.Event()
        self.failure: Exception | None = None

    def table(self, ask: RankingAsk, progress: history.Progress) -> RankingTable:
        self.made.append(ask)
        progress(0.5)
        self.begun.set()
        while not self.ready.wait(0.01):
            progress(0.5)
        if self.failure:
            raise self.failure
        return a_table(ask)

    def watch(self, ask: RankingAsk, progress: history.Progress) -> WatchTable:
        self.table(ask, progress)
        return WatchTable(ask, RULES, (), (), {}, None, NOW)

    def trend(self, ask: RankingAsk, progress: history.Progress) -> Trend:
        self.table(ask, progress)
        return Trend((ask.span,), {})


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
def served(kitchen: Kitchen) -> Iterator[Answers]:
    made = Answers(kitchen.table, kitchen.watch, kitchen.trend, lambda: kitchen.now, patience_s=0.05)
    yield made
    made.close()


def patient(served: Answers, ask: RankingAsk) -> RankingTable:
    served.patience_s = LONG_S
    found = served.table(ask)
    assert isinstance(found, RankingTable)
    return found


def test_a_quick_view_is_given_at_once_and_not_made_again(served: Answers, kitchen: Kitchen) -> None:
    kitchen.ready.set()
    table = patient(served, PINNED)
    assert patient(served, PINNED) == table
    kitchen.now = NOW + timedelta(seconds=61)
    patient(served, PINNED)
    assert kitchen.made == [PINNED, PINNED]


def test_a_slow_view_tells_its_progress_and_is_made_once_for_all(served: Answers, kitchen: Kitchen) -> None:
    asks = [replace(LIVE, as_of=NOW + timedelta(seconds=n)) for n in range(4)]  # polled every second
    found = [served.table(ask) for ask in asks]
    kitchen.ready.set()

    assert found[1:] == [Progress(0.5)] * 3
    assert patient(served, asks[3]).ask == asks[0]  # it says of which instant it is
    assert kitchen.made == [asks[0]]


def test_a_live_view_serves_for_ten_seconds_and_its_own_instant_for_longer(served: Answers, kitchen: Kitchen) -> None:
    kitchen.ready.set()
    patient(served, LIVE)
    drawer = patient(served, PINNED)
    kitchen.now = NOW + timedelta(seconds=11)
    later = replace(LIVE, as_of=kitchen.now)

    assert drawer.ask.pinned
    assert patient(served, later).ask == later
    assert patient(served, PINNED).ask == PINNED
    assert kitchen.made == [LIVE, later]


@pytest.mark.parametrize("change", [
    {"unit_class": "2"}, {"score": "suning"}, {"ranked": Ranked.GRID}, {"filters": {"street": "s1"}},
    {"span": Span("today", date(2026, 5, 1), date(2026, 5, 2))},
])  # fmt: skip
def test_another_question_is_another_view(served: Answers, kitchen: Kitchen, change: dict[str, Any]) -> None:
    kitchen.ready.set()
    patient(served, LIVE)
    patient(served, replace(LIVE, **change))
    assert len(kitchen.made) == 2


def test_a_failure_reaches_who_asked_also_later_and_is_forgotten(served: Answers, kitchen: Kitchen) -> None:
    kitchen.failure = Refusal("不行", "", "")
    assert isinstance(served.table(LIVE), Progress)
    kitchen.ready.set()
    with pytest.raises(Refusal, match="不行"):
        patient(served, replace(LIVE, as_of=NOW + timedelta(seconds=1)))

    kitchen.failure = None
    assert patient(served, LIVE).ask == LIVE


def test_a_timeout_inside_is_a_failure_and_no_progress(served: Answers, kitchen: Kitchen) -> None:
    kitchen.failure = TimeoutError("database")
    kitchen.ready.set()
    with pytest.raises(TimeoutError, match="database"):
        patient(served, LIVE)


def test_table_watch_list_and_trend_are_three_views(served: Answers, kitchen: Kitchen) -> None:
    kitchen.ready.set()
    patient(served, LIVE)
    assert isinstance(served.watch(PINNED), WatchTable)
    assert served.trend(PINNED) == Trend((MAY,), {})
    assert kitchen.made == [LIVE, PINNED, PINNED]


def test_only_so_many_are_kept_and_only_so_many_can_wait(
    served: Answers, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 3)
    served.patience_s = 0.01
    asks = [replace(PINNED, as_of=NOW - timedelta(minutes=n)) for n in range(4)]
    for ask in asks[:3]:
        served.table(ask)
    with pytest.raises(Refusal, match="太多"):
        served.table(asks[3])
    kitchen.ready.set()
    for ask in (*asks[:3], asks[3], asks[0]):
        patient(served, ask)
    assert kitchen.made.count(asks[0]) == 2  # the oldest made room


def test_closing_ends_what_is_being_made(kitchen: Kitchen) -> None:
    made = Answers(kitchen.table, kitchen.watch, kitchen.trend, lambda: NOW, patience_s=0.01)
    made.table(LIVE)
    assert kitchen.begun.wait(LONG_S)
    closing = threading.Thread(target=made.close, daemon=True)
    closing.start()
    closing.join(LONG_S)
    assert not closing.is_alive()
