"""One click, one answer: what a key stands for, and how its answer is kept so that a retry is told the same."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from data_access.desk_writer import Answer
from domain.events import canonical
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.dispatch.commands import Command, Done

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
LONGEST_TEXT = 500  # characters of any one field
LONGEST_FIELDS = 20_000  # characters of all of them together


def digest_of(command: Command) -> bytes:
    """What was asked. Not the version: whoever retries after the page has been refreshed means the same click.

    Raises Refusal for a key that is none, and for fields that are too long.
    """
    if not KEY.fullmatch(command.key):
        raise Refusal("操作编号不合规定", f"“{command.key[:80]}”", "请刷新页面后重新操作。")
    try:
        asked = canonical({"case": command.case_no, "action": command.action.value, "fields": dict(command.fields)})
    except (TypeError, ValueError) as error:
        raise Refusal("填写的内容读不懂", command.action.value, "请刷新页面后重新填写。") from error
    _require_bounded(command.fields, command.case_no)
    if len(asked) > LONGEST_FIELDS:
        raise Refusal(f"填写的内容有 {len(asked):,} 字，太长", f"案件 {command.case_no}", "请改短后再提交。")
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).digest()


def _require_bounded(fields: Mapping[str, Any], case_no: str) -> None:
    longest = max((len(value) for value in fields.values() if isinstance(value, str)), default=0)
    if longest > LONGEST_TEXT:
        then = f"请改短到 {LONGEST_TEXT} 字以内。"
        raise Refusal(f"文字有 {longest:,} 字，超过 {LONGEST_TEXT} 字", f"案件 {case_no}", then)


def as_text(done: Done) -> str:
    """The answer as it is kept with its key."""
    return canonical(asdict(done) | {"at": done.at.isoformat(), "action": done.action.value})


def again(known: Answer, asked: bytes) -> Done:
    """The first answer once more. Raises Refusal when the key was used for something else."""
    if known.asked != asked:
        then = "请刷新页面后重新操作；原来那次操作不受影响。"
        raise Refusal("这个操作编号已经用于另一个操作", "重复提交", then)
    kept = dict(known.answer)
    kept |= {"at": datetime.fromisoformat(kept["at"]), "action": Action(kept["action"])}
    return replace(Done(**kept), repeated=True)


def key_in_bulk(key: str, case_no: str) -> str:
    """The key of one case in an act on many: the same however often the whole is retried."""
    return hashlib.sha256(json.dumps([key, case_no]).encode()).hexdigest()[:48]
