"""封印: what a day of the log is sealed by, so that nothing recorded in it can be altered, removed or added unseen.

A chain of a case shows most of that by itself; a seal also shows an end that was cut off, a whole case that is gone,
and a chain that somebody has computed anew. Its leaves say of every case how much was recorded of it that day, so that
the case can be named. What is sealed and why: docs/adr/0013.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

FIRST = bytes(32)  # what the first seal is chained to
MARK = 8  # bytes of a leaf's mark


class Leaf(NamedTuple):
    """Of one case and one day: how many events were recorded, the last one's version, and the mark of them all."""

    case_id: int
    events: int
    last: int
    mark: bytes


@dataclass
class DayLog:
    """A day being read: events come by case, in the order of their versions."""

    events: int = 0
    packed: bytearray = field(default_factory=bytearray)
    _previous: int = 0  # case of the leaf before

    def add(self, leaf: Leaf) -> None:
        """The next case's leaf."""
        self.events += leaf.events
        for number in (leaf.case_id - self._previous, leaf.events, leaf.last):
            self.packed += _varint(number)
        self.packed += leaf.mark
        self._previous = leaf.case_id

    def leaves(self) -> bytes:
        """As they are stored."""
        return zlib.compress(bytes(self.packed), 6)


def event_line(version: int, digest: bytes, recorded_at: datetime) -> bytes:
    """What an event adds to its case's mark: its hash, and when it was written down, which its hash does not cover."""
    return f"{version} {recorded_at.astimezone(UTC).isoformat()}".encode() + digest


def leaf_of(case_id: int, lines: Iterable[tuple[int, bytes]]) -> Leaf:
    """The leaf of a case from (version, event_line) of everything recorded of it that day; at least one."""
    count, last, mark = 0, 0, hashlib.sha256()
    for version, line in lines:
        count, last = count + 1, version
        mark.update(line)
    return Leaf(case_id, count, last, mark.digest()[:MARK])


def unpacked(stored: bytes) -> Iterator[Leaf]:
    """The leaves of a day, by case. Raises ValueError for bytes that are none."""
    try:
        data = zlib.decompress(stored)
    except zlib.error as error:
        raise ValueError("not the leaves of a seal") from error
    place = case_id = 0
    while place < len(data):
        numbers = []
        for _ in range(3):
            number, place = _read_varint(data, place)
            numbers.append(number)
        case_id += numbers[0]
        yield Leaf(case_id, numbers[1], numbers[2], data[place : place + MARK])
        place += MARK


def seal_digest(previous: bytes, day: date, events: int, leaves: bytes, entries: int, entries_digest: bytes) -> bytes:
    """SHA-256 over the seal before and everything this one covers; `leaves` as stored."""
    head = f"{day.isoformat()} {events} {entries}".encode()
    inside = hashlib.sha256(leaves).digest() + entries_digest
    return hashlib.sha256(previous + head + inside).digest()


def _varint(number: int) -> bytes:
    if number < 0:
        raise ValueError("leaves come in the order of their cases")
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _read_varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if place >= len(data):
            raise ValueError("the leaves of a seal end in the middle")
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
        shift += 7
