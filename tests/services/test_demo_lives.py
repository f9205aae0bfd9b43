"""The lives of the demo's cases: possible, on the right clock, and together like a city of that size."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.deadlines import WORKING_UNITS, Limit, LimitUnit, due, share_used_at
from domain.life_cycle import Action, EndReason, Role, Stage, next_stage
from services.demo import steps
from services.demo.days import Arrival, arrivals
from services.demo.lives import LONGEST_LIFE, write_life
from services.demo.steps import Rows, Script, done_by
from tests.services.demo_city import TUESDAY, city, geography, setting

ENDS = {Stage.CLOSED.value, Stage.REJECTED.value, Stage.VOID.value}
DAYS = [date(2026, 5, 19) - timedelta(days=age) for age in range(40)]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def lives() -> list[Script]:
    """Forty days of a city with 360 cases a day."""
    return [write_life(setting(), arrival) for day in DAYS for arrival in arrivals(setting(), day)]


@pytest.fixture(scope="module")
def ended(lives: list[Script]) -> list[Row]:
    return [rows_after(life)[0] for life in lives]


def rows_after(life: Script) -> Rows:
    return steps.rows_after(life, "", setting().numbers)


def rows_at(lives: list[Script], now: datetime) -> list[Row]:
    return [rows_after(life[: done_by(life, now)])[0] for life in lives if life[0].at <= now]


def is_open(row: Row) -> bool:
    gone = any(row.get(name) for name in ("closed_at", "voided_at", "suspended_at"))
    return bool(row.get("registered_at")) and not gone


def is_overdue(row: Row, now: datetime) -> bool:
    return is_open(row) and row.get("effective_due_at") is not None and row["effective_due_at"] < now


def test_a_life_depends_on_seed_day_and_number_only() -> None:
    day = date(2026, 5, 19)
    first, again = arrivals(setting(), day), arrivals(setting(), day)

    assert first == again
    assert write_life(setting(), first[7]) == write_life(setting(), again[7])
    assert write_life(setting(), first[7]) != write_life(setting(), first[8])
    assert arrivals(setting(), day, 1) != first
    assert not {a.case_no for a in arrivals(setting(), day, 1)} & {a.case_no for a in first}


def test_every_life_goes_forward_and_ends(lives: list[Script]) -> None:
    for life in lives:
        times = [step.at for step in life]
        assert times == sorted(times)
        assert times[-1] - times[0] < LONGEST_LIFE
        assert all(moment.microsecond == 0 for moment in times)
        assert rows_after(life)[0]["stage"] in ENDS
        ends = [n for n in range(1, len(life)) if rows_after(life[:n])[0]["stage"] in ENDS]
        assert all(life[n].action == "restore" for n in ends)


def test_every_step_of_every_life_is_in_the_table_and_everything_in_it_happens(lives: list[Script]) -> None:
    roles = {"采集员": Role.COLLECTOR, "网格员": Role.COLLECTOR, "视频巡查员": Role.COLLECTOR, "受理员": Role.REGISTRAR,
             "值班长": Role.DUTY_CHIEF, "派遣员": Role.DISPATCHER}  # fmt: skip
    taken = Counter[str]()
    for life in lives:
        stage, before_void = None, None
        for event in life:
            role = roles.get(re.sub(r"\d+$", "", event.actor), Role.UNIT_USER)
            before_void = stage if event.action == "void" else before_void
            stage = next_stage(stage, Action(event.action), role, before_void)
            taken[event.action] += 1
        assert rows_after(life)[0]["stage"] == stage

    by_hand = {
        "claim", "urge", "supervise", "note", "apply_extension", "apply_suspension", "appeal", "exempt",
        "propose_supervision", "endorse", "refuse_application", "instruct", "report_again",
    }  # fmt: skip
    assert set(taken) == {action.value for action in Action} - by_hand - {"imported", "source_updated"}


def test_every_way_of_a_case_is_walked(ended: list[Row], lives: list[Script]) -> None:
    work = [row for life in lives for row in rows_after(life)[1]]

    assert {row["procedure"] for row in ended} == {None, "self_handled", "simple"}
    assert {row["tier"] for row in ended} == {None, "street", "city"}
    assert {row["role"] for row in work} == {"lead", "assist", "informed"}
    assert {row["end_reason"] for row in work} == {reason.value for reason in EndReason}
    assert any(row["ownerless"] for row in ended)
    assert any(row["redispatch_count"] for row in ended)
    assert all(row["registered_at"] is None and not row["unit_id"] for row in ended if row["procedure"])


def test_every_step_can_be_answered_for_by_a_role_never_by_a_name(lives: list[Script]) -> None:
    roles = {re.sub(r"\d+$", "", step.actor) for life in lives for step in life}
    clerks = {f"{unit.short_name}经办" for unit in city().units}

    assert roles - clerks == {"采集员", "网格员", "视频巡查员", "受理员", "值班长", "派遣员"}
    assert all(re.search(r"\d{2,3}$", step.actor) for life in lives for step in life)


def test_each_assignment_has_its_own_clock_by_the_rules_of_deadlines(lives: list[Script]) -> None:
    checked = Counter[str]()
    for life in lives:
        case, assignments = rows_after(life)
        if case["extension_count"] or any(step.action == "suspend" for step in life):
            continue
        limit = Limit.parse(f"{case['limit_value']} {case['limit_unit']}") if assignments else None
        for row in assignments:
            assert limit is not None
            start = row["dispatched_at"]
            assert row["due_at"] == row["effective_due_at"] == due(start, limit, setting().office)[0]
            assert row["due_soon_at"] == share_used_at(start, limit, city().due_soon_share, setting().office)
            checked[case["limit_unit"]] += 1
    assert set(checked) == {unit.value for unit in LimitUnit}


def test_a_suspension_gives_its_working_time_back_and_an_extension_adds(lives: list[Script]) -> None:
    resumed = [rows_after(life)[0] for life in lives if any(step.action == "resume" for step in life)]
    extended = [rows_after(life)[0] for life in lives if any(step.action == "extend" for step in life)]

    assert len(resumed) > 50
    assert len(extended) > 50
    assert all(row["effective_due_at"] > row["due_at"] and row["suspended_at"] is None for row in resumed)
    assert all(row["effective_due_at"] > row["due_at"] and row["extension_count"] == 1 for row in extended)


def test_the_case_shows_its_active_lead_assignment_and_the_assignments_repeat_the_case(lives: list[Script]) -> None:
    repeated = ("category_id", "channel_id", "grid_id", "street_id", "reported_at", "registered_at")
    kept = ("received_at", "handled_at", "closed_at", "suspended_at", "rework_count", "extension_count")
    for life in lives:
        for n in range(1, len(life) + 1):
            case, assignments = rows_after(life[:n])
            active = [row for row in assignments if row.get("ended_at") is None or row["end_reason"] == "closed"]
            for row in assignments:
                assert all(row[name] == case[name] for name in repeated)
            for row in active:
                if row["dispatched_at"] == case["dispatched_at"]:  # 增派 may come after the receipt
                    assert all(row.get(name) == case.get(name) for name in kept)
            lead = [row for row in active if row["role"] == "lead"]
            assert len(lead) <= 1
            for name in ("unit_id", "due_at", "effective_due_at", "due_soon_at"):
                assert case.get(name) == (lead[0][name] if lead else None)


def test_after_a_return_another_unit_gets_a_new_clock(lives: list[Script]) -> None:
    returned = [rows_after(life) for life in lives if any(step.action == "uphold_return" for step in life)]

    assert len(returned) > 200
    for case, assignments in returned:
        first, second = [row for row in assignments if row["role"] == "lead"]
        assert first["unit_id"] != second["unit_id"] == case["unit_id"]
        assert first["ended_at"] <= second["dispatched_at"] < second["due_at"]
        assert first["end_reason"] in {"returned", "dispatcher_error"}
        assert first.get("handled_at") is None
        assert first.get("closed_at") is None


def test_a_return_that_is_refused_stays_with_the_unit_and_counts_against_it(lives: list[Script]) -> None:
    refused = [rows_after(life) for life in lives if any(step.action == "refuse_return" for step in life)]

    assert len(refused) > 20
    for case, assignments in refused:
        (lead,) = [row for row in assignments if row["role"] == "lead"]
        assert (lead["return_count"], lead["unit_id"]) == (1, case["unit_id"])
        assert lead["end_reason"] in {"closed", None}


def test_a_year_without_a_calendar_makes_due_times_provisional() -> None:
    day, at = date(2035, 3, 5), datetime(2035, 3, 5, 2, tzinfo=UTC)
    rows = [rows_after(write_life(setting(), Arrival(day, 0, n, at)))[0] for n in range(80)]
    provisional = {(row["limit_unit"] in WORKING_UNITS, row["due_provisional"]) for row in rows if row.get("due_at")}

    assert provisional == {(True, True), (False, False)}


@pytest.mark.parametrize("hours_back", [0, 4.5, 11.5, 29.5, 54.5, 76.5, 99.5])
def test_the_stocks_are_those_of_such_a_city(lives: list[Script], hours_back: float) -> None:
    now = TUESDAY - timedelta(hours=hours_back)
    rows = rows_at(lives, now)
    stock = [row for row in rows if is_open(row)]
    overdue = [row for row in stock if is_overdue(row, now)]
    suspended = [row for row in rows if row.get("suspended_at")]

    assert 200 <= len(stock) <= 550
    assert 0.015 <= len(overdue) / len(stock) <= 0.14  # low after a weekend, when most clocks stand still
    assert 8 <= len(suspended) <= 30
    assert max(now - row["effective_due_at"] for row in overdue) < timedelta(days=6)


def test_on_working_days_five_to_ten_percent_of_the_open_cases_are_overdue(lives: list[Script]) -> None:
    shares = []
    for days_back in (0, 1, 4, 5, 6):
        for hours in (0, 3):
            now = TUESDAY - timedelta(days=days_back, hours=hours)
            rows = rows_at(lives, now)
            shares.append(sum(is_overdue(row, now) for row in rows) / sum(is_open(row) for row in rows))

    assert 0.05 <= sum(shares) / len(shares) <= 0.10


def test_overdue_cases_belong_to_every_class_of_unit(lives: list[Script]) -> None:
    classes = {number: unit.unit_class for number, unit in enumerate(city().units, 1)}
    found = Counter(
        classes[row["unit_id"]]
        for hours in range(0, 120, 24)
        for row in rows_at(lives, TUESDAY - timedelta(hours=hours))
        if is_overdue(row, TUESDAY - timedelta(hours=hours))
    )

    assert set(found) == {"first", "second", "third"}


def test_the_shares_of_a_month_lie_where_the_field_reports_them(ended: list[Row]) -> None:
    filed = [row for row in ended if row.get("registered_at")]
    closed = [row for row in filed if row.get("closed_at")]
    on_time = sum(row["handled_at"] <= row["effective_due_at"] for row in closed)

    assert 0.88 <= on_time / len(closed) <= 0.93
    assert 0.84 <= len(filed) / len(ended) <= 0.91
    assert 0.02 <= sum(row["rework_count"] > 0 for row in filed) / len(filed) <= 0.06
    assert 0.02 <= sum(row["return_count"] > 0 for row in filed) / len(filed) <= 0.04
    assert 0.004 <= sum(row["extension_count"] > 0 for row in filed) / len(filed) <= 0.03
    assert 0.005 <= sum(bool(row.get("voided_at")) for row in filed) / len(filed) <= 0.016


def test_some_case_becomes_overdue_in_most_quarters_of_a_working_hour(lives: list[Script], ended: list[Row]) -> None:
    quarters = Counter[int]()
    for row in ended:
        moment = row.get("effective_due_at")
        if moment and row.get("closed_at") and row["closed_at"] > moment:
            quarters[int(moment.timestamp()) // 900] += 1
    day = city().midnight(date(2026, 5, 14))
    working = [int((day + timedelta(minutes=15 * n)).timestamp()) // 900 for n in (*range(33, 48), *range(57, 72))]

    assert 1.2 <= sum(quarters[n] for n in working) / len(working) <= 5


def test_days_have_a_rhythm(lives: list[Script]) -> None:
    hours = Counter(city().local(life[0].at).hour for life in lives)
    days = Counter(city().day_of(life[0].at) for life in lives)
    weekend = [count for day, count in days.items() if day.weekday() >= 5]
    workdays = [count for day, count in days.items() if day.weekday() < 5]

    assert min(hours[9], hours[10], hours[14], hours[15]) > 1.5 * max(hours[12], hours[13])
    assert max(hours[h] for h in range(5)) < hours[10] / 15
    assert 300 < sum(days.values()) / len(days) < 420
    assert sum(weekend) / len(weekend) < 0.9 * sum(workdays) / len(workdays)


def test_the_centre_is_busiest(ended: list[Row]) -> None:
    streets = Counter(row["street_id"] for row in ended)
    names = [street.short_name for street, _, _ in geography().streets]

    assert [names[number - 1] for number, _ in streets.most_common(2)] == ["钟楼", "文昌"]
