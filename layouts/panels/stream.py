"""The latest steps taken on cases. No reporter data, no house numbers."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import FeedItem, Snapshot
from layouts import formats
from layouts.panel import Panel, stale
from layouts.views import Feed, FeedRow, Message, PanelView

PLACES = 3


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    title = texts("stream.title")
    if not snapshot.feed:
        message = Message(texts("stream.empty"))
        return PanelView(title=title, stale=stale(texts), state="empty", message=message)
    rows = tuple(_row(item, snapshot, city, texts) for item in snapshot.feed[:PLACES])
    return PanelView(title=title, stale=stale(texts), body=Feed(rows, PLACES))


def _row(item: FeedItem, snapshot: Snapshot, city: City, texts: Texts) -> FeedRow:
    text = texts("stream.text", category=item.category, road=item.road) if item.road else item.category
    return FeedRow(
        key=f"{item.case_no}/{item.step}/{formats.milliseconds(item.at)}",
        time=formats.row_time(item.at, snapshot.day, city, texts),
        step=texts(f"stream.{item.step}"),
        text=text,
        unit=item.unit or texts("unit.none"),
        tone=item.step,
    )


PANEL = Panel("stream", "feed", render)
