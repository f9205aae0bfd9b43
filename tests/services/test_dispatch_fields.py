"""Fields of a command: what people write comes in as text and nothing else."""

import pytest

from domain.refusals import Refusal
from services.dispatch.fields import choice, choices, words, yes

SCRIPT = "<script>alert(1)</script>"


def test_text_stays_text_without_control_characters() -> None:
    assert words({"note": f" {SCRIPT}\x00\x1b[2J \r\nzweite "}, "note", "说明", "") == f"{SCRIPT}[2J \nzweite"
    assert words({"note": "e\u0301"}, "note", "说明", "") == "é"
    assert words({"note": 7}, "note", "说明", "") == ""


def test_ten_thousand_characters_are_refused_with_their_number() -> None:
    with pytest.raises(Refusal, match="说明有 10000 字，超过 300 字"):
        words({"note": "字" * 10_000}, "note", "说明", "案件 1", longest=300)


def test_what_is_required_must_be_written() -> None:
    with pytest.raises(Refusal, match="没有写说明"):
        words({"note": " \n "}, "note", "说明", "案件 1", required=True)


def test_choices_come_with_commas_or_as_a_list() -> None:
    assert choices({"units": "a, b,,a"}, "units") == choices({"units": ["a", "b"]}, "units") == ("a", "b")
    assert choices({}, "units") == choices({"units": 7}, "units") == choices({"units": {"a": 1}}, "units") == ()
    assert choice({"unit": " a "}, "unit") == "a"


@pytest.mark.parametrize(("given", "meant"), [(True, True), ("true", True), ("on", True), ("", False), (False, False)])
def test_a_box_is_ticked_or_not(given: object, meant: bool) -> None:
    assert yes({"box": given}, "box") is meant
    assert yes({}, "box", usual=True)
