"""The demo city's place in a running process: built before the first refresh, then living beside it."""

import threading
from datetime import timedelta

from config.settings import Settings
from data_access.store import Store
from domain.city import City
from services.demo import Simulator, build_demo, demo_city_ready, fill_history
from services.parts import Clock
from services.scheduler import Background

BUILDING = timedelta(minutes=2)  # how long another process waits for the first one to build the city
STEP_S = 1.0


def live_in_demo(background: Background, store: Store, city: City, settings: Settings, clock: Clock) -> None:
    """Adds the demo's work to the background; only the process that leads does any of it."""
    simulator = Simulator(store, city, settings, clock)

    def begin(_stopping: threading.Event) -> None:
        if background.refresher.lead(BUILDING):
            if not demo_city_ready(store):
                build_demo(store, city, settings, clock())
            simulator.prepare()

    def step() -> None:
        if background.refresher.leading:
            simulator.step(clock())

    def fill(stopping: threading.Event) -> None:
        if background.refresher.leading:
            fill_history(store, city, settings, clock(), stopping)

    background.first(begin)
    background.every("simulate", STEP_S, step)
    background.beside("history", fill)
