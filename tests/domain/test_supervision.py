"""督办: deadlines worth a button, deadlines that are refused, and when a notice is missed for good."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import working_time
from config.cities import load_city
from domain.refusals import Refusal
from domain.supervision import (
    LEAST_WORK,
    LONGEST_DEMANDS,
    Notice,
    Reason,
    Standing,
    offered_deadlines,
    opening_of,
    read_deadline,
    standing,
    usual_demands,
    work_left,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = working_time(load_city("demo"))
assert WORKING is not None


def at(day: str, clock: str, year: int = 2026) -> datetime:
    return datetime.fromisoformat(f"{year}-{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (at("05-19", "14:32"), (at("05-19", "16:00"), at("05-19", "18:00"), at("05-20", "12:00"))),  # the mock-up
        (at("05-19", "16:30"), (at("05-19", "18:00"), at("05-20", "10:00"), at("05-20", "12:00"))),
        (at("05-19", "07:00"), (at("05-19", "10:00"), at("05-19", "12:00"), at("05-20", "12:00"))),
        (at("05-22", "17:30"), (at("05-25", "10:00"), at("05-25", "12:00"), at("05-26", "12:00"))),  # a Friday
    ],
)
def test_the_deadlines_that_are_offered(now: datetime, offered: tuple[datetime, ...]) -> None:
    assert offered_deadlines(now, WORKING, SHANGHAI) == offered


def test_without_a_calendar_the_clock_alone_is_offered() -> None:
    offered = offered_deadlines(at("05-19", "14:32"), None, SHANGHAI)

    assert offered == (at("05-19", "16:00"), at("05-19", "18:00"), at("05-20", "12:00"))


@given(st.integers(0, 300 * 24 * 60))
def test_every_offered_deadline_leaves_an_hour_of_work_and_they_rise(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    offered = offered_deadlines(now, WORKING, SHANGHAI)

    assert sorted(offered) == list(offered)
    assert len(set(offered)) == 3
    assert all(work_left(now, due, WORKING) >= LEAST_WORK for due in offered)
    assert offered[2].astimezone(SHANGHAI).date() > offered[0].astimezone(SHANGHAI).date()


def test_the_working_time_left_is_said_as_in_the_mock_up() -> None:
    assert work_left(at("05-19", "14:32"), at("05-19", "16:00"), WORKING) == timedelta(hours=1, minutes=28)


def test_a_deadline_as_written_is_local() -> None:
    assert read_deadline("2026-05-19T16:00", at("05-19", "14:32"), WORKING, SHANGHAI) == at("05-19", "16:00")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("tomorrow", "看不懂"),
        ("", "看不懂"),
        ("2026-05-19T14:00", "已经过去"),
        ("2026-11-19T14:00", "超过九十天"),
        ("2031-05-19T14:00", "还没有公布"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_with_a_sentence(text: str, what: str) -> None:
    with pytest.raises(Refusal, match=what):
        read_deadline(text, at("05-19", "14:32"), WORKING, SHANGHAI)


DUE = at("05-19", "16:00")
EARLIER, LATER = DUE - timedelta(minutes=1), DUE + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("met", "replaced", "now", "stands"),
    [
        (None, None, EARLIER, Standing.RUNNING),
        (None, None, DUE, Standing.RUNNING),  # until its last moment
        (None, None, LATER, Standing.MISSED),
        (EARLIER, None, LATER, Standing.MET),
        (DUE, None, LATER, Standing.MET),
        (LATER, None, LATER + timedelta(days=1), Standing.MISSED),  # handling after the deadline takes nothing back
        (None, EARLIER, LATER, Standing.REPLACED),
        (LATER, EARLIER, LATER, Standing.REPLACED),  # what came later answers the later notice
        (None, LATER, LATER, Standing.MISSED),  # it had been missed before
        (EARLIER, EARLIER + timedelta(seconds=1), LATER, Standing.MET),
    ],
)
def test_a_missed_notice_stays_missed(
    met: datetime | None, replaced: datetime | None, now: datetime, stands: Standing
) -> None:
    assert standing(DUE, met, replaced, now) is stands


@pytest.mark.parametrize(
    ("exposure", "now", "candidate"), [(True, LATER, True), (True, EARLIER, False), (False, LATER, False)]
)
def test_only_a_missed_notice_that_said_so_is_a_candidate_for_exposure(
    exposure: bool, now: datetime, candidate: bool
) -> None:
    notice = Notice("澜督办〔2026〕1 号", "c1", "井盖移位", "shizheng", EARLIER, DUE, exposure=exposure)

    assert notice.exposure_candidate(now) is candidate


@pytest.mark.parametrize("reason", Reason)
def test_the_usual_demands_fit_and_speak_of_exposure_only_where_it_threatens(reason: Reason) -> None:
    demands = usual_demands(reason, exposure=True)

    assert len(demands) <= LONGEST_DEMANDS
    assert demands.splitlines()[2] == "三、逾期未办结的，按规定列入曝光候选。"
    assert "曝光" not in usual_demands(reason, exposure=False)


def test_what_is_not_overdue_is_not_called_overdue() -> None:
    assert "超过" in opening_of(Reason.OVERDUE, overdue=True)
    assert "超过" not in opening_of(Reason.OVERDUE, overdue=False)
    assert "隐患" in opening_of(Reason.DANGER, overdue=False)
