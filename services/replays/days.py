"""How many reports each day of a stretch brings, and when: exact in sum, uneven as a city's days are."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from math import sin, tau

from domain.published import Stretch
from services.demo.days import BY_WEEKDAY, HOURS, RUNNING, SPREAD, WARM_SEASON, Arrival
from services.invented.blocks import shared_out
from services.replays.scene import Scene

ONE_DAY = timedelta(days=1)
HOLIDAY = 0.75  # of a working day's reports, on days off that are no weekend
# On a stretch's last evening nobody reports later than this, so that every case can still run its course within it.
LAST_HOUR = 22
INSTEAD = 16


def days_of(stretch: Stretch) -> Iterator[date]:
    day = stretch.first
    while day < stretch.end:
        yield day
        day += ONE_DAY


def reports_a_day(scene: Scene, stretch: Stretch) -> list[int]:
    """One number for every day of the stretch; together they are what the report says was reported."""
    rng, calendar = scene.rng(stretch.first, "days"), scene.setting.office.calendar
    weights = []
    for day in days_of(stretch):
        season = 1 + WARM_SEASON * sin(tau * (day.timetuple().tm_yday - 80) / 365.25)
        off = HOLIDAY if day.weekday() < 5 and not calendar.is_workday(day) else 1.0
        weights.append(BY_WEEKDAY[day.weekday()] * season * off * max(0.5, rng.gauss(1.0, 3 * SPREAD)))
    return shared_out(stretch.reported, weights)


def reports_of(scene: Scene, stretch: Stretch, day: date, count: int) -> list[Arrival]:
    """The day's reports in order."""
    rng = scene.rng(day, "reports")
    midnight = scene.city.midnight(day).astimezone(UTC)
    hours = rng.choices(HOURS, cum_weights=RUNNING, k=count)
    if day + ONE_DAY == stretch.end:
        hours = [hour if hour < LAST_HOUR else INSTEAD for hour in hours]
    seconds = sorted(hour * 3600 + int(rng.random() * 3600) for hour in hours)
    return [Arrival(day, 0, number, midnight + timedelta(seconds=s)) for number, s in enumerate(seconds, 1)]
