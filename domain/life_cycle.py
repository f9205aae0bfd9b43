"""The life of a case: its stages, and the one table of who may move it from where to where (DECISIONS 1).

The flow is the seven steps of 启东's report and 肃宁's Articles 14 to 18; the side ways are 汝州's four approvals and
五华's 举手之劳 (domain research sections 1.5 and 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import Refusal


class Stage(StrEnum):
    REPORTED = "reported"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    HANDLED = "handled"
    RECHECKED = "rechecked"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOID = "void"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    REWORK = "rework"


class Action(StrEnum):
    """Everything that can happen to a case: the event log's `action` is always one of these."""

    REPORT = "report"
    ACCEPT = "accept"
    VERIFY = "verify"
    REGISTER = "register"
    REJECT = "reject"
    DISPATCH = "dispatch"
    RECEIVE = "receive"
    HANDLE = "handle"
    RECHECK_PASS = "recheck_pass"
    RECHECK_FAIL = "recheck_fail"
    CLOSE = "close"
    RETURN = "return"
    UPHOLD_RETURN = "uphold_return"  # the two ways to decide a return: the unit was right (or the dispatcher wrong)
    REFUSE_RETURN = "refuse_return"  # … or the unit must do it
    REASSIGN = "reassign"
    CO_DISPATCH = "co_dispatch"
    ESCALATE = "escalate"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    VOID = "void"
    RESTORE = "restore"
    SELF_HANDLE = "self_handle"
    SIMPLE = "simple"
    CORRECT = "correct"  # an earlier step happened at another time, or otherwise: a late edit
    CLAIM = "claim"
    URGE = "urge"
    SUPERVISE = "supervise"
    NOTE = "note"
    APPLY_EXTENSION = "apply_extension"  # the unit asks; a dispatcher endorses; the duty chief extends or refuses
    APPLY_SUSPENSION = "apply_suspension"
    APPEAL = "appeal"  # 申诉: the facts stay, the score may leave the case out
    EXEMPT = "exempt"  # an accepted appeal
    PROPOSE_SUPERVISION = "propose_supervision"  # 送值班长签发
    ENDORSE = "endorse"  # 初审同意
    REFUSE_APPLICATION = "refuse_application"
    INSTRUCT = "instruct"  # 领导批示, with a deadline of its own (启东)
    REPORT_AGAIN = "report_again"  # 并入: the same problem reported once more
    IMPORTED = "imported"  # what another system says of a case of its own
    SOURCE_UPDATED = "source_updated"


class Role(StrEnum):
    """Who may move a case. Other roles of the house only look."""

    COLLECTOR = "collector"
    REGISTRAR = "registrar"
    DUTY_CHIEF = "duty_chief"
    DISPATCHER = "dispatcher"
    UNIT_USER = "unit_user"
    LEADER = "leader"
    SOURCE = "source"  # another system, through an import or a feed


class Told(StrEnum):
    """Stages that only the history of the case can tell."""

    BEFORE_VOID = "before_void"  # where it stood when it was declared void
    BY_ITS_TIMES = "by_its_times"  # the furthest step whose time the source gives


class Procedure(StrEnum):
    """Ways to the end without dispatch and recheck; such a case is counted apart (DECISIONS 2, domain research 9)."""

    SELF_HANDLED = "self_handled"  # 举手之劳, 五华
    SIMPLE = "simple"  # 简易程序, 汝州


class Tier(StrEnum):
    """五华's four loops: who handles a case. 社区自循环, 街道微循环, 区级小循环, 市级大循环."""

    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    CITY = "city"


class AssignmentRole(StrEnum):
    """Why a unit has a case: it leads, it assists, or it only knows (双派, 石景山)."""

    LEAD = "lead"
    ASSIST = "assist"
    INFORMED = "informed"


class EndReason(StrEnum):
    """Why an assignment ended."""

    CLOSED = "closed"
    REASSIGNED = "reassigned"
    ESCALATED = "escalated"
    RETURNED = "returned"  # 回退 upheld: the unit was right
    DISPATCHER_ERROR = "dispatcher_error"  # 回退 upheld, and a 案件移交单 is due (汝州)


FREED = (EndReason.RETURNED, EndReason.DISPATCHER_ERROR)  # not counted against the unit (DECISIONS 6)


@dataclass(frozen=True)
class Transition:
    """From any of `stages` (None = no case yet) to `to`, by any of `roles`; `to` None = the stage stays as it is."""

    action: Action
    stages: tuple[Stage | None, ...]
    roles: tuple[Role, ...]
    to: Stage | Told | None


S, A = Stage, Action
DESK = (Role.REGISTRAR, Role.DUTY_CHIEF)
APPROVAL = (Role.DISPATCHER, Role.DUTY_CHIEF)
FROM_THE_UNIT = (Role.UNIT_USER, Role.DISPATCHER)  # by itself, or written down for it by the desk
RECHECKERS = (Role.COLLECTOR, *DESK)
ENTRY = (Role.COLLECTOR, Role.REGISTRAR, Role.DISPATCHER)
WITH_THE_UNIT = (S.DISPATCHED, S.RECEIVED, S.REWORK)
UNFINISHED = (
    S.REPORTED, S.ACCEPTED, S.REGISTERED, *WITH_THE_UNIT, S.HANDLED, S.RECHECKED, S.RETURNED, S.SUSPENDED,
)  # fmt: skip
EVERY = tuple(Stage)
STAFF = tuple(role for role in Role if role is not Role.SOURCE)

TRANSITIONS = (
    Transition(A.REPORT, (None,), ENTRY, S.REPORTED),  # 上报
    Transition(A.ACCEPT, (S.REPORTED,), DESK, S.ACCEPTED),  # 受理
    Transition(A.VERIFY, (S.ACCEPTED,), (Role.COLLECTOR,), None),  # 核实: before filing, on the spot
    # 立案. What our own collectors, grid workers and cameras report needs no 核实: accepted and filed in one act.
    Transition(A.REGISTER, (S.REPORTED, S.ACCEPTED), (Role.DUTY_CHIEF,), S.REGISTERED),
    Transition(A.REJECT, (S.REPORTED, S.ACCEPTED), DESK, S.REJECTED),  # 不予立案
    Transition(A.DISPATCH, (S.REGISTERED,), (Role.DISPATCHER,), S.DISPATCHED),  # 派遣
    # A third-class unit has a telephone and no terminal (肃宁 Art. 6 to 9): the desk writes down what it says.
    Transition(A.RECEIVE, (S.DISPATCHED, S.REWORK), FROM_THE_UNIT, S.RECEIVED),  # 签收
    Transition(A.HANDLE, WITH_THE_UNIT, FROM_THE_UNIT, S.HANDLED),  # 处置, 反馈
    # 核查 after handling, by the collector or written down for it. Never by who dispatches: 采集与处置分离 (石景山).
    Transition(A.RECHECK_PASS, (S.HANDLED,), RECHECKERS, S.RECHECKED),
    Transition(A.RECHECK_FAIL, (S.HANDLED,), RECHECKERS, S.REWORK),  # 返工: the clock goes on
    Transition(A.CLOSE, (S.RECHECKED,), (Role.DUTY_CHIEF,), S.CLOSED),  # 结案
    Transition(A.RETURN, WITH_THE_UNIT, FROM_THE_UNIT, S.RETURNED),  # 回退, with its reason
    Transition(A.UPHOLD_RETURN, (S.RETURNED,), APPROVAL, S.REGISTERED),  # the case waits for another unit
    Transition(A.REFUSE_RETURN, (S.RETURNED,), APPROVAL, S.DISPATCHED),  # back to the same unit
    Transition(A.REASSIGN, WITH_THE_UNIT, (Role.DISPATCHER,), S.DISPATCHED),  # 改派: a new unit, a new clock
    Transition(A.CO_DISPATCH, WITH_THE_UNIT, (Role.DISPATCHER,), None),  # 增派: one more unit assists or is informed
    Transition(A.ESCALATE, (S.REGISTERED, *WITH_THE_UNIT), (Role.DISPATCHER,), S.REGISTERED),  # 上呈: a higher tier
    # 延期, 肃宁 Art. 27. It holds from the application on, so also for what was handled while it waited (reading o).
    Transition(A.EXTEND, (*WITH_THE_UNIT, S.HANDLED, S.RECHECKED), (Role.DUTY_CHIEF,), None),
    # 缓办, 挂账: on the unit's application; granted anew before its review, it goes on.
    Transition(A.SUSPEND, (*WITH_THE_UNIT, S.SUSPENDED), (Role.DUTY_CHIEF,), S.SUSPENDED),
    Transition(A.RESUME, (S.SUSPENDED,), APPROVAL, S.RECEIVED),  # the unit that applied goes on
    Transition(A.VOID, UNFINISHED, (Role.DUTY_CHIEF,), S.VOID),  # 作废
    Transition(A.RESTORE, (S.VOID,), (Role.DUTY_CHIEF,), Told.BEFORE_VOID),  # 恢复
    Transition(A.SELF_HANDLE, (S.REPORTED, S.ACCEPTED), (Role.COLLECTOR,), S.CLOSED),  # 举手之劳
    # 简易程序: decided before filing, so that a filed case is never counted apart. No dispatch, no recheck.
    Transition(A.SIMPLE, (S.ACCEPTED,), APPROVAL, S.CLOSED),
    Transition(A.CORRECT, EVERY, DESK, None),  # 更正, 补录
    Transition(A.CLAIM, UNFINISHED, (*DESK, Role.DISPATCHER), None),  # 认领
    Transition(A.URGE, UNFINISHED, APPROVAL, None),  # 催办
    Transition(A.SUPERVISE, UNFINISHED, (Role.DUTY_CHIEF,), None),  # 督办
    Transition(A.NOTE, EVERY, STAFF, None),  # 批注
    Transition(A.APPLY_EXTENSION, WITH_THE_UNIT, FROM_THE_UNIT, None),
    Transition(A.APPLY_SUSPENSION, (*WITH_THE_UNIT, S.SUSPENDED), FROM_THE_UNIT, None),
    Transition(A.APPEAL, (*WITH_THE_UNIT, S.HANDLED, S.RECHECKED, S.CLOSED), FROM_THE_UNIT, None),
    Transition(A.EXEMPT, EVERY, (Role.DUTY_CHIEF,), None),
    Transition(A.PROPOSE_SUPERVISION, UNFINISHED, (Role.DISPATCHER,), None),
    Transition(A.ENDORSE, EVERY, (Role.DISPATCHER,), None),
    Transition(A.REFUSE_APPLICATION, EVERY, APPROVAL, None),
    Transition(A.INSTRUCT, UNFINISHED, (Role.LEADER,), None),
    Transition(A.REPORT_AGAIN, UNFINISHED, ENTRY, None),
    Transition(A.IMPORTED, (None,), (Role.SOURCE,), Told.BY_ITS_TIMES),
    Transition(A.SOURCE_UPDATED, EVERY, (Role.SOURCE,), Told.BY_ITS_TIMES),
)

STAGE_WORDS = {
    None: "尚未上报", S.REPORTED: "已上报", S.ACCEPTED: "已受理", S.REGISTERED: "已立案", S.DISPATCHED: "已派遣",
    S.RECEIVED: "已签收", S.HANDLED: "已处置", S.RECHECKED: "已核查", S.CLOSED: "已结案", S.REJECTED: "不予立案",
    S.VOID: "已作废", S.SUSPENDED: "挂账", S.RETURNED: "已回退", S.REWORK: "返工",
}  # fmt: skip
ACTION_WORDS = {
    A.REPORT: "上报", A.ACCEPT: "受理", A.VERIFY: "核实", A.REGISTER: "立案", A.REJECT: "不予立案", A.DISPATCH: "派遣",
    A.RECEIVE: "签收", A.HANDLE: "处置", A.RECHECK_PASS: "核查通过", A.RECHECK_FAIL: "核查不通过", A.CLOSE: "结案",
    A.RETURN: "回退", A.UPHOLD_RETURN: "同意回退", A.REFUSE_RETURN: "驳回回退", A.REASSIGN: "改派",
    A.CO_DISPATCH: "增派", A.ESCALATE: "上呈", A.EXTEND: "延期", A.SUSPEND: "挂账", A.RESUME: "解除挂账",
    A.VOID: "作废", A.RESTORE: "恢复", A.SELF_HANDLE: "自行处置", A.SIMPLE: "简易程序结案", A.CORRECT: "更正",
    A.CLAIM: "认领", A.URGE: "催办", A.SUPERVISE: "督办", A.NOTE: "批注", A.APPLY_EXTENSION: "延期申请",
    A.APPLY_SUSPENSION: "挂账申请", A.APPEAL: "申诉", A.EXEMPT: "同意申诉", A.PROPOSE_SUPERVISION: "督办送签",
    A.ENDORSE: "初审同意", A.REFUSE_APPLICATION: "驳回申请", A.INSTRUCT: "领导批示", A.REPORT_AGAIN: "再次上报",
    A.IMPORTED: "导入", A.SOURCE_UPDATED: "来源更新",
}  # fmt: skip
ROLE_WORDS = {
    Role.COLLECTOR: "采集员", Role.REGISTRAR: "受理员", Role.DUTY_CHIEF: "值班长", Role.DISPATCHER: "派遣员",
    Role.UNIT_USER: "处置单位", Role.LEADER: "领导", Role.SOURCE: "来源系统",
}  # fmt: skip

_BY_ACTION = {(stage, row.action): row for row in TRANSITIONS for stage in row.stages}
_OF_ACTION = {
    row.action: row for row in TRANSITIONS
}  # an action leads to one stage, or leaves it, wherever it is taken


class IllegalTransition(Refusal):
    """The case is not in a stage for this action, or the role may not take it. Nothing was changed."""


def possible_actions(stage: Stage | None, role: Role) -> tuple[Action, ...]:
    """What this role may do with a case in this stage, in the order of the flow.

    Source: DECISIONS 1, domain research 1.5.
    """
    return tuple(row.action for row in TRANSITIONS if stage in row.stages and role in row.roles)


def next_stage(stage: Stage | None, action: Action, role: Role, told: Stage | None = None) -> Stage:
    """The stage after the action; None as `stage` means there is no case yet. Raises IllegalTransition.

    `told` is the stage that the case's history tells, needed where the table says Told.
    Source: DECISIONS 1, domain research 1.5.
    """
    row = _BY_ACTION.get((stage, action))
    where = f"案件环节：{STAGE_WORDS[stage]}"
    if row is None:
        possible = "、".join(ACTION_WORDS[other] for other in possible_actions(stage, role)) or "没有操作"
        then = f"{ROLE_WORDS[role]}现在可以做的：{possible}。请刷新案件后再试。"
        raise IllegalTransition(f"这个环节不能“{ACTION_WORDS[action]}”", where, then)
    if role not in row.roles:
        allowed = "、".join(ROLE_WORDS[other] for other in row.roles)
        raise IllegalTransition(f"{ROLE_WORDS[role]}不能“{ACTION_WORDS[action]}”", where, f"请由{allowed}办理。")
    return _reached(row, stage, told)


def replayed_stage(stage: Stage | None, action: Action, told: Stage | None = None) -> Stage:
    """The stage after an action that the log says was taken, whoever took it. Raises IllegalTransition.

    Source: DECISIONS 1 and 9.
    """
    row = _BY_ACTION.get((stage, action))
    if row is None:
        raise IllegalTransition(
            f"案件记录里的“{ACTION_WORDS[action]}”不合环节", f"案件环节：{STAGE_WORDS[stage]}", "请核对案件的事件记录。"
        )
    return _reached(row, stage, told)


def moves(action: Action) -> bool:
    """Whether the action leads to another stage; all others leave a case where it stands. Source: DECISIONS 1."""
    return _OF_ACTION[action].to is not None


def stage_beside_source(stage: Stage, action: Action, told: Stage | None = None) -> Stage:
    """The stage after an action of ours on another system's case. Where the case stood at the time is what that
    system said then; since it may say otherwise later, the pair need not stand in the table. Source: DECISIONS 24.
    """
    to = _OF_ACTION[action].to
    return (told if isinstance(to, Told) else to) or stage


def _reached(row: Transition, stage: Stage | None, told: Stage | None) -> Stage:
    reached = told if isinstance(row.to, Told) else row.to or stage
    if reached is None:
        raise ValueError(f"{row.action} needs to be told which stage it leads to")
    return reached


# The furthest step whose time is known is the stage; a side state counts only while the case is not closed.
STAGE_BY_TIME = (
    ("closed_at", S.CLOSED), ("voided_at", S.VOID), ("rejected_at", S.REJECTED), ("suspended_at", S.SUSPENDED),
    ("rechecked_at", S.RECHECKED), ("handled_at", S.HANDLED), ("received_at", S.RECEIVED),
    ("dispatched_at", S.DISPATCHED), ("registered_at", S.REGISTERED), ("accepted_at", S.ACCEPTED),
)  # fmt: skip


def stage_by_times(times: Mapping[str, object]) -> Stage:
    """The stage of a case of which only times are known, as another system gives them. Source: DECISIONS 1 and 2."""
    return next((stage for name, stage in STAGE_BY_TIME if times.get(name) is not None), S.REPORTED)
