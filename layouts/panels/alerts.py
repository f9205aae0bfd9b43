"""The cases that became overdue in the last quarter of an hour, numbered as on the map."""

from collections.abc import Iterator

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import OverdueAlert, Snapshot
from layouts import formats
from layouts.panel import Panel, counted, stale
from layouts.views import Card, Cards, Figure, Message, PanelView

MOST = 5  # DivIcons on the map and cards that step past: more would be a list, not an alert
PLACES = 3


def numbered(snapshot: Snapshot) -> Iterator[tuple[int, OverdueAlert]]:
    """The newest alerts with the number they carry here and on the map."""
    return enumerate(snapshot.alerts[:MOST], start=1)


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    address = addresses.city_figure("new_overdue", addresses.QUARTER_HOUR)
    tone = "alarm" if snapshot.new_overdue else ""
    head = counted(snapshot, snapshot.new_overdue, address, before=texts("alerts.head"), tone=tone)
    cards = tuple(_card(number, alert, texts) for number, alert in numbered(snapshot))
    view = Cards(head=head, sub=texts("alerts.sub"), cards=cards, places=PLACES)
    title, mark = texts("alerts.title"), stale(texts, "alerts")
    if not snapshot.new_overdue:
        message = Message(texts("alerts.empty"), texts("alerts.empty_line", open=formats.count(snapshot.open)))
        return PanelView(title=title, stale=mark, state="empty", message=message, body=view)
    return PanelView(title=title, stale=mark, body=view)


def _card(number: int, alert: OverdueAlert, texts: Texts) -> Card:
    """Street and road only: the wall shows no house numbers."""
    minutes = Figure(
        text=formats.count(alert.overdue_min),
        address=addresses.case_figure(alert.case_no),
        value=str(alert.overdue_min),
        before=texts("alerts.before"),
        after=texts("alerts.after"),
        tone="alarm",
    )
    place = alert.road or alert.street
    unit = alert.unit or texts("unit.none")
    line = texts("alerts.place", unit=unit, place=place) if place else unit
    return Card(key=alert.case_no, number=number, title=alert.category, figure=minutes, line=line)


PANEL = Panel("alerts", "cards", render)
