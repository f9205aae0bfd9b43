"""The words of the screens."""

import string
from pathlib import Path

import pytest

from config.problems import ConfigError
from config.texts import LANGUAGES, Texts, load_texts

MAY_BE_EMPTY = ("_before", "_after")


def gaps(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_missing_or_empty(language: str) -> None:
    chinese, texts = load_texts("zh"), load_texts(language)

    assert texts.phrases.keys() == chinese.phrases.keys()
    assert not [key for key, phrase in texts.phrases.items() if not phrase.strip() and not key.endswith(MAY_BE_EMPTY)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_have_the_same_names_in_every_language(language: str) -> None:
    chinese, texts = load_texts("zh"), load_texts(language)

    assert not [key for key, phrase in texts.phrases.items() if gaps(phrase) != gaps(chinese.phrases[key])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_months_and_seven_weekdays(language: str) -> None:
    texts = load_texts(language)

    assert len(texts("clock.months").split()) == 12
    assert len(texts("clock.weekdays").split()) == 7


def test_a_phrase_is_filled() -> None:
    texts = Texts("zh", {"alerts.line": "{unit}，{place}"})

    assert texts("alerts.line", unit="市政处", place="学府街") == "市政处，学府街"


def test_phrases_below_a_prefix_lose_it() -> None:
    texts = Texts("zh", {"fresh.live": "实时", "fresh.down": "连接中断", "freshness": "x"})

    assert texts.under("fresh") == {"live": "实时", "down": "连接中断"}


def test_chinese_pages_say_that_they_are_chinese() -> None:
    assert load_texts("zh").html_lang == "zh-CN"


@pytest.mark.parametrize("content", ["kpi: [a, b]", "kpi: {target: 90}", "- a", "kpi: {a: 1", ""])
def test_a_file_that_is_not_nested_text_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "zh.yaml").write_text(content, "utf-8")

    with pytest.raises(ConfigError):
        load_texts("zh", tmp_path)


def test_a_missing_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"fr\.yaml"):
        load_texts("fr", tmp_path)
