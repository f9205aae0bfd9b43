"""From the key to the changed page: a dispatcher's own action, and the same action on a colleague's screen."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.live import percentile
from bench.rows import Row
from tests.browser.servers import Server

OWN_S = 0.3
TICK_S = 1.0
PATIENCE_MS = 10_000
# When the key was pressed, and when each new line of the log was in the page.
OBSERVE = """() => {
  const now = () => performance.timeOrigin + performance.now();
  window.benchKeys = [];
  window.benchLines = {};
  const sent = (event) => event.key === "Enter" && event.ctrlKey;
  document.addEventListener("keydown", (event) => sent(event) && window.benchKeys.push(now()), true);
  const look = () =>
    document.querySelectorAll(".log .what").forEach((line) => (window.benchLines[line.textContent] ??= now()));
  look();
  const changes = {childList: true, characterData: true, subtree: true};
  new MutationObserver(look).observe(document.getElementById("desk-case"), changes);
}"""


def measure(browser: Browser, folder: Path, quick: bool) -> Iterator[Row]:
    """The demo standing still, two dispatchers on one case: one writes notes, the other looks on."""
    notes = 15 if quick else 100
    still = {"GRIDWALL_DEMO_SPEED": "0", "GRIDWALL_DEMO_HISTORY_DAYS": "45"}
    server = Server(("--demo",), folder / "var", folder / "desk.log", still)
    try:
        server.start()
        passwords = _passwords(folder / "var" / "demo-logins.txt", server)
        actor, other = (_desk(browser, server, name, passwords[name]) for name in ("dispatcher01", "dispatcher02"))
        own, seen = [], []
        for number in range(notes):
            pressed, shown, elsewhere = _write(actor, other, f"测量 {number:03d}")
            own.append((shown - pressed) / 1000)
            seen.append((elsewhere - pressed) / 1000)
        note = f"{notes} notes, key to log line in the page"
        yield Row("own action visible to the actor, p50", median(own), "s", OWN_S, note=note)
        yield Row("own action visible to the actor, p95", percentile(own, 0.95), "s", OWN_S, note=note)
        yield Row("the same on a colleague's screen, p95", percentile(seen, 0.95), "s", TICK_S, note=note)
    finally:
        server.kill()


def _passwords(path: Path, server: Server) -> dict[str, str]:
    """The demo's accounts, made after its first picture."""
    for _ in range(300):
        if path.exists() and server.answers("/readyz"):
            lines = path.read_text(encoding="utf-8").splitlines()
            return dict(line.split("\t")[:2] for line in lines if "\t" in line)
        time.sleep(0.1)
    raise RuntimeError("the demo made no accounts")


def _desk(browser: Browser, server: Server, account: str, password: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{server.url}/signin?next=/dispatch")
    page.keyboard.type(account)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.locator(".q").first.wait_for(timeout=PATIENCE_MS)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".log li").first.wait_for(timeout=PATIENCE_MS)
    page.evaluate(OBSERVE)
    return page


def _write(actor: Page, other: Page, words: str) -> tuple[float, float, float]:
    """One note; milliseconds since 1970 of the key, of the actor's page and of the other's."""
    actor.keyboard.press("n")
    actor.keyboard.type(words)
    actor.keyboard.press("Control+Enter")
    found = "(words) => Object.entries(window.benchLines).find(([line]) => line.includes(words))?.[1]"
    for page in (actor, other):
        page.wait_for_function(found, arg=words, timeout=PATIENCE_MS)
    pressed: float = actor.evaluate("() => window.benchKeys.at(-1)")
    return pressed, actor.evaluate(found, words), other.evaluate(found, words)
