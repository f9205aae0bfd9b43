"""Every panel there is. A new panel is one module and one line here."""

from collections.abc import Mapping

from layouts.panel import Panel
from layouts.panels import (
    alerts,
    categories,
    channels,
    kpi,
    leaderboard,
    map,
    overdue,
    stream,
    title,
    trend,
)

PANELS: Mapping[str, Panel] = {
    module.PANEL.name: module.PANEL
    for module in (title, kpi, trend, channels, categories, map, leaderboard, overdue, alerts, stream)
}
