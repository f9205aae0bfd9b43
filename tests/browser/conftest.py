"""Chromium and real servers. Every page proves on the side: a clean console and no request to another origin."""

import itertools
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from config.settings import Settings
from tests.browser.in_process import InProcess, MovedClock
from tests.browser.servers import Server

SHOTS = Path(__file__).with_name("shots")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without the background switches Chromium talks to its maker's hosts, which a closed network refuses many times over.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
# A fontconfig that hides every font with Chinese glyphs, as on a machine where none is installed.
NO_CJK = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<selectfont><rejectfont>%s</rejectfont></selectfont><cachedir>%s</cachedir></fontconfig>"""
CJK_LANGUAGES = ("zh-cn", "zh-tw", "zh-hk", "ja", "ko")

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]
StartInProcess = Callable[..., InProcess]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder needs Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """What went wrong on the pages of one test. A test that cuts the line names the console lines it expects."""

    expected: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Console errors matching this regular expression belong to the test."""
        self.expected.append(pattern)

    def expect_lost_server(self) -> None:
        """The browser itself reports every request that a dead server did not answer."""
        self.expect(r"net::ERR_(CONNECTION_|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)")

    def look_at(self, page: Page) -> Page:
        """Listens to one page from its first request on; that request's origin is the only one allowed."""
        origins: set[str] = set()
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("console", self._hear)
        page.on("request", lambda request: self._see(request, origins))
        return page

    def check(self) -> None:
        """Fails the test for every unexpected console error and every request to another origin."""
        unexpected = [error for error in self.errors if not any(re.search(one, error) for one in self.expected)]
        assert not unexpected, f"the console is not clean: {unexpected[:10]}"
        assert not self.foreign, f"requests left the server's origin: {self.foreign[:10]}"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _see(self, request: Request, origins: set[str]) -> None:
        if request.url.startswith(("data:", "blob:", "about:")):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if not origins:
            origins.add(origin)
        elif origin not in origins:
            self.foreign.append(request.url)


def becomes(page: Page, expression: str, patience_s: float = 10.0) -> None:
    """Waits until the expression is true on the page. Playwright's own wait_for_function polls by eval inside the page,
    which our content policy forbids as soon as the first look is not enough."""
    until = time.monotonic() + patience_s
    while not page.evaluate(expression):
        assert time.monotonic() < until, f"not within {patience_s} s: {expression}"
        page.wait_for_timeout(50)


def _chromium() -> str:
    named = os.environ.get("CHROMIUM")
    path = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: run `make test`, which finds or installs one, or set CHROMIUM")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
    yield started
    started.close()


@pytest.fixture(scope="session")
def browser_without_cjk(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium that finds no installed font with Chinese glyphs."""
    folder = tmp_path_factory.mktemp("fonts")
    patterns = "".join(
        f'<pattern><patelt name="lang"><string>{language}</string></patelt></pattern>' for language in CJK_LANGUAGES
    )
    (folder / "fonts.conf").write_text(NO_CJK % (patterns, folder / "cache"))
    environment: dict[str, Any] = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    started = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS), env=environment)
    yield started
    started.close()


@pytest.fixture
def watch() -> Watch:
    """The ears of this test's pages."""
    return Watch()


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    """Ends the test's servers after its pages: a page that outlives its server complains, and rightly."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_page(request: pytest.FixtureRequest, watch: Watch, servers: ExitStack) -> Iterator[OpenPage]:
    """A function that opens one more watched page: `open_page(3840, 2160)`, options as for Browser.new_context."""
    with ExitStack() as stack:

        def make(width: int = 1920, height: int = 1080, *, within: Browser | None = None, **options: Any) -> Page:
            opened: Browser = within or request.getfixturevalue("browser")
            settings = {"viewport": {"width": width, "height": height}, "locale": "zh-CN"} | options
            context = opened.new_context(**settings)
            stack.callback(context.close)
            return watch.look_at(context.new_page())

        yield make
    watch.check()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One watched page of 1920×1080 in Chinese."""
    return open_page()


@pytest.fixture
def server(tmp_path: Path, servers: ExitStack) -> StartServer:
    """A function that starts `python app.py serve …` with a data folder of its own and waits until it is ready."""
    numbers = itertools.count(1)

    def start(*arguments: str, data: Path | None = None, **environment: str) -> Server:
        number = next(numbers)
        folder = data or tmp_path / f"var{number}"
        one = Server(arguments, folder, tmp_path / f"server{number}.log", environment)
        servers.callback(one.kill)
        return one.start()

    return start


@pytest.fixture
def in_process(servers: ExitStack) -> StartInProcess:
    """A function that starts the application on a thread with a moved clock: `in_process(settings, clock)`."""

    def start(settings: Settings, clock: MovedClock, frozen_at: datetime | None = None) -> InProcess:
        one = InProcess(settings, clock, frozen_at).start()
        servers.callback(one.stop)
        return one

    return start


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Keeps a picture of a page for people to look at: `shot(page, "wall-live")` writes shots/wall-live.png."""

    def take(page: Page, name: str = "") -> Path:
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name or re.sub(r'[^a-z0-9_]+', '-', request.node.name.lower())}.png"
        page.screenshot(path=path, animations="disabled")
        return path

    return take
