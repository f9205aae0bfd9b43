"""`python -m bench [--quick] [--only NAME]`: measures, prints a table, keeps the rows in bench/results/."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from bench import desk, desk_page, importing, live, rankings, spreadsheets, starting
from bench.rows import Row, keep, table

Measure = Callable[[Browser, Path, bool], Iterator[Row]]

PARTS: dict[str, Measure] = {
    "starting": starting.measure,
    "importing": lambda _browser, folder, quick: importing.measure(folder, quick),
    "live": live.measure,
    "desk_page": desk_page.measure,
    "spreadsheets": lambda _browser, folder, quick: spreadsheets.measure(folder, quick),
    "desk": lambda _browser, folder, quick: desk.measure(folder, quick),
    "rankings": lambda _browser, folder, quick: rankings.measure(folder, quick),
}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@click.command()
@click.option("--quick", is_flag=True, help="small counts: at most three minutes")
@click.option("--only", type=click.Choice(list(PARTS)), help="one part alone")
def main(quick: bool, only: str | None) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that servers are stopped on the way out
    started = datetime.now(UTC)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    rows: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for name in [only] if only else PARTS:
            click.echo(f"… {name}", err=True)
            rows += run(name, browser, quick)
        browser.close()
    click.echo(table(rows))
    click.echo(f"kept in {keep(rows, started, quick)}")
    if any(row.verdict in ("MISSED", "BROKE OFF") for row in rows):
        raise SystemExit(1)


def run(name: str, browser: Browser, quick: bool) -> list[Row]:
    """A part that breaks off is a row that says so, and exit status 1; the others still run."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="gridwall-bench-") as folder:
        try:
            rows.extend(PARTS[name](browser, Path(folder), quick))
        except Exception as error:
            note = " ".join(f"{type(error).__name__}: {error}".split())[-400:]
            rows.append(Row(name, None, "", note=note, broke_off=True))
    return rows


if __name__ == "__main__":
    main()
