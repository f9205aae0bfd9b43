"""One measurement and how it is shown and kept."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psutil

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Row:
    """What was measured, in which unit, against which budget. `value` None = not measured, and `note` says why."""

    name: str
    value: float | None
    unit: str
    budget: float | None = None
    at_least: bool = False  # the budget is a floor, not a ceiling
    note: str = ""
    broke_off: bool = False

    @property
    def verdict(self) -> str:
        if self.broke_off:
            return "BROKE OFF"
        if self.value is None:
            return "not measured"
        if self.budget is None:
            return ""
        kept = self.value >= self.budget if self.at_least else self.value <= self.budget
        return "kept" if kept else "MISSED"


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text, numbers aligned."""
    lines = [f"{'what':<44}{'measured':>12} {'unit':<8}{'budget':>12}  verdict"]
    for row in rows:
        value = "—" if row.value is None else f"{row.value:,.4g}" if row.value < 1000 else f"{row.value:,.0f}"
        sign = "≥" if row.at_least else "≤"
        budget = "" if row.budget is None else f"{sign} {row.budget:,g}"
        lines.append(
            f"{row.name:<44}{value:>12} {row.unit:<8}{budget:>12}  {row.verdict}{'  ' + row.note if row.note else ''}"
        )
    return "\n".join(lines)


def keep(rows: Sequence[Row], started: datetime, quick: bool) -> Path:
    """Writes the rows and the machine they were measured on to bench/results/."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{started:%Y%m%dT%H%M%S}-{'quick' if quick else 'full'}.json"
    machine = {
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_1min": psutil.getloadavg()[0],
    }
    content = {"started": started.isoformat(), "quick": quick, "machine": machine, "rows": [asdict(r) for r in rows]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
