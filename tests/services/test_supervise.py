"""督办 through the desk on both databases: number, paper, notice and proposal are one transaction."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from data_access import supervisions
from data_access.store import Store
from domain.documents import Supervision, thawed, words_of
from domain.life_cycle import Action
from domain.refusals import Refusal
from domain.supervision import Notice, Standing
from services.dispatch.commands import Command, NotAllowed
from services.documents import Documents
from tests.desks import AT, World, a_desk

A = Action
ONE, CHIEF, UNIT, OTHER_UNIT = "派遣员01", "值班长01", "u0终端", "u1终端"
NOTICE: dict[str, Any] = {
    "cause": "overdue",
    "due": "2026-05-19T16:00",
    "demands": "一、立即到场。\n二、期限前办结。",
    "exposure": True,
    "copies": "street:s1,unit:u2",
}


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


def notices(world: World, case_no: str) -> list[Notice]:
    with world.store.read.connect() as connection:
        return supervisions.of_case(connection, world.number, world.case(case_no)["case_id"])


def test_the_duty_chief_signs_and_the_paper_is_kept(world: World) -> None:
    world.a_case("C1", description="雨水井盖移位")
    done = world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)

    (row,) = world.rows("supervisions")
    assert (row["number"], row["due_at"], row["exposure"], row["met_at"]) == (
        "澜督办〔2026〕1 号", AT + timedelta(hours=1, minutes=28), True, None,
    )  # fmt: skip
    (document,) = world.rows("documents")
    assert (document["number"], document["kind"]) == (row["number"], "supervision")
    assert row["document_id"] == document["document_id"] == done.document
    paper = words_of(Supervision, thawed(document["body"], bytes(document["digest"]), document["number"]))
    assert (paper.recipient, paper.signed_by, paper.due) == ("单位0", CHIEF, "2026年5月19日 16:00")
    assert paper.demands == ("一、立即到场。", "二、期限前办结。")
    assert paper.copies == ("街道1", "单位2")
    assert paper.limit == "4 工作时，16:45"
    assert paper.description == "雨水井盖移位"
    body = json.loads(world.events("C1")[-1]["body"])
    assert (body["number"], body["unit"], body["exposure"]) == (row["number"], "u0", True)
    assert [one["recipient"] for one in world.rows("outbox")] == ["unit:u0", "unit:u2"]
    assert row["number"] in done.sentence


def test_a_dispatcher_proposes_and_the_chief_signs_what_was_proposed(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.PROPOSE_SUPERVISION, **NOTICE)
    assert (world.rows("supervisions"), world.rows("documents")) == ([], [])
    assert world.rows("applications")[0]["state"] == "asked"
    assert [one["recipient"] for one in world.rows("outbox")] == ["post:duty_chief"]
    with pytest.raises(Refusal, match="已有一份"):
        world.act(ONE, "C1", A.PROPOSE_SUPERVISION, **NOTICE)

    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)

    (application,) = world.rows("applications")
    assert (application["state"], application["decided_by"]) == ("granted", world.people[CHIEF].user_id)
    assert json.loads(application["decided"]) == {"number": "澜督办〔2026〕1 号"}
    assert f"user:{world.people[ONE].user_id}" in [one["recipient"] for one in world.rows("outbox")]


def test_the_chief_sends_a_proposal_back_and_no_number_is_taken(world: World) -> None:
    world.a_case("C1")
    world.act(ONE, "C1", A.PROPOSE_SUPERVISION, **NOTICE)
    world.act(CHIEF, "C1", A.REFUSE_APPLICATION, kind="supervision", reason="先催办")

    assert world.rows("applications")[0]["state"] == "refused"
    assert not [one for one in world.rows("counters") if one["name"].startswith("督办")]
    told = [one["recipient"] for one in world.rows("outbox")]
    assert told == ["post:duty_chief", f"user:{world.people[ONE].user_id}"]  # the unit never hears of it


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"cause": ""}, "没有选督办原因"),
        ({"due": "2026-05-19T14:00"}, "已经过去"),
        ({"due": "2031-05-19T16:00"}, "工作日历还没有公布"),
        ({"due": "custom", "due_custom": "morgen"}, "看不懂"),
        ({"demands": " "}, "没有写办理要求"),
        ({"demands": "字" * 301}, "超过 300 字"),
        ({"copies": "unit:nobody"}, "抄送里有不认识的单位"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(world: World, changes: dict[str, Any], what: str) -> None:
    world.a_case("C1")
    with pytest.raises(Refusal, match=what):
        world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE | changes)

    assert world.version("C1") == 4
    assert not any(world.rows(table) for table in ("supervisions", "documents", "outbox", "counters"))


def test_nobody_has_the_case_so_nobody_can_be_supervised(world: World) -> None:
    world.a_case("C1", A.REGISTER)
    with pytest.raises(Refusal, match="没有主办单位"):
        world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)


@pytest.mark.parametrize("name", [ONE, UNIT, "领导01", "受理员01"])
def test_only_the_duty_chief_signs(world: World, name: str) -> None:
    world.a_case("C1")
    with pytest.raises(NotAllowed):
        world.act(name, "C1", A.SUPERVISE, **NOTICE)


def test_if_the_paper_cannot_be_stored_nothing_happens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.a_case("C1")

    def full(*_args: Any, **_kwargs: Any) -> int:
        raise Refusal("磁盘已满", "公文", "请清理磁盘。")

    monkeypatch.setattr("services.dispatch.supervise.keep", full)
    with pytest.raises(Refusal, match="磁盘已满"):
        world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)

    assert world.version("C1") == 4
    assert not any(world.rows(table) for table in ("supervisions", "documents", "outbox", "counters"))
    monkeypatch.undo()
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    assert world.rows("supervisions")[0]["number"] == "澜督办〔2026〕1 号"  # the failed one left no gap


def test_numbers_are_unique_and_without_gaps_when_many_sign_at_once(world: World) -> None:
    numbers = world.cases([f"C{n}" for n in range(12)])
    people = [world.people[CHIEF], world.people["值班长02"]]

    def sign(n: int) -> int | None:
        command = Command(numbers[n], A.SUPERVISE, f"sign-{n:06d}", 4, NOTICE)
        return world.desk.act(people[n % 2], command).document

    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(sign, range(12)))

    assert sorted(one for one in documents if one is not None) == list(range(1, 13))
    given = [row["number"] for row in world.rows("documents")]
    assert sorted(given) == sorted(f"澜督办〔2026〕{n} 号" for n in range(1, 13))
    assert sorted(row["number"] for row in world.rows("supervisions")) == sorted(given)


def test_a_later_notice_replaces_the_one_that_runs(world: World) -> None:
    world.a_case("C1")
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE | {"due": "2026-05-19T18:00"})

    first, second = notices(world, "C1")
    assert (first.standing(AT), second.standing(AT)) == (Standing.REPLACED, Standing.RUNNING)
    assert second.number == "澜督办〔2026〕2 号"


def test_a_missed_notice_is_a_candidate_also_when_it_is_handled_afterwards(world: World) -> None:
    world.a_case("C1", A.RECEIVE)
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    papers = Documents(world.store, world.city, world.number, world.clock)
    assert papers.exposure_candidates() == ()

    world.clock.move(hours=2)
    assert [one.case_no for one in papers.exposure_candidates()] == ["C1"]
    world.act(CHIEF, "C1", A.VOID, reason="重复")
    assert papers.exposure_candidates() == ()
    world.act(CHIEF, "C1", A.RESTORE, reason="并非重复")
    world.act(UNIT, "C1", A.HANDLE, text="已复位")
    assert [(one.case_no, one.met) for one in papers.exposure_candidates()] == [("C1", world.clock.at)]


@pytest.mark.parametrize(
    ("hours_later", "reason", "exposed"),
    [
        (0.5, "dispatcher_error", False),
        (0.5, "duty_changed", False),
        (2, "dispatcher_error", False),
        (2, "duty_changed", True),
    ],
)
def test_a_notice_ends_with_the_unit_s_part_unless_it_had_run_out(
    world: World, hours_later: float, reason: str, exposed: bool
) -> None:
    world.a_case("C1", A.RECEIVE)
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    world.clock.move(hours=hours_later)
    world.act(ONE, "C1", A.REASSIGN, unit="u1", reason=reason, note="该路段已移交")
    world.clock.move(hours=30)

    papers = Documents(world.store, world.city, world.number, world.clock)
    assert [one.case_no for one in papers.exposure_candidates()] == (["C1"] if exposed else [])


def test_a_notice_answered_in_time_is_no_candidate(world: World) -> None:
    world.a_case("C1", A.RECEIVE)
    world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE)
    world.act(UNIT, "C1", A.HANDLE, text="已复位")
    world.clock.move(hours=5)

    assert notices(world, "C1")[0].standing(world.clock.at) is Standing.MET
    assert Documents(world.store, world.city, world.number, world.clock).exposure_candidates() == ()


def test_a_document_is_read_by_the_desk_and_by_the_unit_that_has_the_case(world: World) -> None:
    world.a_case("C1")
    number = world.act(CHIEF, "C1", A.SUPERVISE, **NOTICE).document
    assert number is not None
    papers = Documents(world.store, world.city, world.number, world.clock)

    assert [papers.read(world.people[name], number).case_no for name in (ONE, CHIEF, UNIT)] == ["C1"] * 3
    for name in (OTHER_UNIT, "领导01", "采集员01", "审计员01"):
        with pytest.raises(NotAllowed):
            papers.read(world.people[name], number)
    world.act(ONE, "C1", A.REASSIGN, unit="u1", reason="duty_changed", note="移交")
    with pytest.raises(NotAllowed):
        papers.read(world.people[UNIT], number)
