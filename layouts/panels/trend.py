"""Cases registered and closed in each of the last 24 full hours."""

from collections.abc import Sequence
from datetime import timedelta

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import HourFlow, Snapshot
from layouts.panel import Panel, counted, stale
from layouts.views import Chart, Message, PanelView, Series, Tick

SCALE_TOPS = (1, 2, 5)
FIRST_TICK = 2  # a label further left would touch the axis label 0
LABEL_GAP = 0.2  # of the scale's height: one line of label text


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    hours = snapshot.hours
    title, note = texts("trend.title"), texts("trend.note")
    if not hours:
        message = Message(texts("trend.error"))
        return PanelView(title=title, note=note, stale=stale(texts), state="error", message=message)
    registered = tuple(hour.registered for hour in hours)
    closed = tuple(hour.closed for hour in hours)
    top = scale_top(max(*registered, *closed))
    high, low = label_heights(registered[-1] / top, closed[-1] / top)
    series = (
        _series("closed", closed, low, snapshot, city, texts),
        _series("registered", registered, high, snapshot, city, texts),
    )
    starts = [city.local(hour.start) for hour in hours]
    ticks = tuple(
        Tick(at, texts("trend.hour", hour=f"{start:%H}"))
        for at, start in enumerate(starts)
        if start.hour % 6 == 0 and at >= FIRST_TICK
    )
    midnight = next((at for at, start in enumerate(starts) if start.hour == 0), None)
    chart = Chart(series, ticks, midnight, top, _day(hours, city))
    quiet = not any(registered) and not any(closed)
    return PanelView(title=title, note=note, stale=stale(texts), state="empty" if quiet else "ok", body=chart)


def scale_top(largest: int) -> int:
    """The next of 10, 20, 50, 100, 200, 500 … : a scale that only takes round steps."""
    power = 10
    while True:
        for step in SCALE_TOPS:
            if largest <= step * power:
                return step * power
        power *= 10


def label_heights(registered: float, closed: float) -> tuple[float, float]:
    """Both labels at their line's end, pushed apart just enough not to touch, and kept inside the scale."""
    middle = (registered + closed) / 2
    half = max(abs(registered - closed), LABEL_GAP) / 2
    middle = min(max(middle, half), 1 - half)
    above = registered >= closed
    return (middle + half, middle - half) if above else (middle - half, middle + half)


def _series(key: str, values: Sequence[int], at: float, snapshot: Snapshot, city: City, texts: Texts) -> Series:
    address = addresses.hour_figure(snapshot.hours[-1].start, key, city.zone)
    name = texts(f"trend.{key}")
    figure = counted(snapshot, values[-1], address, before=f"{name} ")
    return Series(key, name, tuple(values), figure, round(at, 4))


def _day(hours: Sequence[HourFlow], city: City) -> str:
    return city.day_of(hours[-1].start + timedelta(hours=1)).isoformat()


PANEL = Panel("trend", "chart", render)
