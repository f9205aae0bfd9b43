"""Importing case files into the store: what each row becomes, and what happens the second time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.case_writer import NewEvent, change_case
from data_access.store import Store
from domain.events import CHAIN_START, chain
from domain.marks import Mark
from tests.services.import_files import CITY, NOW, a_file, a_row, everything, imported, rows_of


def beijing(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour - 8, minute, tzinfo=UTC)


def test_a_row_becomes_a_case_with_its_assignment_and_event(store: Store, tmp_path: Path) -> None:
    report = imported(store, a_file(tmp_path, a_row()))

    (case,), (work,), (event,) = (rows_of(store, name) for name in ("cases", "assignments", "case_events"))
    assert (report.read, report.stored, report.set_aside) == (1, 1, 0)
    assert (case["case_no"], case["source"], case["version"], case["stage"]) == ("A1", "generic", 1, "dispatched")
    assert case["reported_at"] == beijing(8, 30)
    assert case["registered_at"] == beijing(9)
    assert case["due_at"] == case["effective_due_at"] == beijing(10, day=2)
    assert case["due_soon_at"] == beijing(10) + timedelta(hours=24) * 4 / 5
    assert (case["lon"], case["lat"], case["marks"]) == (116.2, 39.9, 0)
    assert (work["role"], work["assignment_no"], work["ended_at"]) == ("lead", 1, None)
    for name in ("unit_id", "street_id", "category_id", "channel_id", "registered_at", "due_soon_at", "marks"):
        assert work[name] == case[name] is not None
    assert (event["action"], event["actor"], event["at"]) == ("imported", "generic", NOW)
    assert json.loads(event["body"])["fields"]["unit"] == "环卫处"
    assert event["hash"] == chain(CHAIN_START, 1, "imported", NOW, "generic", event["body"])


def test_the_lists_fill_themselves(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row("A1"), a_row("A2", 责任单位="园林处", 街道="", 来源="")))

    assert [row["key"] for row in rows_of(store, "units")] == ["环卫处", "园林处"]
    assert [(row["key"], row["level"]) for row in rows_of(store, "areas")] == [("东湖街道", "street")]
    assert [row["key"] for row in rows_of(store, "channels")] == ["热线"]
    assert rows_of(store, "cases")[1]["street_id"] is None


def test_importing_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = a_file(tmp_path, a_row("A1"), a_row("A2", 上报时间="昨天"), a_row("A2", 上报时间="昨天"))
    first = imported(store, path)
    before = everything(store)

    second = imported(store, path)

    assert (first.stored, first.set_aside) == (1, 2)
    assert (second.stored, second.updated, second.unchanged, second.set_aside) == (0, 0, 1, 2)
    assert everything(store) == before
    assert len(rows_of(store, "quarantine")) == 2


def test_news_of_a_case_is_an_event_and_moves_its_assignment(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row()))
    closed = a_row(结案时间="2026-05-01 18:00", 处置时间="2026-05-01 17:00", 状态="已结案")

    report = imported(store, a_file(tmp_path, closed))

    (case,), (work,), events = (rows_of(store, name) for name in ("cases", "assignments", "case_events"))
    assert (report.stored, report.updated, report.unchanged) == (0, 1, 0)
    assert (case["stage"], case["version"], case["closed_at"]) == ("closed", 2, beijing(18))
    assert (work["closed_at"], work["ended_at"], work["end_reason"]) == (beijing(18), beijing(18), "closed")
    body = json.loads(events[1]["body"])
    assert events[1]["action"] == "source_updated"
    assert set(body["changes"]) == {"stage", "handled_at", "closed_at"}
    assert body["was"]["closed_at"] is None
    assert events[1]["hash"] == chain(events[0]["hash"], 2, "source_updated", NOW, "generic", events[1]["body"])


def test_a_case_opened_again_at_its_source_is_open_here(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row(结案时间="2026-05-01 18:00", 状态="已结案")))

    imported(store, a_file(tmp_path, a_row()))

    (case,), (work,) = rows_of(store, "cases"), rows_of(store, "assignments")
    assert (case["closed_at"], case["stage"]) == (None, "dispatched")
    assert (work["closed_at"], work["ended_at"], work["end_reason"]) == (None, None, None)


@pytest.mark.parametrize(("before", "after", "units"), [("环卫处", "园林处", [2]), ("", "环卫处", [1])])
def test_the_unit_is_the_one_the_source_names_now(
    store: Store, tmp_path: Path, before: str, after: str, units: list[int]
) -> None:
    imported(store, a_file(tmp_path, a_row(责任单位=before)))

    imported(store, a_file(tmp_path, a_row(责任单位=after)))

    work = [row for row in rows_of(store, "assignments") if row["end_reason"] is None]
    assert [row["unit_id"] for row in work] == units
    assert rows_of(store, "cases")[0]["unit_id"] == units[0]


def test_a_case_without_a_unit_has_no_assignment(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row(责任单位="")))

    assert rows_of(store, "assignments") == []
    assert rows_of(store, "cases")[0]["unit_id"] is None


def test_what_was_done_here_is_neither_lost_nor_overwritten(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row()))
    (case,) = rows_of(store, "cases")
    urged = NewEvent("urge", NOW, "派遣员01", {"note": "催"})
    urgent = NewEvent("correct", NOW, "受理员01", {"step": 1, "set": {"urgent": "yes"}})
    with store.write.begin() as connection:
        number = case["city_id"]
        change_case(connection, number, case["case_id"], 1, {"urgent": True}, (urged, urgent), NOW)

    report = imported(store, a_file(tmp_path, a_row(截止时间="2026-05-03 10:00")))

    (case,) = rows_of(store, "cases")
    assert [row["action"] for row in rows_of(store, "case_events")] == [
        "imported", "urge", "correct", "source_updated",
    ]  # fmt: skip
    assert (case["urgent"], case["version"], case["due_at"]) == (True, 4, beijing(10, day=3))
    assert report.kept_local == 1


def test_a_number_that_belongs_to_another_source_is_set_aside(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row()))
    before = rows_of(store, "cases")
    sf = a_file(tmp_path, {
        "unique_key": "A1", "created_date": "2016-07-13 15:11:07+00:00", "closed_date": "", "status": "Open",
        "agency_name": "PUC", "category": "Sewer", "source": "Web", "neighborhood": "", "incident_address": "",
        "longitude": "", "latitude": "",
    }, name="sf.csv")  # fmt: skip

    report = imported(store, sf, "sf-311")

    assert (report.stored, report.set_aside) == (0, 1)
    assert report.reasons == {"案件号已属于另一来源 generic": 1}
    assert rows_of(store, "cases") == before


def test_the_last_row_of_a_number_counts_and_the_others_are_reported(store: Store, tmp_path: Path) -> None:
    rows = a_row("A1", 小类="井盖"), a_row("A2"), a_row("A1"), a_row("A1")

    report = imported(store, a_file(tmp_path, *rows))

    assert (report.read, report.stored, report.repeated, report.set_aside) == (4, 2, 1, 1)
    assert [row["key"] for row in rows_of(store, "categories")] == ["暴露垃圾"]
    (entry,) = rows_of(store, "quarantine")
    assert (entry["row_number"], entry["reason"]) == (1, "同一案件号在第 3 行又出现，以后一行为准")


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"上报时间": ""}, "上报时间", "没有上报时间"),
        ({"案件号": " "}, "案件号", "没有案件号"),
        ({"上报时间": "2026-13-01 08:00"}, "上报时间", "上报时间“2026-13-01 08:00”读不懂"),
        ({"结案时间": "未结"}, "结案时间", "结案时间“未结”读不懂"),
        ({"案件号": "9" * 41}, "案件号", f"案件号“{'9' * 40}”超过 40 字"),
        ({"返工次数": "-1"}, "返工次数", "返工次数“-1”不是次数"),
        ({"部件事件": "怪物"}, "部件事件", "部件/事件“怪物”不认识"),
    ],
)
def test_an_unreadable_row_is_set_aside_with_its_place_and_reason(
    store: Store, tmp_path: Path, changes: dict[str, str], column: str, reason: str
) -> None:
    report = imported(store, a_file(tmp_path, a_row("A0", **dict.fromkeys(changes, "")) | {"上报时间": "2026-05-01",
        "案件号": "A0"}, a_row("A1") | changes))  # fmt: skip

    (entry,) = rows_of(store, "quarantine")
    assert (report.stored, report.set_aside) == (1, 1)
    assert (entry["file"], entry["row_number"], entry["row_column"]) == ("cases.csv", 2, column)
    assert entry["reason"] == reason
    assert json.loads(entry["raw"])["责任单位"] == "环卫处"


def test_a_row_that_is_read_after_all_leaves_the_quarantine(store: Store, tmp_path: Path) -> None:
    bad = a_row("A1", 上报时间="昨天"), a_row("A2", 上报时间="昨天"), a_row("A3", 小类="井盖"), a_row("A3")
    imported(store, a_file(tmp_path, *bad))
    imported(store, a_file(tmp_path, a_row("A1", 上报时间="前天"), name="other.csv"))

    report = imported(store, a_file(tmp_path, a_row("A1"), *bad[1:]))

    left = [(row["file"], row["row_number"]) for row in rows_of(store, "quarantine")]
    assert (report.stored, report.released, report.set_aside) == (1, 1, 2)
    assert left == [("cases.csv", 2), ("cases.csv", 3), ("other.csv", 1)]


def test_a_row_with_too_few_cells_is_set_aside(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("案件号,上报时间\nA1,2026-05-01\nA2\n", encoding="utf-8")

    report = imported(store, tmp_path / "a.csv")

    assert (report.stored, report.reasons) == (1, {"列数与表头不符": 1})
    assert report.set_aside_rows[0].reason == "应有 2 列，实有 1 列"


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"结案时间": "2026-04-30 08:00", "状态": "已结案"}, Mark.CLOSED_BEFORE_OPENED),
        ({"经度": "0", "纬度": "0.0"}, Mark.ZERO_POSITION),
        ({"经度": "116", "纬度": "40"}, Mark.WHOLE_DEGREE),
        ({"经度": "200", "纬度": "39.9"}, Mark.OUTSIDE_CITY),
        ({"状态": "已结案"}, Mark.STATUS_WITHOUT_TIME),
        ({"状态": "处置中", "结案时间": "2026-05-01 18:00"}, Mark.STATUS_WITHOUT_TIME),
    ],
)
def test_an_impossible_row_is_kept_and_marked(
    store: Store, tmp_path: Path, changes: dict[str, str], mark: Mark
) -> None:
    report = imported(store, a_file(tmp_path, a_row(**changes)))

    assert rows_of(store, "cases")[0]["marks"] == rows_of(store, "assignments")[0]["marks"] == mark
    assert (report.stored, report.marked, report.set_aside) == (1, 1, 0)


def test_a_closed_case_without_a_time_stays_open(store: Store, tmp_path: Path) -> None:
    imported(store, a_file(tmp_path, a_row(状态="已结案")))

    assert rows_of(store, "cases")[0]["closed_at"] is None


def test_a_position_that_is_no_number_is_no_position_and_says_so(store: Store, tmp_path: Path) -> None:
    report = imported(store, a_file(tmp_path, a_row(经度="nan", 纬度="东")))

    assert (rows_of(store, "cases")[0]["lon"], report.no_position) == (None, 1)
    assert report.notes == {"经度不是数字，按无坐标处理": 1, "纬度不是数字，按无坐标处理": 1}


def test_a_long_address_is_cut_and_a_nul_is_dropped(store: Store, tmp_path: Path) -> None:
    report = imported(store, a_file(tmp_path, a_row(地址="路" * 400, 道路="东\x00街")))

    (case,) = rows_of(store, "cases")
    assert (len(case["address"]), case["road"]) == (300, "东街")
    assert report.notes == {"地址超过 300 字，已截短": 1}


def test_two_cities_in_one_database_do_not_mix(store: Store, tmp_path: Path) -> None:
    there = type(CITY)("there", "别市", "别市大屏", CITY.zone)
    path = a_file(tmp_path, a_row())

    imported(store, path)
    report = imported(store, path, city=there)

    assert report.stored == 1
    assert [(row["city_id"], row["case_id"]) for row in rows_of(store, "cases")] == [(1, 1), (2, 1)]
    assert [row["city_id"] for row in rows_of(store, "units")] == [1, 2]


CELLS = st.one_of(st.sampled_from(["", "0", "2026-05-01 08:00", "2026-05-02", "116.2", "东", "A1", "A2"]), st.text())


@given(cells=st.lists(st.tuples(*[CELLS] * 6), max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_is_ever_lost(sqlite_store: Store, tmp_path: Path, cells: list[tuple[str, ...]]) -> None:
    names = ("案件号", "上报时间", "结案时间", "经度", "纬度", "责任单位")
    rows = [dict(zip(names, row, strict=True)) for row in cells] or [dict.fromkeys(names, "")]

    report = imported(sqlite_store, a_file(tmp_path, *rows))

    assert report.read == len(rows)
    assert report.read == report.stored + report.updated + report.unchanged + report.repeated + report.set_aside
