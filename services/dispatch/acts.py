"""Every act of the desk, by its action: one line each. Shapes: services.dispatch.scene."""

from domain.life_cycle import Action
from services.dispatch import applications, applying, reassign, returns, supervise
from services.dispatch.scene import Act
from services.entry.filing import report_again
from services.instructions import instruct

ACTS: dict[Action, Act] = {
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
