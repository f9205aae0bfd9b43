"""Reads the log for the audit administrator: one list of case events and audit entries, and the state of the chain."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data_access import audit_log, case_log, people
from domain import audit, events
from domain.audit import Break, Entry
from domain.logbook import DAYS, PEOPLE_ACTIONS, PER_PAGE, ChainState, Link, LogEntry, LogRow
from domain.people import POST_WORDS, Person
from services.audit import check
from services.people.register import Register

NUMBERED = re.compile(r"(\w+)#(\d+)")
POSTS = {post.value: words for post, words in POST_WORDS.items()}
PAGES_AT_MOST = 100  # older entries are found by `verify` and by the database's own tools


class Logbook:
    """Keeps when the chain was last recomputed, and with what result."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._checked: tuple[datetime, Break | None] | None = None

    def rows(self, chosen: str, page: int) -> list[LogRow]:
        """One page of what a filter shows, newest first; one row more than a page when there are older ones."""
        first = max(0, min(page, PAGES_AT_MOST)) * PER_PAGE
        limit = first + PER_PAGE + 1
        with self.register.store.picture() as connection:
            found = [*self._entries(connection, chosen, limit), *self._events(connection, chosen, limit)]
            found.sort(key=lambda row: (row.at, row.case_id or 0, row.number), reverse=True)
            return found[first:limit]

    def entry(self, key: str) -> LogEntry | None:
        """One line by its key, with what stands before and after it in its chain."""
        case, _, number = key.partition("/")
        if not number.isdigit() or not (case == "-" or case.isdigit()):
            return None
        with self.register.store.picture() as connection:
            names = self._names(connection)
            if case == "-":
                return _of_log(audit_log.around(connection, self.register.number, int(number)), int(number), names)
            near = case_log.around(connection, self.register.number, int(case), int(number))
            return _of_case(near, int(number), names)

    def state(self, anew: bool = False) -> ChainState:
        """The chain: recomputed now when asked or never before in this process."""
        register, now = self.register, self.register.clock()
        if anew or self._checked is None:
            self._checked = now, check(register.store, register.number)
        today = register.city.day_of(now)
        with register.store.picture() as connection:
            entries = audit_log.count(connection, register.number)
            refused = audit_log.refused_since(connection, register.number, register.city.midnight(today))
            sealed = audit_log.sealed_days(connection, register.number, today - timedelta(days=DAYS))
        checked_at, broken = self._checked
        return ChainState(entries, checked_at, broken, refused, frozenset(sealed), today)

    def verify(self, by: Person) -> ChainState:
        """Recomputes on demand, and writes down who asked."""
        state, register = self.state(anew=True), self.register
        with register.store.write.begin() as connection:
            broken = state.broken.number if state.broken else 0
            register.record(connection, register.clock(), by, "verify_audit", entries=state.entries, broken=broken)
        return state

    def _entries(self, connection: Connection, chosen: str, limit: int) -> list[LogRow]:
        if chosen == "cases":
            return []
        names = self._names(connection)
        found = audit_log.newest(
            connection,
            self.register.number,
            limit,
            only=PEOPLE_ACTIONS if chosen == "people" else None,
            besides=PEOPLE_ACTIONS if chosen == "settings" else (),
            refused=chosen == "refused",
        )
        return [_log_row(entry, names) for entry in found]

    def _events(self, connection: Connection, chosen: str, limit: int) -> list[LogRow]:
        if chosen not in ("all", "cases"):
            return []
        names = self._names(connection)
        return [_case_row(row, names) for row in case_log.newest(connection, self.register.number, limit)]

    def _names(self, connection: Connection) -> dict[int, str]:
        return {row.user_id: row.name for row in people.all_users(connection, self.register.number)}


def _who(actor: str, names: dict[int, str]) -> tuple[str, str]:
    """dispatcher#12 → 派遣员01 and 派遣员; what is no person stays as it is written."""
    found = NUMBERED.fullmatch(actor)
    if not found or int(found[2]) not in names:
        return actor.removeprefix("account:"), ""
    return names[int(found[2])], POSTS.get(found[1], "")


def _log_row(entry: Entry, names: dict[int, str]) -> LogRow:
    detail = json.loads(entry.detail)
    who, post = _who(entry.actor, names)
    return LogRow(
        None, entry.number, entry.at, who, post, entry.action, entry.object, entry.refused, detail, entry.hash
    )


def _case_row(row: Any, names: dict[int, str]) -> LogRow:
    detail, (who, post) = json.loads(row.body), _who(row.actor, names)
    at, digest = row.at, bytes(row.hash)
    return LogRow(row.case_id, row.version, at, who, post, row.action, row.case_no, False, detail, digest)


def _of_log(near: Sequence[Entry], number: int, names: dict[int, str]) -> LogEntry | None:
    by_number = {entry.number: entry for entry in near}
    entry, before, after = (by_number.get(number + step) for step in (0, -1, 1))
    if entry is None:
        return None
    previous = before.hash if before else audit.START
    said = (entry.number, entry.at, entry.actor, entry.action, entry.object, entry.refused, entry.detail)
    whole = audit.link(previous, *said) == entry.hash and (before is not None or number == 1)
    links = [Link(one.at, one.hash) if one else None for one in (before, after)]
    return LogEntry(_log_row(entry, names), links[0], links[1], whole)


def _of_case(near: Sequence[Any], version: int, names: dict[int, str]) -> LogEntry | None:
    by_version = {row.version: row for row in near}
    row, before, after = (by_version.get(version + step) for step in (0, -1, 1))
    if row is None:
        return None
    previous = bytes(before.hash) if before else events.CHAIN_START
    whole = events.chain(previous, row.version, row.action, row.at, row.actor, row.body) == bytes(row.hash)
    links = [Link(one.at, bytes(one.hash)) if one else None for one in (before, after)]
    return LogEntry(_case_row(row, names), links[0], links[1], whole)
