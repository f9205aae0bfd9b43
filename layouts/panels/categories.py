"""The most frequent problems registered today."""

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import KeyCount, Snapshot
from layouts.panel import Panel, counted, stale
from layouts.views import Bar, Bars, Message, PanelView

PLACES = 5


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    title, note = texts("categories.title"), texts("categories.note")
    largest = max((category.count for category in snapshot.categories), default=0)
    if not largest:
        message = Message(texts("categories.empty"))
        return PanelView(title=title, note=note, stale=stale(texts), state="empty", message=message)
    rows = tuple(
        Bar(
            key=category.key,
            name=category.name,
            figure=counted(snapshot, category.count, addresses.category_figure(category.key)),
            share=round(category.count / largest, 4),
            kind=_kind(category, texts),
        )
        for category in snapshot.categories[:PLACES]
    )
    return PanelView(title=title, note=note, stale=stale(texts), body=Bars(rows, PLACES))


def _kind(category: KeyCount, texts: Texts) -> str:
    """部件 or 事件; sources outside this classification have neither."""
    return texts(f"categories.{category.kind}") if category.kind in ("part", "event") else ""


PANEL = Panel("categories", "bars", render)
