"""A case as each person reads it: log in sentences, steps, arithmetic, what is near, what can be done, and secrets."""

from typing import Any

import pytest
from sqlalchemy import update

from data_access import desk_tables, tables
from data_access.store import Store
from domain.people import Person
from domain.queue import Tab
from services.desk_view.loads import unit_loads
from services.dispatch.commands import NotAllowed, NotFound
from services.snapshots import SnapshotReader
from tests.services.desk_view.desks import (
    CHIEF,
    CITY,
    DISPATCHER,
    HOUR,
    LEADER,
    MINUTE,
    NOW,
    OTHER,
    UNIT,
    Desk,
    a_desk,
    camera,
    dispatched,
    told,
    until,
)
from tests.worlds import a_world


def the_afternoon(desk: Desk, **columns: Any) -> str:
    """The picture's case: urgent, received, urged, four minutes late."""
    wanted = {"unit": "u0", "feedback_by": "2026-05-19T14:30:00+08:00", "text": "请尽快"}
    received, urged = told("receive", 210, "单位0经办02"), told("urge", 34, "dispatcher#1", **wanted)
    return desk.add(dispatched(-4, received, urged, informed=["u1"]), "20260519-0471", **columns)


def test_the_head_of_a_case(store: Store) -> None:
    desk = a_desk(store)

    case = desk.case(the_afternoon(desk))

    assert (case["title"], case["line"]) == ("暴露垃圾", "20260519-0471，街道0 g0 网格")
    assert [fact["value"] for fact in case["facts"]] == [
        "事件 / 暴露垃圾", "热线", "单位0（主办），单位1（知会）", "4 紧急工作时",
    ]  # fmt: skip
    assert case["clock"]["due_text"] == "时限 14:28:05"
    assert (case["clock"]["left"], case["clock"]["tone"], case["clock"]["label"]) == (-240_000, "alarm", "已超期")


def test_the_log_is_told_in_sentences_the_newest_first_with_the_moment_nobody_wrote_down(store: Store) -> None:
    desk = a_desk(store)

    log = desk.case(the_afternoon(desk))["log"]

    assert [(line["at"], line["who"], line["what"]) for line in log] == [
        ("14:28:05", "系统", "到达处置时限，转为超期"),
        ("13:58:05", "派遣员01，派遣员", "催办，请 14:30 前反馈处置结果，请尽快"),
        ("11:02:05", "单位0经办02", "签收"),
        ("10:28:05", "派遣员03", "派遣至单位0，抄送单位1（双派），时限 14:28"),
        ("10:22:05", "值班长01", "符合立案标准，立案，井盖移位"),
        ("10:02:05", "受理员01", "上报"),
    ]
    assert log[0]["tone"] == "alarm"


def test_what_the_next_caller_said_is_read_at_the_desk_only(store: Store) -> None:
    desk = a_desk(store)
    again = told("report_again", 5, "dispatcher#1", channel="c1", address="学府街 12 号门前", description="又挪开了")
    number = desk.add(dispatched(60, again))

    at_the_desk, unit = (desk.case(number, person)["log"][0]["what"] for person in (DISPATCHER, UNIT))
    assert at_the_desk == "同一问题再次上报，已并入，学府街 12 号门前，又挪开了"
    assert unit == "同一问题再次上报，已并入"


def test_every_action_has_a_sentence_in_both_languages() -> None:
    from config.texts import load_texts
    from domain.life_cycle import Action

    for language in ("zh", "en"):
        words = load_texts(language)
        for action in Action:
            assert words.has(f"desk_view.log.{action}"), (language, action)


def test_the_steps_of_the_case(store: Store) -> None:
    desk = a_desk(store)

    stages = desk.case(the_afternoon(desk))["stages"]

    assert [(one["name"], one["at"], one["line"], one["state"], one["tone"]) for one in stages] == [
        ("上报", "10:02", "用时 20分", "done", ""),
        ("立案", "10:22", "用时 6分", "done", ""),
        ("派遣", "10:28", "签收用时 34分", "done", ""),
        ("处置", "11:02 起", "已用 3时30分", "late", "alarm"),
        ("核查", "未开始", "", "future", ""),
        ("结案", "未开始", "", "future", ""),
    ]


def test_the_arithmetic_of_a_working_limit_skips_noon_and_what_was_suspended(store: Store) -> None:
    desk = a_desk(store)
    place, filing, _ = dispatched(0)
    filing = told("register", 250, condition="x", limit="4 work_hours")
    sent = told(
        "dispatch", 242.0833333333, unit="u0", due="2026-05-19T18:00:00+08:00", soon="2026-05-19T17:00:00+08:00"
    )
    number = desk.add([place, filing, sent, told("receive", 240)])

    sums = desk.case(number)["arithmetic"]

    assert [(row["text"], row["hours"], row["total"]) for row in sums["rows"][:2]] == [
        ("10:30:00 至 12:00:00", "1:30:00", "1:30:00"),
        ("14:00:00 至 16:30:00", "2:30:00", "4:00:00"),
    ]
    assert sums["rows"][-1]["ruled"]
    assert sums["note"] == "与在用时限 18:00:00 不同：以在用时限为准"


def test_a_source_s_deadline_is_taken_as_given(store: Store) -> None:
    desk = a_desk(store)
    fields = {"category": "k1", "channel": "c1", "street": "s0", "unit": "u0", "reported_at": (NOW - HOUR).isoformat(),
              "registered_at": (NOW - HOUR).isoformat(), "due_at": (NOW + HOUR).isoformat()}  # fmt: skip
    number = desk.add([told("imported", 60, "sf-311", fields=fields)], source="sf-311")

    case = desk.case(number)

    assert case["arithmetic"]["rows"] == []
    assert case["arithmetic"]["note"] == "时限由来源给定，未作推算"
    assert [(line["who"], line["what"]) for line in case["log"]] == [("sf-311", "自来源系统导入")]


# Who may read what


def test_the_reporter_never_leaves_the_desk(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk, description="来电人称学府街 12 号门前井盖移位")
    desk.write(desk_tables.reporters, number, version=1, name="某某", phone="13800000000")

    assert desk.case(number)["reporter"] == {"name": "某某", "phone": "13800000000"}
    for person in (UNIT, LEADER):
        assert desk.case(number, person)["reporter"] is None
        assert "13800000000" not in repr(desk.case(number, person))


def test_leaders_read_no_description_and_no_house_number(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk, description="来电人称学府街 12 号门前井盖移位")

    assert desk.case(number, LEADER)["description"] == ""
    assert "12 号" not in repr(desk.case(number, LEADER))
    assert desk.case(number, UNIT)["description"].startswith("来电人称")


def test_what_is_noted_on_an_alert_stays_at_the_desk(store: Store) -> None:
    desk = a_desk(store)
    claimed = told("claim", 20, "dispatcher#1", alert="overdue", owner=2, note="找过张队，不肯来")
    number = desk.add(dispatched(-4, claimed))

    assert "不肯来" in repr(desk.case(number)["log"])
    for person in (UNIT, LEADER):
        log = repr(desk.case(number, person)["log"])
        assert "派遣员02" in log
        assert "不肯来" not in log


def test_without_a_description_the_filing_says_what_it_is(store: Store) -> None:
    desk = a_desk(store)

    assert desk.case(the_afternoon(desk))["description"] == "学府街 12 号门前，暴露垃圾：井盖移位。"


def test_another_unit_s_case_is_refused_and_an_unknown_one_is_missing(store: Store) -> None:
    desk = a_desk(store)
    foreign = desk.add(dispatched(-5, unit="u2"))
    informed = desk.add(dispatched(-5, unit="u2", informed=["u0"]))
    closed = desk.add(
        dispatched(60, told("receive", 99), told("handle", 50), told("recheck_pass", 40), told("close", 30))
    )

    for number in (foreign, informed):
        with pytest.raises(NotAllowed, match="不归您的单位"):
            desk.case(number, UNIT)
    with pytest.raises(NotFound, match="没有编号 20260519-9999 的案件"):
        desk.case("20260519-9999")
    assert desk.case(closed, UNIT)["stage"] == "closed"  # its own work: to read, and to appeal


# Who is on it, and what can be done


def actions(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in case["actions"]}


def test_buttons_stand_in_their_groups_with_one_primary(store: Store) -> None:
    desk = a_desk(store)

    shown = desk.case(the_afternoon(desk))["actions"]

    assert [(one["group"], one["label"], one["key"]) for one in shown[:9]] == [
        ("督促", "督办通知单", "D"), ("督促", "催办", "C"), ("流转", "签收", "S"), ("流转", "改派", "R"),
        ("流转", "双派", "B"), ("流转", "回退", "Z"), ("审批", "延期审批", "Y"), ("审批", "挂账审批", "G"),
        ("办结", "结案", "E"),
    ]  # fmt: skip
    assert [one["name"] for one in shown if one["primary"]] == ["supervise"]
    assert actions({"actions": shown})["close"]["why"] == "由值班长办理"
    assert actions(desk.case("20260519-0471", CHIEF))["close"]["why"] == "核查通过后可用"


def test_a_case_that_another_person_holds_can_be_read_and_not_moved(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    hold = {"user_id": 1, "since": NOW - MINUTE, "until": NOW + 4 * MINUTE, "asked_by": 2, "asked_at": NOW}
    desk.write(desk_tables.case_holds, number, **hold)

    mine, theirs = desk.case(number, DISPATCHER), desk.case(number, OTHER)

    assert (mine["hold"]["mine"], mine["hold"]["asked_by"]) == (True, "派遣员02")
    assert (theirs["hold"]["mine"], theirs["hold"]["name"]) == (False, "派遣员01")
    assert {one["why"] for one in theirs["actions"] if one["key"]} == {"派遣员01正在处理"}
    assert not any(one["primary"] for one in theirs["actions"])
    assert actions(desk.case(number, UNIT))["handle"]["enabled"]  # a unit needs no hold


@pytest.mark.parametrize(
    ("person", "state", "sheet"),
    [(DISPATCHER, "asked", "extension"), (CHIEF, "endorsed", "extension")],
)
def test_an_application_is_shown_and_signed_first(store: Store, person: Person, state: str, sheet: str) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    desk.write(desk_tables.applications, number, application_id=1, kind="extension", state=state,
               asked='{"reason":"配件未到"}', asked_version=4, asked_at=NOW - HOUR, asked_by=5)  # fmt: skip

    case = desk.case(number, person)

    assert [one["text"] for one in case["applications"]] == ["延期申请，配件未到"]
    assert [one["sheet"] for one in case["actions"] if one["primary"]] == [sheet]


def test_a_proposed_notice_waits_for_one_signature_and_says_why(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    desk.write(desk_tables.applications, number, application_id=1, kind="supervision", state="asked", asked_by=1,
               asked='{"reason": "overdue"}', asked_version=4, asked_at=NOW)  # fmt: skip

    (waiting,) = desk.case(number, CHIEF)["applications"]
    assert (waiting["text"], waiting["value"]) == ("督办送签，超期未处置", "14:32 提出，待值班长签发")


@pytest.mark.parametrize(("handled", "due_in", "words"), [(30, 5, "按期结案"), (30, -60, "超期结案")])
def test_no_clock_runs_on_a_closed_case(store: Store, handled: float, due_in: float, words: str) -> None:
    desk = a_desk(store)
    ends = [told("handle", handled), told("recheck_pass", 20), told("close", 10)]
    clock = desk.case(desk.add(dispatched(due_in, told("receive", 200), *ends)))["clock"]

    assert (clock["ended"], clock["left"], clock["due"], clock["tone"]) == (words, None, None, "")
    assert clock["label"] == "已办结"


def test_a_missed_notice_stands_out(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    notice = {"kind": "notice", "issued_by": 3, "exposure": True, "issued_at": NOW - 2 * HOUR}
    desk.write(
        desk_tables.supervisions, number, supervision_id=1, number="澜督办〔2026〕1 号", due_at=NOW - HOUR, **notice
    )

    assert desk.case(number)["supervisions"] == [
        {"text": "督办通知单 澜督办〔2026〕1 号", "value": "已过期限 13:32", "tone": "alarm", "document": None}
    ]


def test_a_notice_leads_whoever_may_read_it_to_its_paper(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    paper = {"kind": "supervision", "number": "1 号", "at": NOW - HOUR, "by_id": 3, "body": "{}", "digest": bytes(32)}
    desk.write(desk_tables.documents, number, document_id=7, **paper)
    notice = {"kind": "notice", "issued_by": 3, "exposure": False, "issued_at": NOW - HOUR, "due_at": NOW + HOUR}
    desk.write(desk_tables.supervisions, number, supervision_id=1, number="1 号", document_id=7, **notice)

    read = {
        person.account: desk.case(number, person)["supervisions"][0]["document"] for person in (CHIEF, UNIT, LEADER)
    }
    assert read == {"chief01": 7, "unit01": 7, "leader01": None}


# Beside the case


def test_the_nearest_cameras_come_first_and_say_since_when_they_are_dark(store: Store) -> None:
    desk = a_desk(store)
    camera(desk, 1, "远", 120.0550, 31.0500)
    camera(desk, 2, "近", 120.0505, 31.0500)
    camera(desk, 3, "中", 120.0500, 31.0520, state="offline", checked_at=NOW - 42 * MINUTE)
    camera(desk, 4, "外", 120.0600, 31.0500)
    camera(desk, 5, "北", 120.0500, 31.0530)

    case = desk.case(the_afternoon(desk))

    assert [(one["letter"], one["name"], one["metres"], one["line"]) for one in case["cameras"]] == [
        ("A", "近", 48, ""), ("B", "中", 222, "离线 42分"), ("C", "北", 334, ""),
    ]  # fmt: skip
    assert case["cameras_note"] == "500 米内 3 个"


def test_other_open_cases_round_the_place_are_on_its_map(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    desk.add(dispatched(-5))
    desk.add(dispatched(600), lon=120.051)
    desk.add(dispatched(600), lon=121.0)

    place = desk.case(number)["map"]

    assert sorted((one["lon"], one["overdue"]) for one in place["cases"]) == [(120.05, True), (120.051, False)]
    assert (place["lon"], place["lat"], place["grid"]) == (120.05, 31.05, "g0")


def test_a_position_that_is_not_fit_for_the_map_is_not_drawn(store: Store) -> None:
    desk = a_desk(store)

    case = desk.case(the_afternoon(desk, marks=2))

    assert (case["map"], case["cameras"]) == (None, [])


def test_the_same_class_in_the_same_grid_within_thirty_days(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    day = 24 * 60
    closing = [("receive", 40), ("handle", 30), ("recheck_pass", 20), ("close", 10)]

    def earlier(days: int, *between: tuple[str, float], **place: Any) -> None:
        begun = [told("report", days * day, **{**PLACE_OF_IT, **place}), told("register", days * day - 1)]
        sent = told("dispatch", days * day - 2, **until(-days * day + 60))
        desk.add([*begun, sent, *(told(action, days * day - 60 + late) for action, late in between)])

    earlier(3, *closing)
    earlier(9)
    earlier(29, ("receive", 50), ("handle", 49), ("recheck_fail", 45), *closing[1:])
    earlier(31, *closing)
    earlier(4, *closing, grid="g1")

    same = desk.case(number)["same_grid"]

    assert (same["title"], same["note"]) == ("本网格同类案件", "近 30 日 3 件")
    assert [(row["day"], row["how"]) for row in same["rows"]] == [
        ("5月16日", "按期结案"), ("5月10日", "在办"), ("4月20日", "返工后结案"),
    ]  # fmt: skip


PLACE_OF_IT = {"category": "k1", "channel": "c1", "grid": "g0", "street": "s0", "community": None}


@pytest.mark.parametrize("seed", [61, 62])
def test_the_load_of_a_unit_is_that_of_the_wall_s_table(store: Store, seed: int) -> None:
    world = a_world(store, seed, size=300)
    as_of = NOW.replace(day=9)
    with store.picture() as connection:
        wall = SnapshotReader(CITY, world.city_number).read(connection, as_of)
        loads = unit_loads(connection, CITY, world.city_number, as_of)
        alone = {n: unit_loads(connection, CITY, world.city_number, as_of, n)[n] for n in loads}

    assert alone == loads
    for unit in wall.units:
        load = loads[int(unit.key[1:]) + 1]
        assert (load.overdue, load.due_soon) == (unit.overdue_open, unit.due_soon)
        assert load.rework.denominator == unit.closure_due
    assert any(load.overdue for load in loads.values())


def test_the_load_stands_beside_the_case(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    desk.add(dispatched(30))

    load = desk.case(number)["load"]

    assert load["title"] == "单位0当前负荷"
    assert [(one["label"], one["value"], one["tone"]) for one in load["items"]] == [
        ("在办", "2", ""), ("超期", "1", "alarm"), ("将到期", "1", "warn"), ("返工率", "0.0%", ""),
    ]  # fmt: skip


def test_photos_are_labelled_by_what_they_show(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    for photo, kind in enumerate(("reported", "verified", "reported"), 1):
        desk.write(desk_tables.photos, number, photo_id=photo, kind=kind, digest=bytes(32), media="jpeg", width=1,
                   height=1, bytes=1, at=NOW - (9 - photo) * MINUTE, by_id=1)  # fmt: skip

    photos = desk.case(number)["photos"]

    assert [(one["label"], one["src"]) for one in photos] == [
        ("上报 1", "/desk/photo/1"), ("核实 1", "/desk/photo/2"), ("上报 2", "/desk/photo/3"),
    ]  # fmt: skip
    assert desk.case(number, LEADER)["photos"] == []


def test_a_unit_is_shown_no_other_units_cases_beside_its_own(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)
    own, others = desk.add(dispatched(30)), desk.add(dispatched(-30, unit="u1"))
    helped = desk.add(dispatched(-60, unit="u1", assist=["u0"]))

    def beside(person: Person) -> tuple[set[str], int]:
        case = desk.case(number, person)
        return {row["case_no"] for row in case["same_grid"]["rows"]}, len(case["map"]["cases"])

    assert beside(UNIT) == ({own, helped}, 2)
    assert beside(DISPATCHER) == beside(LEADER) == ({own, others, helped}, 3)


def test_the_queue_and_the_case_say_the_same_about_the_clock(store: Store) -> None:
    desk = a_desk(store)
    number = the_afternoon(desk)

    row, case = desk.rows(tab=Tab.ALL)[number], desk.case(number)

    assert {name: case["clock"][name] for name in row["clock"]} == row["clock"]
    assert case["version"] == row["version"]


def test_a_leader_may_only_instruct(store: Store) -> None:
    desk = a_desk(store)

    case = desk.case(the_afternoon(desk), LEADER)

    assert [one["name"] for one in case["actions"]] == ["instruct"]


@pytest.mark.parametrize(
    ("key", "name", "shown"),
    [
        ("990100001001012", None, "街道0-001012 网格"),  # a national code: what tells the street's cells apart
        ("990100001001012", "学府-07", "学府-07 网格"),
        ("B-012", None, "B-012 网格"),
    ],
)
def test_a_grid_is_named_shortly(sqlite_store: Store, key: str, name: str | None, shown: str) -> None:
    desk = a_desk(sqlite_store)
    number = the_afternoon(desk)
    with sqlite_store.write.begin() as connection:
        here = tables.grids.c.grid_id == 1
        connection.execute(update(tables.grids).where(here).values(key=key, name=name))

    assert desk.case(number)["map"]["grid_name"] == shown
