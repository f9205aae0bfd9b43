"""Every number on the page equals an independent recount of the raw rows, and the painted classes equal the figures."""

import gzip
import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer
from tests.browser.page_recount import PageRecount
from tests.browser.servers import ROOT, Server

SHARED = ROOT.parent / "shared" / "data"
BOSTON_TIME, SF_TIME, DEMO_TIME = (
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("Asia/Shanghai"),
)

DRAWN = """() => [...document.querySelectorAll('[data-figure]')].map(node => ({
  address: node.dataset.figure, text: node.textContent, value: node.dataset.value || ''}))"""
PAINTED = "() => window.gridwall.map.colours()"
HEAT_COLOURS = """() => [0, 1, 2, 3, 4, 5].map(n =>
  getComputedStyle(document.documentElement).getPropertyValue(`--heat-${n}`).trim())"""


def run(data: Path, *arguments: str) -> None:
    """One command of the product, which must end well (0) or with rows set aside (1)."""
    command = [sys.executable, "app.py", *arguments, "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"the shared data are not here: {path.name}")
    return path


@pytest.fixture(scope="module")
def boston(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("boston")
    cases = needs(SHARED / "boston-311-2026" / "cases.csv.gz")
    outline = needs(SHARED / "us-boundaries" / "boston_neighborhoods.geojson")
    run(data, "import", str(cases), "--city", "boston", "--mapping", "boston-311")
    run(data, "grids", "--city", "boston", "--outline", str(outline), "--cell", "500",
        "--streets", str(outline), "--streets-key", "name")  # fmt: skip
    return data


@pytest.fixture(scope="module")
def san_francisco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("sf")
    cases = needs(SHARED / "sf-311" / "311_service_requests.csv.gz")
    run(data, "import", str(cases), "--city", "san-francisco", "--mapping", "sf-311")
    run(data, "grids", "--city", "san-francisco", "--outline", "auto", "--cell", "500")
    return data


def drawn_figures(page: Page, server: Server) -> dict[str, dict[str, str]]:
    page.goto(f"{server.url}/wall/main")
    expect(page.locator("#wall[data-fresh='replay'], #wall[data-fresh='live']")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-figure='city/-/open/now']")).to_have_text(page_text(server, "open"))
    page.wait_for_timeout(1200)  # numbers run to their value for 600 ms
    return {row["address"]: row for row in page.evaluate(DRAWN)}


def page_text(server: Server, figure: str) -> str:
    return f"{figures_of(server)[f'city/-/{figure}/now']['value']:,}"


def figures_of(server: Server) -> Mapping[str, Any]:
    request = urllib.request.Request(f"{server.url}/api/v1/snapshot", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body: dict[str, Any] = json.loads(gzip.decompress(answer.read()))
    figures: Mapping[str, Any] = body["figures"]
    return figures


def shown(value: int | Fraction | None) -> set[str]:
    """How a value may be written on a wall: counts with commas, shares in per cent, both truncated to one decimal."""
    if value is None:
        return {"—", "昨日 0", "持平", "0"}
    if isinstance(value, int):
        return {f"{value:,}"}
    if value == 0:
        return {"持平", "0.0"}
    tenths = max(int(abs(value) * 1000), 1)  # what exists never reads 0.0
    text = f"{tenths // 10:,}.{tenths % 10}"
    return {text, f"{text}%", f"{'-' if value < 0 else '+'}{text}%"}


def compare(figures: Mapping[str, Mapping[str, str]], recounted: PageRecount, api: Mapping[str, Any]) -> int:
    """Compares page and API with the recount; returns how many figures the page drew."""
    for address, row in figures.items():
        if address.split("/")[2] == "score":
            assert row["text"] == f"{int(api[address]['value'] * 10) / 10:.1f}", address
            continue
        if api[address]["value"] is None and address.startswith("city/-/dispatched"):
            continue  # not recorded by this source
        value = recounted.expected(address)
        if address.endswith(("longest_overdue_min/now", "overdue_min")):
            assert row["value"] == ("" if value is None else str(value)), address
        else:
            assert row["text"].replace("▲", "").strip() in shown(value), (address, row, value)
        wanted = None if value is None else float(value)
        assert api[address]["value"] == (pytest.approx(wanted) if wanted is not None else None), address
    return len(figures)


def compare_painted(page: Page, recounted: PageRecount, breaks: tuple[int, ...]) -> None:
    colours = page.evaluate(HEAT_COLOURS)
    painted = page.evaluate(PAINTED)
    heat = recounted.heat()
    assert set(painted) == set(heat)
    for key, count in heat.items():
        assert painted[key] == colours[sum(count >= lowest for lowest in breaks)], (key, count)


def test_every_figure_of_boston_equals_the_recount(page: Page, server: StartServer, boston: Path) -> None:
    as_of = datetime(2026, 8, 17, 20, 0, tzinfo=BOSTON_TIME)
    one = server("--city", "boston", "--as-of", "2026-08-17T20:00:00", data=boston)
    recounted = PageRecount(boston / "gridwall.sqlite", "boston", as_of, BOSTON_TIME)

    figures = drawn_figures(page, one)

    assert compare(figures, recounted, figures_of(one)) > 60
    assert figures["city/-/open/now"]["text"] == "7,842"
    compare_painted(page, recounted, (1, 2, 4, 6, 9))
    recounted.close()


def test_positions_at_zero_make_no_hot_spot_and_are_counted(
    page: Page, server: StartServer, san_francisco: Path
) -> None:
    as_of = datetime(2016, 7, 13, 23, 0, tzinfo=SF_TIME)
    one = server("--city", "san-francisco", "--as-of", "2016-07-13T23:00:00", data=san_francisco)
    recounted = PageRecount(san_francisco / "gridwall.sqlite", "san-francisco", as_of, SF_TIME)

    figures = drawn_figures(page, one)

    compare(figures, recounted, figures_of(one))
    assert sum(c["lon"] == 0 and c["lat"] == 0 for c in recounted.cases) == 4264
    assert all(c["grid_id"] is None for c in recounted.cases if c["lon"] == 0 and c["lat"] == 0)
    lost = figures["city/-/no_position/today"]["text"]
    assert int(lost) > 0
    expect(page.locator("[data-panel='map']")).to_contain_text(f"无坐标 {lost}")
    recounted.close()


def test_every_figure_of_the_demo_equals_the_recount(page: Page, server: StartServer, tmp_path: Path) -> None:
    first = server("--demo", data=tmp_path, GRIDWALL_DEMO_HISTORY_DAYS="45")
    first.stop()
    moment = datetime.now(DEMO_TIME).replace(microsecond=0)
    one = server("--demo", "--as-of", moment.isoformat(), data=tmp_path)
    recounted = PageRecount(tmp_path / "demo.sqlite", "demo", moment, DEMO_TIME)

    figures = drawn_figures(page, one)

    assert compare(figures, recounted, figures_of(one)) > 80
    recounted.close()
