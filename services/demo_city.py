"""The demo city's place in a running process: built before the first refresh, then living beside it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from config.settings import Settings
from data_access.store import Store
from domain.city import City
from services.demo import Simulator, build_demo, demo_city_ready, fill_history
from services.parts import Clock
from services.people import People
from services.people.demo_logins import make_demo_logins
from services.scheduler import Background

BUILDING = timedelta(minutes=2)  # how long another process waits for the first one to build the city
STEP_S = 1.0


def live_in_demo(
    background: Background,
    store: Store,
    city: City,
    settings: Settings,
    clock: Clock,
    people: People,
    tell: Callable[[str], None],
) -> None:
    """Adds the demo's work to the background; only the process that leads does any of it. `tell` prints."""
    life = _Life(background, store, city, settings, clock, people, tell, Simulator(store, city, settings, clock))
    background.first(life.begin)
    background.every("simulate", STEP_S, life.step)
    background.beside("history", life.fill)
    background.beside("logins", life.let_people_in)


@dataclass(frozen=True)
class _Life:
    background: Background
    store: Store
    city: City
    settings: Settings
    clock: Clock
    people: People
    tell: Callable[[str], None]
    simulator: Simulator

    @property
    def leading(self) -> bool:
        return self.background.refresher.leading

    def begin(self, _stopping: threading.Event) -> None:
        if self.background.refresher.lead(BUILDING):
            if not demo_city_ready(self.store):
                build_demo(self.store, self.city, self.settings, self.clock())
            self.simulator.prepare()

    def step(self) -> None:
        if self.leading:
            self.simulator.step(self.clock())

    def fill(self, stopping: threading.Event) -> None:
        if self.leading:
            fill_history(self.store, self.city, self.settings, self.clock(), stopping)

    def let_people_in(self, stopping: threading.Event) -> None:
        """After the first picture: hashing passwords takes a while."""
        if self.leading and (told := make_demo_logins(self.people, self.settings.data, stopping)):
            self.tell(told)
