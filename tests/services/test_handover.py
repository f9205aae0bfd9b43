"""交接班 on both databases: what the sheet says, that signing freezes it, and that taking over moves what was given."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from config.texts import load_texts
from data_access import desk_tables
from data_access.store import Store
from domain.alerts import Alert
from domain.documents import DocumentKind, StoredDocument, thawed
from domain.handover import HandoverPaper, number_of, shift_name, usual_beginning
from domain.life_cycle import Action
from domain.refusals import Refusal
from layouts.papers.registry import papers
from layouts.sheets import handover as sheet
from layouts.sheets.blocks import plain
from layouts.sheets.fields import Text
from layouts.sheets.readings import Table
from services.dispatch.commands import Down, NotAllowed, NotFound
from services.dispatch.desk import Desk
from services.dispatch.holds import Holding
from services.handover.shift import Shifts
from services.handover.signing import Handovers
from tests.desks import AT, World, a_desk

GIVER, TAKER, OTHER = "派遣员01", "派遣员02", "值班长01"


@pytest.fixture
def world(store: Store) -> World:
    """Two cases with an alert that the giver has taken on, one of them held; one more that nobody is on."""
    made = a_desk(store)
    made.cases(["C1", "C2", "C3"], began=AT - timedelta(hours=6), road="云禅巷")
    made.act(GIVER, "C1", Action.CLAIM, alert=Alert.OVERDUE.value, note="到场", promised="2026-05-19T15:00")
    made.act(GIVER, "C2", Action.CLAIM, alert=Alert.OVERDUE.value)
    made.desk.holds.do(made.people[GIVER], "C1", Holding.TAKE)
    return made


@pytest.fixture
def handovers(world: World) -> Handovers:
    return Handovers(Shifts(world.store, world.city, world.number, world.clock), world.desk)


def paper(world: World, handovers: Handovers, name: str = GIVER, **fields: Any) -> HandoverPaper:
    return handovers.shifts.paper(world.people[name], fields)


def given(world: World, **changes: Any) -> dict[str, Any]:
    return {"to": str(world.people[TAKER].user_id), "words": "青石大道塌陷已封半幅", **changes}


@pytest.mark.parametrize(
    ("hours", "began", "name"),
    [
        (0, "08:00", "早"), (2, "16:00", "中"), (9, "16:00", "中"), (10, "00:00", "夜"), (17.4, "00:00", "夜"),
        (18, "08:00", "早"),
    ],
)  # fmt: skip
def test_where_nobody_handed_over_a_shift_begins_as_usual(hours: float, began: str, name: str, world: World) -> None:
    begun = usual_beginning(world.city, AT + timedelta(hours=hours))
    assert f"{world.city.local(begun):%H:%M}" == began
    assert shift_name(world.city, begun) == name


def test_numbers_name_day_and_shift(world: World) -> None:
    begun = usual_beginning(world.city, AT)
    assert number_of(world.city, begun, 1) == "20260519-早"
    assert number_of(world.city, begun, 2) == "20260519-早-2"
    assert shift_name(world.city, begun - timedelta(minutes=10)) == "早"  # taken over a little early


def test_the_sheet_counts_the_shift_and_lists_what_goes_over(world: World, handovers: Handovers) -> None:
    shift = paper(world, handovers).shift
    assert (shift.dispatched, shift.overdue, shift.overdue_then) == (3, 3, None)
    assert [(one.case_no, one.what, one.title) for one in shift.promises] == [("C1", "到场", "暴露垃圾，云禅巷")]
    assert [(one.case_no, one.mine, one.held_by) for one in shift.unsolved] == [("C1", True, GIVER), ("C2", True, "")]
    assert all(one.overdue is not None and one.overdue > timedelta() for one in shift.unsolved)
    assert shift.holds == 1
    assert [event.words for event in shift.events] == ["本班新超期 3 件，尚未处置"]


def test_notices_instructions_and_applications_are_on_it(world: World, handovers: Handovers) -> None:
    world.act("领导01", "C3", Action.INSTRUCT, text="今天办结", due="2026-05-19T18:00")
    world.act(
        "u0终端",
        "C3",
        Action.APPLY_SUSPENSION,
        ground="funds",
        reason="资金未落实",
        measures="已围挡",
        review="2026-06-18",
        signed=True,
    )
    shift = paper(world, handovers).shift
    assert [(one.case_no, one.what) for one in shift.promises] == [("C1", "到场"), ("C3", "领导批示")]
    assert "领导批示案件 C3，单位0" in [event.words for event in shift.events]
    assert [(one.kind, one.case_no, one.unit) for one in shift.waiting] == [("挂账申请", "C3", "单位0")]
    assert (shift.supervisions, shift.decided) == (0, 0)


def test_signing_freezes_the_sheet_and_nothing_moves_yet(world: World, handovers: Handovers) -> None:
    told = handovers.sign(world.people[GIVER], "key-handover-1", given(world))

    assert told["number"] == "20260519-早"
    assert told["repeated"] is False
    (document,) = world.rows("documents")
    words = thawed(document["body"], document["digest"], document["number"])
    assert (document["kind"], document["number"]) == (DocumentKind.HANDOVER.value, "20260519-早")
    assert words["words"] == "青石大道塌陷已封半幅"
    assert words["events"] == ["14:32 本班新超期 3 件，尚未处置"]
    (row,) = world.rows("handovers")
    assert (row["from_id"], row["to_id"], row["signed_at"], row["received_at"]) == (1, 2, AT, None)
    assert [(n["recipient"], n["kind"]) for n in world.rows("outbox")][-1] == ("user:2", "handover")
    assert [entry["action"] for entry in world.rows("audit")][-1] == "handover_sign"
    assert {row["owner_id"] for row in world.rows("acknowledgements")} == {1}
    assert {row["user_id"] for row in world.rows("case_holds")} == {1}


def test_taking_over_moves_holds_and_promises_and_no_version(world: World, handovers: Handovers) -> None:
    told = handovers.sign(world.people[GIVER], "key-handover-1", given(world))
    waiting = handovers.waiting(world.people[TAKER])
    assert waiting is not None
    assert (waiting["handover"], waiting["line"]) == (
        told["handover"],
        "派遣员01于 5月19日 14:32 交班，交接单 20260519-早 等您签收",
    )
    versions = [world.version(one) for one in ("C1", "C2", "C3")]
    world.clock.move(minutes=2)

    received = handovers.receive(world.people[TAKER], "key-receive-1", told["handover"])

    assert received["sentence"] == "已签收交接单 20260519-早，锁定 1 件、承诺 2 条已转到您名下"
    assert {row["owner_id"] for row in world.rows("acknowledgements")} == {2}
    (hold,) = world.rows("case_holds")
    assert (hold["user_id"], hold["since"]) == (2, AT + timedelta(minutes=2))
    assert [world.version(one) for one in ("C1", "C2", "C3")] == versions
    assert handovers.waiting(world.people[TAKER]) is None
    entry = world.rows("audit")[-1]
    assert (entry["actor"], entry["action"], entry["object"]) == ("dispatcher#2", "handover_receive", "20260519-早")
    shift = paper(world, handovers, TAKER).shift
    assert (shift.began, shift.overdue_then) == (AT + timedelta(minutes=2), 3)
    assert shift.events[-1].words == "接班，交班人 派遣员01，遗留超期 3 件"


def test_what_is_not_given_stays(world: World, handovers: Handovers) -> None:
    told = handovers.sign(world.people[GIVER], "key-handover-1", given(world, give_holds=False, give_promises=False))
    sentence = handovers.receive(world.people[TAKER], "key-receive-1", told["handover"])["sentence"]
    assert sentence.endswith("没有锁定和承诺需要转交")
    assert {row["owner_id"] for row in world.rows("acknowledgements")} == {1}
    assert {row["user_id"] for row in world.rows("case_holds")} == {1}


def test_a_click_twice_signs_and_receives_once(world: World, handovers: Handovers) -> None:
    first = handovers.sign(world.people[GIVER], "key-handover-1", given(world))
    world.clock.move(seconds=5)
    again = handovers.sign(world.people[GIVER], "key-handover-1", given(world))
    assert (again["handover"], again["repeated"]) == (first["handover"], True)
    handovers.receive(world.people[TAKER], "key-receive-1", first["handover"])
    assert handovers.receive(world.people[TAKER], "key-receive-1", first["handover"])["repeated"] is True
    with pytest.raises(Refusal, match="已经签收"):
        handovers.receive(world.people[TAKER], "key-receive-2", first["handover"])
    with pytest.raises(Refusal, match="已经用于另一个操作"):
        handovers.sign(world.people[GIVER], "key-handover-1", given(world, words="别的"))
    assert len(world.rows("documents")) == 1


def test_a_second_sheet_waits_for_the_first_and_has_its_own_number(world: World, handovers: Handovers) -> None:
    first = handovers.sign(world.people[GIVER], "key-handover-1", given(world))
    with pytest.raises(Refusal, match="上一张交接单还没有签收"):
        handovers.sign(world.people[GIVER], "key-handover-2", given(world))
    assert paper(world, handovers).waits_for == TAKER
    other = handovers.sign(world.people[OTHER], "key-handover-3", given(world))
    assert other["number"] == "20260519-早-2"
    handovers.receive(world.people[TAKER], "key-receive-1", first["handover"])
    assert handovers.sign(world.people[GIVER], "key-handover-4", given(world))["number"] == "20260519-早-3"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": ""}, "还没有选接班人"), ({"to": "1"}, "没有这个接班人"), ({"to": "6"}, "没有这个接班人"),
        ({"to": "x"}, "没有这个接班人"), ({"words": "坏" * 10_000}, "最多 500 字，现有 10,000 字"),
        ({"events": "坏" * 2001}, "最多 2000 字"),
    ],
)  # fmt: skip
def test_bad_fields_are_said_and_change_nothing(
    world: World, handovers: Handovers, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        handovers.sign(world.people[GIVER], "key-handover-1", given(world, **changes))
    assert said in refused.value.what
    assert not world.rows("handovers") + world.rows("documents")


def test_only_who_it_was_given_to_receives_it(world: World, handovers: Handovers) -> None:
    told = handovers.sign(world.people[GIVER], "key-handover-1", given(world))
    for name in (GIVER, OTHER):
        with pytest.raises(NotAllowed):
            handovers.receive(world.people[name], "key-receive-1", told["handover"])
    with pytest.raises(NotFound):
        handovers.receive(world.people[TAKER], "key-receive-1", 99)
    assert world.rows("handovers")[0]["received_at"] is None


def test_a_replay_hands_nothing_over(world: World) -> None:
    frozen = Desk(world.store, world.city, world.number, world.clock, world.desk.working, frozen=True)
    handovers = Handovers(Shifts(world.store, world.city, world.number, world.clock), frozen)
    with pytest.raises(Down):
        handovers.sign(world.people[GIVER], "key-handover-1", given(world))


def test_colleagues_are_the_desks_others_that_are_not_disabled(world: World, handovers: Handovers) -> None:
    with world.store.write.begin() as connection:
        users = desk_tables.users
        row = {"city_id": world.number, "user_id": 77, "account": "old", "name": "派遣员09", "created_at": AT,
               "stamp": "x", "disabled_at": AT}  # fmt: skip
        connection.execute(insert(users).values(row))
        connection.execute(users.update().where(users.c.user_id == 2).values(seen_at=AT - timedelta(minutes=3)))
        post = {"city_id": world.number, "user_id": 77, "post": "dispatcher"}
        connection.execute(insert(desk_tables.user_posts).values(post))
    found = {one.name: one.on_duty for one in paper(world, handovers).colleagues}
    assert found == {"派遣员02": True, "值班长01": False, "受理员01": False, "值班长02": False}


def test_what_was_edited_stays_and_a_script_is_printed_as_its_letters(world: World, handovers: Handovers) -> None:
    fields = given(world, events="14:06 下达督办\n\n<script>alert(1)</script>", words="<b>粗</b>")
    handovers.sign(world.people[GIVER], "key-handover-1", fields)
    (row,) = world.rows("documents")
    body = thawed(row["body"], row["digest"], row["number"])
    assert body["events"] == ["14:06 下达督办", "<script>alert(1)</script>"]
    document = StoredDocument(row["document_id"], DocumentKind.HANDOVER, row["number"], AT, body, row["digest"])
    (html,) = papers(document)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "&lt;b&gt;粗" in html
    assert "云禅巷" in html


def test_the_sheet_is_three_columns_wide_and_names_what_is_missing(world: World, handovers: Handovers) -> None:
    view = sheet.render(paper(world, handovers), load_texts("zh"))
    assert (view.size, view.post, view.title) == ("full", "/api/desk/handover", "交接班")
    assert view.lines[0] == "5月19日 周二 早班 08:00 至 14:32"
    assert view.lines[1] == "交班人 派遣员01，派遣员"
    assert view.buttons[-1].why_not == "请选接班人"
    tables = [block for block in (*view.left, *view.middle) if isinstance(block, Table)]
    assert [table.title for table in tables] == ["到期承诺", "未了告警", "待审批"]
    assert tables[1].rows[0] == (("暴露垃圾，云禅巷", ""), ("我锁定", ""), ("+01:47:00", "alarm"))
    events = next(block for block in view.middle if isinstance(block, Text))
    assert events.value == "14:32 本班新超期 3 件，尚未处置"
    json.dumps(plain(view))
    done = sheet.render(paper(world, handovers, **given(world)), load_texts("en"))
    assert done.buttons[-1].why_not == ""
