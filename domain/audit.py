"""The audit log: one chain per city. An altered, removed or inserted entry breaks it; its count shows a removed end."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

START = bytes(32)
SYSTEM = "system"


@dataclass(frozen=True)
class Entry:
    """One entry as it is stored; `detail` is canonical JSON, the very text that was hashed."""

    number: int
    at: datetime
    actor: str  # post#user, or system
    action: str
    object: str
    refused: bool
    detail: str
    hash: bytes


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    what: str


def link(
    previous: bytes, number: int, at: datetime, actor: str, action: str, object_: str, refused: bool, detail: str
) -> bytes:
    """SHA-256 over the previous entry's hash and everything this one says."""
    moment = at.astimezone(UTC).isoformat()
    line = "\n".join((str(number), moment, actor, action, object_, str(int(refused)), detail))
    return hashlib.sha256(previous + line.encode()).digest()


def first_break(entries: Iterable[Entry], count: int, previous: bytes = START, before: int = 0) -> Break | None:
    """Where a chain of `count` entries in all breaks first; None when it is whole.

    `entries` come in the order of their numbers, from the one after `before`, whose hash is `previous`.
    """
    last = before
    for entry in entries:
        if entry.number != last + 1:
            return Break(last + 1, f"缺少第 {last + 1} 条")
        said = (entry.number, entry.at, entry.actor, entry.action, entry.object, entry.refused, entry.detail)
        if link(previous, *said) != entry.hash:
            return Break(entry.number, f"第 {entry.number} 条被改动，或它之前被增删")
        previous, last = entry.hash, entry.number
    if last != count:
        return Break(min(last, count) + 1, f"应有 {count} 条，现有 {last} 条")
    return None
