"""The map follows the city's grids without hands: opened before there are any, and while they are replaced."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer
from tests.browser.servers import ROOT, Server, own_environment

SMALL_DEMO = {"GRIDWALL_DEMO_HISTORY_DAYS": "20", "GRIDWALL_DEMO_CASES_PER_DAY": "120", "GRIDWALL_DEMO_SPEED": "0"}
WEST, SOUTH = -71.10, 42.30


def lay_grids(data: Path, folder: Path, width: float) -> None:
    """Runs the `grids` command on a rectangle of this width in degrees, as a city would under a running wall."""
    east, north = WEST + width, SOUTH + 0.03
    ring = [[WEST, SOUTH], [east, SOUTH], [east, north], [WEST, north], [WEST, SOUTH]]
    outline = folder / f"outline{width}.geojson"
    outline.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), "utf-8")
    command = [sys.executable, "app.py", "grids", "--city", "boston", "--outline", str(outline), "--cell", "500"]
    done = subprocess.run(
        command, cwd=ROOT, env=own_environment(data, {}), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in (0, 1), done.stderr


def cells_when(page: Page, enough: Callable[[int], bool]) -> set[str]:
    """The keys of the painted cells as soon as there are enough. The page's policy forbids Playwright's own waiting."""
    cells: set[str] = set()
    for _ in range(100):
        cells = set(page.evaluate("Object.keys(gridwall.map.colours())"))
        if enough(len(cells)):
            return cells
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(cells)} cells are painted")


def test_a_wall_opened_before_the_first_picture_gets_its_map(page: Page, servers: ExitStack, tmp_path: Path) -> None:
    one = Server(["--demo"], tmp_path / "var", tmp_path / "server.log", SMALL_DEMO)
    servers.callback(one.kill)
    one.start(until="/healthz")

    page.goto(f"{one.url}/wall/main")
    early = not one.answers("/readyz")

    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=60_000)
    cells_when(page, lambda count: count == 315)
    assert early, "the first picture was there before the page: nothing was proven"
    expect(page.locator(".street:visible").first).to_be_visible()


def test_grids_laid_under_a_running_wall_are_drawn_without_hands(
    page: Page, server: StartServer, tmp_path: Path
) -> None:
    data = tmp_path / "var"
    one = server("--city", "boston", data=data)
    page.goto(f"{one.url}/wall/main")
    expect(page.locator("[data-panel='map']")).to_contain_text("尚无网格", timeout=20_000)
    expect(page.locator("[data-panel='map'] .sign.cross:visible")).to_have_count(0)
    page.evaluate("window.sameDocument = true")

    lay_grids(data, tmp_path, 0.03)
    first = cells_when(page, lambda count: count > 0)
    before = page.evaluate("gridwall.map.bounds()")
    lay_grids(data, tmp_path, 0.09)
    second = cells_when(page, lambda count: count > len(first))

    assert len(second) > 2 * len(first)
    assert page.evaluate("gridwall.map.bounds()") != before
    assert page.evaluate("window.sameDocument") is True
