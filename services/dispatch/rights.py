"""Who may act: by post, by unit, and by who is on the case. The stage is the life cycle's own matter."""

from domain.holds import Hold
from domain.life_cycle import (
    ACTION_WORDS,
    ROLE_WORDS,
    TRANSITIONS,
    Action,
    EndReason,
    IllegalTransition,
    Role,
    Stage,
    next_stage,
)
from domain.people import Person
from domain.replay import CaseState
from services.dispatch.commands import NotAllowed

ROLES_OF = {row.action: row.roles for row in TRANSITIONS}  # the same wherever the action is taken
WITHOUT_HOLD = (
    Role.UNIT_USER,
    Role.LEADER,
    Role.COLLECTOR,
)  # they work apart from the desk: the version check is enough
DISTURBS_NOBODY = (Action.NOTE, Action.REPORT_AGAIN)
OF_WHO_LEADS = (
    Action.RECEIVE, Action.HANDLE, Action.RETURN, Action.APPLY_EXTENSION, Action.APPLY_SUSPENSION,
)  # fmt: skip


OWN = (None, EndReason.CLOSED)
APPEALABLE = (*OWN, EndReason.REASSIGNED, EndReason.ESCALATED)


def roles_for(person: Person, action: Action) -> tuple[Role, ...]:
    """The roles in which this person may take the action somewhere. Raises NotAllowed for none."""
    roles = tuple(role for role in person.roles if role in ROLES_OF[action])
    if not roles:
        allowed = "、".join(ROLE_WORDS[role] for role in ROLES_OF[action] if role is not Role.SOURCE)
        raise NotAllowed(f"您的岗位不能“{ACTION_WORDS[action]}”", "岗位权限", f"请由{allowed or '来源系统'}办理。")
    return roles


def role_here(roles: tuple[Role, ...], stage: Stage | None, action: Action) -> Role:
    """The first of the roles that the life cycle allows in this stage. Raises IllegalTransition for none."""
    refusal: IllegalTransition | None = None
    for role in roles:
        try:
            next_stage(stage, action, role, told=stage or Stage.REPORTED)
        except IllegalTransition as illegal:
            refusal = refusal or illegal
        else:
            return role
    raise refusal or AssertionError("there is a role")


def require_own(person: Person, state: CaseState, action: Action, case_no: str) -> None:
    """A unit's user acts on the unit's own cases only, and for the unit that leads only where it does lead.

    Raises NotAllowed. What was taken from a unit is no longer its own; it may appeal against what it is counted for.
    """
    if not person.of_a_unit_only:
        return
    still = APPEALABLE if action is Action.APPEAL else OWN
    own = [row for row in state.assignments if row["unit"] == person.unit and row["end_reason"] in still]
    if person.unit is None or not own:
        raise NotAllowed("这不是本单位的案件", f"案件 {case_no}", "单位用户只能办理派给本单位的案件。")
    if action in OF_WHO_LEADS and state.case["unit"] != person.unit:
        raise NotAllowed(f"只有主办单位可以“{ACTION_WORDS[action]}”", f"案件 {case_no}", "请与主办单位或派遣员联系。")


def keeps_out(hold: Hold | None, person: Person, role: Role, action: Action) -> bool:
    """Whether somebody else's hold, still active, stands in the way. A note or one more report disturbs nobody."""
    return (
        hold is not None
        and hold.user_id != person.user_id
        and role not in WITHOUT_HOLD
        and action not in DISTURBS_NOBODY
    )
