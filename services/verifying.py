"""Recomputing everything that can be proved: every case's chain, the seals of the days, the chain of the audit log.

Memory stays flat: a few thousand cases at a time, of each day only its packed leaves.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain as in_a_row
from itertools import groupby

from data_access import directory, seals
from data_access.seals import LoggedRow, Seal, StoredCase
from data_access.store import Store
from domain.city import City
from domain.events import CHAIN_START, chain
from domain.refusals import Refusal
from domain.seals import FIRST, Leaf, event_line, leaf_of, seal_digest, unpacked
from services import audit
from services.sealing import ONE_DAY, case_ranges, day_of


class Wrong(StrEnum):
    """What was found."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL = "seal"
    AUDIT = "audit"


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: of which case or day, and which entry of its log."""

    wrong: Wrong
    what: str
    case_no: str = ""
    version: int | None = None
    day: date | None = None


@dataclass
class Verified:
    """What was looked at."""

    cases: int = 0
    events: int = 0
    days: int = 0
    sealed_until: date | None = None
    last_seal: str = ""  # the digest of that day's seal, to be kept somewhere else
    findings: int = 0


@dataclass
class Verifier:
    """Yields what does not hold; `verified` counts along."""

    store: Store
    city: City
    city_number: int
    verified: Verified = field(default_factory=Verified)

    def findings(self) -> Iterator[Finding]:
        """Everything, the cases first. Raises SQLAlchemyError when the database does not answer."""
        with self.store.picture() as connection:
            kept = list(seals.stored_seals(connection, self.city_number))
        if kept:
            self.verified.sealed_until, self.verified.last_seal = kept[-1].day, kept[-1].digest.hex()
        for finding in in_a_row(self._cases(kept), self._seals(kept), self._audit()):
            self.verified.findings += 1
            yield finding

    def _cases(self, kept: Sequence[Seal]) -> Iterator[Finding]:
        sealed = _Sealed(kept)
        for cases in case_ranges(self.store, self.city_number):
            with self.store.picture() as connection:
                stored = {case.case_id: case for case in seals.stored_cases(connection, self.city_number, cases)}
                told = seals.told_versions(connection, self.city_number, cases)
                rows = seals.logged_rows(connection, self.city_number, cases)
                logs = ((case_id, list(log)) for case_id, log in groupby(rows, key=lambda row: row.case_id))
                for case_id, log in _with_all(logs, stored, sealed, cases):
                    self.verified.cases += case_id in stored
                    self.verified.events += len(log)
                    case, leaves = stored.get(case_id), sealed.of(case_id)
                    yield from self._case(case_id, case, log, leaves, told.get(case_id, 0))
        for case_id in sealed.rest():
            yield from self._case(case_id, None, [], sealed.of(case_id), 0)

    def _case(
        self,
        case_id: int,
        case: StoredCase | None,
        log: Sequence[LoggedRow],
        leaves: Sequence[tuple[date, Leaf]],
        told: int,
    ) -> Iterator[Finding]:
        name = case.case_no if case else f"内部编号 {case_id}"
        found = list(_log_findings(name, case, log))
        if case is not None and told > max(case.version, len(log)):
            what = f"案件 {name} 缺少第 {told} 条记录：有通知是为它发出的"
            found.append(Finding(Wrong.REMOVED, what, name, told))
        yield from found
        yield from self._sealed_findings(name, log, leaves, {one.version for one in found})

    def _sealed_findings(
        self, name: str, log: Sequence[LoggedRow], leaves: Sequence[tuple[date, Leaf]], known: set[int | None]
    ) -> Iterator[Finding]:
        """What the chain could not show: an end cut off, a chain computed anew, a time of writing changed."""
        days: defaultdict[date, list[LoggedRow]] = defaultdict(list)
        for row in log:
            days[self.city.day_of(row.recorded_at)].append(row)
        expected = dict(leaves)
        last_sealed = self.verified.sealed_until
        for day in sorted(expected.keys() | {day for day in days if last_sealed and day <= last_sealed}):
            leaf, rows = expected.get(day), days.get(day, [])
            finding = _against_leaf(name, day, leaf, rows)
            if finding is not None and finding.version not in known:
                yield finding

    def _seals(self, kept: Sequence[Seal]) -> Iterator[Finding]:
        previous, expected = FIRST, kept[0].day if kept else None
        for seal in kept:
            if seal.day != expected:
                yield Finding(Wrong.SEAL, f"缺少 {expected} 的封印", day=expected)
            with self.store.picture() as connection:
                entries, digest = seals.entries_between(connection, self.city_number, *day_of(self.city, seal.day))
            if entries != seal.entries:
                what = f"{seal.day} 的审计记录封印时有 {seal.entries} 条，现有 {entries} 条"
                yield Finding(Wrong.AUDIT, what, day=seal.day)
            elif seal_digest(previous, seal.day, seal.events, seal.leaves, entries, digest) != seal.digest:
                yield Finding(Wrong.SEAL, f"{seal.day} 的封印与内容或前一日封印不符", day=seal.day)
            previous, expected = seal.digest, seal.day + ONE_DAY
            self.verified.days += 1

    def _audit(self) -> Iterator[Finding]:
        found = audit.check(self.store, self.city_number)
        if found is not None:
            yield Finding(Wrong.AUDIT, f"审计记录：{found.what}", version=found.number)


def verifier_of(store: Store, city: City) -> Verifier:
    """Raises Refusal when the database has never held this city."""
    with store.picture() as connection:
        number = directory.city_number(connection, city.id)
    if number is None:
        raise Refusal("这个数据库里没有这座城市", city.id, "请核对 --city 和 --database。")
    return Verifier(store, city, number)


class _Sealed:
    """The leaves of all days, taken case by case in the order of their numbers."""

    def __init__(self, kept: Sequence[Seal]) -> None:
        days = (_leaves(seal) for seal in kept)
        self._coming = heapq.merge(*days, key=lambda one: one[1].case_id)
        self._next = next(self._coming, None)

    def until(self, limit: int) -> int | None:
        """The number of the next case below the limit that a seal knows."""
        return self._next[1].case_id if self._next and self._next[1].case_id < limit else None

    def of(self, case_id: int) -> list[tuple[date, Leaf]]:
        """The leaves of this case; cases are asked for in the order of their numbers."""
        found = []
        while self._next is not None and self._next[1].case_id <= case_id:
            found.append(self._next)
            self._next = next(self._coming, None)
        return found

    def rest(self) -> Iterator[int]:
        """Cases beyond everything that is stored."""
        while self._next is not None:
            yield self._next[1].case_id


def _leaves(seal: Seal) -> Iterator[tuple[date, Leaf]]:
    """None of them when they cannot be read: the seal's own digest then says so."""
    try:
        yield from ((seal.day, leaf) for leaf in unpacked(seal.leaves))
    except ValueError:
        return


def _with_all(
    logs: Iterator[tuple[int, list[LoggedRow]]], stored: dict[int, StoredCase], sealed: _Sealed, cases: range
) -> Iterator[tuple[int, list[LoggedRow]]]:
    """Every case of the range that has a log, a row or a leaf, in the order of their numbers."""
    without = iter(sorted(stored))
    waiting, pending = next(logs, None), next(without, None)
    while True:
        known = [waiting[0] if waiting else None, pending, sealed.until(cases.stop)]
        numbers = [number for number in known if number is not None]
        if not numbers:
            return
        case_id = min(numbers)
        log: list[LoggedRow] = []
        if waiting is not None and waiting[0] == case_id:
            log, waiting = waiting[1], next(logs, None)
        if pending == case_id:
            pending = next(without, None)
        yield case_id, log


def _log_findings(name: str, case: StoredCase | None, log: Sequence[LoggedRow]) -> Iterator[Finding]:
    """What the chain of one case shows, and the number of its entries."""
    previous, expected = CHAIN_START, 1
    for row in log:
        if row.version != expected:
            yield from (_removed(name, gone) for gone in range(expected, row.version))
        elif chain(previous, row.version, row.action, row.at, row.actor, row.body) != row.hash:
            yield Finding(Wrong.ALTERED, f"案件 {name} 第 {row.version} 条记录被改动", name, row.version)
        previous, expected = row.hash, row.version + 1
    if case is None:
        if log:
            yield Finding(Wrong.REMOVED, f"案件 {name} 的案件行被删除，记录还在", name, 0)
        return
    yield from (_removed(name, gone) for gone in range(expected, case.version + 1))
    for extra in range(case.version + 1, expected):
        yield Finding(Wrong.INSERTED, f"案件 {name} 多出第 {extra} 条记录", name, extra)


def _removed(name: str, version: int) -> Finding:
    return Finding(Wrong.REMOVED, f"案件 {name} 缺少第 {version} 条记录", name, version)


def _against_leaf(name: str, day: date, leaf: Leaf | None, rows: Sequence[LoggedRow]) -> Finding | None:
    if leaf is None:
        first = rows[0].version
        return Finding(Wrong.INSERTED, f"案件 {name} 第 {first} 条记录不在 {day} 的封印里", name, first, day)
    versions = [row.version for row in rows]
    if len(rows) < leaf.events:
        gone = leaf.last if leaf.last not in versions else _first_gap(versions, leaf)
        what = f"案件 {name} 缺少第 {gone} 条记录（{day} 封印时有 {leaf.events} 条，现有 {len(rows)} 条）"
        return Finding(Wrong.REMOVED, what, name, gone, day)
    if len(rows) > leaf.events:
        what = f"案件 {name} 多出第 {versions[-1]} 条记录（{day} 封印时有 {leaf.events} 条，现有 {len(rows)} 条）"
        return Finding(Wrong.INSERTED, what, name, versions[-1], day)
    now = leaf_of(leaf.case_id, ((r.version, event_line(r.version, r.hash, r.recorded_at)) for r in rows))
    if now == leaf:
        return None
    what = f"案件 {name} 第 {versions[0]} 至 {versions[-1]} 条记录与 {day} 的封印不符：被改动后重算过"
    return Finding(Wrong.ALTERED, what, name, versions[-1], day)


def _first_gap(versions: Sequence[int], leaf: Leaf) -> int:
    return next((v for v in range(leaf.last - leaf.events + 1, leaf.last + 1) if v not in versions), leaf.last)
