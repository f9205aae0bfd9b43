"""The stage of a replay: a city's own units, classes, channels and grids in the form in which stories are told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from config.calendars import working_time
from domain.city import City
from domain.deadlines import LimitUnit
from domain.published import PublishedReport, Stretch, stretches
from domain.refusals import Refusal
from domain.structure import MinorClass, Structure
from services.demo.founding import Numbers
from services.demo.plan import CategoryPlan, Condition, UnitPlan, WorkPlan
from services.demo.setting import PEOPLE, Setting, choices, crew_time
from services.demo.spots import Places

NIGHT = {"collector": 0.06, "third_party": 0.06, "grid_worker": 0.08, "patrol": 0.08, "media": 0.2}

NO_NUMBERS = Numbers(0, {}, {}, {}, {}, {}, {})


@dataclass(frozen=True)
class Scene:
    """`platforms` maps a street to its own unit, where it has one: 双派 informs it, and street work is its own."""

    city: City
    report: PublishedReport
    seed: int
    setting: Setting
    stretches: tuple[Stretch, ...]
    platforms: Mapping[str, str]

    def stored(self, numbers: Numbers) -> "Scene":
        """The same scene with the numbers under which a store keeps the city's lists."""
        return replace(self, setting=replace(self.setting, numbers=numbers))

    def rng(self, *of: object) -> Random:
        """Chance for one purpose: the same for the same seed, city, report and purpose."""
        return Random(":".join(map(str, (self.seed, self.city.id, self.report.key, *of))))


def make_scene(city: City, structure: Structure, report: PublishedReport, seed: int, places: Places) -> Scene:
    """Without the store's numbers, which only writing needs: see `stored`.

    Raises Refusal for a city without a working calendar or a report that no history can give.
    """
    office = working_time(city)
    if office is None:
        file = f"config/cities/{city.id}/city.yaml"
        raise Refusal("这个城市没有工作日历，不能算时限", file, "请写明 calendar 和 work_periods。")
    categories = tuple(_category(structure, entry) for entry in structure.classes.classes)
    units = {unit.key: _unit(unit.key, Random(f"{seed}:{city.id}:{unit.key}")) for unit in city.units}
    channels = tuple((channel.key, channel.name, channel.weight) for channel in structure.channels)
    setting = Setting(
        city=city,
        seed=seed,
        cases_per_day=0,
        work=WorkPlan(categories, units, channels),
        places=places,
        numbers=NO_NUMBERS,
        office=office,
        crews=crew_time(city.zone),
        by_day=choices(categories),
        by_night=choices(tuple(category for category in categories if category.night)),
        channel_keys=tuple(key for key, _, _ in channels),
        channel_weights=tuple(accumulate(weight for _, _, weight in channels)),
        night_channel_weights=tuple(accumulate(weight * NIGHT.get(key, 1.0) for key, _, weight in channels)),
        unit_names={unit.key: unit.short_name for unit in city.units},
        people={**PEOPLE, **report.people},
    )
    by_name = {unit.short_name: unit.key for unit in city.units}
    platforms = {s.key: by_name[s.short_name] for s in structure.streets if s.short_name in by_name}
    return Scene(city, report, seed, setting, stretches(report), platforms)


def _category(structure: Structure, entry: MinorClass) -> CategoryPlan:
    conditions = tuple(
        Condition(c.text, c.limit, c.weight, c.limit.unit is LimitUnit.URGENT_HOURS) for c in entry.conditions
    )
    return CategoryPlan(
        key=entry.key,
        kind=entry.kind,
        major_code=entry.major_code,
        major_name=entry.major_name,
        minor_code=entry.minor_code,
        name=entry.name,
        weight=entry.weight,
        units=tuple(structure.units_of(entry).items()),
        night=entry.night,
        conditions=conditions,
    )


def _unit(key: str, rng: Random) -> UnitPlan:
    """No source says how units work: `late` is only this one's leaning against the others'."""
    late, pace = rng.lognormvariate(0, 0.6), rng.uniform(0.4, 0.8)
    return UnitPlan(key, late, pace, rework=rng.uniform(0.01, 0.06), shifts=rng.random() < 0.6)
