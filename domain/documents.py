"""Documents of the desk (公文): what stands on a 督办通知单 and a 案件移交单, their numbers, and their frozen bodies.

A document is stored as its words, once, and is never changed; the sheets of paper that show them live in
layouts/papers. Official documents are Chinese only.

Forms after the house's design language, section 17; the slip in two copies after 汝州 (domain research 2.2, item 11).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from domain.events import canonical
from domain.refusals import Refusal


class DocumentKind(StrEnum):
    """What is printed; the value is stored."""

    SUPERVISION = "supervision"  # 督办通知单 (启东)
    TRANSFER_SLIP = "transfer_slip"  # 案件移交单 (汝州)
    BUNDLE = "bundle"  # the week's applications on paper (汝州)
    HANDOVER = "handover"  # 交接班


DOCUMENT_WORDS = {
    DocumentKind.SUPERVISION: "督办通知单", DocumentKind.TRANSFER_SLIP: "案件移交单",
    DocumentKind.BUNDLE: "申请汇总", DocumentKind.HANDOVER: "交接班单",
}  # fmt: skip
SERIES = {
    DocumentKind.SUPERVISION: ("督办", "督办"), DocumentKind.TRANSFER_SLIP: ("移交", "移"),
    DocumentKind.BUNDLE: ("申请", "申"),
}  # fmt: skip
"""Of a numbered kind: the name of its counter, and its mark in the number as people write it."""
UNNUMBERED = "（签发时编号）"
WEEKDAYS = "一二三四五六日"

Kept = TypeVar("Kept")


def counter_of(kind: DocumentKind, year: int) -> str:
    """The counter that gives this kind's numbers: they begin at 1 in every year."""
    return f"{SERIES[kind][0]}/{year}"


def number_text(kind: DocumentKind, prefix: str, year: int, serial: int) -> str:
    """`澜督办〔2026〕120 号`: the form of an official number, with the city's own prefix."""
    return f"{prefix}{SERIES[kind][1]}〔{year}〕{serial} 号"


@dataclass(frozen=True)
class Supervision:
    """What stands on a 督办通知单 (启东: 督办通知单, then 督查曝光). `signed_by` is empty until it is signed."""

    issuer: str
    number: str
    signed_by: str
    recipient: str
    opening: str
    case_no: str
    category: str
    description: str
    dispatched: str
    limit: str
    urges: str
    due: str
    demands: tuple[str, ...]
    copies: tuple[str, ...]
    day: str
    reply: str
    attached: str = ""


@dataclass(frozen=True)
class TransferSlip:
    """What stands on a 案件移交单, in two copies (汝州: only after a return that the dispatcher's error caused)."""

    issuer: str
    number: str
    case_no: str
    problem: str
    place: str
    dispatches: str
    claim: str  # why it was returned, or why the desk sends it elsewhere
    claim_label: str
    findings: str
    new_unit: str
    opinion: str
    day: str


@dataclass(frozen=True)
class BundleRow:
    """One application on the week's sheet, in words."""

    case_no: str
    problem: str
    asked: str
    reason: str
    decision: str


@dataclass(frozen=True)
class Bundle:
    """What stands on a unit's 申请汇总 of one week (汝州: approved online every day, on paper every Friday). `week` is
    its ISO name, 2026-W21."""

    issuer: str
    number: str
    unit: str
    week: str
    period: str
    rows: tuple[BundleRow, ...]
    day: str


@dataclass(frozen=True)
class StoredDocument:
    """A document as it was frozen. `digest` is SHA-256 over the stored text."""

    document_id: int
    kind: DocumentKind
    number: str
    at: datetime
    body: Mapping[str, Any]
    digest: bytes
    case_no: str = ""
    units: frozenset[str] = frozenset()  # whose case it is about: they may read it


def frozen_body(words: object) -> tuple[str, bytes]:
    """The one text that is stored, and its digest. `words` is one of the dataclasses above, or a plain mapping."""
    body = canonical(dict(words) if isinstance(words, Mapping) else asdict(words))  # type: ignore[call-overload]
    return body, hashlib.sha256(body.encode()).digest()


def thawed(body: str, digest: bytes, number: str) -> dict[str, Any]:
    """The stored words. Raises Refusal when they are not what was frozen: a changed document is not shown."""
    if hashlib.sha256(body.encode()).digest() != digest:
        raise Refusal("这份公文与签发时不一致，不予显示", number, "请核对数据库，运行 python app.py verify。")
    words: dict[str, Any] = json.loads(body)
    return words


def words_of(kind: type[Kept], body: Mapping[str, Any]) -> Kept:
    """A stored body as the dataclass it was made from; lists become tuples again."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in body.items()})


def bundle_of(body: Mapping[str, Any]) -> Bundle:
    """A stored 申请汇总 as it was frozen."""
    return Bundle(**{**body, "rows": tuple(BundleRow(**row) for row in body["rows"])})


def day_words(day: date) -> str:
    """`2026年5月19日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date) -> str:
    """`5月19日`."""
    return f"{day.month}月{day.day}日"


def short_moment(at: datetime) -> str:
    """`5月19日 10:27` of a local time."""
    return f"{short_day(at)} {at:%H:%M}"


def long_moment(at: datetime) -> str:
    """`2026年5月19日 16:00` of a local time."""
    return f"{day_words(at.date())} {at:%H:%M}"


def dated_moment(at: datetime) -> str:
    """`5月21日 周四 14:32` of a local time: deadlines name their weekday."""
    return f"{short_day(at)} 周{WEEKDAYS[at.weekday()]} {at:%H:%M}"
