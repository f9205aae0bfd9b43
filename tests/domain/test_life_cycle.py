"""Every pair of stage and action, allowed or refused; the table here is written apart from the domain's own."""

from itertools import product

import pytest

from domain.life_cycle import (
    ACTION_WORDS,
    ROLE_WORDS,
    STAGE_WORDS,
    TRANSITIONS,
    Action,
    IllegalTransition,
    Role,
    Stage,
    Told,
    next_stage,
    possible_actions,
    replayed_stage,
    stage_by_times,
)

# stage: action>stage reached; a lone action leaves the stage as it is; > ? = only the case's history can tell
ALWAYS = "correct note exempt endorse refuse_application source_updated>?"
UNFINISHED = f"claim urge supervise propose_supervision instruct report_again void>void {ALWAYS}"
WITH_THE_UNIT = (
    "handle>handled return>returned reassign>dispatched co_dispatch escalate>registered extend suspend>suspended"
    f" apply_extension apply_suspension appeal {UNFINISHED}"
)
ALLOWED = {
    None: "report>reported imported>?",
    "reported": f"accept>accepted register>registered reject>rejected self_handle>closed {UNFINISHED}",
    "accepted": f"verify register>registered reject>rejected self_handle>closed simple>closed {UNFINISHED}",
    "registered": f"dispatch>dispatched escalate>registered {UNFINISHED}",
    "dispatched": f"receive>received {WITH_THE_UNIT}",
    "received": WITH_THE_UNIT,
    "handled": f"recheck_pass>rechecked recheck_fail>rework appeal extend {UNFINISHED}",
    "rechecked": f"close>closed appeal extend {UNFINISHED}",
    "rework": f"receive>received {WITH_THE_UNIT}",
    "returned": f"uphold_return>registered refuse_return>dispatched {UNFINISHED}",
    "suspended": f"resume>received suspend>suspended apply_suspension {UNFINISHED}",
    "closed": f"appeal {ALWAYS}",
    "rejected": ALWAYS,
    "void": f"restore>? {ALWAYS}",
}

STAFF = "collector registrar duty_chief dispatcher unit_user leader"
WHO = {
    "report": "collector registrar dispatcher",
    "accept": "registrar duty_chief",
    "verify": "collector",
    "register": "duty_chief",
    "reject": "registrar duty_chief",
    "dispatch": "dispatcher",
    "receive": "unit_user dispatcher",
    "handle": "unit_user dispatcher",
    "recheck_pass": "collector registrar duty_chief",
    "recheck_fail": "collector registrar duty_chief",
    "close": "duty_chief",
    "return": "unit_user dispatcher",
    "uphold_return": "dispatcher duty_chief",
    "refuse_return": "dispatcher duty_chief",
    "reassign": "dispatcher",
    "co_dispatch": "dispatcher",
    "escalate": "dispatcher",
    "extend": "duty_chief",
    "suspend": "duty_chief",
    "resume": "dispatcher duty_chief",
    "void": "duty_chief",
    "restore": "duty_chief",
    "self_handle": "collector",
    "simple": "dispatcher duty_chief",
    "correct": "registrar duty_chief",
    "claim": "registrar duty_chief dispatcher",
    "urge": "dispatcher duty_chief",
    "supervise": "duty_chief",
    "note": STAFF,
    "apply_extension": "unit_user dispatcher",
    "apply_suspension": "unit_user dispatcher",
    "appeal": "unit_user dispatcher",
    "exempt": "duty_chief",
    "propose_supervision": "dispatcher",
    "endorse": "dispatcher",
    "refuse_application": "dispatcher duty_chief",
    "instruct": "leader",
    "report_again": "collector registrar dispatcher",
    "imported": "source",
    "source_updated": "source",
}
TOLD = Stage.HANDLED


def expected(stage: Stage | None, action: Action, role: Role) -> Stage | None:
    """The stage reached, or None where the action must be refused."""
    for written in ALLOWED[stage.value if stage else None].split():
        name, _, reached = written.partition(">")
        if name == action and role in WHO[name].split():
            return TOLD if reached == "?" else Stage(reached) if reached else stage
    return None


STAGES = (None, *Stage)
LEGAL = [case for case in product(STAGES, Action, Role) if expected(*case)]
ILLEGAL = [case for case in product(STAGES, Action, Role) if not expected(*case)]


def test_both_tables_speak_of_every_stage_and_action() -> None:
    assert {Stage(name) if name else None for name in ALLOWED} == set(STAGES)
    assert set(WHO) == set(Action)
    assert len(LEGAL) + len(ILLEGAL) == 14 * len(Action) * 7
    assert len(LEGAL) == sum(
        len(WHO[step.split(">")[0]].split()) for steps in ALLOWED.values() for step in steps.split()
    )


@pytest.mark.parametrize(("stage", "action", "role"), LEGAL)
def test_a_legal_step_reaches_its_stage(stage: Stage | None, action: Action, role: Role) -> None:
    assert next_stage(stage, action, role, TOLD) == expected(stage, action, role)


def test_every_other_step_is_refused() -> None:
    for stage, action, role in ILLEGAL:
        with pytest.raises(IllegalTransition):
            next_stage(stage, action, role, TOLD)


def test_a_log_is_replayed_by_the_same_table_whoever_acted() -> None:
    for stage, action in product(STAGES, Action):
        reached = {expected(stage, action, role) for role in Role} - {None}
        if reached:
            assert {replayed_stage(stage, action, TOLD)} == reached
        else:
            with pytest.raises(IllegalTransition):
                replayed_stage(stage, action, TOLD)


def test_a_stage_that_only_history_tells_must_be_told() -> None:
    with pytest.raises(ValueError, match="restore needs to be told"):
        next_stage(Stage.VOID, Action.RESTORE, Role.DUTY_CHIEF)


def test_the_stage_of_a_case_known_by_its_times_is_its_furthest_step() -> None:
    known = {"reported_at": 1, "accepted_at": 2, "dispatched_at": 3}

    assert stage_by_times({"reported_at": 1}) is Stage.REPORTED
    assert stage_by_times(known) is Stage.DISPATCHED
    assert stage_by_times({**known, "suspended_at": 4}) is Stage.SUSPENDED
    assert stage_by_times({**known, "suspended_at": 4, "closed_at": 5}) is Stage.CLOSED


def test_possible_actions_are_the_steps_that_are_not_refused() -> None:
    for stage, role in product(STAGES, Role):
        assert set(possible_actions(stage, role)) == {action for action in Action if (stage, action, role) in LEGAL}


def test_each_stage_and_action_stand_in_one_row() -> None:
    pairs = [(stage, row.action) for row in TRANSITIONS for stage in row.stages]

    assert len(pairs) == len(set(pairs))


def test_every_stage_can_be_reached() -> None:
    assert {row.to for row in TRANSITIONS} - {None, *Told} == set(Stage)


def test_every_word_is_there() -> None:
    assert (set(STAGE_WORDS), set(ACTION_WORDS), set(ROLE_WORDS)) == (set(STAGES), set(Action), set(Role))


def test_a_refusal_says_what_is_possible_instead() -> None:
    with pytest.raises(
        IllegalTransition,
        match=r"不能“派遣”.*已回退.*派遣员现在可以做的：同意回退、驳回回退、认领、催办、批注、督办送签、初审同意、驳回申请、再次上报",
    ):
        next_stage(Stage.RETURNED, Action.DISPATCH, Role.DISPATCHER)


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(IllegalTransition, match=r"派遣员不能“结案”.*请由值班长办理"):
        next_stage(Stage.RECHECKED, Action.CLOSE, Role.DISPATCHER)


def test_who_dispatches_never_rechecks() -> None:
    """采集与处置分离 (石景山); 监督 and 指挥 apart (肃宁 Art. 12)."""
    for action in (Action.RECHECK_PASS, Action.RECHECK_FAIL):
        with pytest.raises(IllegalTransition, match="请由采集员、受理员、值班长办理"):
            next_stage(Stage.HANDLED, action, Role.DISPATCHER)


def test_the_usual_way_from_report_to_close() -> None:
    stage: Stage | None = None
    for action, role in [
        (Action.REPORT, Role.COLLECTOR),
        (Action.ACCEPT, Role.REGISTRAR),
        (Action.VERIFY, Role.COLLECTOR),
        (Action.REGISTER, Role.DUTY_CHIEF),
        (Action.DISPATCH, Role.DISPATCHER),
        (Action.RECEIVE, Role.UNIT_USER),
        (Action.HANDLE, Role.UNIT_USER),
        (Action.RECHECK_FAIL, Role.COLLECTOR),
        (Action.HANDLE, Role.UNIT_USER),
        (Action.RECHECK_PASS, Role.COLLECTOR),
        (Action.CLOSE, Role.DUTY_CHIEF),
    ]:
        stage = next_stage(stage, action, role)

    assert stage is Stage.CLOSED
