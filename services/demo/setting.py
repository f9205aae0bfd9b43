"""The stage on which the demo's cases are played: plan, places, clocks and the database's numbers, made once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from fractions import Fraction
from itertools import accumulate
from zoneinfo import ZoneInfo

from config.calendars import working_time
from domain.calendar import WorkCalendar, WorkingTime
from domain.city import City, WorkPeriod
from domain.refusals import Refusal
from services.demo.founding import Numbers
from services.demo.plan import CategoryPlan, UnitPlan, WorkPlan
from services.demo.spots import Places

# Crews on shifts work every day and longer than the offices whose hours the limits count.
CREW_HOURS = (WorkPeriod(time(7), time(12, 30)), WorkPeriod(time(13), time(20, 30)))
EVERY_YEAR = frozenset(range(1970, 2200))
PEOPLE = {"采集员": 120, "受理员": 12, "值班长": 4, "派遣员": 9}


@dataclass(frozen=True)
class Choices:
    """Categories to choose from, with running weights for random.choices."""

    categories: tuple[CategoryPlan, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Setting:
    """Everything a day of cases needs; the same seed and city file give the same days."""

    city: City
    seed: int
    cases_per_day: int
    work: WorkPlan
    places: Places
    numbers: Numbers
    office: WorkingTime
    crews: WorkingTime
    by_day: Choices
    by_night: Choices
    channel_keys: tuple[str, ...]
    channel_weights: tuple[float, ...]
    night_channel_weights: tuple[float, ...]
    unit_names: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=lambda: PEOPLE)  # how many there are of each

    @property
    def due_soon_share(self) -> Fraction:
        return self.city.due_soon_share

    def unit(self, key: str) -> UnitPlan:
        return self.work.units[key]

    def clock_of(self, unit: UnitPlan) -> WorkingTime:
        """The hours in which this unit really works."""
        return self.crews if unit.shifts else self.office


def make_setting(
    city: City, seed: int, cases_per_day: int, work: WorkPlan, places: Places, numbers: Numbers
) -> Setting:
    """Raises Refusal when the city has no working calendar."""
    office = working_time(city)
    if office is None:
        raise Refusal("示范城市没有工作日历", f"config/cities/{city.id}/city.yaml", "请写明 calendar 和 work_periods。")
    night = tuple(category for category in work.categories if category.night)
    return Setting(
        city=city,
        seed=seed,
        cases_per_day=cases_per_day,
        work=work,
        places=places,
        numbers=numbers,
        office=office,
        crews=crew_time(city.zone),
        by_day=choices(work.categories),
        by_night=choices(night),
        channel_keys=tuple(key for key, _, _ in work.channels),
        channel_weights=tuple(accumulate(weight for _, _, weight in work.channels)),
        # Nobody walks the streets at night: what comes then comes by telephone or camera.
        night_channel_weights=tuple(accumulate(weight * NIGHT.get(key, 1.0) for key, _, weight in work.channels)),
        unit_names={unit.key: unit.short_name for unit in city.units},
    )


NIGHT = {"collector": 0.08, "grid_worker": 0.1, "leader": 0.0, "media": 0.2}


class _EveryDay(WorkCalendar):
    """A calendar without days off."""

    def is_workday(self, _day: object) -> bool:
        return True


def crew_time(zone: ZoneInfo) -> WorkingTime:
    return WorkingTime(_EveryDay({}, EVERY_YEAR), CREW_HOURS, zone)


def choices(categories: tuple[CategoryPlan, ...]) -> Choices:
    return Choices(categories, tuple(accumulate(category.weight for category in categories)))
