"""Where today's reports came from."""

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import Snapshot
from layouts.panel import Panel, counted, stale
from layouts.views import Bar, Bars, Message, PanelView

PLACES = 6


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    title, largest = texts("channels.title"), max((channel.count for channel in snapshot.channels), default=0)
    reported = addresses.city_figure("reported", addresses.TODAY)
    total = counted(
        snapshot,
        snapshot.flows["reported"].today,
        reported,
        before=texts("channels.note_before"),
        after=texts("channels.note_after"),
    )
    if not largest:
        message = Message(texts("channels.empty"))
        return PanelView(title=title, note_figure=total, stale=stale(texts), state="empty", message=message)
    rows = tuple(
        Bar(
            key=channel.key,
            name=channel.name,
            figure=counted(snapshot, channel.count, addresses.channel_figure(channel.key)),
            share=round(channel.count / largest, 4),
        )
        for channel in snapshot.channels[:PLACES]
    )
    return PanelView(title=title, note_figure=total, stale=stale(texts), body=Bars(rows, PLACES))


PANEL = Panel("channels", "bars", render)
