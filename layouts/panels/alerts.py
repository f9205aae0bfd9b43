"""The cases that became overdue in the last quarter of an hour, numbered as on the map; before them the desk's own."""

from collections.abc import Iterator

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import OverdueAlert, Snapshot, Spotlight
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
    spots = tuple(_spot(spot, texts) for spot in snapshot.spotlights)
    cards = (*spots, *(_card(number, alert, texts) for number, alert in numbered(snapshot)))
    view = Cards(head=head, sub=texts("alerts.sub"), cards=cards, places=PLACES)
    title, mark = texts("alerts.title"), stale(texts, "alerts")
    if not snapshot.new_overdue and not spots:
        message = Message(texts("alerts.empty"), texts("alerts.empty_line", open=formats.count(snapshot.open)))
        return PanelView(title=title, stale=mark, state="empty", message=message, body=view)
    return PanelView(title=title, stale=mark, body=view)


def _card(number: int, alert: OverdueAlert, texts: Texts) -> Card:
    minutes = _minutes(alert.overdue_min, texts, addresses.case_figure(alert.case_no))
    return Card(key=alert.case_no, number=number, title=alert.category, figure=minutes, line=_line(alert, texts))


def _spot(spot: Spotlight, texts: Texts) -> Card:
    figure = Figure(texts("alerts.on_time")) if spot.overdue_min is None else _minutes(spot.overdue_min, texts)
    line = texts("alerts.spot", place=spot.road or spot.street or spot.unit or texts("unit.none"))
    return Card(key=f"spot {spot.case_no}", number=None, title=spot.category, figure=figure, line=line, spot=True)


def _minutes(overdue: int, texts: Texts, address: str = "") -> Figure:
    before, after = texts("alerts.before"), texts("alerts.after")
    return Figure(formats.count(overdue), address, str(overdue) if address else "", before, after, "alarm")


def _line(shown: OverdueAlert, texts: Texts) -> str:
    """Street and road only: the wall shows no house numbers."""
    place, unit = shown.road or shown.street, shown.unit or texts("unit.none")
    return texts("alerts.place", unit=unit, place=place) if place else unit


PANEL = Panel("alerts", "cards", render)
