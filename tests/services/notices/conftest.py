"""A sender with a clock that the test moves, and a real receiver on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.calendars import load_calendar
from config.channel_addresses import Address
from config.cities import load_city
from data_access import directory, outbox
from data_access.store import Store
from domain.hours import CityDays
from domain.notices import Channel, Route, Routing, Way
from services.notices.sender import Sender, deliverer
from tests.services.notices.receiver import Receiver, receiving

AT = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)  # a Tuesday, 14:32 in the city
SECRET = "correct-horse-battery-staple"
HOOK = Channel("hook", "平台回调", Way.WEBHOOK, "http", per_minute=600)
MAIL = Channel("mail", "邮件", Way.APPRISE, "json", per_minute=600)


@dataclass
class Clock:
    now: datetime = AT

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Post:
    """A sender, its outbox and its clock."""

    sender: Sender
    clock: Clock

    def owe(self, *keys: str, **changes: Any) -> list[int]:
        usual = {"kind": "urge", "recipient": "unit:shizheng", "urgent": False, "title": "催办", "text": "请尽快反馈"}
        rows = [{**usual, "event_key": key, "at": self.clock(), **changes} for key in keys]
        with self.sender.store.write.begin() as connection:
            return outbox.owe(connection, self.sender.city_number, rows)

    def row(self, number: int = 1) -> Any:
        with self.sender.store.read.connect() as connection:
            states = ("owed", "sent", "failed", "none")
            return outbox.listed(connection, self.sender.city_number, states, 1, [number])[0]

    def attempts(self, number: int = 1) -> list[tuple[str, bool, str]]:
        with self.sender.store.read.connect() as connection:
            found = outbox.attempts_of(connection, self.sender.city_number, number)
        return [(attempt.channel, attempt.ok, attempt.detail) for attempt in found]

    def set(self, **routing: Any) -> None:
        self.sender.routing = replace(self.sender.routing, **routing)


def a_post(store: Store, *addresses: Address, clock: Clock | None = None) -> Post:
    """Every notice to a unit goes through all these channels."""
    city, clock = load_city("demo"), clock or Clock()
    with store.write.begin() as connection:
        number = directory.ensure_city(connection, city.id, city.zone.key, city.demo)
    channels = {address.channel.name: address.channel for address in addresses}
    routing = Routing(channels, (Route(("unit:*",), tuple(channels)),) if channels else ())
    delivers = {address.channel.name: deliverer(address) for address in addresses}
    days = CityDays(city.zone, load_calendar("china"))
    return Post(Sender(store, city, number, days, routing, delivers, clock), clock)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with receiving() as running:
        yield running


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def hook(receiver: Receiver, channel: Channel = HOOK) -> Address:
    return Address(channel, f"{receiver.url}/hook", SECRET)


def mail(receiver: Receiver, channel: Channel = MAIL) -> Address:
    return Address(channel, f"{receiver.url.replace('http', 'json')}/{SECRET}")
