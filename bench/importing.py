"""Import: rows a second of Boston's real file into SQLite, and whether memory stays flat with the file's size."""

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.memory import Sampler
from bench.rows import Row
from tests.browser.servers import ROOT, own_environment

BOSTON = Path(os.environ.get("GRIDWALL_BENCH_BOSTON", ROOT / "../shared/data/boston-311-2026/cases.csv.gz"))
BOSTON_ROWS = 38_971
RATE_BUDGET = 5_000
FLAT_BUDGET = 1.2


def measure(folder: Path, quick: bool) -> Iterator[Row]:
    """Each import is the whole command: starting Python, migrating a new database, reading, writing."""
    if BOSTON.exists():
        used = run_import(BOSTON, "boston", "boston-311", folder / "boston")
        seconds = used.wall_s
        note = f"{BOSTON_ROWS:,} rows in {seconds:.1f} s ({used.cpu_s:.1f} s of CPU), start of the command included"
        yield Row("import Boston's file into SQLite", BOSTON_ROWS / seconds, "rows/s", RATE_BUDGET, True, note)
        again = run_import(BOSTON, "boston", "boston-311", folder / "boston")
        yield Row("the same file again (nothing to do)", BOSTON_ROWS / again.wall_s, "rows/s")
    else:
        yield Row("import Boston's file into SQLite", None, "rows/s", RATE_BUDGET, True, f"no file at {BOSTON.name}")
    count = 200_000 if quick else 1_000_000
    path = write_cases(folder / "cases.csv", count)
    used = run_import(path, "suning", "generic", folder / "flat", ("--database", f"sqlite:///{folder}/flat.sqlite"))
    samples = used.memory_mb
    half = len(samples) // 2
    ratio = max(samples[half:]) / max(samples[:half])
    note = f"highest {max(samples):.0f} MB over {count:,} rows at {count / used.wall_s:,.0f} rows/s"
    yield Row("import memory, second half ÷ first half", ratio, "×", FLAT_BUDGET, note=note)


@dataclass(frozen=True)
class Used:
    """What one command took."""

    wall_s: float
    cpu_s: float
    memory_mb: Sequence[float]


def run_import(path: Path, city: str, mapping: str, data: Path, more: Sequence[str] = ()) -> Used:
    """Runs the command to its end. Exit 1 = rows were set aside."""
    command = [sys.executable, "app.py", "import", str(path), "--city", city, "--mapping", mapping, *more]
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        command, cwd=ROOT, env=own_environment(data, {}), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    with Sampler(process.pid) as memory:
        _, complaint = process.communicate(timeout=900)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"import ended with {process.returncode}: {complaint.decode(errors='replace')[-2000:]}")
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Used(time.monotonic() - began, cpu_s, memory.samples)


def write_cases(path: Path, count: int) -> Path:
    """Invented cases in the columns of the generic mapping; the same file for the same count."""
    chance = random.Random(count)
    start = datetime(2026, 1, 1)  # noqa: DTZ001  local time of the city, as such files have it
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("案件号", "上报时间", "立案时间", "结案时间"))
        for number in range(count):
            reported = start + timedelta(seconds=number * 60)
            registered = reported + timedelta(minutes=chance.randint(1, 30))
            closed = registered + timedelta(minutes=chance.randint(30, 3000)) if chance.random() < 0.8 else ""
            writer.writerow((f"B{number:08d}", reported, registered, closed))
    return path
