"""The bench's own arithmetic: a verdict that is wrong is worse than no bench."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import rows
from bench.importing import write_cases
from bench.live import percentile
from bench.rows import Row, table


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("ceiling kept", 3, "s", 3), "kept"),
        (Row("ceiling missed", 3.01, "s", 3), "MISSED"),
        (Row("floor kept", 5000, "rows/s", 5000, at_least=True), "kept"),
        (Row("floor missed", 4999, "rows/s", 5000, at_least=True), "MISSED"),
        (Row("no budget", 1, "s"), ""),
        (Row("skipped", None, "s", 3), "not measured"),
        (Row("broken", None, "", broke_off=True), "BROKE OFF"),
    ],
    ids=lambda value: value.name if isinstance(value, Row) else "",
)
def test_a_row_is_held_against_its_budget(row: Row, verdict: str) -> None:
    assert row.verdict == verdict
    assert verdict in table([row])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_results_are_kept_with_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "RESULTS", tmp_path / "results")

    path = rows.keep([Row("start", 1.5, "s", 10)], datetime(2026, 5, 19, 8, tzinfo=UTC), quick=True)

    assert path.name == "20260519T080000-quick.json"
    assert '"value": 1.5' in path.read_text(encoding="utf-8")
    assert '"cores"' in path.read_text(encoding="utf-8")


def test_invented_cases_are_the_same_every_time(tmp_path: Path) -> None:
    first, second = write_cases(tmp_path / "a.csv", 50), write_cases(tmp_path / "b.csv", 50)

    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_text(encoding="utf-8").splitlines()) == 51
