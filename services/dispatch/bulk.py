"""One act on many cases: a transaction each, and one message a recipient for all of them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data_access import outbox
from data_access.desk_writer import add_to_notice
from domain.life_cycle import ACTION_WORDS, Action
from domain.people import Person
from domain.refusals import Refusal
from services.dispatch.answers import KEY, key_in_bulk
from services.dispatch.commands import Command, Done, Down, Outcome
from services.dispatch.scene import Owed

MOST = 200  # cases of one act
GATHERS = timedelta(seconds=10)  # a message waits so long for the other cases of its act
ACTIONS = frozenset(
    {Action.URGE, Action.REASSIGN, Action.SUPERVISE, Action.PROPOSE_SUPERVISION, Action.CLAIM, Action.NOTE}
)


def in_bulk(
    act: Callable[..., Done],
    person: Person,
    action: Action,
    key: str,
    items: Sequence[tuple[str, int]],
    fields: Mapping[str, Any],
) -> list[Outcome]:
    """As Desk.bulk says."""
    if action not in ACTIONS:
        possible = "、".join(ACTION_WORDS[one] for one in Action if one in ACTIONS)
        raise Refusal(f"“{ACTION_WORDS[action]}”不能批量办理", "批量办理", f"可以批量办理的：{possible}。")
    if not KEY.fullmatch(key):
        raise Refusal("操作编号不合规定", f"“{key[:80]}”", "请刷新页面后重新操作。")
    if not 0 < len(items) <= MOST:
        raise Refusal(f"一次最多办理 {MOST} 件，现选了 {len(items)} 件", "批量办理", "请分批办理。")
    outcomes = []
    for case_no, version in dict(items).items():
        command = Command(case_no, action, key_in_bulk(key, case_no), version, fields)
        outcomes.append(_one(act, person, command, key))
    return outcomes


def _one(act: Callable[..., Done], person: Person, command: Command, key: str) -> Outcome:
    try:
        return Outcome(command.case_no, done=act(person, command, bulk=f"{person.user_id}/{key}"))
    except Down:
        raise  # whoever retries with the same key gets the rest done
    except Refusal as refusal:
        return Outcome(command.case_no, refusal=refusal)


def owe_together(connection: Connection, city_number: int, bulk: str, notices: Sequence[Owed], at: datetime) -> None:
    """Adds a line to the message that this act on many owes the recipient, or begins one.

    Every case's transaction owes its own line: whatever stops the rest, what was done is told. A message that a sender
    has taken meanwhile is followed by another.
    """
    for one in notices:
        word = one.title.split()[0]  # 新案件 and 知会 are two messages
        base = hashlib.sha256(f"{bulk}\n{one.kind}\n{word}\n{one.recipient}".encode()).hexdigest()[:40]
        part = 1
        while True:
            found = add_to_notice(connection, city_number, f"bulk/{base}/{part}", word, _line(one), one.urgent)
            if found is True:
                break
            if found is None:
                _begin(connection, city_number, f"bulk/{base}/{part}", one, at)
                break
            part += 1


def _begin(connection: Connection, city_number: int, event_key: str, one: Owed, at: datetime) -> None:
    row = {"event_key": event_key, "kind": one.kind, "recipient": one.recipient, "urgent": one.urgent}
    row |= {"title": one.title[:120], "text": _line(one), "at": at, "not_before": at + GATHERS}
    outbox.owe(connection, city_number, [row])


def _line(one: Owed) -> str:
    return " ".join(one.text.split())
