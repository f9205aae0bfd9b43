"""What the desk writes that is no event of one case (a handover): once a key, told the same when asked again."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access.desk_writer import answer_of, beat, keep_answer
from domain.events import canonical
from domain.people import Person
from domain.refusals import Refusal
from services.dispatch.answers import KEY

Told = Mapping[str, Any]


def once(
    connection: Connection,
    city_number: int,
    person: Person,
    key: str,
    asked: Mapping[str, object],
    now: datetime,
    write: Callable[[], Told],
) -> Told:
    """What `write` tells, or what this key was told before with `repeated` set. Raises Refusal for a key that is none
    or was used for something else."""
    if not KEY.fullmatch(key):
        raise Refusal("操作编号不合规定", f"“{key[:80]}”", "请刷新页面后重新操作。")
    digest = hashlib.sha256(canonical(asked).encode("utf-8", "surrogatepass")).digest()
    known = answer_of(connection, city_number, person.user_id, key)
    if known is not None:
        if known.asked != digest:
            then = "请刷新页面后重新操作；原来那次操作不受影响。"
            raise Refusal("这个操作编号已经用于另一个操作", "重复提交", then)
        return {**known.answer, "repeated": True}
    told = write()
    keep_answer(connection, city_number, person.user_id, key, now, digest, canonical(told))
    beat(connection, city_number)
    return {**told, "repeated": False}
