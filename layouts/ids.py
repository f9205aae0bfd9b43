"""Component ids, written once: layouts, callbacks and scripts use the same words."""

LOCATION = "location"
PAGE = "page"
NOTICE_LINE = "notice-line"  # one sentence over any page, about something that was not done
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

CHANNELS = "channels"
CHANNELS_CHOSEN = "channels-chosen"
CHANNELS_DO, CHANNELS_ROW, CHANNELS_TAB = "channels-do", "channels-row", "channels-tab"  # kinds of buttons
CHANNELS_TEST = "channels-test"  # named by the channel it tries


def one_of(kind: str, name: str) -> dict[str, str]:
    """The id of one of several alike."""
    return {"type": kind, "name": name}


USERS_STATE, USERS_FILE, USERS_SEARCH = "users-state", "users-file", "users-search"
USERS_TABLE, USERS_DRAWER = "users-table", "users-drawer"
USERS_DO, USERS_ROW, USERS_TAB, USERS_FIELD = "users-do", "users-row", "users-tab", "users-field"

AUDIT_STATE, AUDIT_BODY, AUDIT_DRAWER = "audit-state", "audit-body", "audit-drawer"
AUDIT_DO, AUDIT_ROW, AUDIT_TAB = "audit-do", "audit-row", "audit-tab"


def panel(name: str) -> str:
    return f"panel-{name}"
