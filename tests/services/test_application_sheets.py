"""The sheets of 延期, 挂账 and 申诉: what they compute and how it reads, and that their button does what they say."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.calendars import working_time
from config.texts import LANGUAGES, load_texts
from data_access.store import Store
from domain.application_sheets import Mode
from domain.applications import Rule
from domain.indicator_options import InTotals
from domain.life_cycle import Action
from domain.refusals import Refusal
from layouts.sheets import appeal as show_appeal
from layouts.sheets import extension as show_extension
from layouts.sheets import suspension as show_suspension
from layouts.sheets.blocks import Block, SheetView, plain
from services.dispatch.commands import NotFound
from services.sheets import appeal, extension, suspension
from services.sheets.parts import SheetParts
from tests.desks import World, a_desk
from tests.services.test_applications import BOTH, CHIEF, EXTENSION, ONE, OTHER, SUSPENSION, UNIT

A = Action
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZH = load_texts("zh")


@pytest.fixture
def world(sqlite_store: Store) -> World:
    world = a_desk(sqlite_store)
    world.cases([f"X{n:02d}" for n in range(20)])
    world.a_case("C1")
    return world


def parts(world: World, **options: Any) -> SheetParts:
    city = replace(world.city, options=replace(world.city.options, **options))
    return SheetParts(world.store, city, world.number, world.clock, working_time(city))


def shown(world: World, name: str, kind: Any, show: Any, **fields: Any) -> tuple[Any, SheetView]:
    view = kind.prepare(parts(world), world.people[name], "C1", fields)
    for language in LANGUAGES:
        plain(show.render(view, load_texts(language)))  # every phrase is there, and JSON can hold it
    return view, show.render(view, ZH)


def block(view: SheetView, kind: str) -> Any:
    return next(one for one in (*view.left, *view.right) if one.kind == kind)


def words(view: SheetView) -> str:
    return str(plain(view))


def test_an_extension_to_endorse(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **{**EXTENSION, "by": "3 work_hours"})

    sheet, view = shown(world, ONE, extension, show_extension)

    assert (sheet.head.mode, view.action, view.given) == (
        Mode.ENDORSE, "endorse", {"kind": "extension", "by": "3 work_hours"},
    )  # fmt: skip
    assert view.lines == ("暴露垃圾，学府街", "C1，单位0（主办）")
    assert block(view, "quote").head == "申请，单位0，5月19日 14:32，单位负责人已签字"
    assert [one.label for one in block(view, "chips").choices] == ["1 工作时", "2 工作时", "3 工作时", "自定义"]
    sums = block(view, "arithmetic").rows
    assert [(row.text, row.hours, row.total) for row in sums] == [
        ("5月19日 周二 14:00 至 18:00", "4:00:00", "4:00:00"),
        ("原时限 4 工作时，到 5月19日 周二 18:00", "", "4:00:00"),
        ("5月20日 周三 08:00 至 11:00", "3:00:00", "3:00:00"),
        ("新时限 5月20日 周三 11:00", "", "+3:00:00"),
    ]
    assert [(row.ok, row.label, row.value) for row in block(view, "limits").rows] == [
        (True, "延长不超过原时限 1 倍", "0.75 倍"),
        (True, "本期申请不超过立案 10%", "4.76%"),
        (True, "到期前申请", "早 3时28分"),
        (True, "首次延期", "0 / 1 次"),
    ]
    assert [(row.label, row.old, row.new) for row in block(view, "effects").rows] == [
        ("本案状态", "距到期 3时28分", "距到期 6时28分"),
        ("单位延期数", "0", "1"),
        ("按期口径", "", "延期内办结计按期"),
    ]
    assert [row.value for row in block(view, "chain").rows] == ["14:32 已签", "派遣员01，当前", "待办"]
    assert view.foot == "待审批 1 件中的第 1 件，按到期先后排列"
    assert [(one.name, one.label) for one in view.buttons] == [
        ("refuse", "退回"), ("suspension_instead", "改为挂账"), ("submit", "同意，送值班长"),
    ]  # fmt: skip


def test_what_the_sheet_says_is_what_the_act_does(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    sheet, view = shown(world, ONE, extension, show_extension, choice="custom", custom="1.5 工作时", note="同意")
    world.act(ONE, "C1", Action(view.action), None, **view.given, note="同意")
    world.clock.move(minutes=6)
    sheet, view = shown(world, CHIEF, extension, show_extension)

    assert (sheet.head.mode, view.action) == (Mode.DECIDE, "extend")
    assert [one.name for one in view.buttons] == ["refuse", "submit"]
    assert str(sheet.most) == "1.5 work_hours"
    world.act(CHIEF, "C1", Action(view.action), None, **view.given)
    assert world.case("C1")["effective_due_at"] == sheet.arithmetic.new_due


def test_a_raised_amount_is_said_at_its_field_and_closes_the_button(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)

    sheet, view = shown(world, ONE, extension, show_extension, choice="custom", custom="9 work_hours")

    assert sheet.by is None
    assert "可减不可增" in next(one for one in view.left if getattr(one, "name", "") == "custom").error  # type: ignore[attr-defined]
    assert "可减不可增" in view.buttons[-1].why_not


def test_who_has_asked_or_endorsed_does_not_decide(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    world.act(BOTH, "C1", A.ENDORSE)

    _, view = shown(world, BOTH, extension, show_extension)

    assert view.buttons[-1].why_not == "申请、初审和审签不能是同一个人"


def test_a_unit_applies_and_then_waits(world: World) -> None:
    sheet, view = shown(world, UNIT, extension, show_extension, choice="2 work_hours", reason="需吊车", signed="true")
    assert (sheet.head.mode, view.title, view.action) == (Mode.APPLY, "延期申请", "apply_extension")
    assert [one.name for one in view.buttons] == ["submit"]
    assert [one.value for one in block(view, "chips").choices[:3]] == ["1 work_hours", "2 work_hours", "4 work_hours"]
    world.act(UNIT, "C1", Action(view.action), None, **view.given, reason="需吊车", signed=True)

    sheet, view = shown(world, UNIT, extension, show_extension)
    assert (sheet.head.mode, [one.name for one in view.buttons]) == (Mode.READ, ["close"])


def test_a_duty_chief_without_an_application_is_told_why_nothing_can_be_done(world: World) -> None:
    _, view = shown(world, CHIEF, extension, show_extension)

    assert view.buttons[-1].why_not == "没有待批的延期申请；由单位提出，或由派遣员代录"


def test_another_unit_sees_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        shown(world, OTHER, extension, show_extension)


def test_a_suspension_to_endorse(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_SUSPENSION, **SUSPENSION)
    world.clock.move(minutes=30)

    sheet, view = shown(world, ONE, suspension, show_suspension)

    assert [one.label for one in block(view, "chips").choices] == [
        "资金未落实", "产权有争议", "施工条件不具备", "跨区协调",
    ]  # fmt: skip
    review, resume, measures = block(view, "row").blocks
    assert (review.value, review.hint, resume.value, measures.value) == (
        "2026-06-18",
        "30 日后",
        "2026-09-30",
        "养护班",
    )
    assert {check.rule for check in sheet.checks if not check.ok} == {Rule.GROUNDS}
    assert [(row.label, row.old, row.new) for row in block(view, "effects").rows] == [
        ("计时", "已用 1时02分", "停在 32分"),
        ("若到期未结，应结案", "1", "0"),
        ("若到期未结，按期结案率", "0.00%", "—"),
        ("若到期未结，综合得分", "20.00", "—"),
        ("单位挂账数", "0", "1"),
        ("挂账率，警戒 1%", "0.00%", "▲ 4.76%"),
        ("全市挂账", "0", "1"),
    ]
    assert [one.name for one in view.buttons] == ["refuse", "extension_instead", "submit"]
    fields = {one.name: one.value for one in (review, resume, measures)}
    world.act(ONE, "C1", Action(view.action), None, **view.given, **fields, ground="conditions", note="已取得迁改批复")
    world.clock.move(minutes=6)
    _, view = shown(world, CHIEF, suspension, show_suspension)
    world.act(CHIEF, "C1", Action(view.action), None, **view.given)
    assert world.case("C1")["stage"] == "suspended"


def test_effects_are_shown_only_where_the_reading_in_force_changes_them(world: World) -> None:
    included = parts(world, suspended_in_denominators=InTotals.INCLUDED)

    assert suspension.prepare(included, world.people[ONE], "C1", {}).stakes is None
    assert suspension.prepare(parts(world), world.people[ONE], "C1", {}).stakes is not None


def test_one_application_instead_of_another(world: World) -> None:
    world.act(UNIT, "C1", A.APPLY_EXTENSION, **EXTENSION)
    sheet = suspension.prepare_instead(parts(world), world.people[ONE], "C1", {})
    view = show_suspension.render(sheet, ZH)

    assert view.given == {"kind": "suspension", "instead_of": "extension"}
    assert next(one for one in view.left if getattr(one, "name", "") == "reason").value == "需吊车清运"  # type: ignore[attr-defined]
    world.act(ONE, "C1", Action(view.action), None, **view.given, **SUSPENSION)
    with pytest.raises(Refusal, match="没有待批的延期申请可改"):
        suspension.prepare_instead(parts(world), world.people[ONE], "C1", {})
    back = show_extension.render(extension.prepare_instead(parts(world), world.people[ONE], "C1", {}), ZH)
    assert back.given == {"kind": "extension", "by": "2 work_hours", "instead_of": "suspension"}


def test_an_appeal_says_that_the_facts_stay_and_what_the_score_would_be(world: World) -> None:
    world.clock.at = datetime(2026, 5, 20, 9, 45, tzinfo=SHANGHAI)
    world.act(UNIT, "C1", A.APPEAL, reason="全城停电")

    sheet, view = shown(world, ONE, appeal, show_appeal)

    assert sheet.overdue_by is not None
    assert sheet.overdue_by > timedelta(hours=15)
    rows = {row.label: (row.old, row.new) for row in block(view, "effects").rows}
    assert rows["事实保留"] == ("", "超期、返工照计")
    old, new = sheet.score
    assert (old, new) == (Fraction(20), Fraction(20))  # all of its 21 cases are overdue: one fewer changes nothing
    assert view.given == {"kind": "appeal", "unit": "u0"}  # of several units' appeals, this one's
    assert [row.label for row in block(view, "chain").rows][:2] == ["超期", "返工"]
    assert isinstance(view.left[0], Block)


def test_a_case_that_nobody_has_gets_a_sentence(world: World) -> None:
    world.a_case("C2", until=A.REGISTER)

    with pytest.raises(Refusal, match="没有主办单位"):
        extension.prepare(parts(world), world.people[ONE], "C2", {})
