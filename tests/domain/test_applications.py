"""The limits of 延期 and 挂账 as tables, and that nothing breaks them whatever is asked."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications import (
    REASONS,
    ExtensionAsked,
    Rule,
    amount,
    cut,
    extension_checks,
    hold_to,
    in_words,
    other_person,
    suspension_checks,
)
from domain.city import ExtensionLimits
from domain.deadlines import Limit
from domain.refusals import Refusal

DUE = datetime(2026, 5, 19, 6, 57, 55, tzinfo=UTC)
SUNING = ExtensionLimits(Fraction(1), 1, Fraction(1, 10))
ASKED = ExtensionAsked(
    limit=Limit.parse("1 work_days"),
    by=Limit.parse("6 work_hours"),
    asked_at=DUE - timedelta(hours=1, minutes=16),
    due=DUE,
    share=(247, 3826),
)


def broken(asked: ExtensionAsked, limits: ExtensionLimits = SUNING) -> dict[Rule, bool]:
    """The rules that do not hold, and whether they are hard."""
    return {check.rule: check.hard for check in extension_checks(limits, asked) if not check.ok}


def asked(**changes: object) -> ExtensionAsked:
    return ExtensionAsked(**(vars(ASKED) | changes))


def test_the_application_of_the_picture() -> None:
    checks = {check.rule: check for check in extension_checks(SUNING, ASKED)}

    assert list(checks) == [Rule.FACTOR, Rule.SHARE, Rule.BEFORE_DUE, Rule.TIMES]
    assert all(check.ok for check in checks.values())
    assert checks[Rule.FACTOR].value == Fraction(3, 4)
    assert checks[Rule.SHARE].value == Fraction(247, 3826)
    assert checks[Rule.BEFORE_DUE].spare == timedelta(hours=1, minutes=16)


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"by": Limit.parse("8 work_hours")}, {}),  # exactly once the limit
        ({"by": Limit.parse("8.01 work_hours")}, {Rule.FACTOR: True}),
        ({"by": Limit.parse("2 work_hours"), "added": Limit.parse("7 work_hours")}, {Rule.FACTOR: True}),  # in total
        ({"times": 1}, {Rule.TIMES: True}),
        ({"asked_at": DUE}, {}),
        ({"asked_at": DUE + timedelta(seconds=1)}, {Rule.BEFORE_DUE: True}),
        ({"share": (10, 100)}, {}),  # exactly 10 %
        ({"share": (11, 100)}, {Rule.SHARE: False}),
        ({"share": (1, 0)}, {Rule.SHARE: False}),
    ],
)
def test_every_limit_at_its_edge(changes: dict[str, object], rules: dict[Rule, bool]) -> None:
    assert broken(asked(**changes)) == rules


def test_a_city_without_ceilings_asks_only_to_be_asked_in_time() -> None:
    wild = asked(by=Limit.parse("90 work_days"), times=9, share=(9, 9))

    assert broken(wild, ExtensionLimits()) == {}


def test_a_hard_limit_refuses_and_a_soft_one_wants_a_reason() -> None:
    over_share = extension_checks(SUNING, asked(share=(2, 3)))
    too_long = extension_checks(SUNING, asked(by=Limit.parse("9 work_hours")))

    hold_to(over_share, "构件要吊车", "20260518-0655")
    with pytest.raises(Refusal, match="警戒线"):
        hold_to(over_share, " ", "20260518-0655")
    with pytest.raises(Refusal, match="倍数上限"):
        hold_to(too_long, "构件要吊车", "20260518-0655")


@pytest.mark.parametrize(
    ("attachments", "measures", "late", "before", "rules"),
    [
        (3, "养护班", 0, 0, set()),
        (0, "养护班", 0, 0, {Rule.GROUNDS}),
        (1, " ", 0, 0, {Rule.MEASURES}),
        (1, "养护班", 0, 1, {Rule.SAME_PLACE}),
        (1, "养护班", 1, 0, {Rule.BEFORE_DUE}),
    ],
)
def test_what_a_suspension_is_weighed_by(
    attachments: int, measures: str, late: int, before: int, rules: set[Rule]
) -> None:
    checks = suspension_checks(attachments, measures, DUE + timedelta(minutes=late), DUE, before)

    assert {check.rule for check in checks if not check.ok} == rules
    assert not any(check.hard for check in checks)


def test_every_rule_says_what_to_do() -> None:
    assert set(REASONS) == set(Rule)


def test_an_amount_on_another_clock_and_a_raised_one_are_refused() -> None:
    limit = Limit.parse("1 work_days")

    assert amount("6工作时", limit, "") == Limit.parse("6 work_hours")
    with pytest.raises(Refusal, match="不是同一种计时"):
        amount("6 urgent_hours", limit, "")
    with pytest.raises(Refusal, match="可减不可增"):
        cut(Limit.parse("6 work_hours"), limit, "")
    assert cut(limit, Limit.parse("6 work_hours"), "").amount == timedelta(hours=6)


def test_two_steps_are_two_people() -> None:
    other_person(3, 1, 2)
    other_person(3, None, None)
    for before in ((3, 2), (1, 3), (3, 3)):
        with pytest.raises(Refusal, match="同一个人"):
            other_person(3, *before)


@given(
    limit=st.integers(1, 40), by=st.integers(1, 80), before=st.integers(0, 80), factor=st.integers(1, 3),
    late=st.integers(-5, 5), times=st.integers(0, 3), most=st.integers(1, 3),
)  # fmt: skip
def test_what_passes_is_within_every_hard_limit(
    limit: int, by: int, before: int, factor: int, late: int, times: int, most: int
) -> None:
    hours = [Limit.parse(f"{n} work_hours") if n else None for n in (limit, by, before)]
    facts = asked(limit=hours[0], by=hours[1], added=hours[2], asked_at=DUE + timedelta(hours=late), times=times)
    checks = extension_checks(ExtensionLimits(Fraction(factor), most), facts)

    passes = by + before <= factor * limit and late <= 0 and times < most
    assert all(check.ok for check in checks if check.hard) is passes


@pytest.mark.parametrize(
    ("written", "words"),
    [("6 work_hours", "6 工作时"), ("1.5 work_days", "1.5 工作日"), ("2 urgent_hours", "2 紧急工作时")],
)
def test_limits_in_words(written: str, words: str) -> None:
    assert in_words(Limit.parse(written)) == words
