"""The documents an act makes: what stands on them, their numbers, their frozen rows.

What a document says is built from the same facts for the preview on a sheet and for the paper that is signed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from data_access import documents as stored
from data_access.counters import take_number
from data_access.desk_writer import StoredEvent
from data_access.keys import Keys
from domain.applications import in_words
from domain.city import City
from domain.deadlines import Limit
from domain.documents import (
    DocumentKind,
    Supervision,
    TransferSlip,
    counter_of,
    day_words,
    frozen_body,
    long_moment,
    number_text,
    short_moment,
)
from domain.life_cycle import Action, AssignmentRole
from domain.replay import CaseState, in_order
from domain.running_clock import clock_of
from domain.supervision import ANSWER_WITHIN, Reason, opening_of

KINDS = {"part": "部件", "event": "事件"}
UNIT_GONE = {
    "returned": "回退", "dispatcher_error": "回退，派遣错误", "reassigned": "改派", "escalated": "上呈",
}  # fmt: skip
MINUTE = ANSWER_WITHIN // 15


class Seen(Protocol):
    """A case as an act or a sheet sees it: the locked scene, or a reading."""

    @property
    def connection(self) -> Connection: ...
    @property
    def city(self) -> City: ...
    @property
    def city_number(self) -> int: ...
    @property
    def now(self) -> datetime: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def case_id(self) -> int: ...
    @property
    def case(self) -> Mapping[str, Any]: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def events(self) -> Sequence[StoredEvent]: ...


def take_document_number(connection: Connection, city: City, city_number: int, kind: DocumentKind, at: datetime) -> str:
    """The number of a document that is signed now: taken once, never given again."""
    year = city.local(at).year
    serial = take_number(connection, city_number, counter_of(kind, year))
    return number_text(kind, city.number_prefix, year, serial)


def next_number(seen: Seen, kind: DocumentKind) -> str:
    """The number a document would get if it were signed now, for the preview."""
    year = seen.city.local(seen.now).year
    serial = stored.next_of(seen.connection, seen.city_number, counter_of(kind, year))
    return number_text(kind, seen.city.number_prefix, year, serial)


def keep(connection: Connection, seen: Seen, kind: DocumentKind, words: Supervision | TransferSlip, by: int) -> int:
    """Freezes a document of the case; returns its own number."""
    frozen = frozen_body(words)
    return stored.keep(connection, seen.city_number, kind.value, words.number, frozen, seen.now, by, seen.case_id)


def supervision_words(
    seen: Seen,
    *,
    reason: Reason,
    due: datetime | None,
    demands: str,
    copies: Sequence[str],
    attached: int = 0,
    number: str,
    signed_by: str = "",
) -> Supervision:
    """What stands on a 督办通知单 about this case; `copies` are names."""
    city, case = seen.city, seen.case
    kind, category = stored.category_facts(seen.connection, seen.city_number, case["category_id"])
    dispatched = case["dispatched_at"]
    return Supervision(
        issuer=city.title,
        number=number,
        signed_by=signed_by,
        recipient=seen.keys.units.name(seen.state.case["unit"]),
        opening=opening_of(reason, is_overdue(seen)),
        case_no=case["case_no"],
        category="，".join(word for word in (KINDS.get(kind, ""), category) if word) or "未分类",
        description=description_of(seen, category),
        dispatched="" if dispatched is None else short_moment(city.local(dispatched)),
        limit=limit_words(seen),
        urges=urges_words(seen),
        due="" if due is None else long_moment(city.local(due)),
        demands=tuple(line.strip() for line in demands.splitlines() if line.strip()),
        copies=tuple(copies),
        day=day_words(city.day_of(seen.now)),
        reply=f"回执请于签收后 {ANSWER_WITHIN // MINUTE} 分钟内反馈",
        attached=f"上报与核实照片 {attached} 张" if attached else "",
    )


def slip_words(
    seen: Seen, *, leaving: str, claim_label: str, claim: str, findings: str, new_unit: str, opinion: str, number: str
) -> TransferSlip:
    """What stands on a 案件移交单 about this case; `leaving`: how the unit that has it leaves (回退, 改派)."""
    _kind, category = stored.category_facts(seen.connection, seen.city_number, seen.case["category_id"])
    street, place = seen.keys.streets.name(seen.state.case["street"]), place_of(seen.case)
    return TransferSlip(
        issuer=seen.city.title,
        number=number,
        case_no=seen.case["case_no"],
        problem=category or "未分类",
        place=place if place.startswith(street) else "，".join(word for word in (street, place) if word),
        dispatches=dispatches_words(seen, leaving),
        claim=claim,
        claim_label=claim_label,
        findings=findings,
        new_unit=new_unit,
        opinion=opinion,
        day=day_words(seen.city.day_of(seen.now)),
    )


def description_of(seen: Seen, category: str) -> str:
    """As reported; where nobody described it, what it was filed for and where."""
    if seen.case["description"]:
        return str(seen.case["description"])
    filed = (event.body.get("condition") for event in seen.events)
    condition = next((said for said in filed if isinstance(said, str) and said), "")
    what = f"{category}：{condition}" if category and condition else condition
    return "，".join(word for word in (place_of(seen.case), what) if word) or "见案件"


def place_of(case: Mapping[str, Any]) -> str:
    """Where it is, as exactly as it is known."""
    place: str = case["address"] or case["road"] or ""
    return place


def is_overdue(seen: Seen) -> bool:
    """Past its effective due time and not handled."""
    due = seen.case["effective_due_at"]
    return due is not None and seen.now > due and seen.case["handled_at"] is None


def limit_of(seen: Seen) -> Limit | None:
    """The limit the case was filed with; None where none is written."""
    clock = clock_of(seen.events)
    if clock is not None and clock.limit is not None:
        return clock.limit
    value, unit = seen.case["limit_value"], seen.case["limit_unit"]
    return None if value is None or unit is None else Limit.parse(f"{value} {unit}")


def limit_of_a_source(seen: Seen) -> dict[str, object]:
    """{"limit": …} for an event that starts a clock, where so far only another system has written the limit: pauses and
    extensions are told from our own events."""
    limit = limit_of(seen)
    ours = any("limit" in step.body for step in in_order(seen.events))
    return {} if ours or limit is None else {"limit": str(limit)}


def limit_words(seen: Seen) -> str:
    """`4 紧急工作时，14:27`; the day where it is not the day of dispatch."""
    limit, due = limit_of(seen), seen.case["effective_due_at"]
    words = [] if limit is None else [in_words(limit)]
    if due is not None:
        at, dispatched = seen.city.local(due), seen.case["dispatched_at"]
        same_day = dispatched is not None and seen.city.day_of(dispatched) == at.date()
        words.append(f"{at:%H:%M}" if same_day else short_moment(at))
    return "，".join(words) or "未定"


def urges_words(seen: Seen) -> str:
    """`5月19日 13:58 催办 1 次，未反馈`."""
    urged = [event.at for event in seen.events if event.action == Action.URGE]
    if not urged:
        return "未催办"
    handled = seen.case["handled_at"]
    answered = handled is not None and handled >= urged[-1]
    return f"{short_moment(seen.city.local(urged[-1]))} 催办 {len(urged)} 次，{'已反馈' if answered else '未反馈'}"


def dispatches_words(seen: Seen, leaving: str = "") -> str:
    """`5月13日 住建局（回退）；5月15日 市政处（改派）`: who led and how it ended; `leaving`: how it ends now."""
    lines = []
    for row in seen.state.assignments:
        if row["role"] == AssignmentRole.LEAD.value:
            at = seen.city.local(row["dispatched_at"])
            gone = leaving if row["ended_at"] is None else UNIT_GONE.get(row["end_reason"], "")
            name = seen.keys.units.name(row["unit"])
            lines.append(f"{at.month}月{at.day}日 {name}{f'（{gone}）' if gone else ''}")
    return "；".join(lines)
