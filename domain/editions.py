"""The archive of reports: what was issued, in editions that stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.reports import ReportKind

NUMBERED = frozenset({ReportKind.MONTHLY, ReportKind.CIRCULAR})  # these have 第 n 期 in their red head
SCHEDULE = "schedule"  # who made what the timetable asked for


@dataclass(frozen=True)
class Edition:
    """One edition of one report. [first, end) are local days; `files` are name and size in bytes.

    `made_by` is a post and number, `schedule`, or the system where the command made it.
    """

    report_id: int
    kind: ReportKind
    first: date
    end: date
    edition: int  # 第 n 版
    issue_total: int  # 总第 n 期 of its kind, shared by the editions of one period; 0 = this kind has none
    as_of: datetime
    made_at: datetime
    made_by: str
    figures: bytes  # domain.reports.fingerprint
    files: Mapping[str, int]


@dataclass(frozen=True)
class ReportFile:
    """A file as it was kept; `digest` is the SHA-256 of its content."""

    name: str
    media_type: str
    content: bytes
    digest: bytes
