"""What a unit has on its hands: the same figures as the wall's unit table."""

from dataclasses import dataclass

from domain.indicators import Rate


@dataclass(frozen=True)
class UnitLoad:
    """Of assignments the unit answers for (DECISIONS 6). `due_soon` as DECISIONS 8 reads it."""

    open: int
    overdue: int
    due_soon: int
    rework: Rate  # 返工率 of the month to date
