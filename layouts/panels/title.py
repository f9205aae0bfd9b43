"""The notes of the title row: what the comparisons mean, and what a reader must know about the data."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts import formats
from layouts.panel import Panel, stale
from layouts.views import Notes, PanelView

MOST = 2  # what fits beside the page's name; what a reader must know about the data comes before the usual note


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    notes = [texts("page.note")]
    if snapshot.history_since is not None:
        notes.append(texts("page.history", day=formats.full_day(snapshot.history_since, texts)))
    if snapshot.quarantined:
        notes.append(texts("page.quarantined", count=formats.count(snapshot.quarantined)))
    if len(notes) > MOST:
        notes = notes[-MOST:]
    return PanelView(title=city.title, stale=stale(texts), body=Notes(tuple(notes)))


PANEL = Panel("title", "notes", render)
