"""Nine figures of the city: the flow of today, the quality of the month, the stock of now."""

from fractions import Fraction

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import Snapshot
from layouts import formats
from layouts.panel import Panel, counted, stale
from layouts.views import Figure, PanelView, Tile, Tiles

FLOWS = ("reported", "registered", "dispatched", "handled", "closed")
STOCKS = ("open", "overdue_open", "suspended")
MOST_CHARACTERS = 40  # of all figures together at full size


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    tiles = (
        *(_flow_tile(name, snapshot, texts) for name in FLOWS),
        _rate_tile(snapshot, city, texts),
        _stock_tile("open", snapshot.open, snapshot, texts, group=True),
        _overdue_tile(snapshot, texts),
        _stock_tile("suspended", snapshot.suspended, snapshot, texts),
    )
    dense = sum(len(tile.figure.text) for tile in tiles) > MOST_CHARACTERS
    return PanelView(title=texts("kpi.title"), stale=stale(texts, "tile"), body=Tiles(tiles, dense))


def loading(city: City, texts: Texts) -> PanelView:
    names = (*FLOWS, "on_time_closure_rate", *STOCKS)
    grouped = {"on_time_closure_rate", "open"}
    tiles = tuple(
        Tile(name, texts(f"kpi.{name}"), Figure(""), group=name in grouped, state="loading") for name in names
    )
    return PanelView(title=texts("kpi.title"), stale=stale(texts, "tile"), state="loading", body=Tiles(tiles))


def _flow_tile(name: str, snapshot: Snapshot, texts: Texts) -> Tile:
    """The bar is the share of today's reports; a step this city's sources never carry says so."""
    flow, reported = snapshot.flows[name], snapshot.flows["reported"].today
    address = addresses.city_figure(name, addresses.TODAY)
    if address in snapshot.failed_checks:
        return _failed_tile(name, address, texts)
    figure = counted(snapshot, flow.today, address)
    if flow.today is None:
        return Tile(name, texts(f"kpi.{name}"), figure, Figure(texts("figure.not_recorded")), bar=0, state="empty")
    note = None
    if flow.yesterday is not None:
        text = formats.change(flow.today, flow.yesterday, texts)
        note = Figure(text, addresses.vs_yesterday(name), f"{flow.today}/{flow.yesterday}")
    share = min(flow.today / reported, 1.0) if reported else 0.0
    return Tile(name, texts(f"kpi.{name}"), figure, note, bar=round(share, 4))


def _rate_tile(snapshot: Snapshot, city: City, texts: Texts) -> Tile:
    name = "on_time_closure_rate"
    address = addresses.city_figure(name, addresses.MONTH)
    if address in snapshot.failed_checks:
        return _failed_tile(name, address, texts, group=True)
    rate, target = snapshot.on_time, city.on_time_target
    tick = round(float(target), 4) if target is not None else None
    if rate.value is None:
        note, dash = Figure(texts("figure.nothing_due")), Figure(formats.NONE, address, formats.exact(rate))
        return Tile(name, texts(f"kpi.{name}"), dash, note, bar=0, tone="rate", group=True, state="empty")
    words = texts("kpi.month") if target is None else texts("kpi.target", percent=_plain_percent(target))
    figure = Figure(formats.percent(rate.value), address, formats.exact(rate), after=texts("figure.percent"))
    bar = min(round(float(rate.value), 4), 1.0)
    return Tile(name, texts(f"kpi.{name}"), figure, Figure(words), bar=bar, tick=tick, tone="rate", group=True)


def _stock_tile(name: str, number: int, snapshot: Snapshot, texts: Texts, group: bool = False) -> Tile:
    address = addresses.city_figure(name, addresses.NOW)
    if address in snapshot.failed_checks:
        return _failed_tile(name, address, texts, group=group)
    return Tile(name, texts(f"kpi.{name}"), counted(snapshot, number, address), group=group)


def _overdue_tile(snapshot: Snapshot, texts: Texts) -> Tile:
    """Turns alarm by its own rule: anything overdue. The bar is the share of the open cases."""
    name = "overdue_open"
    address = addresses.city_figure(name, addresses.NOW)
    if address in snapshot.failed_checks:
        return _failed_tile(name, address, texts)
    figure = counted(snapshot, snapshot.overdue_open, address)
    if not snapshot.open:
        return Tile(name, texts(f"kpi.{name}"), figure, bar=0)
    share = Fraction(snapshot.overdue_open, snapshot.open)
    note = Figure(
        formats.percent(share),
        addresses.city_figure("overdue_share", addresses.NOW),
        f"{snapshot.overdue_open}/{snapshot.open}",
        texts("kpi.share_before"),
        texts("kpi.share_after"),
    )
    tone = "alarm" if snapshot.overdue_open else ""
    return Tile(name, texts(f"kpi.{name}"), figure, note, bar=min(round(float(share), 4), 1.0), tone=tone)


def _failed_tile(name: str, address: str, texts: Texts, group: bool = False) -> Tile:
    note = Figure(texts("figure.failed"), tone="failed")
    dash = Figure(formats.NONE, address, tone="failed")
    return Tile(name, texts(f"kpi.{name}"), dash, note, bar=0, group=group, state="error")


def _plain_percent(share: Fraction) -> str:
    """A target as people write it: 90, 92.5."""
    return f"{float(share * 100):g}"


PANEL = Panel("kpi", "tiles", render, loading)
