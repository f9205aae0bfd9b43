"""Which cases a day brings: how many, when, and under what number. Their lives: services/demo/lives.py."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import sin, sqrt, tau
from random import Random

from services.demo.setting import Setting

# Relative flow by hour of the day: two humps of collectors' rounds, a quiet night.
BY_HOUR = (
    0.35,
    0.25,
    0.2,
    0.2,
    0.25,
    0.6,
    1.8,
    4.2,
    7.6,
    9.4,
    9.6,
    7.8,
    4.8,
    5.2,
    8.4,
    8.9,
    8.5,
    6.4,
    4.0,
    3.4,
    2.8,
    2.0,
    1.2,
    0.7,
)
BY_WEEKDAY = (1.09, 1.06, 1.05, 1.04, 1.06, 0.88, 0.82)
HOURS = tuple(range(24))
RUNNING = tuple(accumulate(BY_HOUR))
SPREAD = 0.04  # how far a day strays from its mean, besides chance
WARM_SEASON = 0.07  # more cases in early summer, fewer in mid-winter


@dataclass(frozen=True)
class Arrival:
    """A report to come: its number in the day's layer and its instant. `layer` 0 is the city's own flow."""

    day: date
    layer: int
    number: int
    at: datetime

    @property
    def case_no(self) -> str:
        """20261124-0137; cases of the extra layers carry the layer before their number: 20261124-20137."""
        return f"{self.day:%Y%m%d}-{self.layer or ''}{self.number:04d}"


def arrivals(setting: Setting, day: date, layer: int = 0) -> list[Arrival]:
    """The reports of one local day in order. The same for the same seed, city, day and layer, whenever asked."""
    rng = Random(f"{setting.seed}:{day.isoformat()}:{layer}")
    season = 1 + WARM_SEASON * sin(tau * (day.timetuple().tm_yday - 80) / 365.25)
    mean = setting.cases_per_day * BY_WEEKDAY[day.weekday()] * season * rng.gauss(1.0, SPREAD)
    count = max(0, round(rng.gauss(mean, sqrt(max(mean, 0.0)))))
    count = min(count, 9999)  # what the number has digits for
    midnight = setting.city.midnight(day).astimezone(UTC)
    hours = rng.choices(HOURS, cum_weights=RUNNING, k=count)
    seconds = sorted(hour * 3600 + int(rng.random() * 3600) for hour in hours)
    return [Arrival(day, layer, n, midnight + timedelta(seconds=s)) for n, s in enumerate(seconds, 1)]
