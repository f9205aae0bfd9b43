"""Changing many cases at once, as an import does: a few statements a batch, the same events as one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from data_access import tables
from data_access.case_writer import NewEvent, event_rows


@dataclass(frozen=True)
class CaseChange:
    """The new values of a case at `version`; every change of a batch names the same columns."""

    case_id: int
    version: int
    columns: Mapping[str, Any]
    event: NewEvent


@dataclass(frozen=True)
class WorkChange:
    """The new values of one assignment; every change of a batch names the same columns."""

    case_id: int
    assignment_no: int
    columns: Mapping[str, Any]


def locked_cases(connection: Connection, city_id: int, case_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Every column of these cases. They stay locked until the transaction ends, so their versions stay true."""
    cases = tables.cases
    question = select(cases).where(cases.c.city_id == city_id, cases.c.case_id.in_(case_ids)).with_for_update()
    return {row["case_id"]: dict(row) for row in connection.execute(question).mappings()}


def lead_assignments(connection: Connection, city_id: int, case_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The last lead assignment of each case that was not taken from its unit."""
    work = tables.assignments
    question = (
        select(work)
        .where(work.c.city_id == city_id, work.c.case_id.in_(case_ids), work.c.role == "lead")
        .where(work.c.end_reason.is_(None) | (work.c.end_reason == "closed"))
        .order_by(work.c.case_id, work.c.assignment_no)
    )
    return {row["case_id"]: dict(row) for row in connection.execute(question).mappings()}


def last_numbers(connection: Connection, city_id: int, case_ids: Sequence[int]) -> dict[int, int]:
    """The highest assignment number of each case that has one."""
    work = tables.assignments
    question = (
        select(work.c.case_id, work.c.assignment_no)
        .where(work.c.city_id == city_id, work.c.case_id.in_(case_ids))
        .order_by(work.c.case_id, work.c.assignment_no)
    )
    return {case_id: number for case_id, number in connection.execute(question)}


def done_here(connection: Connection, city_id: int, case_ids: Sequence[int], source: str) -> list[tuple[int, str, str]]:
    """(case, action, body as JSON) of everything that was done here rather than at the cases' source."""
    log = tables.case_events
    question = select(log.c.case_id, log.c.action, log.c.body).where(
        log.c.city_id == city_id, log.c.case_id.in_(case_ids), log.c.actor != source
    )
    return [(case_id, action, body) for case_id, action, body in connection.execute(question)]


def change_cases(connection: Connection, city_id: int, changes: Sequence[CaseChange], recorded_at: datetime) -> None:
    """Writes the changes and their events. The cases have to be locked (`locked_cases`) in this transaction."""
    if not changes:
        return
    previous = _last_hashes(connection, city_id, [change.case_id for change in changes])
    cases, events, values = tables.cases, [], []
    for change in changes:
        values.append({"the_case": change.case_id, **change.columns, "version": change.version + 1})
        key = {"city_id": city_id, "case_id": change.case_id}
        events += event_rows(key, (change.event,), change.version, previous[change.case_id], recorded_at)
    here = (cases.c.city_id == city_id, cases.c.case_id == bindparam("the_case"))
    connection.execute(update(cases).where(*here), values)
    connection.execute(insert(tables.case_events), events)


def change_assignments(connection: Connection, city_id: int, changes: Sequence[WorkChange]) -> None:
    if not changes:
        return
    work = tables.assignments
    here = (
        work.c.city_id == city_id,
        work.c.case_id == bindparam("the_case"),
        work.c.assignment_no == bindparam("the_number"),
    )
    values = [{"the_case": c.case_id, "the_number": c.assignment_no, **c.columns} for c in changes]
    connection.execute(update(work).where(*here), values)


def change_facts(connection: Connection, city_id: int, facts: Mapping[int, Mapping[str, Any]]) -> None:
    """What and where these cases are, on every assignment of each; all name the same columns."""
    if not facts:
        return
    work = tables.assignments
    here = (work.c.city_id == city_id, work.c.case_id == bindparam("the_case"))
    connection.execute(update(work).where(*here), [{"the_case": case, **columns} for case, columns in facts.items()])


def add_assignments(connection: Connection, city_id: int, new: Mapping[int, Mapping[str, Any]]) -> None:
    """One more assignment for each of these cases."""
    if not new:
        return
    last = last_numbers(connection, city_id, list(new))
    rows = [
        {"city_id": city_id, "case_id": case_id, "assignment_no": last.get(case_id, 0) + 1, **columns}
        for case_id, columns in new.items()
    ]
    connection.execute(insert(tables.assignments), rows)


def _last_hashes(connection: Connection, city_id: int, case_ids: Sequence[int]) -> dict[int, bytes]:
    cases, log = tables.cases, tables.case_events
    newest = and_(log.c.city_id == cases.c.city_id, log.c.case_id == cases.c.case_id, log.c.version == cases.c.version)
    question = select(log.c.case_id, log.c.hash).select_from(cases.join(log, newest))
    return {
        case_id: digest
        for case_id, digest in connection.execute(
            question.where(cases.c.city_id == city_id, cases.c.case_id.in_(case_ids))
        )
    }


def set_row_hashes(connection: Connection, city_id: int, hashes: Sequence[tuple[int, bytes]]) -> None:
    """Remembers rows whose text changed and whose cases did not."""
    if not hashes:
        return
    cases = tables.cases
    here = (cases.c.city_id == city_id, cases.c.case_id == bindparam("the_case"))
    connection.execute(update(cases).where(*here), [{"the_case": case, "row_hash": mark} for case, mark in hashes])
