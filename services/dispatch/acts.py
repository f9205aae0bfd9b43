"""Every act of the desk, by its action: one line each. Shapes: services.dispatch.scene."""

from domain.life_cycle import Action
from services.dispatch import applications, applying, flow, reassign, returns, supervise, watching
from services.dispatch.scene import Act
from services.entry.filing import report_again
from services.instructions import instruct

ACTS: dict[Action, Act] = {
    Action.URGE: watching.urge,
    Action.NOTE: watching.note,
    Action.CLAIM: watching.claim,
    Action.ACCEPT: flow.accept,
    Action.VERIFY: flow.verify,
    Action.REGISTER: flow.register,
    Action.REJECT: flow.reject,
    Action.DISPATCH: flow.dispatch,
    Action.RECEIVE: flow.receive,
    Action.HANDLE: flow.handle,
    Action.RECHECK_PASS: flow.recheck_pass,
    Action.RECHECK_FAIL: flow.recheck_fail,
    Action.CLOSE: flow.close,
    Action.VOID: flow.void,
    Action.RESTORE: flow.restore,
    Action.RESUME: flow.resume,
    Action.ESCALATE: flow.escalate,
    Action.SIMPLE: flow.simple,
    Action.SELF_HANDLE: flow.self_handle,
    Action.SUPERVISE: supervise.supervise,
    Action.PROPOSE_SUPERVISION: supervise.propose,
    Action.REASSIGN: reassign.reassign,
    Action.CO_DISPATCH: reassign.co_dispatch,
    Action.RETURN: returns.return_case,
    Action.UPHOLD_RETURN: returns.uphold,
    Action.REFUSE_RETURN: returns.refuse,
    Action.APPLY_EXTENSION: applying.apply_extension,
    Action.APPLY_SUSPENSION: applying.apply_suspension,
    Action.APPEAL: applying.appeal,
    Action.ENDORSE: applications.endorse,
    Action.EXTEND: applications.extend,
    Action.SUSPEND: applications.suspend,
    Action.EXEMPT: applications.exempt,
    Action.REFUSE_APPLICATION: applications.refuse,
    Action.INSTRUCT: instruct,
    Action.REPORT_AGAIN: report_again,
}
