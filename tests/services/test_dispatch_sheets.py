"""The sheets of 督办, 改派 and 回退: what they say before the click, and that their button does what they say."""

from datetime import timedelta
from typing import Any

import pytest

from config.calendars import working_time
from config.texts import LANGUAGES, load_texts
from data_access.store import Store
from domain.life_cycle import Action
from layouts.sheets import reassign as show_reassign
from layouts.sheets import returns as show_returns
from layouts.sheets import supervise as show_supervise
from layouts.sheets.blocks import SheetView, plain
from services.dispatch.commands import Done, NotFound
from services.sheets import reassign, returns, supervise
from services.sheets.parts import SheetParts
from tests.desks import World, a_desk

A = Action
ONE, CHIEF, UNIT = "派遣员01", "值班长01", "u0终端"
ZH = load_texts("zh")


@pytest.fixture
def world(sqlite_store: Store) -> World:
    world = a_desk(sqlite_store)
    world.a_case("C1", A.RECEIVE)
    return world


def shown(world: World, name: str, prepare: Any, render: Any, **fields: Any) -> SheetView:
    parts = SheetParts(world.store, world.city, world.number, world.clock, working_time(world.city))
    sheet = prepare(parts, world.people[name], "C1", fields)
    for language in LANGUAGES:
        plain(render(sheet, load_texts(language)))  # every phrase is there, and JSON can hold it
    view: SheetView = render(sheet, ZH)
    return view


def supervising(world: World, name: str, **fields: Any) -> SheetView:
    return shown(world, name, supervise.prepare, show_supervise.render, **fields)


def reassigning(world: World, **fields: Any) -> SheetView:
    return shown(world, ONE, reassign.prepare, show_reassign.render, **fields)


def deciding(world: World, name: str, **fields: Any) -> SheetView:
    return shown(world, name, returns.prepare, show_returns.render, **fields)


def flat(blocks: Any) -> list[Any]:
    return [one for block in blocks for one in (flat(block.blocks) if block.kind == "row" else [block])]


def block(view: SheetView, kind: str, name: str = "") -> Any:
    found = flat((*view.left, *view.right))
    return next(one for one in found if one.kind == kind and name in ("", getattr(one, "name", "")))


def kinds(view: SheetView) -> list[str]:
    return [one.kind for one in flat((*view.left, *view.right))]


def fields_of(view: SheetView) -> dict[str, Any]:
    """What the sheet would post: every field's value, and what it is given besides."""
    named = (one for one in flat((*view.left, *view.right)) if getattr(one, "name", ""))
    return {one.name: one.value for one in named} | dict(view.given)


def effects(view: SheetView) -> dict[str, tuple[str, str]]:
    return {row.label: (row.old, row.new) for row in block(view, "effects").rows}


def primary(view: SheetView) -> Any:
    return next(button for button in view.buttons if button.primary)


def pressed(world: World, name: str, view: SheetView) -> Done:
    """What the primary button does with the fields as the sheet has them."""
    assert primary(view).why_not == ""
    return world.act(name, "C1", Action(view.action), view.version, **fields_of(view))


def test_a_notice_opens_with_what_is_usual_and_can_be_sent_as_it_is(world: World) -> None:
    view = supervising(world, ONE)

    assert (view.action, primary(view).label) == ("propose_supervision", "送值班长签发")
    assert [choice.label for choice in block(view, "chips", "due").choices] == [
        "今日 16:00", "今日 18:00", "明日 12:00", "自定义",
    ]  # fmt: skip
    assert block(view, "chips", "due").hint == "剩余 1时28分 工作时"
    assert block(view, "select", "copies").value == "street:s1"
    paper = block(view, "paper").html
    assert "澜督办〔2026〕1 号" in paper
    assert "2026年5月19日 16:00" in paper
    assert "（值班长）" in paper
    assert "超过规定处置时限" not in paper  # it is not overdue
    pressed(world, ONE, view)
    assert world.rows("applications")[0]["state"] == "asked"


def test_the_duty_chief_finds_the_proposal_and_signs_it(world: World) -> None:
    written = fields_of(supervising(world, ONE)) | {
        "cause": "danger",
        "demands": "一、设置围挡。",
        "due": "2026-05-19T18:00",
    }
    world.act(ONE, "C1", A.PROPOSE_SUPERVISION, **written)
    assert primary(supervising(world, ONE)).why_not == "本案已有一份在等值班长签发"
    view = supervising(world, CHIEF)

    assert (view.action, primary(view).label) == ("supervise", "签发")
    assert block(view, "quote").text == "派遣员01 5月19日 14:32 送签"
    assert (block(view, "chips", "cause").value, block(view, "text", "demands").value) == ("danger", "一、设置围挡。")
    assert block(view, "chips", "due").value == "2026-05-19T18:00"
    refuse = next(button for button in view.buttons if button.name == "refuse")
    assert (refuse.keys, refuse.why_not) == ("Ctrl Back", "退回时必填")
    pressed(world, CHIEF, view)
    assert world.rows("applications")[0]["state"] == "granted"
    assert "1 号" in world.rows("supervisions")[0]["number"]


def test_the_chief_sends_it_back_from_the_same_sheet(world: World) -> None:
    world.act(ONE, "C1", A.PROPOSE_SUPERVISION, **fields_of(supervising(world, ONE)))
    view = supervising(world, CHIEF, **fields_of(supervising(world, CHIEF)) | {"reason": "先催办"})

    assert next(button for button in view.buttons if button.name == "refuse").why_not == ""
    world.act(CHIEF, "C1", A.REFUSE_APPLICATION, **fields_of(view))
    assert world.rows("applications")[0]["state"] == "refused"


def test_demands_follow_the_reason_until_somebody_writes_them(world: World) -> None:
    first = fields_of(supervising(world, ONE))
    changed = supervising(world, ONE, **first | {"cause": "false_feedback", "exposure": False})
    own = supervising(world, ONE, **first | {"cause": "shirking", "demands": "一、自己写的。"})

    assert "复核" in block(changed, "text", "demands").value
    assert "曝光" not in block(changed, "text", "demands").value
    assert block(own, "text", "demands").value == "一、自己写的。"


def test_a_deadline_that_cannot_be_says_so_under_its_field(world: World) -> None:
    first = fields_of(supervising(world, ONE))
    view = supervising(world, ONE, **first | {"due": "custom", "due_custom": "2031-05-19T16:00"})

    assert "工作日历还没有公布" in block(view, "moment").error
    assert primary(view).why_not == "请改督办期限"


def test_a_units_running_and_missed_notices_are_listed(world: World) -> None:
    world.a_case("C2", A.RECEIVE)
    notice = fields_of(supervising(world, CHIEF))
    world.act(CHIEF, "C2", A.SUPERVISE, **notice)
    rows = block(supervising(world, CHIEF), "table").rows
    assert [[words for words, _tone in row] for row in rows] == [
        ["澜督办〔2026〕1 号", "暴露垃圾，学府街", "期限 今日 16:00"], ["催办", "本案", "未催办"],
    ]  # fmt: skip
    assert block(supervising(world, CHIEF), "table").note == "签发后共 2 件"

    world.clock.move(hours=2)
    assert block(supervising(world, CHIEF), "table").rows[0][2] == ("逾期，曝光候选", "alarm")


def test_a_script_in_the_demands_is_printed_as_letters(world: World) -> None:
    view = supervising(world, ONE, **fields_of(supervising(world, ONE)) | {"demands": "<script>alert(1)</script>"})

    assert "<script" not in block(view, "paper").html
    assert "&lt;script&gt;" in block(view, "paper").html


def test_another_units_user_finds_no_case(world: World) -> None:
    with pytest.raises(NotFound):
        shown(world, "u1终端", returns.prepare_return, show_returns.render_return)


def test_a_reassignment_says_what_it_causes_before_the_click(world: World) -> None:
    world.clock.move(hours=3)  # 17:32, due 16:45
    opened = reassigning(world)
    assert [row.value for row in block(opened, "pick").rows][1] == "u0"
    assert primary(opened).why_not == "请选单位"
    view = reassigning(world, unit="u1", reason="dispatcher_error", note="电话核实")

    assert primary(view).label == "改派至单位1"
    said = effects(view)
    assert said["新时限，单位1"] == ("", "5月20日 周三 11:32")
    assert said["单位0本次超期"] == ("计 1 件", "不计")
    assert said["单位1在办"] == ("0", "1")
    assert said["派遣准确率，本班"] == ("100.0%", "0.0%")
    assert said["全程历时，自上报"] == ("", "5时00分，不停")
    assert "案件移交单" in block(view, "paper").html
    timeline = block(view, "timeline")
    assert [words for words, *_rest in timeline.bars] == ["单位0 4 工作时", "超期 47分", "单位1 4 工作时"]
    pressed(world, ONE, view)
    assert world.case("C1")["effective_due_at"] == world.clock.at + timedelta(hours=18)


def test_a_duty_that_changed_leaves_the_overdue_and_makes_no_slip(world: World) -> None:
    world.clock.move(hours=3)
    view = reassigning(world, unit="u1", reason="duty_changed", note="移交")

    assert effects(view)["单位0本次超期"] == ("", "计 1 件")
    assert "paper" not in kinds(view)


def test_lack_of_hands_leads_to_one_more_unit(world: World) -> None:
    view = reassigning(world, unit="u1", reason="capacity", note="人手不足")
    assert primary(view).why_not == "能力不足请改用双派"
    assert list(effects(view)) == ["全程历时，自上报"]
    row = block(view, "found").rows[0]

    pair = reassigning(world, unit="u1", note="人手不足", **{row["act"]: row["value"]})
    assert (pair.action, primary(pair).label) == ("co_dispatch", "增派单位1")
    assert effects(pair)["单位0时限"] == ("", "16:45:00，不变")
    assert [row.why_not for row in block(pair, "pick").rows if row.value == "u0"] == ["当前主办"]
    pressed(world, ONE, pair)
    assert [row["role"] for row in world.rows("assignments")] == ["lead", "assist"]


def test_the_key_for_one_more_unit_opens_that_tab_and_several_may_join(world: World) -> None:
    view = shown(world, ONE, reassign.prepare_co_dispatch, show_reassign.render)
    assert (block(view, "tabs").value, view.action) == ("pair", "co_dispatch")

    many = shown(
        world, ONE, reassign.prepare_co_dispatch, show_reassign.render, way="many", assist="u1,u2", informed="u3"
    )
    assert primary(many).label == "增派单位1、单位2"
    pressed(world, ONE, many)
    assert [row["role"] for row in world.rows("assignments")] == ["lead", "assist", "assist", "informed"]


def test_a_unit_is_found_by_name(world: World) -> None:
    assert [row.value for row in block(reassigning(world, find="单位3"), "pick").rows] == ["u3"]


def test_a_unit_returns_a_case_from_its_small_sheet(world: World) -> None:
    empty = shown(world, UNIT, returns.prepare_return, show_returns.render_return)
    assert primary(empty).why_not == "请写回退理由"
    view = shown(world, UNIT, returns.prepare_return, show_returns.render_return, reason="不是我们的")
    pressed(world, UNIT, view)
    assert world.case("C1")["stage"] == "returned"


def test_a_decision_shows_words_beside_facts_and_the_slip(world: World) -> None:
    world.a_case("C2")
    world.act(UNIT, "C1", A.RETURN, reason="权属为单位1")
    assert primary(deciding(world, ONE, note="先看看")).why_not == "请选裁定"  # nothing is chosen beforehand
    view = deciding(world, ONE, decision="dispatcher_error", unit="u1", note="确为派遣错误")

    said, compared = (one for one in flat(view.left) if one.kind == "quote")
    assert (said.head, said.text) == ("单位理由，单位0，5月19日 14:32", "权属为单位1")
    assert "近 90 日没有同类结案可比" in compared.text
    assert (view.action, view.given) == ("endorse", {"kind": "return"})
    assert effects(view)["单位0回退率，本月"] == ("50.0%", "0.0%")
    assert "权属为单位1" in block(view, "paper").html
    pressed(world, ONE, view)

    chief = deciding(world, CHIEF)
    assert (chief.action, primary(chief).label) == ("uphold_return", "签发")
    assert fields_of(chief)["note"] == "确为派遣错误"
    assert block(chief, "note").text == "派遣员01 5月19日 14:32 送签"
    assert primary(deciding(world, ONE)).why_not == "已送值班长，等待签发"
    pressed(world, CHIEF, chief)
    assert world.case("C1")["stage"] == "dispatched"


def test_the_other_decisions_make_no_slip_and_say_what_stays(world: World) -> None:
    world.act(UNIT, "C1", A.RETURN, reason="权属为单位1")
    view = deciding(world, CHIEF, decision="unclear", note="现场会勘")

    assert view.action == "refuse_return"
    assert effects(view) == {
        "单位0回退率，本月": ("", "计入"), "处置时限": ("", "不变"), "联合会勘": ("", "48 小时内"),
    }  # fmt: skip
    assert not {"paper", "select"} & set(kinds(view))
    pressed(world, CHIEF, view)
    assert world.case("C1")["stage"] == "dispatched"


def test_the_second_return_makes_a_special_case(world: World) -> None:
    for _ in range(2):
        world.act(UNIT, "C1", A.RETURN, reason="权属为单位1")
        if world.case("C1")["return_count"] == 1:
            assert "warning" not in kinds(deciding(world, CHIEF))
            world.act(CHIEF, "C1", A.REFUSE_RETURN, decision="refused", note="属你单位职责")
    warning = block(deciding(world, CHIEF), "warning")

    assert warning.strong == "特殊案件"
    assert warning.text.startswith("，本案第 2 次回退。曾派：单位0。")
