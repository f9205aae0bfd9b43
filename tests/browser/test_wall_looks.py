"""What a wall must look like at any size and in any state: nothing clipped, nothing overlapping, nothing small."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, StartServer, Watch
from tests.browser.servers import ROOT, Server

BOXES = Path(__file__).with_name("boxes.js").read_text("utf-8")
DEMO = {"GRIDWALL_DEMO_HISTORY_DAYS": "45", "GRIDWALL_DEMO_CASES_PER_DAY": "360", "GRIDWALL_DEMO_SPEED": "0"}
# Two glyphs that a machine without the font draws as the same box.
GLYPHS_DIFFER = """async () => {
  await document.fonts.ready;
  const family = getComputedStyle(document.body).fontFamily;
  const drawn = (glyph) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext('2d');
    pen.font = `48px ${family}`;
    pen.fillText(glyph, 4, 50);
    return canvas.toDataURL();
  };
  return drawn('澜') !== drawn('州') && drawn('澜') !== drawn('\\uFFFF');
}"""


def opened(page: Page, server: Server, wall: str = "main") -> Page:
    page.goto(f"{server.url}/wall/{wall}")
    expect(page.locator("#wall[data-fresh='live'], #wall[data-fresh='replay']")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(1500)
    return page


def findings(page: Page) -> list[str]:
    found: list[str] = page.evaluate(BOXES)
    return found


@pytest.fixture(scope="module")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.mark.parametrize("wall", ["main", "main-en"])
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)], ids=["1080 lines", "2160 lines"])
def test_every_text_has_its_place_and_its_size(
    open_page: OpenPage, server: StartServer, demo_data: Path, size: tuple[int, int], wall: str
) -> None:
    one = server("--demo", data=demo_data, **DEMO)

    assert findings(opened(open_page(*size), one, wall)) == []


def test_the_checker_sees_what_is_wrong(page: Page, server: StartServer, demo_data: Path) -> None:
    opened(page, server("--demo", data=demo_data, **DEMO))
    spoil = "() => { const one = document.querySelector('#wall h1'); one.style.%s = '%s'; }"

    page.evaluate(spoil % ("fontSize", "14px"))
    assert any("small type" in found for found in findings(page))
    page.evaluate(spoil % ("fontSize", "120px"))
    assert any("overlap" in found or "outside" in found for found in findings(page))


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)], ids=["1080 lines", "2160 lines"])
def test_a_busy_afternoon_fits_too(
    open_page: OpenPage, server: StartServer, demo_data: Path, size: tuple[int, int]
) -> None:
    afternoon = server("--demo", "--as-of", busy_afternoon(), data=demo_data, **DEMO)

    page = opened(open_page(*size), afternoon)

    assert findings(page) == []
    expect(page.locator(".fresh")).to_contain_text("回放")


def busy_afternoon() -> str:
    """15:12 of the day before, when the demo city was at work."""
    yesterday = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=1)
    return yesterday.replace(hour=15, minute=12, second=0, microsecond=0).isoformat()


def test_a_wall_of_an_empty_city_says_that_zero_was_checked(page: Page, server: StartServer, tmp_path: Path) -> None:
    one = server("--city", "boston", data=tmp_path)

    opened(page, one)

    assert findings(page) == []
    expect(page.locator("[data-panel='alerts']")).to_contain_text("无新超期")
    expect(page.locator("[data-figure='city/-/on_time_closure_rate/month']")).to_have_text("—")
    expect(page.locator("[data-panel='leaderboard']")).to_contain_text(re.compile("尚无"))


def test_stale_and_down_hold_the_layout(
    page: Page, server: StartServer, watch: Watch, demo_data: Path, tmp_path: Path
) -> None:
    watch.expect_lost_server()
    walls = tmp_path / "walls"
    walls.mkdir()
    shipped = (ROOT / "config" / "walls" / "main.yaml").read_text("utf-8")
    short = re.sub(r"down_after_s: \d+", "down_after_s: 6", re.sub(r"stale_after_s: \d+", "stale_after_s: 3", shipped))
    (walls / "main.yaml").write_text(short, "utf-8")
    one = server("--demo", data=demo_data, GRIDWALL_WALLS=str(walls), **DEMO)
    opened(page, one)

    one.kill()

    for state in ("stale", "down"):
        expect(page.locator("#wall")).to_have_attribute("data-fresh", state, timeout=8000)
        page.wait_for_timeout(700)
        assert findings(page) == [], state


def test_a_machine_without_chinese_fonts_shows_chinese(
    open_page: OpenPage, browser_without_cjk: Browser, server: StartServer, demo_data: Path
) -> None:
    one = server("--demo", data=demo_data, **DEMO)
    page = opened(open_page(within=browser_without_cjk), one)

    assert page.evaluate(GLYPHS_DIFFER) is True
    assert findings(page) == []
