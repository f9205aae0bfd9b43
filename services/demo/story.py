"""A demo case while its script is being written: where it stands, what has been decided, and words to go on with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from data_access.case_writer import NewEvent
from domain.life_cycle import Action, Role, Stage, next_stage
from services.demo.days import Arrival
from services.demo.plan import CategoryPlan, Condition, UnitPlan
from services.demo.setting import Setting

MINUTE = 60.0


class Story:
    """`at` is the instant of the next step. Every choice comes from `rng`, in the order of the life."""

    def __init__(self, setting: Setting, arrival: Arrival, rng: Random) -> None:
        self.setting, self.arrival, self.rng = setting, arrival, rng
        self.at = arrival.at
        self.events: list[NewEvent] = []
        self.stage: Stage | None = None
        hour = setting.city.local(arrival.at).hour
        night = hour < 6 or hour >= 21
        choices = setting.by_night if night else setting.by_day
        weights = setting.night_channel_weights if night else setting.channel_weights
        self.channel: str = rng.choices(setting.channel_keys, cum_weights=weights)[0]
        self.category: CategoryPlan = rng.choices(choices.categories, cum_weights=choices.weights)[0]
        self.condition: Condition = pick(rng, self.category.conditions, [c.weight for c in self.category.conditions])
        grid = rng.choices(setting.places.by_grid, cum_weights=setting.places.weights)[0]
        self.spot = grid[int(rng.random() * len(grid))]
        # The clock of the active lead assignment: its beginning, its effective due time, the suspensions so far.
        self.started = self.due = arrival.at
        self.pauses: list[tuple[datetime, datetime]] = []

    def step(self, action: Action, role: Role, actor: str, body: Mapping[str, Any], told: Stage | None = None) -> None:
        """Something happens at self.at. Raises IllegalTransition: no script may leave the table."""
        self.stage = next_stage(self.stage, action, role, told)
        self.events.append(NewEvent(action.value, self.at, actor, body))

    def by_collector(self, action: Action, body: Mapping[str, Any]) -> None:
        self.step(action, Role.COLLECTOR, self._one_of("采集员"), body)

    def by_registrar(self, action: Action, body: Mapping[str, Any]) -> None:
        self.step(action, Role.REGISTRAR, self._one_of("受理员"), body)

    def by_duty_chief(self, action: Action, body: Mapping[str, Any], told: Stage | None = None) -> None:
        self.step(action, Role.DUTY_CHIEF, self._one_of("值班长"), body, told)

    def by_dispatcher(self, action: Action, body: Mapping[str, Any]) -> None:
        self.step(action, Role.DISPATCHER, self._one_of("派遣员"), body)

    def by_unit(self, action: Action, unit: UnitPlan, body: Mapping[str, Any]) -> None:
        self.step(action, Role.UNIT_USER, self.person(f"{self.setting.unit_names[unit.key]}经办", 6), body)

    def later(self, low: float, high: float) -> None:
        """Time passes: between `low` and `high` minutes."""
        self.at += timedelta(seconds=int(self.rng.uniform(low, high) * MINUTE))

    def _one_of(self, role: str) -> str:
        return self.person(role, self.setting.people[role])

    def person(self, role: str, many: int) -> str:
        """One of the `many` people of this role, by number: the demo knows no names (DECISIONS 23)."""
        return f"{role}{1 + int(self.rng.random() * many):0{3 if many > 99 else 2}d}"

    def usual_unit(self, besides: str | None) -> UnitPlan:
        """Whose task it is; after a return somebody else's."""
        usual = [(key, weight) for key, weight in self.category.units if key != besides]
        if not usual:
            usual = [(key, 1.0) for key in ("chengtou", "zhifa3", "shizheng") if key != besides]
        return self.setting.unit(pick(self.rng, [key for key, _ in usual], [weight for _, weight in usual]))


def whole(moment: datetime) -> datetime:
    """Steps happen at whole seconds: rounded up, so that order is kept."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def pick(rng: Random, options: Any, weights: list[float]) -> Any:
    """One of the options by weight; where there is only one, nothing is drawn."""
    return options[0] if len(options) == 1 else rng.choices(options, weights)[0]
