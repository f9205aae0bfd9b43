"""The sender's place in a process: only the one that leads sends, and a replay never does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.cities import load_city
from config.problems import ConfigError
from config.settings import Settings
from data_access.store import Store
from services.notices import sending
from services.parts import Parts
from tests.services.notices.conftest import AT, SECRET, a_post
from tests.services.notices.receiver import Receiver


class FakeBackground:
    """What send_beside uses of services.scheduler.Background."""

    def __init__(self) -> None:
        self.refresher = SimpleNamespace(leading=False)
        self.stopping = None
        self.repeated: list[Callable[[], None]] = []

    def every(self, _name: str, _seconds: float, work: Callable[[], None]) -> None:
        self.repeated.append(work)


def parts_with(folder: Path, receiver: Receiver, **changes: Any) -> Parts:
    file = folder / "channels.yaml"
    file.write_text(
        f"channels: [{{name: hook, label: 平台, webhook: '{receiver.url}', secret: '${{GRIDWALL_HOOK}}'}}]\n"
        "routes: [{to: ['*'], channels: [hook]}]\n",
        encoding="utf-8",
    )
    return Parts(Settings(channels=file), lambda: AT, lambda: AT, **changes)


def test_only_the_leading_process_sends(sqlite_store: Store, receiver: Receiver, tmp_path: Path) -> None:
    post, background = a_post(sqlite_store), FakeBackground()
    post.owe("a")
    one = post.sender
    environment = {"GRIDWALL_HOOK": SECRET}
    parts = parts_with(tmp_path, receiver)
    sending.send_beside(background, parts, one.store, one.city, one.city_number, environment)  # type: ignore[arg-type]
    (work,) = background.repeated

    work()
    assert receiver.got == []
    background.refresher.leading = True
    work()
    assert receiver.ids == ["demo-1"]


def test_a_frozen_replay_sends_nothing(sqlite_store: Store, receiver: Receiver, tmp_path: Path) -> None:
    background, city = FakeBackground(), load_city("demo")
    parts = parts_with(tmp_path, receiver, frozen_at=AT)
    sending.send_beside(background, parts, sqlite_store, city, 1, {})  # type: ignore[arg-type]

    assert background.repeated == []
    assert sending.office_of(parts, sqlite_store, city, 1).frozen


def test_a_start_without_its_secrets_is_refused(sqlite_store: Store, receiver: Receiver, tmp_path: Path) -> None:
    parts, city = parts_with(tmp_path, receiver), load_city("demo")
    with pytest.raises(ConfigError, match="GRIDWALL_HOOK"):
        sending.send_beside(FakeBackground(), parts, sqlite_store, city, 1, {})  # type: ignore[arg-type]

    assert sending.office_of(parts, sqlite_store, city, 1).routing.channels.keys() == {
        "hook"
    }  # a web process needs none


def test_apprise_is_not_loaded_where_no_channel_needs_it() -> None:
    program = "import sys, services.notices.sending as s, config.channels; config.channels.load_channels()\n"
    program += "assert 'apprise' not in sys.modules and 'requests' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True)
