"""What an import did, in numbers that add up: read = stored + updated + unchanged + repeated + set aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.marks import Mark

MARK_NAMES = {
    Mark.CLOSED_BEFORE_OPENED: "结案早于上报",
    Mark.OUTSIDE_CITY: "坐标在市外",
    Mark.ZERO_POSITION: "坐标为 (0, 0)",
    Mark.WHOLE_DEGREE: "坐标为整度",
    Mark.STATUS_WITHOUT_TIME: "状态与时间不符",
    Mark.AMBIGUOUS_TIME: "时刻出现过两次，取前一次",
    Mark.NONEXISTENT_TIME: "时刻不存在，已后移",
}


@dataclass(frozen=True)
class SetAsideRow:
    """A row in quarantine, as it is listed at the end."""

    row_number: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class ImportReport:
    file: str
    mapping: str
    city: str
    read: int = 0
    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0  # the same row again in the same file
    set_aside: int = 0
    released: int = 0  # rows that an earlier import had set aside and that are read now
    marked: int = 0  # rows with at least one mark
    no_position: int = 0
    no_grid: int = 0  # rows of this file that lie in no grid
    reasons: Mapping[str, int] = field(default_factory=dict)  # why rows were set aside
    marks: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)  # odd values that did not stop their row
    set_aside_rows: tuple[SetAsideRow, ...] = ()  # the first of them; all are in the quarantine
    kept_local: int = 0  # changed fields that a local action owns and that were left alone

    @property
    def complete(self) -> bool:
        return self.set_aside == 0
