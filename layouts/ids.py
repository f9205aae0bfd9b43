"""Component ids, written once: layouts, callbacks and scripts use the same words."""

LOCATION = "location"
PAGE = "page"
WALL = "wall"
MAP = "map"
MAP_CELLS = "map-cells"
MAP_BASE = "map-base"
MAP_CAMERAS = "map-cameras"
TREND_GRAPH = "trend-graph"
DESK = "desk"
DESK_QUEUE = "desk-queue"
DESK_CASE = "desk-case"
DESK_SIDE = "desk-side"
DESK_TOASTS = "desk-toasts"
DESK_ALERT = "desk-alert"


def panel(name: str) -> str:
    return f"panel-{name}"
