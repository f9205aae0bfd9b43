"""How figures are written: tables of examples."""

from datetime import date
from fractions import Fraction

import pytest

from config.texts import Texts
from layouts import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction("79.95"), "79.9"),  # must not read 80.0
        (Fraction("79.99999"), "79.9"),
        (Fraction(80), "80.0"),
        (Fraction(1, 3), "0.3"),
        (Fraction("-0.55"), "-0.5"),
        (Fraction(12345), "12,345.0"),
    ],
)
def test_a_score_is_truncated_never_rounded_up(value: Fraction, written: str) -> None:
    assert formats.tenths(value) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (Fraction(99_999, 100_000), "99.9"),  # something is left: never 100.0
        (Fraction(1), "100.0"),
        (Fraction(1, 100_000), "0.1"),  # something exists: never 0.0
        (Fraction(0), "0.0"),
        (Fraction(20_898, 22_889), "91.3"),
    ],
)
def test_a_share_never_hides_what_is_left_or_what_exists(share: Fraction, written: str) -> None:
    assert formats.percent(share) == written


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0分"),
        (38, "38分"),
        (60, "1时00分"),
        (412, "6时52分"),
        (1439, "23时59分"),
        (1440, "1天0时"),
        (1800, "1天6时"),
        (100 * 1440 - 1, "99天23时"),
        (100 * 1440, "100天"),
        (296 * 1440 + 700, "296天"),
    ],
)
def test_a_duration_is_written_in_words(minutes: int, words: str, texts: Texts) -> None:
    assert formats.duration(minutes, texts) == words


@pytest.mark.parametrize(
    ("today", "yesterday", "written"),
    [
        (1286, 1211, "+6.1%"),
        (90, 100, "-10.0%"),
        (7, 7, "持平"),
        (0, 0, "持平"),
        (5, 0, "昨日 0"),
        (0, 5, "-100.0%"),
        (100_001, 100_000, "+0.1%"),
        (1000, 1, "超 +999%"),
    ],
)
def test_a_change_is_told_against_yesterday(today: int, yesterday: int, written: str, texts: Texts) -> None:
    assert formats.change(today, yesterday, texts) == written


def test_thousands_have_a_comma() -> None:
    assert formats.count(1_234_567) == "1,234,567"


def test_a_day_is_written_in_each_language(texts: Texts, english: Texts) -> None:
    assert formats.full_day(date(2025, 3, 2), texts) == "2025-3-2"
    assert formats.full_day(date(2025, 3, 2), english) == "2 Mar 2025"
