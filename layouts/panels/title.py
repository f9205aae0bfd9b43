"""The notes of the title row: what the comparisons mean, and what a reader must know about the data."""

from datetime import timedelta

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts import formats
from layouts.panel import Panel, stale
from layouts.views import Notes, PanelView

MOST = 2  # what fits beside the page's name; what a reader must know about the data comes before the usual note
OLD_AFTER = timedelta(hours=24)  # a city in which nothing happens for a day is not at work, or sends no data


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    notes = [texts("page.note")]
    if snapshot.history_since is not None:
        notes.append(texts("page.history", day=formats.full_day(snapshot.history_since, texts)))
    if snapshot.quarantined:
        notes.append(texts("page.quarantined", count=formats.count(snapshot.quarantined)))
    warning, places = _old(snapshot, city, texts)
    if not warning and snapshot.calendar_missing is not None:
        warning, places = texts("page.calendar", year=snapshot.calendar_missing), 1
    notes = notes[max(0, len(notes) - places) :]
    return PanelView(title=city.title, stale=stale(texts), body=Notes(tuple(notes), warning))


def _old(snapshot: Snapshot, city: City, texts: Texts) -> tuple[str, int]:
    """When the newest step was taken, where that is long ago, and how many notes fit beside that.

    A running clock must not make old data look new. With its year the sentence takes the whole place.
    """
    newest = max((item.at for item in snapshot.feed), default=None)
    if newest is None or snapshot.as_of - newest <= OLD_AFTER:
        return "", MOST
    words = texts("page.latest", moment=formats.dated_time(newest, snapshot.day, city, texts))
    return words, 1 if city.local(newest).year == snapshot.day.year else 0


PANEL = Panel("title", "notes", render)
