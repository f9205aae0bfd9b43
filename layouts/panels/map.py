"""The city itself: cells in fixed classes, street names, cameras, and the newest overdue cases."""

from bisect import bisect_right
from collections.abc import Sequence

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import Snapshot
from layouts import formats
from layouts.panel import Panel, counted, stale
from layouts.panels.alerts import numbered
from layouts.views import (
    AlarmMark,
    CameraMark,
    Figure,
    HeatMeasure,
    Map,
    Message,
    PanelView,
    PointCount,
    StreetLabel,
)

MEASURES = ("registered_today", "open", "overdue_open")
DEFAULT_BREAKS = (1, 2, 4, 6, 9)  # lower bounds of classes 1…5 where the city file sets none


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    measures = tuple(_measure(name, snapshot, city, texts) for name in MEASURES)
    body = Map(
        measures=measures,
        coverage=_coverage(snapshot, city, texts),
        no_position=_no_position(snapshot, texts),
        points=_points(snapshot, texts),
        streets=_streets(snapshot),
        cameras=tuple(CameraMark(camera.key, camera.state, camera.position) for camera in snapshot.cameras),
        alarms=tuple(
            AlarmMark(alert.case_no, number, alert.position, formats.milliseconds(alert.due_at))
            for number, alert in numbered(snapshot)
            if alert.position is not None
        ),
        spot=next((spot.position for spot in snapshot.spotlights), None),
    )
    title = measures[0].title
    if not snapshot.grid_keys:
        message = Message(texts("map.no_grids"), texts("map.no_grids_line"))
        return PanelView(title=title, stale=stale(texts), state="empty", message=message, body=body)
    if not measures[0].classes:
        return PanelView(title=title, stale=stale(texts), state="error", message=Message(texts("map.error")), body=body)
    if snapshot.flows["registered"].today == 0:
        return PanelView(title=title, stale=stale(texts), state="empty", message=Message(texts("map.empty")), body=body)
    return PanelView(title=title, stale=stale(texts), body=body)


def heat_class(number: int, breaks: Sequence[int]) -> int:
    """Class 0…5 by fixed lower bounds, never re-quantiled: a colour means the same at 9 and at 17 o'clock."""
    return bisect_right(breaks, number)


def _measure(name: str, snapshot: Snapshot, city: City, texts: Texts) -> HeatMeasure:
    breaks = city.heat_breaks.get(name, DEFAULT_BREAKS)
    heat = snapshot.grid_heat.get(name, ())
    whole = len(heat) == len(snapshot.grid_keys) and name not in snapshot.failed_checks
    return HeatMeasure(
        name=name,
        title=texts(f"map.title_{name}"),
        classes="".join(str(heat_class(number, breaks)) for number in heat) if whole else "",
        legend_title=texts(f"map.legend_{name}"),
        legend=_legend(breaks, texts),
        counts=name == "registered_today",
    )


def _legend(breaks: Sequence[int], texts: Texts) -> tuple[str, ...]:
    """0, 1, 2–3, 4–5, 6–8, ≥9 from the lower bounds 1, 2, 4, 6, 9."""
    bounds = (0, *breaks)
    labels = [
        str(low) if high - low == 1 else texts("map.between", low=low, high=high - 1)
        for low, high in zip(bounds, breaks, strict=False)
    ]
    return (*labels, texts("map.from", low=breaks[-1]))


def _coverage(snapshot: Snapshot, city: City, texts: Texts) -> str:
    grids = formats.count(len(snapshot.grid_keys))
    nouns = _nouns(city, texts)
    if not snapshot.streets:
        return texts("map.coverage_grids", grids=grids, grid_noun=nouns["grid_noun"])
    return texts("map.coverage", streets=len(snapshot.streets), grids=grids, **nouns)


def _nouns(city: City, texts: Texts) -> dict[str, str]:
    """A city names its areas in Chinese; other languages use the product's words."""
    if texts.language == "zh":
        return {"street_noun": city.street_noun, "grid_noun": city.grid_noun}
    return {noun: texts(f"map.{noun}") for noun in ("street_noun", "grid_noun")}


def _no_position(snapshot: Snapshot, texts: Texts) -> Figure | None:
    """Cases of today that no cell shows: said beside the coverage, so that the map adds up to the total."""
    if not snapshot.no_position_today:
        return None
    address = addresses.city_figure("no_position", addresses.TODAY)
    return counted(snapshot, snapshot.no_position_today, address, before=texts("map.no_position"))


def _points(snapshot: Snapshot, texts: Texts) -> tuple[PointCount, ...]:
    """The point legend with live counts. A late picture is a part of online (DESIGN_LANGUAGE §5)."""
    states = [camera.state for camera in snapshot.cameras]
    late, offline = states.count("late"), states.count("offline")
    rows = [("alarm" if snapshot.new_overdue else "quiet", "new_overdue", addresses.QUARTER_HOUR, snapshot.new_overdue)]
    if snapshot.cameras:
        rows.append(("online", "cameras_online", addresses.NOW, len(states) - offline))
        if late:
            rows.append(("late", "cameras_late", addresses.NOW, late))
        rows.append(("offline", "cameras_offline", addresses.NOW, offline))
    return tuple(
        PointCount(mark, texts(f"map.{name}"), counted(snapshot, number, addresses.city_figure(name, period)))
        for mark, name, period, number in rows
    )


def _streets(snapshot: Snapshot) -> tuple[StreetLabel, ...]:
    labels = [
        StreetLabel(
            key=street.key,
            name=street.short_name,
            position=street.label,
            figure=counted(
                snapshot,
                street.registered_today,
                addresses.street_figure(street.key, "registered", addresses.TODAY),
            ),
            weight=street.registered_today,
        )
        for street in snapshot.streets
        if street.label is not None
    ]
    return tuple(sorted(labels, key=lambda label: label.key))


PANEL = Panel("map", "map", render)
