"""The queue's order, tabs, search and filters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.alerts import Acknowledgement, Alert, Attention, CaseFacts, alerts_of
from domain.applications import Kind, State
from domain.life_cycle import Role, Stage
from domain.queue import Entry, Filters, Tab, Waiting, chosen, grouped, in_tab, plain_words, to_sign

NOW = datetime(2026, 5, 19, 6, 32, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DISPATCHER, CHIEF, LEADER = (Role.DISPATCHER,), (Role.DUTY_CHIEF,), (Role.LEADER,)


def entry(case_no: str, minutes: int | None = None, unit: str = "u1", **changes: Any) -> Entry:
    """A case that is due so many minutes from now; negative = overdue."""
    due = None if minutes is None else NOW + minutes * MINUTE
    facts = changes.pop("facts", CaseFacts(running=True, due=due, due_soon=due and due - 60 * MINUTE))
    words = plain_words("\n".join((case_no, changes.get("category", ""), changes.get("address", ""))))
    values: dict[str, Any] = {
        "case_id": 1, "version": 1, "stage": Stage.RECEIVED, "attention": Attention.NEW, "calls_since": None,
        "alerts": alerts_of(facts, NOW, timedelta(minutes=15)), "words": words, **changes,
    }  # fmt: skip
    return Entry(case_no=case_no, facts=facts, unit=unit, **values)


def test_groups_stand_by_their_newest_overdue_case_and_then_by_what_is_due_next() -> None:
    groups = grouped([
        entry("a1", 20, "a"),
        entry("b1", -30, "b"), entry("b2", 5, "b"), entry("b3", -300, "b"),
        entry("c1", -4, "c"), entry("c2", -900, "c"),
        entry("d1", 10, "d"),
        entry("e1", None, "e"),
    ])  # fmt: skip

    assert [group.unit for group in groups] == ["c", "b", "d", "a", "e"]


def test_rows_stand_overdue_newest_first_then_by_the_time_they_are_due() -> None:
    suspended = entry("s", facts=CaseFacts(running=False, due=NOW + 3 * MINUTE))

    group = grouped([entry("x", 40), entry("n", None), suspended, entry("o", -300), entry("y", 7), entry("p", -4)])[0]

    assert [one.case_no for one in group.entries] == ["p", "o", "y", "x", "n", "s"]


def test_cases_due_at_the_same_instant_stand_by_number() -> None:
    group = grouped([entry("3", -4), entry("1", -4), entry("2", -4)])[0]

    assert [one.case_no for one in group.entries] == ["1", "2", "3"]


def test_the_head_of_a_group_counts_all_its_cases() -> None:
    group = grouped([entry(f"{n}", -n) for n in range(1, 41)] + [entry("s1", 5), entry("s2", 500)])[0]

    assert (group.overdue, group.due_soon, group.oldest_due) == (40, 1, NOW - 40 * MINUTE)


EXTENSION = (Waiting(Kind.EXTENSION, State.ASKED),)
ENDORSED = (Waiting(Kind.SUSPENSION, State.ENDORSED),)
NOTICE = (Waiting(Kind.SUPERVISION, State.ASKED),)
RETURN = (Waiting(Kind.RETURN, State.ASKED),)
RETURN_ENDORSED = (Waiting(Kind.RETURN, State.ENDORSED),)


@pytest.mark.parametrize(
    ("waiting", "stage", "dispatcher", "chief", "leader"),
    [
        ((), Stage.RECEIVED, False, False, False),
        (EXTENSION, Stage.RECEIVED, True, False, True),
        (ENDORSED, Stage.RECEIVED, False, True, True),
        (NOTICE, Stage.RECEIVED, False, True, True),
        (RETURN, Stage.RETURNED, True, True, True),
        (RETURN_ENDORSED, Stage.RETURNED, False, True, True),
        ((), Stage.RETURNED, True, True, True),  # a return that came without an application
        ((*ENDORSED, *EXTENSION), Stage.RECEIVED, True, True, True),
    ],
)
def test_what_waits_is_shown_to_whoever_signs_next(
    waiting: tuple[Waiting, ...], stage: Stage, dispatcher: bool, chief: bool, leader: bool
) -> None:
    case = entry("1", 60, waiting=waiting, stage=stage)

    assert (to_sign(case, DISPATCHER), to_sign(case, CHIEF), to_sign(case, LEADER)) == (dispatcher, chief, leader)


def test_each_tab_has_its_cases() -> None:
    promised = Acknowledgement(Alert.OVERDUE, NOW, promised_at=NOW + MINUTE)
    facts = CaseFacts(running=True, due=NOW - MINUTE, acknowledged=[promised])
    cases = [
        entry("quiet", 900),
        entry("late", -5),
        entry("unreceived", 900, stage=Stage.DISPATCHED),
        entry("asked", 900, waiting=EXTENSION),
        entry("supervised", 900, supervised=True),
        entry("promised", facts=facts),
    ]

    found = {tab: [one.case_no for one in cases if in_tab(one, tab, DISPATCHER)] for tab in Tab}

    assert found == {
        Tab.DUE: ["late", "promised"],
        Tab.RECEIVE: ["unreceived"],
        Tab.APPROVE: ["asked"],
        Tab.WATCH: ["supervised", "promised"],
        Tab.ALL: [one.case_no for one in cases],
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(Tab.ALL), ["20260519-0471", "20260519-0472", "20260519-0473"]),
        (Filters(Tab.ALL, words="0472"), ["20260519-0472"]),
        (Filters(Tab.ALL, words="井盖"), ["20260519-0471", "20260519-0473"]),
        (Filters(Tab.ALL, words="井盖 学府"), ["20260519-0471"]),
        (Filters(Tab.ALL, words="０４７３"), ["20260519-0473"]),  # full-width digits, as an input method writes them
        (Filters(Tab.ALL, words="KTV"), ["20260519-0472"]),
        (Filters(Tab.ALL, words="nothing of the kind"), []),
        (Filters(Tab.ALL, unit="u2"), ["20260519-0473"]),
        (Filters(Tab.ALL, street="s1", words="  "), ["20260519-0471"]),
        (Filters(Tab.ALL, alert="overdue"), ["20260519-0471"]),
        (Filters(Tab.ALL, alert="overdue", unit="u2"), []),
        (Filters(Tab.DUE, words="井盖"), ["20260519-0471"]),
    ],
)
def test_search_and_filters(filters: Filters, expected: list[str]) -> None:
    cases = [
        entry("20260519-0471", -4, category="井盖破损移位", address="学府街与北环路口东 40 米", street="s1"),
        entry("20260519-0472", 900, category="店外经营", address="崇文路 ktv 门前"),
        entry("20260519-0473", 900, "u2", category="井盖破损移位", address="滨江路"),
    ]

    assert [one.case_no for one in chosen(cases, filters, DISPATCHER)] == expected


def test_the_filters_that_are_set_are_named() -> None:
    assert Filters(Tab.DUE).given() == ()
    assert Filters(Tab.DUE, unit="u1", words="井盖").given() == ("words", "unit")
