"""A demo case while its script is being written: where it stands, what has been decided, and words to go on with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.demo.days import Arrival
from services.demo.plan import CategoryPlan, Condition, UnitPlan
from services.demo.setting import Setting
from services.demo.steps import NOTHING, Step

MINUTE = 60.0


class Story:
    """`at` is the instant of the next step. Every choice comes from `rng`, in the order of the life."""

    def __init__(self, setting: Setting, arrival: Arrival, rng: Random) -> None:
        self.setting, self.arrival, self.rng = setting, arrival, rng
        self.at = arrival.at
        self.steps: list[Step] = []
        hour = setting.city.local(arrival.at).hour
        night = hour < 6 or hour >= 21
        choices = setting.by_night if night else setting.by_day
        weights = setting.night_channel_weights if night else setting.channel_weights
        self.channel: str = rng.choices(setting.channel_keys, cum_weights=weights)[0]
        self.category: CategoryPlan = rng.choices(choices.categories, cum_weights=choices.weights)[0]
        self.condition: Condition = pick(rng, self.category.conditions, [c.weight for c in self.category.conditions])
        grid = rng.choices(setting.places.by_grid, cum_weights=setting.places.weights)[0]
        self.spot = grid[int(rng.random() * len(grid))]
        self.assignments = 0
        self.active: tuple[int, ...] = ()  # numbers of the assignments that have not ended
        self.columns: dict[str, Any] = {}  # the case's figure columns an assignment repeats
        # The clock of the active lead assignment: its beginning, its effective due time, the suspensions so far.
        self.started = self.due = arrival.at
        self.pauses: list[tuple[datetime, datetime]] = []

    def step(
        self,
        action: str,
        actor: str,
        body: Mapping[str, Any],
        case: Mapping[str, Any],
        work: Mapping[str, Any] | None = None,
    ) -> None:
        """A step at self.at; `work` are the columns the active assignments take over."""
        each = {number: work for number in self.active} if work else NOTHING
        self.steps.append(Step(self.at, action, actor, body, case, each))

    def later(self, low: float, high: float) -> None:
        """Time passes: between `low` and `high` minutes."""
        self.at += timedelta(seconds=int(self.rng.uniform(low, high) * MINUTE))

    def person(self, role: str, many: int) -> str:
        """One of the `many` people of this role, by number: the demo knows no names (DECISIONS 23)."""
        return f"{role}{1 + int(self.rng.random() * many):0{3 if many > 99 else 2}d}"

    def usual_unit(self, besides: str | None) -> UnitPlan:
        """Whose task it is; after a return somebody else's."""
        usual = [(key, weight) for key, weight in self.category.units if key != besides]
        if not usual:
            usual = [(key, 1.0) for key in ("chengtou", "zhifa3", "shizheng") if key != besides]
        return self.setting.unit(pick(self.rng, [key for key, _ in usual], [weight for _, weight in usual]))

    def clerk(self, unit: UnitPlan) -> str:
        """Somebody of the unit."""
        return self.person(f"{self.setting.unit_names[unit.key]}经办", 6)


def whole(moment: datetime) -> datetime:
    """Steps happen at whole seconds: rounded up, so that order is kept."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def pick(rng: Random, options: Any, weights: list[float]) -> Any:
    """One of the options by weight; where there is only one, nothing is drawn."""
    return options[0] if len(options) == 1 else rng.choices(options, weights)[0]
