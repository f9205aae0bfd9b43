"""Every act of the desk, by its action: one line each. Shapes: services.dispatch.scene."""

from domain.life_cycle import Action
from services.dispatch.scene import Act
from services.entry.filing import report_again
from services.instructions import instruct

ACTS: dict[Action, Act] = {
    Action.INSTRUCT: instruct,
    Action.REPORT_AGAIN: report_again,
}
