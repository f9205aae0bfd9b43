"""Which buttons a person sees, why one cannot be pressed, and the one that comes first."""

from dataclasses import replace

import pytest

from domain.applications import Kind
from domain.case_buttons import BUTTONS, Group, Situation, buttons_for
from domain.life_cycle import Role, Stage, possible_actions

DISPATCHER = Situation(Stage.RECEIVED, (Role.DISPATCHER,), at_the_desk=True)
CHIEF = replace(DISPATCHER, roles=(Role.DUTY_CHIEF,))
UNIT = Situation(Stage.RECEIVED, (Role.UNIT_USER,), at_the_desk=False)
LEADER = replace(UNIT, roles=(Role.LEADER,))


def primary(now: Situation) -> str:
    return next((one.button.name for one in buttons_for(now) if one.primary), "")


def enabled(now: Situation) -> set[str]:
    return {one.button.name for one in buttons_for(now) if one.enabled}


def test_keys_and_names_are_given_once() -> None:
    keys = [button.key for button in BUTTONS if button.key]

    assert set("DCSRBZYGEA") <= set(keys)  # those of the picture
    assert not set(keys) & set("JKNUXIH")  # the page's own
    assert len(set(keys)) == len(keys)
    assert len({button.name for button in BUTTONS}) == len(BUTTONS)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SOURCE])
def test_a_button_can_be_pressed_where_the_life_cycle_lets_it(stage: Stage, role: Role) -> None:
    possible = set(possible_actions(stage, role))

    for one in buttons_for(Situation(stage, (role,), at_the_desk=True)):
        assert one.enabled == bool(possible.intersection(one.button.actions))
        assert not (one.enabled and one.missing)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("now", [DISPATCHER, CHIEF, UNIT, LEADER])
def test_exactly_one_of_those_that_can_be_pressed_is_primary(now: Situation, stage: Stage) -> None:
    shown = buttons_for(replace(now, stage=stage, overdue=True))

    assert sum(one.primary for one in shown) == any(one.enabled for one in shown)
    assert all(one.enabled for one in shown if one.primary)


def test_the_desk_sees_the_main_buttons_always_and_who_may_press_them() -> None:
    shown = {one.button.name: one for one in buttons_for(replace(DISPATCHER, stage=Stage.DISPATCHED))}

    assert "".join(one.button.key for one in shown.values() if one.button.lasting) == "DCSRBZYGE"
    assert not shown["close"].enabled
    assert shown["close"].missing == (Role.DUTY_CHIEF,)
    assert shown["reassign"].enabled


def test_a_unit_sees_its_own_buttons_only() -> None:
    names = {one.button.name for one in buttons_for(UNIT)}

    assert names == {"receive", "return", "extension", "suspension", "handle", "appeal"}
    assert enabled(UNIT) == {"return", "extension", "suspension", "handle", "appeal"}


def test_a_leader_instructs() -> None:
    assert {one.button.name for one in buttons_for(LEADER)} == {"instruct"}
    assert primary(LEADER) == "instruct"


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (replace(DISPATCHER, overdue=True), "supervise"),
        (replace(DISPATCHER, overdue=True, supervised=True), "urge"),
        (DISPATCHER, "urge"),
        (replace(DISPATCHER, to_sign=(Kind.EXTENSION,), overdue=True), "extension"),
        (replace(CHIEF, to_sign=(Kind.SUPERVISION,), overdue=True), "supervise"),
        (replace(DISPATCHER, stage=Stage.REGISTERED), "dispatch"),
        (replace(DISPATCHER, stage=Stage.RETURNED), "return"),
        (replace(CHIEF, stage=Stage.RECHECKED, overdue=True), "close"),
        (replace(DISPATCHER, stage=Stage.RECHECKED, overdue=True), "claim"),  # the unit has done its work
        (replace(CHIEF, stage=Stage.VOID), "restore"),
        (replace(CHIEF, stage=Stage.SUSPENDED), "resume"),
        (replace(UNIT, stage=Stage.DISPATCHED), "receive"),
        (UNIT, "handle"),
        (replace(UNIT, stage=Stage.CLOSED), "appeal"),
    ],
)
def test_the_primary_is_chosen_by_the_state(now: Situation, first: str) -> None:
    assert primary(now) == first


def test_an_application_can_be_signed_in_any_stage() -> None:
    closed = replace(CHIEF, stage=Stage.CLOSED, to_sign=(Kind.APPEAL,))

    assert "appeal" in enabled(closed)
    assert primary(closed) == "appeal"


def test_groups_stand_in_their_order() -> None:
    groups = [one.button.group for one in buttons_for(DISPATCHER)]

    assert groups == sorted(groups, key=list(Group).index)
