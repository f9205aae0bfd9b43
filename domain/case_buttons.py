"""The buttons of an open case: which there are, which can be pressed and why not, and the one that comes first.

Groups, words and keys: DESIGN_LANGUAGE 8 (actions). What is allowed is the life cycle's; the desk asks it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.applications import Kind
from domain.life_cycle import TRANSITIONS, WITH_THE_UNIT, Action, Role, Stage, possible_actions

A, S = Action, Stage


class Group(StrEnum):
    """In the order in which they stand."""

    PRESS = "press"  # 督促
    FLOW = "flow"  # 流转
    APPROVE = "approve"  # 审批
    FINISH = "finish"  # 办结
    OTHER = "other"


@dataclass(frozen=True)
class Button:
    """`name` is the action, or what opens `sheet`. `lasting`: shown also while it cannot be pressed."""

    group: Group
    name: str
    actions: tuple[Action, ...]  # any of them makes it possible
    key: str = ""
    sheet: str = ""
    ask_reason: bool = False
    lasting: bool = False


BUTTONS = (
    Button(Group.PRESS, "supervise", (A.SUPERVISE, A.PROPOSE_SUPERVISION), "D", "supervise", lasting=True),
    Button(Group.PRESS, "urge", (A.URGE,), "C", lasting=True),
    Button(Group.FLOW, "receive", (A.RECEIVE,), "S", lasting=True),
    Button(Group.FLOW, "reassign", (A.REASSIGN,), "R", "reassign", lasting=True),
    Button(Group.FLOW, "co_dispatch", (A.CO_DISPATCH,), "B", "co_dispatch", lasting=True),
    Button(Group.FLOW, "return", (A.RETURN, A.UPHOLD_RETURN, A.REFUSE_RETURN), "Z", "return", lasting=True),
    Button(Group.APPROVE, "extension", (A.APPLY_EXTENSION, A.EXTEND), "Y", "extension", lasting=True),
    Button(Group.APPROVE, "suspension", (A.APPLY_SUSPENSION, A.SUSPEND), "G", "suspension", lasting=True),
    Button(Group.FINISH, "close", (A.CLOSE,), "E", ask_reason=True, lasting=True),
    Button(Group.OTHER, "accept", (A.ACCEPT,)),
    Button(Group.OTHER, "register", (A.REGISTER,), "L", sheet="register"),
    Button(Group.OTHER, "reject", (A.REJECT,), ask_reason=True),
    Button(Group.OTHER, "dispatch", (A.DISPATCH,), "P", sheet="dispatch"),
    Button(Group.OTHER, "handle", (A.HANDLE,), "F", ask_reason=True),
    Button(Group.OTHER, "recheck_pass", (A.RECHECK_PASS,), "T"),
    Button(Group.OTHER, "recheck_fail", (A.RECHECK_FAIL,), "W", ask_reason=True),
    Button(Group.OTHER, "resume", (A.RESUME,)),
    Button(Group.OTHER, "escalate", (A.ESCALATE,), sheet="escalate"),
    Button(Group.OTHER, "appeal", (A.APPEAL,), sheet="appeal"),
    Button(Group.OTHER, "void", (A.VOID,), ask_reason=True),
    Button(Group.OTHER, "restore", (A.RESTORE,), ask_reason=True),
    Button(Group.OTHER, "claim", (A.CLAIM,), "A"),
    Button(Group.OTHER, "instruct", (A.INSTRUCT,), "M", sheet="instruct"),
)
SIGNED_ON: dict[Kind, str] = {  # the button whose sheet decides an application
    Kind.EXTENSION: "extension", Kind.SUSPENSION: "suspension", Kind.RETURN: "return", Kind.APPEAL: "appeal",
    Kind.SUPERVISION: "supervise",
}  # fmt: skip
NEXT: dict[Stage, tuple[str, ...]] = {  # what brings a case on from here
    S.REPORTED: ("accept", "register"), S.ACCEPTED: ("register",), S.REGISTERED: ("dispatch",),
    S.RETURNED: ("return",), S.HANDLED: ("recheck_pass",), S.RECHECKED: ("close",), S.VOID: ("restore",),
    S.SUSPENDED: ("resume",), S.CLOSED: ("appeal",),
}  # fmt: skip
NEXT_OF_UNIT: dict[Stage, tuple[str, ...]] = {  # the desk, which may write these down for a unit, presses it instead
    S.DISPATCHED: ("receive",), S.RECEIVED: ("handle",), S.REWORK: ("handle",),
}  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """What decides about the buttons. `to_sign` are the applications that wait for this person."""

    stage: Stage
    roles: tuple[Role, ...]
    at_the_desk: bool
    to_sign: tuple[Kind, ...] = ()
    overdue: bool = False
    supervised: bool = False


@dataclass(frozen=True)
class Shown:
    """A button for this person now. `missing` names the roles that may do it where this person's may not."""

    button: Button
    enabled: bool
    missing: tuple[Role, ...] = ()
    primary: bool = False


def buttons_for(now: Situation) -> tuple[Shown, ...]:
    """Every button this person is shown. The desk sees the main ones always; others only those of their own post.

    Exactly one of those that can be pressed is the primary one. Ours, after DESIGN_LANGUAGE 8.
    """
    possible = {action for role in now.roles for action in possible_actions(now.stage, role)}
    ever = {row.action for row in TRANSITIONS if set(row.roles) & set(now.roles)}
    signing = {SIGNED_ON[kind] for kind in now.to_sign}
    shown = []
    for button in BUTTONS:
        enabled = button.name in signing or bool(possible.intersection(button.actions))
        mine = bool(ever.intersection(button.actions))
        if enabled or (button.lasting and (mine or now.at_the_desk)):
            shown.append(Shown(button, enabled, () if mine else _roles_of(button.actions)))
    first = _primary(now, [one.button.name for one in shown if one.enabled])
    return tuple(Shown(one.button, one.enabled, one.missing, one.button.name == first) for one in shown)


def _roles_of(actions: Iterable[Action]) -> tuple[Role, ...]:
    wanted = set(actions)
    may = {role for row in TRANSITIONS if row.action in wanted for role in row.roles}
    return tuple(role for role in Role if role in may)


def _primary(now: Situation, enabled: Sequence[str]) -> str:
    """What is signed comes first, then what brings the case on, then what presses the unit while it has the case."""
    press: tuple[str, ...] = ("supervise", "urge") if now.overdue and not now.supervised else ("urge", "supervise")
    if now.stage not in WITH_THE_UNIT:
        press = ("claim", *press)
    own = () if now.at_the_desk else NEXT_OF_UNIT.get(now.stage, ())
    wanted = (*(SIGNED_ON[kind] for kind in now.to_sign), *own, *NEXT.get(now.stage, ()), "instruct", *press)
    return next((name for name in wanted if name in enabled), enabled[0] if enabled else "")
