"""What a password must be."""

import pytest

from domain.passwords import COMMON, classes_in, complaints

ACCOUNT, NAME = "dispatcher01", "派遣员01"


@pytest.mark.parametrize(
    "password", ["Lan-Zhou_2026", "aB3defgh", "桥梁Aa1桥梁桥梁", "x9!x9!x9!", "A" * 60 + "b1" * 34]
)
def test_these_will_do(password: str) -> None:
    assert complaints(password, ACCOUNT, NAME) == ()


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("", "至少 8 位，现在 0 位"),
        ("aB3defg", "至少 8 位，现在 7 位"),
        ("aB3" + "d" * 126, "至多 128 位，现在 129 位"),
        ("abcdefgh1", "至少三种"),
        ("ABCDEFGH1", "至少三种"),
        ("12345678!", "至少三种"),
        ("Dispatcher01!", "账号或姓名"),
        ("x派遣员01xA", "账号或姓名"),
        ("P@ssw0rd", "太常见"),
        ("Passw0rd12!", "太常见"),
        ("Admin@123", "太常见"),
    ],
)
def test_these_will_not(password: str, complaint: str) -> None:
    assert complaint in "；".join(complaints(password, ACCOUNT, NAME))


def test_a_common_word_in_a_long_password_is_no_fault() -> None:
    assert complaints("1-Password-is-not-enough", ACCOUNT, NAME) == ()


def test_common_ones_are_written_as_they_are_compared() -> None:
    assert all(word == word.casefold() for word in COMMON)


@pytest.mark.parametrize(
    ("text", "kinds"), [("", 0), ("a", 1), ("aA", 2), ("aA1", 3), ("aA1!", 4), ("中文字", 1), ("中a", 2)]
)
def test_kinds_of_characters(text: str, kinds: int) -> None:
    assert classes_in(text) == kinds
