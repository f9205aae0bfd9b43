"""Every figure of a snapshot under its address `scope/key/figure/period` (DECISIONS 27)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain import addresses
from domain.indicators import Rate
from domain.snapshot import Snapshot


@dataclass(frozen=True)
class Figure:
    """A value with what it was made of. Rates and scores are exact; None = nothing was due, or not recorded."""

    value: int | Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    definition: str | None = None

    def as_json(self) -> dict[str, object]:
        value = float(self.value) if isinstance(self.value, Fraction) else self.value
        if self.definition is None:
            return {"value": value, **({"exact": str(self.value)} if isinstance(self.value, Fraction) else {})}
        return {
            "value": value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "definition": self.definition,
        }

    @staticmethod
    def of(rate: Rate) -> "Figure":
        return Figure(rate.value, rate.numerator, rate.denominator, rate.definition)


def figures_of(snapshot: Snapshot, zone: ZoneInfo) -> dict[str, Figure]:
    """Address → figure, in a fixed order; hours are named on the clock of `zone`."""
    return dict((*_city(snapshot), *_streets(snapshot), *_units(snapshot), *_lists(snapshot, zone), *_grids(snapshot)))


Entry = tuple[str, Figure]


def _city(snapshot: Snapshot) -> Iterator[Entry]:
    for name, flow in snapshot.flows.items():
        yield addresses.city_figure(name, "today"), Figure(flow.today)
        yield addresses.vs_yesterday(name), _change(flow.today, flow.yesterday)
    yield addresses.city_figure("on_time_closure_rate", "month"), Figure.of(snapshot.on_time)
    for name in ("open", "overdue_open", "suspended"):
        yield addresses.city_figure(name, "now"), Figure(getattr(snapshot, name))
    share = Fraction(snapshot.overdue_open, snapshot.open) if snapshot.open else None
    yield (
        addresses.city_figure("overdue_share", "now"),
        Figure(share, snapshot.overdue_open, snapshot.open, "overdue_open / open"),
    )
    yield addresses.city_figure("new_overdue", "15min"), Figure(snapshot.new_overdue)
    yield addresses.city_figure("no_position", "today"), Figure(snapshot.no_position_today)
    states = [camera.state for camera in snapshot.cameras]
    offline = states.count("offline")
    yield addresses.city_figure("cameras_online", "now"), Figure(len(snapshot.cameras) - offline)
    yield addresses.city_figure("cameras_late", "now"), Figure(states.count("late"))
    yield addresses.city_figure("cameras_offline", "now"), Figure(offline)


def _change(today: int | None, yesterday: int | None) -> Figure:
    """Today against yesterday at the same time of day, as a share of yesterday: −1 … +∞, None without a base."""
    if today is None or not yesterday:
        return Figure(None, None, None, "(today - yesterday) / yesterday")
    return Figure(
        Fraction(today - yesterday, yesterday), today - yesterday, yesterday, "(today - yesterday) / yesterday"
    )


def _streets(snapshot: Snapshot) -> Iterator[Entry]:
    for street in snapshot.streets:
        yield addresses.street_figure(street.key, "registered", "today"), Figure(street.registered_today)
        yield addresses.street_figure(street.key, "handling_rate", "month"), Figure.of(street.handling)


def _units(snapshot: Snapshot) -> Iterator[Entry]:
    for unit in snapshot.units:
        yield addresses.unit_figure(unit.key, "score", "month"), Figure(unit.score)
        yield addresses.unit_figure(unit.key, "on_time_closure_rate", "month"), Figure.of(unit.on_time)
        for name, period, value in (
            ("closed", "month", unit.closed),
            ("closure_due", "month", unit.closure_due),
            ("overdue_open", "now", unit.overdue_open),
            ("longest_overdue_min", "now", unit.longest_overdue_min),
            ("due_soon", "now", unit.due_soon),
            ("closed", "today", unit.closed_today),
            ("closure_due", "today", unit.closure_due_today),
        ):
            yield addresses.unit_figure(unit.key, name, period), Figure(value)


def _lists(snapshot: Snapshot, zone: ZoneInfo) -> Iterator[Entry]:
    for channel in snapshot.channels:
        yield addresses.channel_figure(channel.key), Figure(channel.count)
    for category in snapshot.categories:
        yield addresses.category_figure(category.key), Figure(category.count)
    for hour in snapshot.hours:
        yield addresses.hour_figure(hour.start, "registered", zone), Figure(hour.registered)
        yield addresses.hour_figure(hour.start, "closed", zone), Figure(hour.closed)
    for alert in snapshot.alerts:
        yield addresses.case_figure(alert.case_no), Figure(alert.overdue_min)


def _grids(snapshot: Snapshot) -> Iterator[Entry]:
    periods = {
        "registered_today": ("registered", "today"),
        "open": ("open", "now"),
        "overdue_open": ("overdue_open", "now"),
    }
    for measure, values in snapshot.grid_heat.items():
        for key, value in zip(snapshot.grid_keys, values, strict=True):
            yield addresses.grid_figure(key, *periods[measure]), Figure(value)
