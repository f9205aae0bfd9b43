"""Tables for people: Chinese headings, exact per cent, columns that stand straight."""

import pytest

from callbacks.commands.headings import cell, heading, padded, percent, width


@pytest.mark.parametrize(
    ("numerator", "denominator", "written"),
    [(164083, 164096, "99.99"), (99999, 100000, "99.99"), (1, 100000, "0.01"), (0, 5, "0.00"), (5, 5, "100.00"),
     (12081, 12414, "97.32"), (33928, 36314, "93.43")],
)  # fmt: skip
def test_a_rate_is_half_up_and_never_full_while_something_is_missing(
    numerator: int, denominator: int, written: str
) -> None:
    assert str(percent(numerator, denominator)) == written


def test_cells_and_headings_are_read_by_people() -> None:
    assert heading("closure_due") == "应结案"
    assert heading("unknown_field") == "unknown_field"
    assert cell("closure_rate", "0/0") == "0/0=—"
    assert cell("closed_at", "2026-05-27T11:10:42.123456-04:00") == "2026-05-27 11:10"
    assert cell("name", "环卫处") == "环卫处"


def test_chinese_takes_two_columns() -> None:
    assert width("环卫处PWD") == 9
    assert padded("结案", 6) == "结案  "
