"""Every act of the desk, by its action: one line each. Shapes: services.dispatch.scene."""

from domain.life_cycle import Action
from services.dispatch.scene import Act

ACTS: dict[Action, Act] = {}
