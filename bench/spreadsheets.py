"""The workbook of a long ranking: how long it takes, and whether LibreOffice, where installed, computes the same."""

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import perf_counter

from bench.rows import Row
from config.cities import load_city
from config.scores import load_score
from domain.city import City
from domain.explanation import displayed
from domain.indicators import Counts
from domain.ranking import Rounding
from domain.ranking_view import RankingAsk, RankingTable, Span
from domain.score_rule import Ranked
from domain.scoring import UnitFigures
from services.rankings.gather import Entry, Gathered
from services.rankings.table import table_of
from services.reports.ranking_book import ranking_book

AS_OF = datetime(2026, 6, 10, tzinfo=UTC)
UNITS, FEW = 500, 60
CONVERTED_IN = 120  # seconds
WRITTEN_VALUE = re.compile(r"(<c [^>]*?)( t=\"str\")?>(<f>[^<]*</f>)<v>[^<]*</v>")
SHOWN = "得分（满分"


def measure(folder: Path, quick: bool) -> Iterator[Row]:
    """A ranking of 500 units; LibreOffice is given it without the values that stand beside the formulas."""
    city = load_city("demo")
    table = long_table(city, FEW if quick else UNITS)
    begun = perf_counter()
    data = ranking_book(table, city)
    yield Row(f"workbook of a ranking, {len(table.rows)} units", perf_counter() - begun, "s", 2)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    name = "cells LibreOffice computes otherwise"
    if office is None:
        yield Row(name, None, "cells", 0, note="LibreOffice is not installed here")
        return
    (folder / "whole.xlsx").write_bytes(data)
    without_values(folder / "whole.xlsx", folder / "ranking.xlsx")
    command = [
        office,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
    ]
    subprocess.run([*command, str(folder), str(folder / "ranking.xlsx")], check=True, timeout=CONVERTED_IN)
    with (folder / "ranking.csv").open(encoding="utf-8") as file:
        yield Row(name, float(sum(differing(table, list(csv.reader(file))))), "cells", 0)


def long_table(city: City, size: int) -> RankingTable:
    random, classes = Random(5), list(city.unit_classes)
    entries, figures = {}, []
    for n in range(size):
        key, due = f"u{n}", random.randrange(400)
        closed = random.randint(0, due)
        own = Counts(closure_due=due, closed=closed, on_time=random.randint(0, closed), rework=random.randint(0, due))
        unit_class = classes[n % len(classes)]
        entries[n] = Entry(key, f"第{n}处置单位", f"单位{n}", unit_class)
        figures.append(UnitFigures(key, unit_class, own))
    ask = RankingAsk(Span("month", date(2026, 5, 1), date(2026, 6, 1)), AS_OF, True, Ranked.UNIT, "demo")
    return table_of(city, ask, load_score("demo"), Gathered(entries, tuple(figures), (), Counts(), Counts()), AS_OF)


def without_values(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as stripped:
        for name in whole.namelist():
            text = whole.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = WRITTEN_VALUE.sub(r"\1>\3", text.decode()).encode()
            stripped.writestr(name, text)


def differing(table: RankingTable, lines: list[list[str]]) -> Iterator[bool]:
    """For rank and score of every unit: whether the cell is not what the page shows."""
    head = next(number for number, line in enumerate(lines) if line[0] == "名次")
    score = next(number for number, name in enumerate(lines[head]) if name.startswith(SHOWN))
    rows = lines[head + 2 :]  # below the weights
    if len(rows) != len(table.rows):
        raise ValueError(f"{len(rows)} rows instead of {len(table.rows)}")
    for line, row in zip(rows, table.rows, strict=True):
        shown, _ = displayed(table.rule, row.unit, 2, Rounding.HALF_UP)
        yield line[0] != ("—" if row.unit.rank is None else str(row.unit.rank))
        yield line[score] != ("—" if shown is None else f"{shown}")
