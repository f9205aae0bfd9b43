"""Letters by the order of GB 2312: told by words whose reading is known."""

import pytest

from config.classes import class_tables, load_classes
from domain.pinyin import initials, letters_of
from services.demo.plan import load_work


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("雨水井盖", "ysjg"), ("雨水箅子", "ysbz"), ("店外经营", "dwjy"), ("暴露垃圾", "bllj"), ("污水外溢", "wswy"),
        ("机动车乱停", "jdclt"), ("路灯不亮", "ldbl"), ("牌匾标识", "pbbs"), ("公交站亭", "gjzt"),
        ("12345 热线", "12345rx"),
    ],
)  # fmt: skip
def test_initials_of_known_words(words: str, expected: str) -> None:
    assert initials(words) == expected


def test_the_first_character_of_every_letter() -> None:
    firsts = "阿八擦搭蛾发噶哈击喀垃妈拿哦啪七然撒他挖昔压匝"
    assert initials(firsts) == "abcdefghjklmnopqrstwxyz"


def test_every_character_of_every_class_has_a_letter() -> None:
    names = [entry.name for table in class_tables() for entry in load_classes(table).classes]
    names += [entry.name for entry in load_work().categories]
    assert not {character for name in names for character in name if not letters_of(character)}
