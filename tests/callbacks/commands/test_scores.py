"""`indicators --score`: as a table, as CSV and as one document, with the answer for one unit."""

import csv
import io
import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from callbacks.commands.indicators import indicators
from config.settings import Settings
from domain.refusals import Refusal
from services.parts import Parts
from tests.worlds import a_world

MAY = ("--city", "suning", "--from", "2026-05-01", "--to", "2026-06-01", "--as-of", "2026-06-03")
NOON = datetime(2026, 6, 3, 4, tzinfo=UTC)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    parts = Parts(Settings(data=tmp_path), lambda: NOON, lambda: NOON)
    store = parts.open_store("suning")
    a_world(store, 7, city="suning")
    store.close()
    return parts


def said(parts: Parts, *arguments: str) -> str:
    result = CliRunner().invoke(indicators, [*MAY, *arguments], obj=parts, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_document_has_rank_score_grade_and_parts_in_every_row(parts: Parts) -> None:
    document: dict[str, Any] = json.loads(said(parts, "--score", "suning", "--unit", "u1", "--format", "json"))

    assert (document["by"], document["score"]["name"], document["score"]["maximum"]) == ("unit", "suning", 90)
    rows = [row for row in document["rows"] if row["key"] != "-"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    for row in rows:
        assert sum(Fraction(part["exact"]) for part in row["parts"]) == Fraction(row["exact"])
        assert row["registered"] >= 0
        assert ("next_rank" in row) == (row["key"] == "u1")


def test_tables_and_csv_have_a_column_for_every_part(parts: Parts) -> None:
    rows = list(csv.DictReader(io.StringIO(said(parts, "--score", "suning", "--format", "csv"))))

    assert rows[0]["rank"] == ""  # the total is in no ranking
    scored = [row for row in rows if row["rank"]]
    for row in scored:
        points = [
            Fraction(row[f"{name}.points"])
            for name in ("on_time_closure_rate", "closure_rate", "work_value", "rework_rate")
        ]
        assert sum(points) == Fraction(row["shown"])
    assert "rework_rate.points" in said(parts, "--score", "suning")
    assert "crossed" in said(parts, "--score", "ruzhou-watch")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--score", "suning", "--by", "grid"), "比较的是 unit"),
        (("--score", "nobody"), "没有名为"),
        (("--score", "suning", "--street", "s1"), "全部单位"),
        (("--score", "suning", "--unit", "u9"), "没有“u9”"),
    ],
)
def test_what_makes_no_ranking_is_refused(parts: Parts, arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        said(parts, *arguments)
