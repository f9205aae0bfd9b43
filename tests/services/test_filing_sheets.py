"""立案, 派遣, 上呈 as sheets: what is offered, what it would give, and that the act takes what the sheet sends."""

import pytest

from config.calendars import working_time
from config.texts import Texts, load_texts
from data_access.store import Store
from domain.deadlines import Limit
from domain.filing import FilingSheet
from domain.life_cycle import Action, Tier
from layouts.sheets.blocks import SheetView
from layouts.sheets.fields import Cards, Chips, Pick
from layouts.sheets.filing import render
from layouts.sheets.readings import Arithmetic
from services.dispatch.commands import NotFound
from services.sheets.filing import prepare_dispatch, prepare_escalate, prepare_register
from services.sheets.parts import SheetParts
from tests.desks import World, a_desk

CASE = "20260519-0001"


@pytest.fixture
def world(store: Store) -> World:
    return a_desk(store)


@pytest.fixture
def texts() -> Texts:
    return load_texts("zh")


def parts(world: World) -> SheetParts:
    return SheetParts(world.store, world.city, world.number, world.clock, working_time(world.city))


def shown(sheet: FilingSheet) -> SheetView:
    """In both languages every word is there."""
    render(sheet, load_texts("en"))
    return render(sheet, load_texts("zh"))


def primary(view: SheetView) -> str:
    return next(button.why_not for button in view.buttons if button.primary)


def test_filing_offers_limits_and_shows_the_deadline_they_would_give(world: World) -> None:
    world.a_case(CASE, Action.ACCEPT)

    sheet = prepare_register(parts(world), world.people["值班长01"], CASE, {"limit": "4 work_hours", "urgent": True})
    view = shown(sheet)

    assert sheet.limit == Limit.parse("4 work_hours")
    assert sheet.urgent
    cards = next(block for block in view.left if isinstance(block, Cards))
    assert "4 work_hours" in [choice.value for choice in cards.choices]
    sums = next(block for block in view.right if isinstance(block, Arithmetic))
    assert sums.rows[-1].ruled
    assert primary(view) == ""
    assert (view.action, view.version) == ("register", world.version(CASE))
    world.act("值班长01", CASE, Action.REGISTER, limit="4 work_hours", urgent=True)
    assert world.case(CASE)["stage"] == "registered"


def test_a_limit_that_is_none_is_not_taken(world: World) -> None:
    world.a_case(CASE, Action.ACCEPT)

    sheet = prepare_register(parts(world), world.people["值班长01"], CASE, {"limit": "<script>"})

    assert sheet.limit in {offer.limit for offer in sheet.offers}


def test_dispatching_needs_a_unit_and_names_it_on_the_button(world: World, texts: Texts) -> None:
    world.a_case(CASE, Action.REGISTER)
    dispatcher = world.people["派遣员01"]

    without = shown(prepare_dispatch(parts(world), dispatcher, CASE, {}))
    view = shown(prepare_dispatch(parts(world), dispatcher, CASE, {"unit": "u1"}))

    assert primary(without) == texts("filing.why.unit")
    assert primary(view) == ""
    pick = next(block for block in view.left if isinstance(block, Pick))
    name = next(row.name for row in pick.rows if row.value == "u1")
    assert view.buttons[-1].label == texts("filing.dispatch.submit_to", unit=name)
    world.act("派遣员01", CASE, Action.DISPATCH, unit="u1", find="")
    assert world.case(CASE)["stage"] == "dispatched"


def test_only_a_higher_tier_can_be_chosen_and_a_reason_is_wanted(world: World, texts: Texts) -> None:
    world.a_case(CASE, Action.REGISTER)
    dispatcher = world.people["派遣员01"]
    world.act("派遣员01", CASE, Action.ESCALATE, tier="district", reason="超出街道权限")

    view = shown(prepare_escalate(parts(world), dispatcher, CASE, {"tier": "street"}))
    ready = shown(prepare_escalate(parts(world), dispatcher, CASE, {"tier": "city", "reason": "须跨区协调"}))

    chips = next(block for block in view.left if isinstance(block, Chips))
    assert [choice.value for choice in chips.choices] == [Tier.CITY.value]
    assert primary(view) == texts("filing.why.tier")
    assert primary(ready) == ""


def test_another_units_case_is_not_shown(world: World) -> None:
    world.a_case(CASE, Action.DISPATCH, unit="u0")

    with pytest.raises(NotFound):
        prepare_dispatch(parts(world), world.people["u1终端"], CASE, {})
