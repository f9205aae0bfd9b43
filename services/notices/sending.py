"""The sender's place in a running process: beside the refresh, in whichever process leads."""

import threading
from collections.abc import Mapping

from config.calendars import load_calendar
from config.channel_addresses import resolve
from config.channels import load_channels
from config.settings import Settings
from data_access.store import Store
from domain.city import City
from domain.hours import CityDays
from services.notices.office import NoticeOffice
from services.notices.sender import Sender, deliverer
from services.parts import Clock, Parts
from services.scheduler import Background

EVERY_S = 2.0


def days_of(city: City) -> CityDays:
    """The city's days off; Saturdays and Sundays where it has no working calendar."""
    return CityDays(city.zone, load_calendar(city.calendar)) if city.calendar else CityDays(city.zone)


def sender_of(
    store: Store,
    city: City,
    city_number: int,
    settings: Settings,
    environment: Mapping[str, str],
    clock: Clock,
    stopping: threading.Event | None = None,
) -> Sender:
    """A sender with the secrets of its channels, taken from the environment.

    Raises ConfigError naming everything that is wrong with the channels.
    """
    channels = load_channels(settings.channels)
    addresses = resolve(channels, environment, settings.channels)
    delivers = {name: deliverer(address) for name, address in addresses.items()}
    stop = stopping or threading.Event()
    return Sender(store, city, city_number, days_of(city), channels.routing, delivers, clock, stop)


def office_of(parts: Parts, store: Store, city: City, city_number: int) -> NoticeOffice:
    """The office of a process, without any secret. Raises ConfigError for a file of channels that cannot be used."""
    routing = load_channels(parts.settings.channels).routing
    return NoticeOffice(store, city, city_number, days_of(city), routing, parts.clock, bool(parts.frozen_at))


def send_beside(
    background: Background, parts: Parts, store: Store, city: City, city_number: int, environment: Mapping[str, str]
) -> None:
    """Sends while this process leads, in a thread of the scheduler's, so that no tick waits for a receiver.

    A frozen replay sends nothing. Raises ConfigError naming everything that is wrong with the channels.
    """
    if parts.frozen_at:
        return
    sender = sender_of(store, city, city_number, parts.settings, environment, parts.clock, background.stopping)

    def send() -> None:
        if background.refresher.leading:
            sender.run()

    background.every("notices", EVERY_S, send)
