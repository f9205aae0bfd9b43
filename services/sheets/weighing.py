"""What is weighed before a case goes to another unit: loads, matches, and the rates that would really change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from data_access import unit_work
from data_access.unit_work import UnitWork
from domain.indicators import Counts, Rate, dispatch_accuracy_rate, less, return_rate
from domain.periods import this_month
from domain.reassignment import Candidate
from domain.window import Window
from services.desk_view.loads import no_load, unit_loads
from services.dispatch.reassign import taking_part
from services.dispatch.scene import Scene
from services.entry.classes import class_offers

LATELY = timedelta(days=90)
SOON = timedelta(hours=2)
SHIFT_LASTS = timedelta(hours=24)  # an older hand-over began no shift that still runs


@dataclass(frozen=True)
class Experience:
    """Whose work the class of a case is: by the city's own table (weights), and by what was closed lately."""

    usual: Mapping[str, float]
    closed: Mapping[str, int]


def experience(scene: Scene) -> Experience:
    """Source of the table: the city's structure, for the demo its plan of work."""
    category = scene.state.case["category"]
    offers = class_offers(scene.connection, scene.city_number, scene.city)
    usual = next((offer.units for offer in offers if offer.key == category), {})
    whole = sum(usual.values()) or 1.0
    closed = unit_work.closed_by_unit(
        scene.connection, scene.city_number, scene.case["category_id"], scene.now - LATELY
    )
    return Experience({unit: weight / whole for unit, weight in usual.items()}, closed)


def candidates(scene: Scene) -> tuple[Candidate, ...]:
    """Every unit of the city with its load and how well it fits this case."""
    month = month_of(scene)
    loads = unit_loads(scene.connection, scene.city, scene.city_number, scene.now)
    work = unit_work.unit_work(scene.connection, scene.city_number, month, scene.now + SOON)
    known, here, short = experience(scene), taking_part(scene), short_names(scene)
    whole = sum(known.closed.values())
    return tuple(
        Candidate(
            key=entry.key,
            name=short[entry.key],
            open=load.open,
            overdue=load.overdue,
            longest_overdue=scene.now - mine.oldest_due if mine.oldest_due else timedelta(),
            within_two_hours=mine.due_within,
            receive_minutes=mine.receive_minutes,
            rework=load.rework.value,
            usual=known.usual.get(entry.key, 0.0),
            share=Fraction(known.closed.get(entry.key, 0), whole) if whole else Fraction(),
            leads=entry.key == scene.unit,
            takes_part=entry.key in here and entry.key != scene.unit,
        )
        for number, entry in scene.keys.units.by_number.items()
        for load in (loads.get(number) or no_load(scene.city),)
        for mine in (work.get(number, UnitWork()),)
    )


def short_names(scene: Scene) -> dict[str, str]:
    """Units as tables name them: the short name of the city's file, else the name."""
    short = {unit.key: unit.short_name for unit in scene.city.units}
    return {key: short.get(key, entry.name) for key, entry in scene.keys.units.by_key.items()}


def month_of(scene: Scene) -> Window:
    month = this_month(scene.city.zone, scene.now)
    return Window(month.start, month.end, scene.now)


def shift_of(scene: Scene) -> Window:
    """The shift that runs: since the last hand-over within a day, else since midnight."""
    since = unit_work.shift_since(scene.connection, scene.city_number, scene.now - SHIFT_LASTS)
    start: datetime = since or scene.city.midnight(scene.city.day_of(scene.now))
    return Window(start, scene.now + timedelta(microseconds=1), scene.now)


def accuracy_after(scene: Scene) -> tuple[Rate, Rate] | None:
    """派遣准确率 of the shift before and after another unit gets this case; None where it does not change.

    Only a case first dispatched in the shift, and to one unit so far, is in its numerator (domain research 1.7).
    """
    options, shift = scene.city.options, shift_of(scene)
    before = unit_work.dispatch_counts(scene.connection, scene.city_number, shift, options)
    mine = unit_work.dispatch_counts_of(scene.connection, scene.city_number, shift, options, scene.case_id)
    if not mine.dispatched_accurately:
        return None
    after = less(before, Counts(dispatched_accurately=1))
    return dispatch_accuracy_rate(before, options), dispatch_accuracy_rate(after, options)


def return_rate_after(scene: Scene, unit: str) -> tuple[Rate, Rate] | None:
    """The unit's 回退率 of the month before and after it is freed of this case; None where that changes nothing."""
    options, month, number = scene.city.options, month_of(scene), scene.keys.units.number(unit) or 0
    before = unit_work.return_counts(scene.connection, scene.city_number, month, options, number, None)
    mine = unit_work.return_counts(scene.connection, scene.city_number, month, options, number, scene.case_id)
    if not mine.dispatched and not mine.dispatched_returned:
        return None
    return return_rate(before, options), return_rate(less(before, mine), options)
