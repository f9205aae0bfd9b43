"""The audit chain: whatever is done to it is found, and the place is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import START, Entry, first_break, link

AT = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)


def chain(size: int) -> list[Entry]:
    entries: list[Entry] = []
    previous = START
    for number in range(1, size + 1):
        at = AT + timedelta(seconds=number)
        said = (
            number,
            at,
            f"dispatcher#{number % 3}",
            "sign_in",
            f"案件{number}",
            number % 4 == 0,
            f'{{"n":{number}}}',
        )
        previous = link(previous, *said)
        entries.append(Entry(*said, previous))
    return entries


def test_a_whole_chain_holds() -> None:
    assert first_break(chain(7), 7) is None
    assert first_break([], 0) is None


def test_it_can_be_continued_from_a_known_place() -> None:
    entries = chain(9)

    assert first_break(entries[4:], 9, entries[3].hash, 4) is None
    assert first_break(entries[4:], 9, START, 4) is not None


@given(st.integers(0, 6), st.sampled_from(["at", "actor", "action", "object", "refused", "detail", "hash"]))
def test_an_altered_entry_is_named(place: int, field: str) -> None:
    entries = chain(7)
    other = {"at": AT, "refused": not entries[place].refused, "hash": bytes(32)}.get(field, "anders")
    entries[place] = replace(entries[place], **{field: other})  # type: ignore[arg-type]

    found = first_break(entries, 7)

    assert found is not None
    assert found.number == place + 1


@pytest.mark.parametrize("place", range(7))
def test_a_removed_entry_is_named(place: int) -> None:
    entries = chain(7)
    del entries[place]

    found = first_break(entries, 7)

    assert found is not None
    assert found.number == place + 1


def test_a_removed_end_and_an_added_one_show_in_the_count() -> None:
    assert first_break(chain(5), 7) is not None
    assert first_break(chain(8), 7) is not None


def test_swapped_entries_are_found() -> None:
    entries = chain(7)
    entries[2], entries[3] = replace(entries[3], number=3), replace(entries[2], number=4)

    assert first_break(entries, 7) is not None


def test_the_zone_in_which_an_instant_is_told_makes_no_difference() -> None:
    there = AT.astimezone(timezone(timedelta(hours=8)))

    assert link(START, 1, AT, "a", "b", "c", False, "{}") == link(START, 1, there, "a", "b", "c", False, "{}")
