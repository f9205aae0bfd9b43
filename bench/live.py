"""From a committed case to changed pixels, with a real page and synthetic viewers beside it; what a viewer costs."""

import math
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.rows import Row
from bench.starting import OPEN_NOW, wait_for_full_picture
from bench.viewers import Viewer
from data_access import directory
from data_access.case_writer import NewCase, NewEvent, insert_cases
from services.stores import Store, open_store
from tests.browser.servers import Server

# Each change of the figure's text, with the instant at which the page had it.
OBSERVE = """selector => {
  const figure = document.querySelector(selector);
  window.benchChanges = [];
  new MutationObserver(() => window.benchChanges.push(performance.timeOrigin + performance.now()))
    .observe(figure, {childList: true, characterData: true, subtree: true});
}"""
GAP_S = (1.1, 2.9)  # longer than a tick, so that every commit has its own picture; random against it
PATIENCE_S = 10


def measure(browser: Browser, folder: Path, quick: bool) -> Iterator[Row]:
    """A demo city whose own flow stands still and whose history is complete, so that every change is ours."""
    commits, crowd = (20, 20) if quick else (200, 100)
    still = {"GRIDWALL_DEMO_SPEED": "0", "GRIDWALL_DEMO_HISTORY_DAYS": "45"}
    server = Server(("--demo",), folder / "var", folder / "live.log", still)
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    viewers: list[Viewer] = []
    try:
        server.start()
        wait_for_full_picture(page, server.url)
        viewers = [Viewer(server.port).start() for _ in range(crowd)]
        page.evaluate(OBSERVE, OPEN_NOW)
        store = open_store(f"sqlite:///{folder}/var/demo.sqlite")
        commits_seen = [
            commit_and_watch(page, store, number) for number in range(commits)
        ]  # when, and how long until seen
        store.close()
        page.wait_for_timeout(3000)
        yield from report(commits_seen, viewers, crowd)
    finally:
        for viewer in viewers:
            viewer.stop()
        page.close()
        server.kill()


def report(commits_seen: Sequence[tuple[float, float]], viewers: Sequence[Viewer], crowd: int) -> Iterator[Row]:
    waits = [wait for _, wait in commits_seen]
    note = f"{len(waits)} commits, 1 page and {crowd} viewers"
    yield Row("committed → pixels changed, p50", median(waits), "s", 1, note=note)
    yield Row("committed → pixels changed, p99", percentile(waits, 0.99), "s", 3, note=note)
    heard = [min(at for at in viewers[0].heard if at > committed) - committed for committed, _ in commits_seen]
    yield Row("committed → version heard by a viewer, p50", median(heard), "s", note="half a tick of it is waiting")
    answered = [lag for viewer in viewers for lag in viewer.lags]
    yield Row("version heard → answer received, p50", median(answered), "s")
    idle = [size for viewer in viewers for size in viewer.idle_bytes]
    change = [size for viewer in viewers for size in viewer.change_bytes]
    yield Row("bytes per viewer, idle tick", median(idle), "B", 200, note="live event, median")
    yield Row("bytes per viewer, usual change", median(change), "B", 5000, note="event and answer with headers, median")
    served = min(len(viewer.change_bytes) for viewer in viewers)
    yield Row("changes seen by the slowest viewer", served, "", note=f"of {len(waits)} commits")


def commit_and_watch(page: Page, store: Store, number: int) -> tuple[float, float]:
    """Commits one new open case and waits until the page shows it; returns when (epoch) and the seconds between."""
    time.sleep(random.Random(number).uniform(*GAP_S))
    page.evaluate("() => { window.benchChanges.length = 0; }")
    now = datetime.now(UTC)
    columns = {
        "case_no": f"BENCH-{number:05d}",
        "source": "gridwall",
        "stage": "registered",
        "reported_at": now,
        "registered_at": now,
    }
    with store.write.begin() as connection:
        city = directory.city_number(connection, "demo")
        assert city is not None
        insert_cases(
            connection,
            city,
            [NewCase(columns, [NewEvent(action, now, "bench") for action in ("report", "register")])],
            now,
        )
    committed = time.time()
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        changed: float | None = page.evaluate("() => window.benchChanges[0] ?? null")
        if changed is not None:
            return committed, changed / 1000 - committed
        time.sleep(0.02)
    raise RuntimeError(f"commit {number} was not on the page after {PATIENCE_S} s")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]
