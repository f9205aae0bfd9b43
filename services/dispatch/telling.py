"""Who was first: events of a case in words, and what differs between what was looked at and what is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from data_access.desk_writer import StoredEvent
from data_access.keys import Keys
from domain.case_steps import Columns
from domain.city import City
from domain.life_cycle import ACTION_WORDS, ROLE_WORDS, STAGE_WORDS, Action, Role, Stage
from domain.people import POST_WORDS, Post
from domain.replay import SOURCE_ACTIONS, state
from services.dispatch.commands import Change, Conflict, Winner

ACTOR = re.compile(r"([a-z_]+)#(\d+)")
LONGEST_SHOWN = 60
MOST_WINNERS = 20
LABELS = {
    "unit": "处置单位", "due": "期限", "feedback_by": "反馈时间", "promised": "承诺时间", "limit": "时限",
    "by": "延长时间", "reason": "原因", "text": "内容", "note": "说明", "demands": "要求", "decision": "裁定",
    "tier": "处置层级", "alert": "告警",
}  # fmt: skip
COLUMNS = (("stage", "环节"), ("unit", "处置单位"), ("effective_due_at", "处置时限"))


def actor_in_words(actor: str, keys: Keys) -> tuple[str, str]:
    """(name, post) for `dispatcher#12`; any other actor is named as it is, a source as a system."""
    written = ACTOR.fullmatch(actor)
    if written is None or written[1] not in set(Role):
        return actor, "" if not actor.isascii() else ROLE_WORDS[Role.SOURCE]
    account = keys.people.get(int(written[2]))
    post = POST_WORDS[Post(written[1])] if written[1] in set(Post) else ROLE_WORDS[Role(written[1])]
    return (account.name if account else f"{post} {written[2]}"), post


def winner_of(event: StoredEvent, keys: Keys, city: City) -> Winner:
    name, post = actor_in_words(event.actor, keys)
    action = Action(event.action)
    sentence = f"{city.local(event.recorded_at):%H:%M:%S} {name} {ACTION_WORDS[action]}"
    reason = event.body.get("reason") or event.body.get("text") or event.body.get("note")
    if isinstance(reason, str) and reason and action not in SOURCE_ACTIONS:
        sentence += f"：{_short(reason)}"
    return Winner(name, post, action, event.at, event.version, sentence)


def stale(
    city: City,
    keys: Keys,
    case: Mapping[str, Any],
    events: Sequence[StoredEvent],
    seen: int,
    action: Action,
    fields: Mapping[str, Any],
) -> Conflict:
    """The case has moved on since the version that was looked at: who did what, and what is different now."""
    where = f"案件 {case['case_no']}，您看到的是第 {seen} 版，现为第 {case['version']} 版"
    then = "请查看最新案件后再决定；您填写的内容已保留为草稿。"
    since = [event for event in events if event.version > seen]
    winners = tuple(winner_of(event, keys, city) for event in since[-MOST_WINNERS:])
    what = f"“{ACTION_WORDS[action]}”未执行：案件已被别人更新"
    if winners:
        what = f"“{ACTION_WORDS[action]}”未执行：{winners[-1].name}先一步{ACTION_WORDS[winners[-1].action]}"
    changes = tuple(_changes(city, keys, events, seen, fields))
    return Conflict(what, where, then, winners=winners, changes=changes, version=case["version"])


def _changes(
    city: City, keys: Keys, events: Sequence[StoredEvent], seen: int, fields: Mapping[str, Any]
) -> Iterator[Change]:
    """First what the two have written differently, then what has become of the case itself."""
    written: dict[str, Any] = {}
    for event in events:
        if event.version > seen and event.action not in SOURCE_ACTIONS:
            written.update(event.body)
    labelled = set()
    for name, label in LABELS.items():
        if name in written and name in fields:
            theirs, mine = (_shown(name, said[name], city, keys) for said in (written, fields))
            if theirs != mine:
                labelled.add(label)
                yield Change(label, theirs, mine)
    before, now = (_columns(events, until) for until in (seen, len(events)))
    for name, label in COLUMNS:
        if before and now and before[name] != now[name] and label not in labelled:
            yield Change(label, _shown(name, now[name], city, keys), _shown(name, before[name], city, keys))


def _columns(events: Sequence[StoredEvent], until: int) -> Columns | None:
    found = state(events[: max(until, 0)])
    return found.case if found else None


def _shown(name: str, value: Any, city: City, keys: Keys) -> str:
    if value in (None, ""):
        return "—"
    if name == "unit":
        return keys.units.name(str(value))
    if name == "stage":
        return STAGE_WORDS[Stage(value)]
    moment = value if isinstance(value, datetime) else _moment(value, city)
    return f"{city.local(moment):%m-%d %H:%M}" if moment else _short(str(value))


def _moment(value: Any, city: City) -> datetime | None:
    """A time written as text; one without an offset is the city's own."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=city.zone)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"
