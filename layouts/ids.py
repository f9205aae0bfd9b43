"""Component ids, written once: layouts, callbacks and scripts use the same words."""

LOCATION = "location"
PAGE = "page"
WALL = "wall"
MAP = "map"
MAP_CELLS = "map-cells"
MAP_BASE = "map-base"
MAP_CAMERAS = "map-cameras"
TREND_GRAPH = "trend-graph"


def panel(name: str) -> str:
    return f"panel-{name}"
