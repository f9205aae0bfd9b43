"""回退: what the system can compare a unit's return with, and how it says so."""

from collections.abc import Iterable

import pytest

from domain.refusals import Refusal
from domain.returns import Check, Decision, Finding, checks, decision_of, verdict

NAMES = {"zhujian": "住建局", "tongxin": "通信公司", "shizheng": "市政处"}


def supports(found: Iterable[Check]) -> dict[Finding, bool | None]:
    return {check.finding: check.supports for check in found}


def test_all_three_may_speak_for_the_unit() -> None:
    found = checks("zhujian", {"tongxin": 1.0}, {"tongxin": 12}, ["shizheng", "zhujian"], NAMES)

    assert [check.supports for check in found] == [True, True, True]
    assert verdict(found) == "3 项与单位理由一致"
    assert "通信公司" in found[0].line
    assert "市政处" in found[2].line


def test_a_unit_whose_work_it_is_finds_no_support() -> None:
    found = checks("zhujian", {"zhujian": 0.6, "tongxin": 0.4}, {"zhujian": 9, "tongxin": 3}, [], NAMES)

    assert [check.supports for check in found] == [False, False, None]
    assert verdict(found) == "2 项比对，0 项与单位理由一致"


@pytest.mark.parametrize(("mine", "whole", "rare"), [(0, 10, True), (1, 10, False), (1, 11, True)])
def test_a_tenth_of_such_cases_is_no_rarity(mine: int, whole: int, rare: bool) -> None:
    found = checks("zhujian", None, {"zhujian": mine, "tongxin": whole - mine}, [], NAMES)

    assert supports(found)[Finding.HISTORY] is rare


def test_where_nothing_is_known_nothing_is_claimed() -> None:
    found = checks("zhujian", None, {}, ["zhujian"], NAMES)

    assert [check.supports for check in found] == [None, None, None]
    assert verdict(found) == "没有可比对的事实"


def test_a_decision_has_to_be_made() -> None:
    assert decision_of("unclear", "") is Decision.UNCLEAR
    with pytest.raises(Refusal, match="没有选裁定"):
        decision_of("", "20260513-0288")
