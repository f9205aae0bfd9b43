"""Several processes on one database: one refreshes, all show the same picture, another takes over when it dies."""

import time
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from data_access import tables
from services.stores import open_store
from tests.browser.conftest import StartServer

SMALL = {"GRIDWALL_DEMO_HISTORY_DAYS": "3", "GRIDWALL_DEMO_CASES_PER_DAY": "60", "GRIDWALL_DEMO_SPEED": "0"}


def owner(data: Path) -> str:
    store = open_store(f"sqlite:///{data / 'demo.sqlite'}")
    with store.picture() as connection:
        held: str = connection.scalars(select(tables.leases.c.owner)).one()
    store.close()
    return held


def test_a_web_process_shows_what_the_refresher_computes(page: Page, server: StartServer, tmp_path: Path) -> None:
    refresher = server("--demo", "--role", "refresher", data=tmp_path, **SMALL)
    web = server("--demo", "--role", "web", data=tmp_path, **SMALL)

    page.goto(f"{web.url}/wall/main")

    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=20_000)
    refresher.stop()
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "stale", timeout=19_000)


def test_when_the_leader_is_killed_another_process_goes_on(page: Page, server: StartServer, tmp_path: Path) -> None:
    leader = server("--demo", data=tmp_path, **SMALL)
    second = server("--demo", data=tmp_path, **SMALL)
    first_owner = owner(tmp_path)
    page.goto(f"{second.url}/wall/main")
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live", timeout=20_000)

    leader.kill()
    killed = time.monotonic()
    while owner(tmp_path) == first_owner and time.monotonic() - killed < 15:
        time.sleep(0.2)

    assert time.monotonic() - killed < 9  # the lease of 6 s, and the next tick
    page.wait_for_timeout(2000)
    expect(page.locator("#wall")).to_have_attribute("data-fresh", "live")
