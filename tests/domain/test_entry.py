"""What a phoned-in case may say, by table."""

import pytest

from domain.entry import LONGEST_DESCRIPTION, Draft, errors_of, name_and_phone, personal_number, position_of
from domain.refusals import Refusal


@pytest.mark.parametrize(
    "text",
    [
        "回电 13800138000", "138-0013-8000", "138 0013 8000", "１３８００１３８０００", "0512-6512 3456", "0212345678",
        "座机65123456", "身份证 320501199001011234", "32050119900101123X", "请打138.0013.8000，谢谢",
    ],
)  # fmt: skip
def test_numbers_of_people_are_noticed(text: str) -> None:
    assert personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "学府街 114 号", "井盖破损 3 处", "同案件 20260519-0471", "20260519 晚上", "2026-05-19 14:30", "车牌 A12345",
        "面积约 1000 平方米", "", "杆号 0471、0472",
    ],
)  # fmt: skip
def test_other_numbers_are_not(text: str) -> None:
    assert not personal_number(text)


def test_a_field_says_what_is_wrong_with_it() -> None:
    draft = Draft(description="坏" * 10_000, place="找 13800138000", reporter="1" * 41)
    assert errors_of(draft) == {
        "description": "问题描述最多 300 字，现有 10,000 字，请删短",
        "place": "像是电话或证件号码，请写到“来电人与电话”里",
        "reporter": "最多 40 字，请删短",
    }
    assert errors_of(Draft(description="好" * LONGEST_DESCRIPTION, reporter="13800138000")) == {}


def test_a_draft_takes_text_only_and_without_control_characters() -> None:
    draft = Draft.of({"place": " 学府街\x00\u200b ", "description": "第一行\n第二行\x07", "unit": 7, "other": "x"})
    assert draft == Draft(place="学府街", description="第一行\n第二行")


@pytest.mark.parametrize("spot", ["116", "116,91", "nan,1", "a,b", "116,33,5", "inf,0"])
def test_what_is_no_position_is_refused(spot: str) -> None:
    with pytest.raises(Refusal, match="不是经纬度"):
        position_of(spot)


def test_a_position_is_kept_to_a_tenth_of_a_metre() -> None:
    assert position_of("116.12345678,33.6") == (116.123457, 33.6)
    assert position_of("") is None


@pytest.mark.parametrize(
    ("written", "name", "phone"),
    [
        ("来电人 13800138000", "来电人", "13800138000"), ("0512-6512 3456，刘女士", "刘女士", "0512-6512 3456"),
        ("匿名", "匿名", ""), ("", "", ""), ("１３８００１３８０００", "", "13800138000"),
        ("+86 138 0013 8000 住户", "住户", "+86 138 0013 8000"),
    ],
)  # fmt: skip
def test_who_called_is_told_apart_from_the_number(written: str, name: str, phone: str) -> None:
    assert name_and_phone(written) == (name, phone)
